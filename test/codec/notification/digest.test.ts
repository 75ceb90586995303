import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeNotification,
  defaultNonce,
  digestMd5,
  digestSha256,
  encodeNotification,
  md5CredentialHash,
  type VerifyKey,
  verifyNotification,
} from '../../../src/codec/notification/index.ts';
import {
  bytesToBase64,
  bytesToHex,
  concatBytes,
  hexToBytes,
  md5,
  utf8ToBytes,
} from '../../../src/core/index.ts';
import { decodeErrorOf, fullMessages, md5Formats, vectors } from './support.ts';

const table = vectors.appendixDigests;

test('DM-NOTI-1.2 §6.2.2: the digest of a data synchronisation alert of another maker', () => {
  const alert = vectors.dataSyncAlert;
  const octets = hexToBytes(alert.octets);
  const hash = md5CredentialHash(alert.serverId, alert.secret);
  const digest = digestMd5(hash, hexToBytes(alert.nonce), octets.subarray(16));
  assert.equal(bytesToHex(digest), alert.octets.slice(0, 32));
});

test('DM-NOTI-1.3-2010 §6.2.15: that alert is no DM notification, because its session is 0', () => {
  const error = decodeErrorOf(vectors.dataSyncAlert.octets);
  assert.deepEqual([error.code, error.at.path, error.at.offset], ['BAD_VALUE', 'sessionId', 21]);
});

test('DM-NOTI-1.2 §6.2.2: the two inner hashes of the worked examples', () => {
  assert.equal(md5CredentialHash(table.serverId, table.secret), table.credentialHash);
  for (const format of md5Formats) {
    assert.equal(bytesToBase64(md5(hexToBytes(table.triggers[format]))), table.triggerHashes[format]);
  }
});

for (const format of md5Formats) {
  for (const row of table.rows) {
    const digest = row[format];
    if (digest === null) continue;
    const octets = hexToBytes(digest + table.triggers[format]);
    const verdict = (key: Omit<VerifyKey, 'secret'> = {}) =>
      verifyNotification(decodeNotification(octets), { secret: table.secret, ...key });

    test(`${format} digest under the nonce "${row.nonce}": computed, and accepted ${row.accepted}`, () => {
      const computed = digestMd5(table.credentialHash, hexToBytes(row.hex), octets.subarray(16));
      assert.equal(bytesToHex(computed), digest);
      assert.equal(verdict({ nonce: hexToBytes(row.hex) }), 'given');
      const stored = { nonce: utf8ToBytes('another') };
      const byDefault = row.accepted === 'by default' ? 'default' : null;
      assert.equal(verdict(), byDefault);
      assert.equal(verdict(stored), byDefault);
      for (const option of [
        'acceptDefaultNonceText',
        'acceptDefaultNonceHexText',
        'acceptNonceText',
      ] as const) {
        const expected = row.accepted === option ? 'default' : byDefault;
        assert.equal(verdict({ ...stored, [option]: true }), expected, option);
      }
    });
  }
}

test('DM-NOTI-1.2 §6.2.2: digests for another secret', () => {
  const { serverId, secret, credentialHash, trigger, rows } = vectors.otherSecretDigests;
  assert.equal(md5CredentialHash(serverId, secret), credentialHash);
  for (const row of rows) {
    const digest = digestMd5(credentialHash, hexToBytes(row.nonce), hexToBytes(trigger));
    assert.equal(bytesToHex(digest), row.digest);
  }
});

test('N12-C-003 N12-S-004 N10-C-003 N10-S-004 §5.1: after the stored nonce, the default one is tried', () => {
  const nonce = utf8ToBytes('stored');
  for (const format of md5Formats) {
    const resynchronising = decodeNotification(
      encodeNotification(fullMessages[format], { secret: 'secret' }),
    );
    assert.equal(verifyNotification(resynchronising, { secret: 'secret', nonce }), 'default');
    assert.equal(verifyNotification(resynchronising, { secret: 'secret' }), 'default');
    assert.equal(verifyNotification(resynchronising, { secret: 'secret', nonce: defaultNonce }), 'given');
    assert.equal(verifyNotification(resynchronising, { secret: 'other', nonce }), null);
    const regular = decodeNotification(encodeNotification(fullMessages[format], { secret: 'secret', nonce }));
    assert.equal(verifyNotification(regular, { secret: 'secret', nonce }), 'given');
    assert.equal(verifyNotification(regular, { secret: 'secret' }), null);
  }
  assert.deepEqual([...defaultNonce], [0, 0, 0, 0]);
});

test('spec-notes 1: a server that signs with the undecoded nonce is accepted only by option', () => {
  const nonce = hexToBytes('2c6de265086176628d1e');
  const signed = { secret: 'secret', nonce: utf8ToBytes('LG3iZQhhdmKNHg==') };
  for (const format of md5Formats) {
    const decoded = decodeNotification(encodeNotification(fullMessages[format], signed));
    assert.equal(verifyNotification(decoded, { secret: 'secret', nonce }), null);
    assert.equal(verifyNotification(decoded, { secret: 'secret', nonce, acceptNonceText: true }), 'given');
  }
});

test('spec-notes 1: an account may name another identifier for the MD5 digest', () => {
  const account = { secret: 'secret', identifier: 'account-name' };
  for (const format of md5Formats) {
    const decoded = decodeNotification(encodeNotification(fullMessages[format], account));
    assert.equal(verifyNotification(decoded, { secret: 'secret' }), null);
    assert.equal(verifyNotification(decoded, account), 'default');
  }
});

test('a credential hash computed earlier gives the same octets', () => {
  const credentialHash = md5CredentialHash('com.mgmtsrv.manage', 'secret');
  for (const format of md5Formats) {
    const message = fullMessages[format];
    const octets = encodeNotification(message, { secret: 'secret' });
    assert.deepEqual(encodeNotification(message, { secret: '', credentialHash }), octets);
    assert.equal(verifyNotification(decodeNotification(octets), { secret: '', credentialHash }), 'default');
  }
});

test('N13-C-018 N13-S-011 DM-NOTI-1.3 §6.6: three fields with two colons, and no other reading', () => {
  const { secret, header, options, bothColons, oneColon, hmac } = vectors.sha256Readings;
  assert.equal(bytesToHex(digestSha256(secret, hexToBytes(header), hexToBytes(options))), bothColons);
  const verdicts = [bothColons, oneColon, hmac].map((digest) =>
    verifyNotification(decodeNotification(hexToBytes(header + options + digest)), { secret }),
  );
  assert.deepEqual(verdicts, ['given', null, null]);
});

test('DM-NOTI-1.3 §6.6: dm1.3 takes no nonce and no default one', () => {
  const decoded = decodeNotification(encodeNotification(fullMessages['dm1.3'], { secret: 'secret' }));
  const nonce = utf8ToBytes('anything');
  assert.equal(verifyNotification(decoded, { secret: 'secret', nonce, identifier: 'x' }), 'given');
  assert.equal(verifyNotification(decoded, { secret: '', nonce: defaultNonce }), null);
});

test('both digests agree with another implementation of the hashes', () => {
  const hash = (name: string, ...parts: (Uint8Array | string)[]): Buffer => {
    const state = createHash(name);
    for (const part of parts) state.update(part);
    return state.digest();
  };
  const octets = fc.uint8Array({ maxLength: 300 });
  const words = fc.string({ unit: 'binary', maxLength: 40 });
  fc.assert(
    fc.property(words, words, octets, octets, (id, secret, nonce, signed) => {
      const credential = hash('md5', `${id}:${secret}`).toString('base64');
      const trigger = hash('md5', signed).toString('base64');
      const expected = hash('md5', credential, ':', nonce, ':', trigger);
      assert.deepEqual(
        bytesToHex(digestMd5(md5CredentialHash(id, secret), nonce, signed)),
        expected.toString('hex'),
      );
      const sha = hash('sha256', concatBytes(utf8ToBytes(`${secret}:`), nonce, utf8ToBytes(':'), signed));
      assert.equal(bytesToHex(digestSha256(secret, nonce, signed)), sha.toString('hex'));
    }),
  );
});

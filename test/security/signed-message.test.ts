// Signed messages: the worked example, round trips through WBXML, and changes of single octets.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { buildMessage, type DmMessage, parseMessage } from '../../src/codec/syncml/index.ts';
import { decodeWbxml, encodeWbxml, type WbxmlVersion } from '../../src/codec/wbxml/index.ts';
import { readXml, writeXml } from '../../src/codec/xml/index.ts';
import { bytesToBase64, bytesToHex, hexToBytes, utf8Length, ValueError } from '../../src/core/index.ts';
import {
  isRefused,
  messageDocument,
  type OpenedMessage,
  openMessage,
  PrivateKey,
  PublicKey,
  readSigned,
  SharedKey,
  type SigningKey,
  signDocument,
  signMessage,
  type VerificationKey,
  verifySigned,
} from '../../src/security/index.ts';
import { dmMessage } from '../codec/syncml/arbitrary.ts';
import { vector } from '../codec/wbxml/support.ts';
import {
  deviceId,
  ec,
  mixedItems,
  rsa,
  secret,
  serverId,
  sessionless,
  sha1Signers,
  signers,
  stranger,
} from './message-keys.ts';

const example = hexToBytes(vector('the signed message').hex);

/** What a device that knows one server makes of a message. */
function opened(octets: Uint8Array, key: VerificationKey, allowSha1 = false): OpenedMessage {
  const result = openMessage(octets, (id) => (id === serverId ? [key] : 'unknown-server'), { allowSha1 });
  assert.ok(result.verdict === 'accepted', isRefused(result) ? `${result.reason}: ${result.detail}` : '');
  return result;
}

/** The message as the text that is signed stands for it: octets of Format bin and trees in one form. */
function asSigned(message: DmMessage, wbxmlVersion: WbxmlVersion = '1.2'): DmMessage {
  const { extensions: _, ...unsigned } = message;
  const document = buildMessage(unsigned, { form: 'wbxml', wbxmlVersion });
  return parseMessage(readXml(writeXml(document)), { form: 'xml' });
}

describe('profile RV-SIG-1: the worked example of 701 octets', () => {
  const key = new SharedKey(secret);

  test('is verified', () => {
    const { message, serverId: from, algorithm } = opened(example, key);
    assert.equal(from, 'com.mgmtsrv.manage');
    assert.equal(algorithm, 'hmac-sha256');
    assert.deepEqual(message.commands, [
      { name: 'Get', cmdId: '1', items: [{ target: { uri: './DevDetail/LrgObj' } }] },
    ]);
    assert.equal(message.extensions, undefined);
  });

  test('its signed text is 449 octets with the printed digest', () => {
    const signed = readSigned(example);
    assert.ok(!isRefused(signed));
    assert.equal(utf8Length(signed.content), 449);
    assert.equal(bytesToBase64(signed.signature.digest), '0Le+PzlPv1okP30tEduAJl1JnfD1UPjCsvdurcnoueU=');
    assert.equal(bytesToBase64(signed.signature.value), 'Up+8CLiee2phw/NGlIAzD5KSugejGXx5Fw89K2xr6PU=');
  });

  test('SM-S-002, SM-S-004: its message signed again is the same, octet for octet', () => {
    const { message } = opened(example, key);
    assert.equal(bytesToHex(signMessage(message, key)), bytesToHex(example));
  });
});

describe('SM-S-004: what is signed is verified, in every version of WBXML (SM-S-002)', () => {
  for (const version of ['1.1', '1.2', '1.3'] as const) {
    for (const { name, sign, verify } of signers) {
      test(`${name}, WBXML ${version}`, () => {
        const octets = signMessage(sessionless(mixedItems), sign, { wbxml: { version } });
        assert.equal(octets[0], Number(version.slice(2)));
        const { message, algorithm } = opened(octets, verify);
        assert.equal(algorithm, name);
        assert.deepEqual(message, asSigned(sessionless(mixedItems), version));
      });
    }
  }

  for (const { name, sign, verify } of sha1Signers) {
    test(`${name}, when it is switched on`, () => {
      const octets = signMessage(sessionless(mixedItems), sign, { allowSha1: true });
      assert.equal(opened(octets, verify, true).algorithm, name);
    });
  }

  test('with a string table, whatever its order', () => {
    const [first] = signers;
    assert.ok(first);
    const octets = signMessage(sessionless(mixedItems), first.sign, { wbxml: { stringTable: true } });
    opened(octets, first.verify);
  });

  test('a KeyName is a hint and does not matter', () => {
    const key = new SharedKey(secret);
    const octets = signMessage(sessionless(mixedItems), key, { keyName: 'some other server' });
    opened(octets, key);
  });

  test('one of several keys of the account', () => {
    const octets = signMessage(sessionless(mixedItems), new PrivateKey(rsa.privatePem));
    const keys = [new SharedKey(secret), new PublicKey(stranger.publicPem), new PublicKey(rsa.publicPem)];
    assert.equal(openMessage(octets, () => keys).verdict, 'accepted');
    const tooMany = [...Array(8).fill(new PublicKey(stranger.publicPem)), new PublicKey(rsa.publicPem)];
    const result = openMessage(octets, () => tooMany);
    assert.ok(isRefused(result) && result.reason === 'wrong-signature');
  });

  test('every copy of a message has one content digest, however it is encoded and signed', () => {
    const digests = signers.map(({ sign, verify }, index) => {
      const wbxml = { version: '1.3', stringTable: index > 0 } as const;
      return bytesToHex(opened(signMessage(sessionless(mixedItems), sign, { wbxml }), verify).contentDigest);
    });
    assert.equal(new Set(digests).size, 1);
    const other = { ...sessionless(mixedItems), final: false };
    const [first] = signers;
    assert.ok(first);
    const { contentDigest } = opened(signMessage(other, first.sign), first.verify);
    assert.notEqual(bytesToHex(contentDigest), digests[0]);
  });

  test('any message, signed, encoded, decoded and verified, is what it was', () => {
    fc.assert(
      fc.property(
        dmMessage,
        fc.constantFrom(...signers),
        fc.constantFrom('1.1', '1.2', '1.3'),
        fc.boolean(),
        (any, { sign, verify }, version, stringTable) => {
          const { extensions: _, ...message } = {
            ...any,
            // RV-SIG-1 signs documents of SYNCML1.2, which 1.1 is not.
            header: { ...any.header, verDtd: '1.2', source: { uri: serverId } },
          };
          const octets = signMessage(message, sign, { wbxml: { version, stringTable } });
          assert.deepEqual(opened(octets, verify).message, asSigned(message));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('any change of one octet is refused or leaves the signed content as it was', () => {
    const key = new SharedKey(secret);
    const octets = signMessage(sessionless(mixedItems), key);
    const before = opened(octets, key);
    const same: number[] = [];
    for (let at = 0; at < octets.length; at += 1) {
      for (const flip of [0x01, 0x20, 0x40, 0x80]) {
        const changed = octets.slice();
        changed[at] = (changed[at] ?? 0) ^ flip;
        const result = openMessage(changed, () => [key]);
        if (isRefused(result)) continue;
        same.push(at);
        assert.deepEqual(result.message, before.message);
        assert.deepEqual(result.contentDigest, before.contentDigest);
      }
    }
    // The version octet, for one, is not signed.
    assert.ok(same.includes(0));
    assert.ok(same.length < octets.length / 10, `${same.length} of ${octets.length}`);
  });

  test('any octets are refused or opened, never an error', () => {
    const cut = fc.nat(example.length - 1).map((length) => example.slice(0, length));
    const patched = fc
      .array(fc.tuple(fc.nat(example.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
      .map((patches) => {
        const octets = example.slice();
        for (const [at, octet] of patches) octets[at] = octet;
        return octets;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), cut, patched), (octets) => {
        const result = openMessage(octets, () => [new SharedKey(secret)]);
        assert.ok(result.verdict === 'accepted' || result.detail !== '');
      }),
      { numRuns: 400 },
    );
  });

  test('truncated at any octet it is refused', () => {
    for (let length = 0; length < example.length; length += 1) {
      const result = openMessage(example.slice(0, length), () => [new SharedKey(secret)]);
      assert.equal(result.verdict, 'refused', String(length));
    }
  });
});

describe('octets and text of one signed text are the same content', () => {
  test('Base64 written as a string instead of OPAQUE gives the octets all the same', () => {
    const key = new SharedKey(secret);
    const { root } = decodeWbxml(signMessage(sessionless(mixedItems), key));
    // The signed text, with every OPAQUE as the text that it stands for.
    const asText = encodeWbxml(readXml(writeXml(root)));
    const { message } = opened(asText, key);
    assert.deepEqual(message, asSigned(sessionless(mixedItems)));
    const [command] = message.commands;
    assert.ok(command?.name === 'Replace');
    assert.deepEqual(command.items[1]?.data, hexToBytes('00ff80c3017f'));
  });
});

describe('XML form, for tools', () => {
  const key = new SharedKey(secret);
  const { root } = decodeWbxml(example);

  test('is verified like WBXML', () => {
    const xml = Buffer.from(writeXml(root, { declaration: true }));
    assert.equal(openMessage(xml, () => [key], { form: 'xml' }).verdict, 'accepted');
  });

  test('DM-SESSIONLESS-1.3 §5.2: unless asked for, only WBXML is taken', () => {
    const result = openMessage(Buffer.from(writeXml(root)), () => [key]);
    assert.ok(isRefused(result) && result.reason === 'undecodable');
  });
});

describe('whose message, and to whom', () => {
  const key = new SharedKey(secret);
  const octets = signMessage(sessionless(mixedItems), key);

  test('addressed to this device', () => {
    assert.equal(openMessage(octets, () => [key], { deviceId }).verdict, 'accepted');
  });

  test('addressed to another device', () => {
    const result = openMessage(octets, () => [key], { deviceId: 'IMEI:490154203237518' });
    assert.ok(isRefused(result) && result.reason === 'other-device' && result.serverId === serverId);
  });

  test('the two steps, for receivers that look keys up in their own time', () => {
    const signed = readSigned(octets);
    assert.ok(!isRefused(signed));
    assert.equal(signed.serverId, serverId);
    const verified = verifySigned(signed, [key]);
    assert.ok(!isRefused(verified));
    assert.equal(writeXml(verified.root, { canonical: true }), signed.content);
  });
});

describe('what cannot be signed is the caller’s error', () => {
  const key: SigningKey = new SharedKey(secret);
  const rows: readonly [string, () => unknown][] = [
    ['a control character', () => signMessage(sessionless([{ data: 'a\u0001' }]), key)],
    [
      'octets that are not text, without Format bin',
      () => signMessage(sessionless([{ data: hexToBytes('ff') }]), key),
    ],
    [
      'a message signed already',
      () => signDocument(signDocument(messageDocument(sessionless([])), key), key),
    ],
    [
      'a further child of SyncML',
      () => signMessage({ ...sessionless([]), extensions: [readXml('<Vendor xmlns="urn:v"/>')] }, key),
    ],
    ['SHA-1 that is not switched on', () => signMessage(sessionless([]), new SharedKey(secret, 'hmac-sha1'))],
    ['SHA-1 as digest only', () => signMessage(sessionless([]), key, { digest: 'sha1' })],
  ];
  for (const [name, run] of rows) test(name, () => assert.throws(run, ValueError));
});

describe('keys', () => {
  const rows: readonly [string, () => unknown, RegExp][] = [
    ['an empty secret', () => new SharedKey(new Uint8Array()), /protects nothing/],
    [
      'a public key in PEM as secret',
      () => new SharedKey(Buffer.from(rsa.publicPem)),
      /PEM text is no secret/,
    ],
    ['a secret as public key', () => new PublicKey('secret'), /not a public key/],
    ['an RSA key for ECDSA', () => new PublicKey(rsa.publicPem, 'ecdsa-sha256'), /type rsa/],
    ['an EC key for RSA', () => new PrivateKey(ec.privatePem, 'rsa-sha256'), /type ec/],
    ['a public key to sign with', () => new PrivateKey(rsa.publicPem), /not a private key/],
  ];
  for (const [name, run, message] of rows) {
    test(`refused: ${name}`, () => {
      assert.throws(run, (error) => {
        assert.ok(error instanceof ValueError);
        assert.match(error.message, message);
        // Nothing of a key may reach a log.
        assert.ok(!/[A-Za-z0-9+/]{32}/.test(`${error.stack}`.replaceAll(/file:\S+|node:\S+/g, '')));
        return true;
      });
    });
  }

  test('show nothing of what they hold', () => {
    const shown = `${JSON.stringify(new SharedKey(secret))} ${JSON.stringify(new PrivateKey(rsa.privatePem))}`;
    assert.equal(shown, '{"algorithm":"hmac-sha256"} {"algorithm":"rsa-sha256"}');
  });

  test('a secret that its owner overwrites later stays what it was', () => {
    const own = secret.slice();
    const key = new SharedKey(own);
    own.fill(0);
    opened(example, key);
  });
});

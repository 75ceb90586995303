// What an attempt sends: the octets of a message as they are, and Package #0 as the device will check it (spec-notes rulings 1, 2,
// 8, 12, 25 and 27). The digests are computed here by the formulas of the documents.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { decodeNotification, verifyNotification } from '../../../src/codec/notification/index.ts';
import { contentOf } from '../../../src/server/engine/content.ts';
import {
  madeOn,
  replacing,
  storedDevice,
  storedMessage,
  storedNotification,
  withoutNonce,
} from './stored.ts';

const minute = 60_000;
const day = 86_400_000;
const stored = { nonce: 'stored', scheme: 'wap', madeAt: madeOn + 1999, requestedMo: 7 } as const;
const byDefault = { ...stored, nonce: 'default' } as const;
const serverId = 'com.example.dm';
const known = new Uint8Array([0, 1, 0x3a, 255]);
const zeros = new Uint8Array(4);
/** Package #0 of the sample behind its digest: 1.2, background, by the server; SessionID 1234; Server-ID of 14 octets. */
const trigger = Buffer.concat([Buffer.from('02d800000012340e', 'hex'), Buffer.from(serverId)]);

function md5(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Package #0 with the digest of DM-NOTI-1.2 §6.2.2. */
function signed(secret: string, nonce: Uint8Array): Uint8Array {
  const a = md5(`${serverId}:${secret}`).toString('base64');
  const b = md5(trigger).toString('base64');
  return new Uint8Array(Buffer.concat([md5(`${a}:`, nonce, `:${b}`), trigger]));
}

describe('a message', () => {
  it('goes out as it is stored, to a device and to addresses alone', () => {
    const contentType = { mime: 'text/vnd.wap.connectivity-xml', code: 0x35, parameters: { SEC: 'USERPIN' } };
    const body = new Uint8Array([1, 0, 255]);
    for (const purpose of ['message', 'relayed'] as const) {
      const message = storedMessage({ purpose, contentType, body, expiresAt: madeOn + 5 });
      for (const device of [undefined, storedDevice({ family: 'samsung' })]) {
        for (const options of [stored, byDefault, { ...stored, scheme: 'http' } as const]) {
          const content = contentOf(message, device, options);
          assert.deepEqual(content, { id: 'm', contentType, body, expiresAt: madeOn + 5 });
        }
      }
    }
  });
});

describe('a notification', () => {
  const notification = storedNotification({ expiresAt: madeOn + 5 });
  const sent = (body: Uint8Array) => ({
    id: 'n',
    contentType: { mime: 'application/vnd.syncml.notification', code: 0x44 },
    body,
    expiresAt: madeOn + 5,
  });

  it('ruling 1: is signed under the nonce that it is to be signed under, and says when it ends', () => {
    const device = storedDevice();
    const signedFor = (options: typeof stored | typeof byDefault) => contentOf(notification, device, options);
    assert.deepEqual(signedFor(stored), sent(signed('server secret', known)));
    assert.deepEqual(signedFor(byDefault), sent(signed('server secret', zeros)));
  });

  it('ruling 12: without a nonce that is known, the default one signs it either way', () => {
    for (const options of [stored, byDefault]) {
      const content = contentOf(notification, withoutNonce(), options);
      assert.deepEqual(content, sent(signed('server secret', zeros)));
    }
  });

  it('ruling 27: while the secret is replaced, the old one and the new one sign in turn', () => {
    const device = storedDevice({ rotations: replacing });
    for (const [sends, secret] of [
      [0, 'server secret'],
      [1, 'fresh'],
      [2, 'server secret'],
      [3, 'fresh'],
    ] as const) {
      const push = { ...notification, sends };
      assert.deepEqual(contentOf(push, device, stored), sent(signed(secret, known)), `${sends} sends`);
      assert.deepEqual(contentOf(push, device, byDefault), sent(signed(secret, zeros)), `${sends} sends`);
      // Nothing is being replaced here.
      assert.deepEqual(contentOf(push, storedDevice(), stored), sent(signed('server secret', known)));
    }
  });

  it('ruling 8: is written in Base64 over IP to a family that reads nothing else, and to no other', () => {
    const octets = signed('server secret', known);
    const text = new Uint8Array(Buffer.from(Buffer.from(octets).toString('base64')));
    const samsung = storedDevice({ family: 'samsung' });
    for (const scheme of ['http', 'https', 'sip', 'sips'] as const) {
      assert.deepEqual(contentOf(notification, samsung, { ...stored, scheme }), sent(text), scheme);
      assert.deepEqual(contentOf(notification, storedDevice(), { ...stored, scheme }), sent(octets), scheme);
    }
    for (const scheme of ['wap', 'sms', 'obex', 'pap'] as const) {
      assert.deepEqual(contentOf(notification, samsung, { ...stored, scheme }), sent(octets), scheme);
    }
  });

  it('of a device that is gone has nothing to be signed with', () => {
    const error = { name: 'TypeError', message: 'a notification has a device' };
    assert.throws(() => contentOf(notification, undefined, stored), error);
  });
});

describe('a notification of dm1.3', () => {
  const expiresAt = madeOn + 30 * minute;
  const notification = storedNotification({ format: 'dm1.3', fields: { timeoutMinutes: 30 }, expiresAt });
  const device = storedDevice({ notificationSecret: 'noticred' });
  const contentType = { mime: 'application/vnd.syncml.dm.notification', code: 0x58 };

  it('ruling 25: says when it is made, and in TIMEOUT what is left of its life then', () => {
    for (const [madeAt, timestamp, timeoutMinutes] of [
      [madeOn, madeOn / 1000, 30],
      [madeOn + 999, madeOn / 1000, 30],
      [madeOn + minute - 1, madeOn / 1000 + 59, 30],
      [madeOn + minute, madeOn / 1000 + 60, 29],
      [madeOn + 29 * minute + 59_000, madeOn / 1000 + 1799, 1],
    ] as const) {
      const { body, ...rest } = contentOf(notification, device, { ...stored, madeAt });
      assert.deepEqual(rest, { id: 'n', contentType, expiresAt });
      const decoded = decodeNotification(body);
      assert.equal(verifyNotification(decoded, { secret: 'noticred' }), 'given');
      assert.equal(verifyNotification(decoded, { secret: 'server secret' }), null);
      assert.deepEqual(said(body), { timestamp, timeoutMinutes, requestedMo: [7] });
    }
  });

  it('names the object that the server names when nothing else is asked for, and what was asked for else', () => {
    const requestedOf = (fields: Readonly<Record<string, unknown>>, requestedMo: number) =>
      said(contentOf({ ...notification, fields }, device, { ...stored, requestedMo }).body).requestedMo;
    assert.deepEqual(requestedOf({}, 7), [7]);
    assert.deepEqual(requestedOf({}, 9), [9]);
    assert.deepEqual(requestedOf({ requestedMo: [3, 4] }, 9), [3, 4]);
  });

  function said(body: Uint8Array) {
    const { message } = decodeNotification(body);
    assert.ok(message.format === 'dm1.3');
    assert.deepEqual([message.serverId, message.sessionId], [serverId, 0x1234]);
    const { timestamp, timeoutMinutes, requestedMo } = message;
    return { timestamp, timeoutMinutes, requestedMo };
  }
});

describe('a notification of dm1.3-2010', () => {
  it('ruling 25: says in TIMEOUT how many days are left', () => {
    const expiresAt = madeOn + 3 * day;
    const fields = { timeoutDays: 3 };
    const notification = storedNotification({ format: 'dm1.3-2010', fields, expiresAt });
    for (const [madeAt, timeoutDays] of [
      [madeOn, 3],
      [madeOn + day - 1, 3],
      [madeOn + day, 2],
      [expiresAt - 1, 1],
    ] as const) {
      const { body, ...rest } = contentOf(notification, storedDevice(), { ...stored, madeAt });
      const contentType = { mime: 'application/vnd.syncml.dm.notification', code: 0x44 };
      assert.deepEqual(rest, { id: 'n', contentType, expiresAt });
      const decoded = decodeNotification(body);
      assert.equal(verifyNotification(decoded, { secret: 'server secret', nonce: known }), 'given');
      assert.ok(decoded.message.format === 'dm1.3-2010');
      assert.equal(decoded.message.timeoutDays, timeoutDays);
    }
  });
});

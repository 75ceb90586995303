// A push as segments that no carrier has to cut (3GPP TS 23.040 §9.2.3.24).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeUserData, maxUserData, Reassembler } from '../../../src/codec/sms/index.ts';
import { bytesToHex, hexToBytes, ValueError } from '../../../src/core/index.ts';
import { contentTypes, type PushContentType } from '../../../src/push/index.ts';
import { PushSegments } from '../../../src/push/short-message/index.ts';
import { readWapPush } from '../../../src/push/wap/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const device = '491701234567';

function pushOf(body: Uint8Array, contentType: PushContentType = contentTypes['dm+wbxml']) {
  return { id: 'p', contentType, body };
}

test('DM-NOTI-1.3-2010 appendix C: the example is one segment of 68 octets', () => {
  const body = hexToBytes(
    '00112233445566778899aabbccddeeff03 12d10000123412636f6d2e6d676d747372762e6d616e616765000b5570646174652046554d4f',
  );
  const [one, ...more] = new PushSegments({}, () => 0).cut(pushOf(body, contentTypes['dm1.3-2010']), device);
  assert.equal(more.length, 0);
  assert.equal(bytesToHex(one?.header ?? new Uint8Array()), '0605040b84c002');
  assert.equal(bytesToHex(one?.payload ?? new Uint8Array()), `010603c4af87${bytesToHex(body)}`);
  assert.equal(one?.userData.length, 68);
});

test('133 octets are one segment, one more octet two, with a reference that counts up for each device', () => {
  const segments = new PushSegments({}, () => 0);
  const room = 133 - 6;
  assert.equal(segments.cut(pushOf(new Uint8Array(room)), device).length, 1);
  const two = (to: string) => segments.cut(pushOf(new Uint8Array(room + 1)), to);
  assert.deepEqual(
    two(device).map(({ header }) => bytesToHex(header)),
    ['0b000301020105040b84c002', '0b000301020205040b84c002'],
  );
  assert.equal(bytesToHex(two(device)[0]?.header ?? new Uint8Array()).slice(6, 8), '02');
  assert.equal(bytesToHex(two('other')[0]?.header ?? new Uint8Array()).slice(6, 8), '01');
});

test('any push within the limit: at most 140 octets each, and a handset makes the same push of them', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 2000 }),
      fc.constantFrom(8 as const, 16 as const),
      fc.boolean(),
      (body, referenceBits, backwards) => {
        const cut = new PushSegments({ referenceBits }, () => 0.5).cut(pushOf(body), device);
        const reassembler = new Reassembler({ clock: new ManualClock() });
        const parts = cut.map(({ userData, header, payload }) => {
          assert.ok(userData.length <= maxUserData);
          assert.equal(bytesToHex(userData), bytesToHex(header) + bytesToHex(payload));
          return decodeUserData(userData);
        });
        if (backwards) parts.reverse();
        const results = parts.map((part) =>
          reassembler.add({ from: 'a', to: 'b', header: part.header, payload: part.payload }),
        );
        const last = results.at(-1);
        assert.ok(last?.status === 'complete');
        const push = readWapPush(last.datagram, () => {});
        assert.ok('body' in push);
        assert.equal(bytesToHex(push.body), bytesToHex(body));
        reassembler.close();
      },
    ),
    { numRuns: 100 },
  );
});

test('what does not fit is refused before anything is cut', () => {
  const segments = new PushSegments({ maxSegments: 2 }, () => 0);
  assert.equal(segments.maxPayload, 2 * 128 - 6);
  assert.equal(segments.cut(pushOf(new Uint8Array(segments.maxPayload)), device).length, 2);
  assert.throws(
    () => segments.cut(pushOf(new Uint8Array(segments.maxPayload + 1)), device),
    (error) => error instanceof ValueError && error.code === 'TOO_LONG',
  );
  const headers = [{ name: 'X-Wap-Initiator-URI', value: 'u'.repeat(40) }];
  assert.throws(
    () =>
      new PushSegments({ headers }, () => 0).cut(pushOf(new Uint8Array(3), contentTypes['dm1.2']), device),
    (error) => error instanceof ValueError && error.code === 'TOO_LONG' && error.message.includes('headers'),
  );
});

test('options that cannot be', () => {
  for (const options of [
    { referenceBits: 9 as never },
    { maxSegments: 0 },
    { maxSegments: 256 },
    { destinationPort: 65536 },
    { sourcePort: -1 },
  ]) {
    assert.throws(() => new PushSegments(options, () => 0), ValueError);
  }
});

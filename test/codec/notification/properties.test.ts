import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type DecodedNotification,
  type DecodeOptions,
  decodeNotification,
  encodeNotification,
  notificationFormats,
  parseNotification,
  verifyNotification,
} from '../../../src/codec/notification/index.ts';
import { DecodeError } from '../../../src/core/index.ts';
import { anyMessage, decodeErrorOf, encodeFull, fullMessages, key } from './support.ts';

const ways: readonly DecodeOptions[] = [
  {},
  { contentTypeCode: 0x44 },
  { contentTypeCode: 0x58 },
  { mime: 'application/vnd.syncml.dm.notification' },
  { key },
  ...notificationFormats.map((format) => ({ format })),
];

/** Decodes in every way; checks what must hold for whatever comes out. */
function decodesOrExplains(octets: Uint8Array): void {
  for (const options of ways) {
    let decoded: DecodedNotification;
    try {
      decoded = decodeNotification(octets, options);
    } catch (error) {
      assert.ok(error instanceof DecodeError, String(error));
      assert.ok(error.at.offset >= 0 && error.at.offset <= octets.length, error.message);
      assert.match(error.message, /; DM-NOTI-1\.[23](-2010)? §6[\d.]*\)$/);
      continue;
    }
    for (const reading of [decoded, ...(decoded.alternatives ?? [])]) {
      const { message, format } = reading;
      assert.equal(message.format, format);
      assert.equal(reading.digest.length + reading.signed.length, octets.length);
      // What was read can be said in JSON, and all but a Server-ID of 256 octets and a text of dm1.3 with control
      // characters can be written again.
      if (Buffer.byteLength(message.serverId) > 255) continue;
      if (format === 'dm1.3' && Object.values(message).some(isNoNetUnicode)) continue;
      const again = parseNotification(JSON.parse(JSON.stringify(message)));
      assert.deepEqual(again, message);
      const rewritten = decodeNotification(encodeNotification(again, key), { format });
      assert.deepEqual(rewritten.message, message);
      assert.deepEqual(rewritten.deviations, []);
    }
  }
}

/** True for a text with a control character that is not in a CR LF. */
function isNoNetUnicode(value: unknown): boolean {
  return typeof value === 'string' && /\p{Cc}/u.test(value.replaceAll('\r\n', ''));
}

test('any octets decode, or say where they are wrong and which rule that breaks', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), decodesOrExplains));
});

test('octets that begin like a message decode, or say where they are wrong', () => {
  const head = fc.constantFrom(
    ...[0x02, 0x03].map((version) => [...new Array<number>(16).fill(0x1f), version, 0xc0]),
    [0x13, 0, 0, 0, 0, 0, 0x12, 0x34, 0, 0, 0, 0, 0x10],
    [0x17, 0, 0, 0, 0, 0, 0x12, 0x34, 0, 0, 0, 0, 0x10, 0x01, 0x61, 0x30, 0x01],
  );
  fc.assert(
    fc.property(head, fc.uint8Array({ maxLength: 80 }), (start, rest) =>
      decodesOrExplains(Uint8Array.of(...start, ...rest)),
    ),
  );
});

for (const format of notificationFormats) {
  test(`${format}: a valid message with some octets changed decodes, or says where it is wrong`, () => {
    const octets = encodeFull(format);
    const change = fc.tuple(fc.nat({ max: octets.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = octets.slice();
        for (const [at, octet] of changes) changed[at] = octet;
        decodesOrExplains(changed);
      }),
    );
  });

  test(`${format}: any valid message survives a round trip, verifies, and agrees with its JSON form`, () => {
    fc.assert(
      fc.property(anyMessage[format], fc.uint8Array({ maxLength: 20 }), (message, nonce) => {
        const signing = { secret: 'sécret', nonce };
        assert.deepEqual(parseNotification(JSON.parse(JSON.stringify(message))), message);
        const octets = encodeNotification(message, signing);
        const decoded = decodeNotification(octets, { format });
        assert.deepEqual(decoded.message, message);
        assert.deepEqual(decoded.deviations, []);
        assert.equal(verifyNotification(decoded, signing), 'given');
        assert.deepEqual(decodeNotification(octets, { key: signing }).message, message);
      }),
    );
  });
}

for (const format of ['dm1.3-2010', 'dm1.3'] as const) {
  test(`${format}: cut at each octet it is an error within what is left`, () => {
    const octets = encodeFull(format);
    for (let length = 0; length < octets.length; length += 1) {
      const error = decodeErrorOf(octets.subarray(0, length), { format });
      assert.ok(error.at.offset <= length, `${length}: ${error.message}`);
      assert.equal(decodeErrorOf(octets.subarray(0, length)).name, 'DecodeError');
    }
  });
}

test('dm1.2: cut at each octet it is an error, or within the vendor data a message with less of it', () => {
  const octets = encodeFull('dm1.2');
  const { vendorData, ...without } = fullMessages['dm1.2'];
  const bodyAt = octets.length - 5;
  for (let length = 0; length < bodyAt; length += 1) {
    const error = decodeErrorOf(octets.subarray(0, length), { format: 'dm1.2' });
    assert.equal(error.code, 'TRUNCATED');
    assert.ok(error.at.offset <= length, error.message);
  }
  for (let length = bodyAt; length < octets.length; length += 1) {
    const shorter = vendorData?.slice(0, (length - bodyAt) * 2);
    const expected = shorter === '' ? without : { ...without, vendorData: shorter };
    assert.deepEqual(decodeNotification(octets.subarray(0, length)).message, expected);
  }
});

test('octets inside a larger buffer decode alike', () => {
  for (const format of notificationFormats) {
    const octets = encodeFull(format);
    const larger = new Uint8Array(octets.length + 20).fill(0xaa);
    larger.set(octets, 7);
    const decoded = decodeNotification(larger.subarray(7, 7 + octets.length));
    assert.deepEqual(decoded.message, fullMessages[format]);
    assert.equal(verifyNotification(decoded, key) === null, false);
  }
});

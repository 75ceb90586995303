import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type ContentTypeInput,
  classifyPush,
  decodePush,
  encodePush,
  type WspHeader,
} from '../../../src/codec/wsp/index.ts';
import { DecodeError, hexToBytes } from '../../../src/core/index.ts';
import vectors from '../../vectors/wsp-push.json' with { type: 'json' };

const printable = fc.stringMatching(/^[\x21\x23-\x7e][\x20-\x7e]{0,30}$/);
// Lower case, and no well-known name, so that what is read equals what was written.
const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/).map((text) => `x-${text}`);
const parameters = fc.record(
  {
    charset: fc.constantFrom('utf-8', 'us-ascii', 'utf-16', '*'),
    SEC: fc.constantFrom('NETWPIN', 'USERPIN', 'USERNETWPIN', 'USERPINMAC'),
    MAC: printable,
    'x-own': printable,
  },
  { requiredKeys: [], noNullPrototype: true },
);
const contentType: fc.Arbitrary<ContentTypeInput> = fc.oneof(
  fc.record({ code: fc.nat(0xffffffff), parameters }, { noNullPrototype: true }),
  fc.record({ mime: token.map((text) => `application/${text}`), parameters }, { noNullPrototype: true }),
);
const header: fc.Arbitrary<WspHeader> = fc.oneof(
  fc.record({ name: token, value: fc.oneof(fc.nat(127), printable) }, { noNullPrototype: true }),
  fc.record(
    {
      name: fc.constant('0x60'),
      code: fc.constant(0x60),
      value: fc.oneof(fc.nat(127), printable, fc.uint8Array({ maxLength: 200 })),
    },
    { noNullPrototype: true },
  ),
  fc.record(
    { name: fc.constant('Content-Length'), code: fc.constant(0x0d), value: fc.nat(2 ** 40) },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      name: fc.constant('0x2F'),
      code: fc.constant(0x2f),
      page: fc.integer({ min: 2, max: 255 }),
      value: fc.nat(127),
    },
    { noNullPrototype: true },
  ),
);

test('WSP §8.2.4.1: any push survives a round trip', () => {
  fc.assert(
    fc.property(
      fc.nat(255),
      contentType,
      fc.oneof(fc.nat(0xffff), printable),
      fc.array(header, { maxLength: 6 }),
      fc.uint8Array({ maxLength: 200 }),
      (transactionId, type, applicationId, headers, body) => {
        const push = decodePush(
          encodePush({ transactionId, contentType: type, applicationId, headers, body }),
        );
        assert.equal(push.transactionId, transactionId);
        assert.equal(push.contentType.code, type.code);
        if (type.code === undefined) assert.equal(push.contentType.mime, type.mime);
        assert.deepEqual({ ...push.contentType.parameters }, { ...type.parameters });
        assert.deepEqual(push.applicationIds, [applicationId]);
        assert.deepEqual(push.headers.slice(1), headers);
        assert.deepEqual(push.body, body);
      },
    ),
  );
});

function readsOrExplains(bytes: Uint8Array): void {
  try {
    const push = decodePush(bytes, { annotate: () => {} });
    classifyPush(push);
    assert.equal(push.bodyOffset + push.body.length, bytes.length);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    assert.ok(error.at.offset <= bytes.length);
  }
}

test('WSP §8.2.4.1: any octets are read or explained', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), readsOrExplains));
  const plausible = fc
    .tuple(
      fc.nat(255),
      fc.constantFrom(6, 7),
      fc.uint8Array({ maxLength: 60 }),
      fc.uint8Array({ maxLength: 8 }),
    )
    .map(([tid, type, headers, body]) => Uint8Array.of(tid, type, headers.length, ...headers, ...body));
  fc.assert(fc.property(plausible, readsOrExplains), { numRuns: 500 });
});

test('WSP §8.2.4.1: every vector cut at every octet, and with every octet replaced', () => {
  for (const { hex } of vectors.pushes) {
    const whole = hexToBytes(hex);
    for (let length = 0; length < whole.length; length += 1) readsOrExplains(whole.subarray(0, length));
    for (let at = 0; at < whole.length; at += 1) {
      for (const octet of [0x00, 0x1f, 0x7f, 0x80, 0xff]) {
        const broken = whole.slice();
        broken[at] = octet;
        readsOrExplains(broken);
      }
    }
  }
});

test('WSP §8.2.4.1: a cut within the headers is always an error', () => {
  const whole = hexToBytes('01060ac481af87b1616263646500');
  for (let length = 0; length < 13; length += 1) {
    assert.throws(() => decodePush(whole.subarray(0, length)), DecodeError);
  }
});

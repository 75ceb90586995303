// Where messages end in streams that come in small pieces: the same place as in one piece, with no octet looked at again and again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, utf8ToBytes } from '../../../src/core/index.ts';
import type { StreamLayer } from '../../../src/inspect/streams/captured-message.ts';
import { MessageLength } from '../../../src/inspect/streams/message-length.ts';
import { MessageSearch } from '../../../src/inspect/streams/message-search.ts';

const text = utf8ToBytes;
const chunkedHead = 'POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n';
const measuring = { ended: false, withoutBody: false };

/** Measures octets that come in pieces; what the last call said, and what was looked at. */
function inPieces(layer: StreamLayer, octets: Uint8Array, size: number): readonly [number, number] {
  const length = new MessageLength(layer);
  for (let end = size; ; end += size) {
    const there = octets.subarray(0, Math.min(end, octets.length));
    const isBare = length.isBareAnswer(there);
    const found = length.find(there, { ...measuring, withoutBody: isBare });
    if (found !== 0 || end >= octets.length) return [found, length.looked];
  }
}

const long: readonly (readonly [string, StreamLayer, Uint8Array])[] = [
  ['chunks of one octet', 'http', text(`${chunkedHead}${'1\r\nx\r\n'.repeat(9000)}0\r\n\r\n`)],
  ['trailers', 'http', text(`${chunkedHead}0\r\n${'A: b\r\n'.repeat(9000)}\r\n`)],
  [
    'a long head',
    'http',
    text(`POST / HTTP/1.1\r\n${'A: b\r\n'.repeat(9000)}Content-Length: 9000\r\n\r\n${'x'.repeat(9000)}`),
  ],
  ['a head of carriage returns', 'sip', text(`MESSAGE sip:a SIP/2.0\r\nA: ${'\r'.repeat(60_000)}\r\n\r\n`)],
  [
    'an object in packets of three octets',
    'obex',
    Uint8Array.from({ length: 60_000 }, (_, at) => [at === 59_997 ? 0x82 : 2, 0, 3][at % 3] ?? 0),
  ],
];

for (const [name, layer, octets] of long) {
  test(`${name}: each octet is looked at a few times at most, in pieces of any size`, () => {
    for (const size of [1, 2, 7, 1400, octets.length]) {
      const [found, looked] = inPieces(layer, octets, size);
      assert.equal(found, octets.length);
      assert.ok(looked <= 5 * octets.length, `${looked} octets looked at for ${octets.length}`);
    }
  });
}

test('in pieces a message ends where it ends in one piece', () => {
  const message = fc.oneof(
    fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }).map((sizes) => {
      const chunks = sizes.map(
        (size) => `${size.toString(16)};a=b\r\n${'\r\n'.repeat(size).slice(0, size)}\r\n`,
      );
      return ['http', text(`${chunkedHead}${chunks.join('')}0\r\nA: b\r\n\r\nPOST`)] as const;
    }),
    fc.nat(40).map((size) => {
      const head = `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`;
      return ['http', text(`${head}${'x'.repeat(size)}HTTP/1.1 204 No Content\r\n\r\n`)] as const;
    }),
    fc.array(fc.uint8Array({ maxLength: 9 }), { minLength: 1, maxLength: 6 }).map((bodies) => {
      const packets = bodies.map((body, index) =>
        concatBytes(Uint8Array.of(index === bodies.length - 1 ? 0x82 : 2, 0, body.length + 3), body),
      );
      return ['obex', concatBytes(...packets)] as const;
    }),
    fc.uint8Array({ maxLength: 60 }).map((any) => ['obex', any] as const),
    fc.uint8Array({ maxLength: 60 }).map((any) => ['http', concatBytes(text(chunkedHead), any)] as const),
  );
  fc.assert(
    fc.property(message, fc.integer({ min: 1, max: 30 }), ([layer, octets], size) => {
      const [found] = inPieces(layer, octets, size);
      const until = found > 0 ? found : octets.length;
      const there = octets.subarray(0, until);
      const [whole] = inPieces(layer, there, Math.max(there.length, 1));
      if (found > 0) assert.ok(whole === found || layer === 'obex', `${whole} and ${found}`);
      else assert.equal(whole, found);
    }),
  );
});

test('the next message is found in pieces of any size, behind lines that are none', () => {
  const before = `${'no message\r\n'.repeat(20)}${'A'.repeat(5000)}\r\n`;
  const octets = text(`${before}POST /push HTTP/1.1\r\nHost: a\r\n\r\n`);
  for (const size of [1, 3, 1400, octets.length]) {
    const search = new MessageSearch('http', 1);
    let found = -1;
    for (let at = 0; at < octets.length && found < 0; at += size) {
      found = search.find(octets.subarray(0, at + size), at);
    }
    assert.equal(found, before.length);
  }
});

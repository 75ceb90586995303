import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeSipMessage, type SipStreamItem, SipStreamReader } from '../../../src/codec/sip/index.ts';
import { concatBytes, DecodeError, utf8ToBytes } from '../../../src/core/index.ts';
import { octetsOf, requestOctets, requestOf } from './support.ts';

const crlf = utf8ToBytes('\r\n');

function itemsOf(reader: SipStreamReader): SipStreamItem[] {
  const items: SipStreamItem[] = [];
  for (let item = reader.next(); item !== undefined; item = reader.next()) items.push(item);
  return items;
}

const bodies = [new Uint8Array(), Uint8Array.of(0, 255, 13, 10, 13, 10), new Uint8Array(5000).fill(7)];
const stream = concatBytes(
  ...bodies.flatMap((body, index) => [requestOctets({ body }), index === 1 ? concatBytes(crlf, crlf) : crlf]),
);
const wanted = ['message', 'pong', 'message', 'ping', 'message', 'pong'];

for (const size of [1, 2, 3, 7, 64, 1000, stream.length]) {
  test(`RFC 3261 §18.3: messages are found in a stream that comes in pieces of ${size}`, () => {
    const reader = new SipStreamReader();
    const items: SipStreamItem[] = [];
    for (let at = 0; at < stream.length; at += size) {
      reader.push(stream.subarray(at, at + size));
      items.push(...itemsOf(reader));
    }
    const messages = items.flatMap((item) => (item.kind === 'message' ? [item.message] : []));
    assert.deepEqual(
      messages.map(({ body }) => body),
      bodies,
    );
    const kinds = items.map(({ kind }) => kind);
    // A ping that comes in two parts is seen as a pong and a ping.
    if (size < 4 && kinds.length > wanted.length) kinds.splice(kinds.indexOf('ping') - 1, 1);
    assert.deepEqual(kinds, wanted);
    assert.ok(reader.idle);
  });
}

test('RFC 5626 §3.5.1: each pair of CRLF is one ping', () => {
  const reader = new SipStreamReader();
  reader.push(utf8ToBytes('\r\n\r\n\r\n\r\n'));
  assert.deepEqual(
    itemsOf(reader).map(({ kind }) => kind),
    ['ping', 'ping'],
  );
  reader.push(utf8ToBytes('\r\n'));
  assert.deepEqual(
    itemsOf(reader).map(({ kind }) => kind),
    ['pong'],
  );
});

test('the body is a copy: what comes later does not change it', () => {
  const reader = new SipStreamReader();
  reader.push(requestOctets({ body: Uint8Array.of(1, 2, 3) }));
  const item = reader.next();
  reader.push(requestOctets({ body: Uint8Array.of(4, 5, 6) }));
  assert.ok(item?.kind === 'message');
  assert.deepEqual(item.message.body, Uint8Array.of(1, 2, 3));
});

test('RFC 3261 §18.3: a stream is given up at what cannot be read', () => {
  const cases: readonly (readonly [string, Uint8Array, DecodeError['code']])[] = [
    ['no Content-Length', octetsOf(['MESSAGE sip:a@b SIP/2.0']), 'BAD_VALUE'],
    ['no SIP', utf8ToBytes('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), 'BAD_VALUE'],
    ['TLS', Uint8Array.of(0x16, 3, 1), 'BAD_VALUE'],
    ['CR alone', utf8ToBytes('\rX'), 'BAD_VALUE'],
    ['a long head', new Uint8Array(32_768).fill(65), 'LIMIT'],
    ['a long body', octetsOf(['MESSAGE sip:a@b SIP/2.0', 'Content-Length: 262145']), 'LIMIT'],
  ];
  for (const [name, octets, code] of cases) {
    const reader = new SipStreamReader();
    reader.push(octets);
    assert.throws(
      () => itemsOf(reader),
      (error) => error instanceof DecodeError && error.code === code,
      name,
    );
  }
});

test('a head that comes octet by octet is searched once', () => {
  const reader = new SipStreamReader();
  const octets = encodeSipMessage(
    requestOf({ headers: [{ name: 'X', value: 'y'.repeat(30_000) }], body: Uint8Array.of(1) }),
  );
  let items = 0;
  for (let at = 0; at < octets.length; at += 1) {
    reader.push(octets.subarray(at, at + 1));
    items += itemsOf(reader).length;
  }
  assert.equal(items, 1);
});

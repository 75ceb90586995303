// Captures that we write, read again by our reader; what tshark says of them stands with the tests against peers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, hexToBytes, utf8ToBytes, ValueError } from '../../../src/core/index.ts';
import {
  CapturedConnection,
  type CapturedMessage,
  CaptureReader,
  capturedDatagram,
  captureHeader,
  explainCaptured,
} from '../../../src/inspect/index.ts';

const push = hexToBytes(
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
const at = { timeMs: 1_700_000_000_000.25 };

const routes = [
  { from: { address: '192.0.2.1', port: 40_000 }, to: { address: '192.0.2.2', port: 2948 } },
  { from: { address: '2001:db8::1', port: 40_000 }, to: { address: '2001:db8::192.0.2.2', port: 2948 } },
] as const;

function readAll(...parts: readonly Uint8Array[]): readonly CapturedMessage[] {
  const reader = new CaptureReader();
  const messages = reader.feed(concatBytes(captureHeader('Reveille', 'bindings'), ...parts));
  const { messages: last, summary } = reader.end();
  assert.equal(summary.error, undefined);
  return [...messages, ...last];
}

for (const route of routes) {
  test(`a push over UDP between ${route.from.address} and ${route.to.address} is read to Package #0`, () => {
    const messages = readAll(capturedDatagram(route, push, { ...at, comment: 'wap: sent · „ü“' }));
    const [explained] = messages.map((message) => explainCaptured(message, { key: { secret: 'secret' } }));
    assert.equal(explained?.verified, true);
    assert.equal(explained?.time, '2023-11-14T22:13:20.000250Z');
    assert.deepEqual(explained?.source?.port, 40_000);
    assert.deepEqual(explained?.deviations, []);
  });

  test(`a connection of TCP between ${route.from.address} and ${route.to.address}: opened, large, ended`, () => {
    const connection = new CapturedConnection({ ...route, to: { ...route.to, port: 80 } });
    const body = 'x'.repeat(200_000);
    const request = utf8ToBytes(
      `POST / HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 200000\r\n\r\n${body}`,
    );
    const answer = utf8ToBytes('HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n');
    const messages = readAll(
      connection.open(at),
      connection.data(0, request, at),
      connection.data(1, answer, at),
      connection.close(1, at),
    );
    assert.deepEqual(
      messages.map(({ protocol, octets, note }) => [protocol, octets.length, note]),
      [
        ['http', request.length, undefined],
        ['http', answer.length, undefined],
      ],
    );
  });
}

test('any octets and ports come back as they were', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(0xffff),
      fc.constantFrom(...routes),
      (octets, port, route) => {
        const { from, to } = route;
        const [message] = readAll(capturedDatagram({ from: { ...from, port }, to }, octets, at));
        assert.equal(message?.source?.port, port);
        const size = from.address.includes(':') ? 48 : 28;
        assert.deepEqual(message?.octets.subarray(size), octets);
        assert.deepEqual(message === undefined ? undefined : explainCaptured(message).deviations, []);
      },
    ),
  );
});

test('ends that are none, two versions, and what does not fit are refused with their place', () => {
  const good = { address: '192.0.2.1', port: 1 };
  for (const [from, expected] of [
    [{ address: '192.0.2', port: 1 }, /from\.address: is no IP address/],
    [{ address: '1::2::3', port: 1 }, /from\.address: is no IP address/],
    [{ address: '1:2:3', port: 1 }, /from\.address: is no IP address/],
    [{ address: '::1', port: 1 }, /to\.address: both ends have to be IPv4, or both IPv6/],
    [{ address: '192.0.2.1', port: 65_536 }, /from\.port/],
  ] as const) {
    assert.throws(() => capturedDatagram({ from, to: good }, push, at), expected);
  }
  assert.throws(() => capturedDatagram({ from: good, to: good }, new Uint8Array(65_476), at), ValueError);
});

// Options that are words, and bounds of single routes: what nobody knows is refused, and never the most permissive choice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpPushSender, HttpPushListener } from '../../src/push/http/index.ts';
import { createObexSender, ObexListener } from '../../src/push/obex/index.ts';
import { PapListener } from '../../src/push/pap/index.ts';

const wrong = (name: string) => ({ name: 'ValueError', code: 'OUT_OF_RANGE', path: name });
const handler = (): void => undefined;

for (const messages of ['TLS', '', 'none'] as const) {
  test(`messages: ${JSON.stringify(messages)} is refused by each end of HTTP and OBEX`, () => {
    const options = { messages: messages as 'tls' };
    assert.throws(() => new HttpPushListener({ handler, ...options }), wrong('messages'));
    assert.throws(() => createHttpPushSender(options), wrong('messages'));
    assert.throws(() => new ObexListener({ handler, ...options }), wrong('messages'));
    assert.throws(() => createObexSender(options), wrong('messages'));
  });
}

test('authenticate: what is no choice is refused by both listeners', () => {
  const options = { handler, authenticate: 'mesages' as 'messages' };
  assert.throws(() => new HttpPushListener(options), wrong('authenticate'));
  assert.throws(() => new ObexListener(options), wrong('authenticate'));
});

test('PAP: a route without a bound for bodies is refused', () => {
  for (const maxBody of [Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY]) {
    const routes = { '/pap': { maxBody, handle: () => Promise.reject(new Error('not called')) } };
    assert.throws(
      () => new PapListener({ port: 0, address: '127.0.0.1', routes }),
      wrong('routes./pap.maxBody'),
    );
  }
});

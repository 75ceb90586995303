// The life of a push as SIP carries it: Expires, and the Date that it counts from (RFC 3428, RFC 3261 §20.17, §20.19).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerValue } from '../../../src/codec/sip/index.ts';
import { createSipSender, maxUdpRequest } from '../../../src/push/sip/index.ts';
import { device, never, pushErrorOf, pushOf, withBench } from './support.ts';

const rows: readonly (readonly [string, number | undefined, string | undefined, string | undefined])[] = [
  ['nothing is said of a push without an end', undefined, undefined, undefined],
  ['the life of the push in seconds', 600_000, undefined, '600'],
  ['a broken second is not given', 1999, undefined, '1'],
  ['less than a second is a second', 1, undefined, '1'],
  ['more than the field holds is what it holds', 2 ** 32 * 1000, undefined, '4294967295'],
  ['the field of the settings for a push without an end', undefined, '3600', '3600'],
  ['the life where it is shorter than the settings', 600_000, '3600', '600'],
  ['the settings where they are shorter than the life', 7_200_000, '3600', '3600'],
];
for (const [name, leftMs, configured, expected] of rows) {
  test(
    `RFC 3428 §4: ${name}`,
    withBench(async (bench) => {
      const registrar = await bench.registrar();
      registrar.behave = () => ({ status: 202 });
      const headers = [
        { name: 'X-Own', value: '1' },
        ...(configured === undefined ? [] : [{ name: 'expires', value: configured }]),
      ];
      const sender = bench.sender(registrar.port, { headers });
      const push = { ...pushOf(), ...(leftMs !== undefined && { expiresAt: bench.clock.now() + leftMs }) };
      await sender.send(push, { uri: device }, never);
      const [request] = registrar.requests;
      assert.ok(request !== undefined);
      assert.equal(headerValue(request, 'Expires'), expected);
      const date = expected === undefined ? undefined : 'Thu, 01 Jan 2026 00:00:00 GMT';
      assert.equal(headerValue(request, 'Date'), date);
      assert.equal(headerValue(request, 'X-Own'), '1');
    }),
  );
}

test(
  'asked for a password after a while, it says what is left by then',
  withBench(async (bench) => {
    const registrar = await bench.registrar({ users: { dms: 'pw' }, authenticateMessages: true });
    const said: (string | undefined)[] = [];
    const sender = bench.sender(registrar.port, { credentials: { username: 'dms', password: 'pw' } }, 'tcp');
    registrar.behave = (request) => {
      said.push(headerValue(request, 'Expires'));
      if (said.length === 1) bench.clock.advance(7000);
      return undefined;
    };
    const push = { ...pushOf(), expiresAt: bench.clock.now() + 60_000 };
    await pushErrorOf(sender.send(push, { uri: device }, never));
    assert.deepEqual(said, ['60', '53']);
  }),
);

test(
  'a push whose time is over is not sent: EXPIRED, which no repetition mends',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    const push = { ...pushOf(), expiresAt: bench.clock.now() };
    await assert.rejects(bench.sender(registrar.port).send(push, { uri: device }, never), {
      name: 'PushError',
      code: 'EXPIRED',
      retryable: false,
    });
    assert.deepEqual(registrar.requests, []);
  }),
);

test(
  'RFC 3261 §18.1.1: the largest push over UDP has room for its end',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    registrar.behave = () => ({ status: 200 });
    const sender = bench.sender(registrar.port, {}, 'udp');
    const push = { ...pushOf(sender.maxPayload), expiresAt: bench.clock.now() + 2 ** 32 * 1000 };
    assert.equal((await sender.send(push, { uri: device }, never)).outcome, 'delivered');
    assert.ok(maxUdpRequest - sender.maxPayload < 650, String(sender.maxPayload));
  }),
);

test('an Expires of the settings that is none, and a Date, are refused', () => {
  for (const [name, value] of [
    ['Expires', '0'],
    ['Expires', 'Thu, 01 Jan 2026 00:00:00 GMT'],
    ['Expires', '4294967296'],
    ['Date', 'Thu, 01 Jan 2026 00:00:00 GMT'],
  ] as const) {
    assert.throws(() => createSipSender({ from: 'sip:a@b.example', headers: [{ name, value }] }), {
      name: 'ValueError',
      code: 'BAD_FORMAT',
    });
  }
});

// Choosing the route: a device's addresses in order, what each refused, and for how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushError, ValueError } from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import { pushPolicyDefaults, schemeRefusal } from '../../../src/server/index.ts';
import { isLaterRound, nextRoute, roundOf } from '../../../src/server/push/routes.ts';
import { FakeBinding } from '../../../src/testing/index.ts';
import { withEngine } from '../engine-bench.ts';

const device = { addresses: ['wap:127.0.0.1', 'sms:+491701234567'] };

test('a body too long for one route goes to the next, with size and limit on the timeline', () =>
  withEngine({ device }, async ({ engine, push, reaches, timeline, wap, sms }) => {
    wap.respond = () => {
      throw new ValueError('TOO_LONG', '1500 octets, 1400 fit', 'body');
    };
    sms.respond = () => ({ outcome: 'accepted', reference: 'sim:1' });
    await engine.start();
    const id = await push();
    await reaches(id, 'accepted');
    const events = await timeline(id);
    const failed = events.find(({ event }) => event === 'attempt-failed');
    const accepted = events.at(-1);
    assert.deepEqual(
      [failed?.event, failed?.address, failed?.binding],
      ['attempt-failed', 'wap:127.0.0.1', 'wap'],
    );
    assert.match(failed?.detail ?? '', /1500 octets, 1400 fit/);
    assert.deepEqual([accepted?.binding, accepted?.address], ['sms', 'sms:+491701234567']);
  }));

test('carriers are told when the notification ends; once it has, nothing goes out, and it is expired, not failed', () =>
  withEngine({ device }, async ({ engine, push, reaches, store, clock, wap, sms }) => {
    const expiresAt = clock.now() + 60_000;
    wap.respond = () => {
      // It took as long as there was.
      clock.advance(60_000);
      throw new PushError('DOWN', 'not now', true);
    };
    await engine.start();
    const id = await push({ expiresAt: new Date(expiresAt).toISOString() });
    await reaches(id, 'expired');
    assert.deepEqual(
      wap.pushes.map((sent) => sent.push.expiresAt),
      [expiresAt],
    );
    assert.deepEqual(sms.pushes, []);
    assert.deepEqual((await store.push(id))?.refusedAddresses, []);
  }));

test('a binding that finds the time of a push over has not refused it for good', () =>
  withEngine(
    { device: { addresses: ['sms:+491701234567'] } },
    async ({ engine, push, reaches, store, clock, sms }) => {
      sms.respond = () => {
        throw new PushError('EXPIRED', 'the time of the push ended before it was sent', false);
      };
      await engine.start();
      const id = await push({ expiresAt: new Date(clock.now() + 60_000).toISOString() });
      await reaches(id, 'queued', 2);
      clock.advance(60_000);
      await reaches(id, 'expired');
      assert.deepEqual((await store.push(id))?.refusedAddresses, []);
    },
  ));

test('an address that refused for good is left out when the others are tried again', () =>
  withEngine({ device }, async ({ engine, push, reaches, clock, wap, sms }) => {
    wap.respond = () => {
      throw new PushError('FORBIDDEN', 'never', false);
    };
    sms.respond = () => {
      throw new PushError('DOWN', 'not now', true);
    };
    await engine.start();
    const id = await push();
    // Once when it came, and once more before the other address had its turn.
    for (let round = 1; round <= 4; round += 1) {
      await reaches(id, 'queued', round + 2);
      clock.advance(400_000);
    }
    await reaches(id, 'queued', 7);
    assert.equal(wap.pushes.length, 1);
    assert.ok(sms.pushes.length >= 5);
  }));

test('refused for good by every address, a notification has failed', () =>
  withEngine({ device }, async ({ engine, push, reaches, store, wap, sms }) => {
    for (const binding of [wap, sms]) {
      binding.respond = () => {
        throw new PushError('FORBIDDEN', `${binding.name} says never`, false);
      };
    }
    await engine.start();
    const id = await push();
    await reaches(id, 'failed');
    assert.equal((await store.push(id))?.reason, 'sms says never');
    assert.deepEqual([wap.pushes.length, sms.pushes.length], [1, 1]);
  }));

test('a carrier that says when to come again is not asked before, and never longer than the notification lives', () =>
  withEngine(
    { device: { addresses: ['sms:+491701234567'] } },
    async ({ engine, push, reaches, store, clock, sms }) => {
      sms.respond = () => {
        throw Object.assign(new PushError('BUSY', 'later', true), { retryAfterMs: 600_000 });
      };
      await engine.start();
      const id = await push();
      await reaches(id, 'queued', 2);
      assert.equal((await store.push(id))?.dueAt, clock.now() + 600_000);
      const expiresAt = new Date(clock.now() + 60_000).toISOString();
      const short = await push({ expiresAt });
      await reaches(short, 'queued', 2);
      assert.equal((await store.push(short))?.dueAt, Date.parse(expiresAt));
    },
  ));

test('ruling 26: whoever a notification comes from, it does not go over waps:, and a DM message does', () => {
  const [wap, waps] = [new FakeBinding('wap'), new FakeBinding('waps')];
  const context = { bindings: { wap, waps }, policy: pushPolicyDefaults };
  const addresses = ['waps:127.0.0.1', 'wap:127.0.0.1'];
  const fresh = { refusedAddresses: [], sends: 0 };
  for (const kind of ['dm1.2', 'dm1.3-2010', 'dm1.3'] as const) {
    const { route, passed } = nextRoute(context, fresh, contentTypes[kind], addresses, 0);
    assert.equal(route?.binding, wap, kind);
    const [refusal] = passed;
    assert.deepEqual([refusal?.address, refusal?.binding, refusal?.final], ['waps:127.0.0.1', 'waps', true]);
    assert.match(refusal?.detail ?? '', /§7\.1/);
    const allowed = { ...context, policy: { ...pushPolicyDefaults, secureNotifications: true } };
    assert.equal(nextRoute(allowed, fresh, contentTypes[kind], addresses, 0).route?.binding, waps, kind);
  }
  for (const kind of ['dm+wbxml', 'dm+xml', 'connectivity+wbxml'] as const) {
    assert.equal(nextRoute(context, fresh, contentTypes[kind], addresses, 0).route?.binding, waps, kind);
    assert.equal(schemeRefusal(pushPolicyDefaults, 'waps', contentTypes[kind]), undefined);
  }
});

test('turns go around: each address once in a round, those that refused for good left out', () => {
  const [wap, sms, http] = [new FakeBinding('wap'), new FakeBinding('sms'), new FakeBinding('http')];
  const context = { bindings: { wap, sms, http }, policy: pushPolicyDefaults };
  const addresses = ['wap:127.0.0.1', 'sms:+491701234567', 'http://127.0.0.1/'];
  const [a, b, c] = addresses;
  const next = (turn: number, sends = 0, refusedAddresses: readonly string[] = []) => {
    const { route } = nextRoute(context, { sends, refusedAddresses }, contentTypes['dm1.2'], addresses, turn);
    return [route?.address, route?.turn];
  };
  assert.deepEqual(
    [0, 1, 2, 3].map((turn) => next(turn)[0]),
    [a, b, c, a],
  );
  assert.deepEqual(next(0, 1), [b, 0], 'after one that was taken, the next address begins');
  assert.deepEqual(next(1, 0, [b ?? '']), [c, 2]);
  assert.deepEqual(next(2, 0, [c ?? '', a ?? '']), [b, 4], 'into the next round');
  assert.deepEqual(next(0, 0, addresses), [undefined, undefined]);
  assert.deepEqual(
    [isLaterRound(3, 2, addresses), isLaterRound(2, 0, addresses), roundOf(7, addresses)],
    [true, false, 2],
  );
});

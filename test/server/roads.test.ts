// Choosing the road: a device's addresses in order, what each refused, and for how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushError, ValueError } from '../../src/core/index.ts';
import { withEngine } from './engine-bench.ts';

const device = { addresses: ['wap:127.0.0.1', 'sms:+491701234567'] };

test('a body too long for one road goes to the next, with size and limit on the timeline', () =>
  withEngine({ device }, async ({ engine, push, reaches, timeline, wap, sms }) => {
    wap.respond = () => {
      throw new ValueError('TOO_LONG', '1500 octets, 1400 fit', 'body');
    };
    sms.respond = () => ({ outcome: 'accepted', reference: 'sim:1' });
    await engine.start();
    const id = await push();
    await reaches(id, 'accepted');
    const [failed, accepted] = (await timeline(id)).slice(-2);
    assert.deepEqual(
      [failed?.event, failed?.address, failed?.binding],
      ['attempt-failed', 'wap:127.0.0.1', 'wap'],
    );
    assert.match(failed?.detail ?? '', /1500 octets, 1400 fit/);
    assert.deepEqual([accepted?.binding, accepted?.address], ['sms', 'sms:+491701234567']);
  }));

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
    for (let round = 1; round <= 4; round += 1) {
      await reaches(id, 'queued', round + 1);
      clock.advance(400_000);
    }
    await reaches(id, 'queued', 6);
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
    assert.equal((await store.notification(id))?.reason, 'sms says never');
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
      assert.equal((await store.notification(id))?.dueAt, clock.now() + 600_000);
      const expiresAt = new Date(clock.now() + 60_000).toISOString();
      const short = await push({ expiresAt });
      await reaches(short, 'queued', 2);
      assert.equal((await store.notification(short))?.dueAt, Date.parse(expiresAt));
    },
  ));

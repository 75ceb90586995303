// What a device's addresses refuse, for good or for now, and what becomes of the notification.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushError, ValueError } from '../../../src/core/index.ts';
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

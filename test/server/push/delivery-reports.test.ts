// Delivery reports: never delivered what was not, nothing lost, and a failure brings the next attempt forward.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushError, silentLogger } from '../../../src/core/index.ts';
import type { DeliveryReport, DeviceAddress } from '../../../src/push/index.ts';
import { DeliveryReports } from '../../../src/server/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { type EngineBench, type EngineBenchOptions, withEngine } from '../engine-bench.ts';

interface Scene extends EngineBench {
  readonly reports: DeliveryReports;
  readonly expected: string[];
  report(outcome: DeliveryReport['outcome'], pushId: string, reference?: string): Promise<void>;
}

const device = { addresses: ['sms:+491701234567'] };

function withReports(options: EngineBenchOptions, run: (scene: Scene) => Promise<void>): Promise<void> {
  return withEngine({ device, ...options }, async (bench) => {
    const { store, policy, clock, sms, engine } = bench;
    let count = 0;
    sms.respond = () => {
      count += 1;
      return { outcome: 'accepted', reference: `sim:${count}` };
    };
    const expected: string[] = [];
    const reporting = Object.assign(sms, {
      expectReport: (pushId: string, reference: string, to?: DeviceAddress) => {
        expected.push(`${pushId} ${reference} ${to?.uri}`);
      },
    });
    const bindings = { sms: reporting };
    const context = { store, bindings, policy, clock, node: 'node-1', logger: silentLogger };
    const reports = new DeliveryReports({ ...context, random: () => 0.5 });
    await engine.start();
    const report: Scene['report'] = async (outcome, pushId, reference = 'sim:1') => {
      const detail = outcome === 'delivered' ? 'sim: DELIVERED' : 'sim: EXPIRED';
      await reports.take({ binding: 'sms', pushId, reference, references: [reference], outcome, detail });
    };
    await run({ ...bench, reports, expected, report });
  });
}

test('a receipt moves an accepted push to delivered, and the wait for the answer stays', () =>
  withReports({}, async ({ push, reaches, report, store, timeline }) => {
    const id = await push();
    await reaches(id, 'accepted');
    const before = await store.notification(id);
    await report('delivered', id);
    const after = await store.notification(id);
    assert.deepEqual([after?.state, after?.dueAt, after?.sends], ['delivered', before?.dueAt, 1]);
    const event = (await timeline(id)).at(-1);
    assert.deepEqual(
      [event?.event, event?.binding, event?.reference, event?.detail],
      ['delivered', 'sms', 'sim:1', 'sim: DELIVERED'],
    );
  }));

test('a failure is noted and brings the next attempt forward; the push is not delivered', () =>
  withReports({}, async ({ push, reaches, report, store, clock, timeline, sms }) => {
    const id = await push();
    await reaches(id, 'accepted');
    await report('failed', id);
    const after = await store.notification(id);
    assert.deepEqual([after?.state, after?.dueAt], ['accepted', clock.now() + 500]);
    assert.deepEqual((await timeline(id)).at(-1)?.detail, 'sim: EXPIRED');
    clock.advance(500);
    await reaches(id, 'accepted', 2);
    assert.equal(sms.pushes.length, 2);
    // What is still said about the first push changes nothing for the second.
    const dueAt = (await store.notification(id))?.dueAt;
    await report('failed', id, 'sim:1');
    assert.equal((await store.notification(id))?.dueAt, dueAt);
  }));

test('a failure after the last attempt ends the notification without waiting for an answer', () =>
  withReports({ policy: { attempts: 1 } }, async ({ push, reaches, report, clock }) => {
    const id = await push();
    await reaches(id, 'accepted');
    await report('failed', id);
    clock.advance(500);
    await reaches(id, 'failed');
  }));

test('a report that may be about another push is a note: state, wait and reason stay', () =>
  withReports({}, async ({ push, reaches, report, store, timeline, notifications }) => {
    const id = await push();
    await reaches(id, 'accepted');
    const before = await store.notification(id);
    await report('unclear', id);
    const after = await store.notification(id);
    assert.deepEqual(
      [after?.state, after?.dueAt, after?.reason],
      [before?.state, before?.dueAt, before?.reason],
    );
    const event = (await timeline(id)).at(-1);
    assert.deepEqual([event?.event, event?.binding, event?.reference], ['note', 'sms', 'sim:1']);
    await notifications.cancel(id);
    await report('unclear', id);
    assert.equal((await store.notification(id))?.state, 'cancelled');
  }));

test('a receipt that comes too late is on the timeline, and the end stays the end', () =>
  withReports({}, async ({ push, reaches, report, notifications, store, story }) => {
    const id = await push();
    await reaches(id, 'accepted');
    await notifications.cancel(id);
    await report('delivered', id);
    assert.equal((await store.notification(id))?.state, 'cancelled');
    assert.equal((await story(id)).at(-1), 'delivered');
    await report('delivered', 'no-such-notification');
  }));

test('after a restart, reports of every push that a carrier still holds are waited for', () =>
  withReports({}, async ({ push, reaches, report, reports, expected }) => {
    const [first, second] = [await push(), await push()];
    await reaches(first, 'accepted');
    await reaches(second, 'accepted');
    await report('delivered', first);
    assert.equal(await reports.resume(), 1);
    assert.equal(expected.length, 1);
    assert.match(expected[0] ?? '', new RegExp(`^${second} sim:\\d+ sms:\\+491701234567$`));
  }));

test('a receipt that overtakes the answer to its submission counts, and the wait for the device begins', () =>
  withReports({}, async ({ push, reaches, report, store, clock, sms, policy }) => {
    let answer: () => void = () => {};
    let asked = '';
    sms.respond = ({ push: { id } }) => {
      asked = id;
      return new Promise((resolve) => {
        answer = () => resolve({ outcome: 'accepted', reference: 'sim:9' });
      });
    };
    const id = await push();
    await eventually(() => asked === id, 'the push');
    await report('delivered', id, 'sim:9');
    answer();
    await reaches(id, 'accepted');
    const after = await store.notification(id);
    assert.deepEqual([after?.state, after?.sends], ['delivered', 1]);
    assert.equal(after?.dueAt, clock.now() + Math.ceil(policy.answerTimeoutMs * 0.95));
  }));

for (const outcome of ['delivered', 'failed'] as const) {
  test(`late *${outcome}* of attempt 1 while attempt 2 is under way: on the timeline, attempt 2 decides`, () =>
    withReports({}, async ({ push, reaches, report, store, clock, sms, policy, timeline }) => {
      const id = await push();
      await reaches(id, 'accepted');
      let answer: () => void = () => {};
      let asked = 0;
      sms.respond = () => {
        asked += 1;
        return new Promise((resolve) => {
          answer = () => resolve({ outcome: 'accepted', reference: 'sim:second' });
        });
      };
      clock.advance(policy.answerTimeoutMs);
      await eventually(() => asked === 1, 'the second push');
      const before = await store.notification(id);
      await report(outcome, id, 'sim:1');
      const during = await store.notification(id);
      assert.deepEqual(
        [during?.state, during?.sends, during?.dueAt],
        ['sending', before?.sends, before?.dueAt],
      );
      const told = (await timeline(id)).at(-1);
      assert.deepEqual(
        [told?.event, told?.reference],
        [outcome === 'delivered' ? 'delivered' : 'attempt-failed', 'sim:1'],
      );
      answer();
      await reaches(id, 'accepted', 2);
      const after = await store.notification(id);
      assert.deepEqual([after?.state, after?.sends], ['accepted', 2]);
      assert.equal(after?.dueAt, clock.now() + Math.ceil(2 * policy.answerTimeoutMs * 0.95));
      // Still late, and still of attempt 1.
      await report(outcome, id, 'sim:1');
      assert.deepEqual((await store.notification(id))?.dueAt, after?.dueAt);
      assert.equal((await store.notification(id))?.state, 'accepted');
      await report('delivered', id, 'sim:second');
      assert.equal((await store.notification(id))?.state, 'delivered');
    }));
}

test('a late *delivered* of attempt 1 does not keep a refused attempt 2 from being tried again', () =>
  withReports({}, async ({ push, reaches, report, store, clock, sms, policy }) => {
    const id = await push();
    await reaches(id, 'accepted');
    let refuse: () => void = () => {};
    let asked = 0;
    sms.respond = () => {
      asked += 1;
      return new Promise((_, reject) => {
        refuse = () => reject(new PushError('DOWN', 'not now', true));
      });
    };
    clock.advance(policy.answerTimeoutMs);
    await eventually(() => asked === 1, 'the second push');
    await report('delivered', id, 'sim:1');
    refuse();
    await reaches(id, 'queued', 2);
    const after = await store.notification(id);
    assert.deepEqual([after?.state, after?.sends, after?.failures], ['queued', 1, 1]);
  }));

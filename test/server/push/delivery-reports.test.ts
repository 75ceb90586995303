// Delivery reports: never delivered what was not, nothing lost, and a failure brings the next attempt forward.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushError, silentLogger } from '../../../src/core/index.ts';
import type { DeliveryReport, DeviceAddress } from '../../../src/push/index.ts';
import { DeliveryReports } from '../../../src/server/index.ts';
import type { Store } from '../../../src/store/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { type EngineBench, type EngineBenchOptions, engineKinds, withEngine } from '../engine-bench.ts';
import { settle } from '../settle.ts';

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
    const before = await store.push(id);
    await report('delivered', id);
    const after = await store.push(id);
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
    const after = await store.push(id);
    assert.deepEqual([after?.state, after?.dueAt], ['accepted', clock.now() + 500]);
    assert.deepEqual((await timeline(id)).at(-1)?.detail, 'sim: EXPIRED');
    clock.advance(500);
    await reaches(id, 'accepted', 2);
    assert.equal(sms.pushes.length, 2);
    // What is still said about the first push changes nothing for the second.
    const dueAt = (await store.push(id))?.dueAt;
    await report('failed', id, 'sim:1');
    assert.equal((await store.push(id))?.dueAt, dueAt);
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
  withReports({}, async ({ push, reaches, report, store, timeline, pushes }) => {
    const id = await push();
    await reaches(id, 'accepted');
    const before = await store.push(id);
    await report('unclear', id);
    const after = await store.push(id);
    assert.deepEqual(
      [after?.state, after?.dueAt, after?.reason],
      [before?.state, before?.dueAt, before?.reason],
    );
    const event = (await timeline(id)).at(-1);
    assert.deepEqual([event?.event, event?.binding, event?.reference], ['note', 'sms', 'sim:1']);
    await pushes.cancel(id);
    await report('unclear', id);
    assert.equal((await store.push(id))?.state, 'cancelled');
  }));

test('a receipt that comes too late is on the timeline, and the end stays the end', () =>
  withReports({}, async ({ push, reaches, report, pushes, store, story }) => {
    const id = await push();
    await reaches(id, 'accepted');
    await pushes.cancel(id);
    await report('delivered', id);
    assert.equal((await store.push(id))?.state, 'cancelled');
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
    const after = await store.push(id);
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
      const before = await store.push(id);
      await report(outcome, id, 'sim:1');
      const during = await store.push(id);
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
      const after = await store.push(id);
      assert.deepEqual([after?.state, after?.sends], ['accepted', 2]);
      assert.equal(after?.dueAt, clock.now() + Math.ceil(2 * policy.answerTimeoutMs * 0.95));
      // Still late, and still of attempt 1.
      await report(outcome, id, 'sim:1');
      assert.deepEqual((await store.push(id))?.dueAt, after?.dueAt);
      assert.equal((await store.push(id))?.state, 'accepted');
      await report('delivered', id, 'sim:second');
      assert.equal((await store.push(id))?.state, 'delivered');
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
    const after = await store.push(id);
    assert.deepEqual([after?.state, after?.sends, after?.failures], ['queued', 1, 1]);
  }));

test('a late *delivered* of the first of several attempts is about that one, while the third is under way', () =>
  withReports({ policy: { attempts: 4 } }, async ({ push, reaches, report, store, clock, sms, policy }) => {
    const id = await push();
    await reaches(id, 'accepted');
    clock.advance(policy.answerTimeoutMs);
    await reaches(id, 'accepted', 2);
    let answer: () => void = () => {};
    let asked = 0;
    sms.respond = () => {
      asked += 1;
      return new Promise((resolve) => {
        answer = () => resolve({ outcome: 'accepted', reference: 'sim:3' });
      });
    };
    clock.advance(2 * policy.answerTimeoutMs);
    await eventually(() => asked === 1, 'the third push');
    try {
      for (const earlier of ['sim:1', 'sim:2']) {
        await report('delivered', id, earlier);
        const during = await store.push(id);
        assert.deepEqual([during?.state, during?.sends], ['sending', 2], earlier);
      }
      await report('delivered', id, 'sim:3');
      assert.equal((await store.push(id))?.state, 'delivered');
    } finally {
      answer();
    }
    await reaches(id, 'accepted', 3);
    assert.deepEqual([(await store.push(id))?.state, (await store.push(id))?.sends], ['delivered', 3]);
  }));

for (const kind of engineKinds) {
  /** Runs with a carrier that answers the next push when it is told to. */
  const withSlowCarrier = (
    run: (scene: Scene & { readonly id: string; answer(): void }) => Promise<void>,
    options: EngineBenchOptions = {},
  ) =>
    withReports(options, async (scene) => {
      let answer: () => void = () => {};
      let asked = '';
      scene.sms.respond = ({ push: { id } }) => {
        asked = id;
        return new Promise((resolve) => {
          answer = () => resolve({ outcome: 'accepted', reference: 'sim:9' });
        });
      };
      const id = await scene.pushOf(kind);
      await eventually(() => asked === id, 'the push');
      try {
        await run({ ...scene, id, answer: () => answer() });
      } finally {
        scene.sms.respond = () => ({ outcome: 'sent' });
        answer();
      }
    });

  test(`${kind}: a giving up that overtakes its receipt brings the next attempt forward, once`, () =>
    withSlowCarrier(async ({ id, answer, report, reaches, store, clock, timeline, story }) => {
      await report('failed', id, 'sim:9');
      const during = await store.push(id);
      assert.deepEqual([during?.state, during?.givenUp, during?.sends], ['sending', 'sim:9', 0]);
      answer();
      await reaches(id, kind === 'message' ? 'queued' : 'note', kind === 'message' ? 2 : 1);
      const after = await store.push(id);
      assert.deepEqual([after?.sends, after?.failures, after?.dueAt], [1, 0, clock.now() + 500]);
      assert.equal(after?.state, kind === 'message' ? 'queued' : 'accepted');
      const last = (await timeline(id)).at(-1);
      const why = 'the carrier had given the push up before it was known by its reference';
      assert.equal(last?.detail, kind === 'message' ? 'sim: EXPIRED' : why);
      const events = ['queued', 'sending 1', 'attempt-failed 1', 'accepted 1'];
      assert.deepEqual(await story(id), [...events, kind === 'message' ? 'queued 1' : 'note']);
      clock.advance(500);
      await reaches(id, 'sending', 2);
    }));

  test(`${kind}: a giving up that comes with its receipt is not lost between the two`, () =>
    withSlowCarrier(async ({ id, answer, reaches, store, bindings, policy, clock }) => {
      // The receipt is written when the report has read the push, and has not changed it yet.
      const push: Store['push'] = async (asked) => {
        const read = await store.push(asked);
        answer();
        await reaches(id, 'accepted');
        return read;
      };
      const context = { bindings, policy, clock, node: 'node-1', logger: silentLogger, random: () => 0.5 };
      const reports = new DeliveryReports({ ...context, store: { ...store, push } });
      const about = { pushId: id, binding: 'sms', reference: 'sim:9', references: ['sim:9'] };
      await reports.take({ ...about, outcome: 'failed', detail: 'gone' });
      const after = await store.push(id);
      assert.equal(after?.state, kind === 'message' ? 'queued' : 'accepted');
      assert.deepEqual([after?.dueAt, after?.reason], [clock.now() + 500, 'gone']);
    }));

  test(`${kind}: a giving up of another push that comes before the receipt changes nothing`, () =>
    withSlowCarrier(async ({ id, answer, report, reaches, store }) => {
      await report('failed', id, 'sim:other');
      answer();
      await reaches(id, 'accepted');
      await settle(store);
      const after = await store.push(id);
      assert.deepEqual([after?.state, after?.reference], ['accepted', 'sim:9']);
      const longest = kind === 'message' ? after?.expiresAt : undefined;
      assert.ok((after?.dueAt ?? 0) >= (longest ?? Number.NEGATIVE_INFINITY));
    }));

  test(`${kind}: of several reports before the receipt, the one that is about it counts, in its own words`, () =>
    withSlowCarrier(
      async ({ id, answer, report, reaches, store }) => {
        await report('failed', id, 'sim:other');
        await report('failed', id, 'sim:9');
        answer();
        await reaches(id, kind === 'message' ? 'failed' : 'note');
        const after = await store.push(id);
        assert.equal(after?.state, kind === 'message' ? 'failed' : 'accepted');
        if (kind === 'message') assert.equal(after?.reason, 'sim: EXPIRED');
      },
      // The first address refuses it, with words of its own.
      {
        device: { addresses: ['http://127.0.0.1:1/', 'sms:+491701234567'] },
        policy: { attempts: kind === 'message' ? 1 : 3 },
      },
    ));

  test(`${kind}: *delivered* that overtakes its receipt counts, and the receipt is on the timeline after it`, () =>
    withSlowCarrier(async ({ id, answer, report, reaches, store, story }) => {
      await report('delivered', id, 'sim:9');
      assert.deepEqual([(await store.push(id))?.state, (await store.push(id))?.sends], ['delivered', 1]);
      answer();
      await reaches(id, 'accepted');
      assert.equal((await store.push(id))?.state, 'delivered');
      assert.deepEqual((await story(id)).slice(-2), ['delivered', 'accepted 1']);
    }));

  test(`${kind}: given up again and again, it pauses longer each time, by the next address, up to the attempts`, () => {
    const addresses = ['wap:127.0.0.1', 'sms:+491701234567'];
    return withReports({ device: { addresses }, policy: { attempts: 3 } }, async (scene) => {
      const { pushOf, reaches, reports, store, clock, wap, timeline } = scene;
      let count = 0;
      wap.respond = () => {
        count += 1;
        return { outcome: 'accepted', reference: `wap:${count}` };
      };
      const id = await pushOf(kind);
      for (const [sends, pauseMs, binding] of [
        [1, 500, 'wap'],
        [2, 1000, 'sms'],
        [3, 2000, 'wap'],
      ] as const) {
        await reaches(id, 'accepted', sends);
        const { reference = '' } = (await store.push(id)) ?? {};
        assert.equal((await timeline(id)).at(-1)?.binding, binding);
        const detail = 'undeliverable';
        const about = { pushId: id, binding, reference, references: [reference], detail };
        await reports.take({ ...about, outcome: 'failed' });
        const push = await store.push(id);
        assert.deepEqual([push?.sends, push?.failures], [sends, 0]);
        if (kind === 'message' && sends === 3) break;
        assert.equal(push?.dueAt, clock.now() + pauseMs);
        // What was said once is not said twice.
        await reports.take({ ...about, outcome: 'failed' });
        assert.equal((await store.push(id))?.dueAt, clock.now() + pauseMs);
        clock.advance(pauseMs);
      }
      await reaches(id, 'failed');
      const { reason } = (await store.push(id)) ?? {};
      assert.match(reason ?? '', kind === 'message' ? /^undeliverable$/ : /^no answer after 3 pushes/);
    });
  });

  test(`${kind}: a failure that is reported after the end is a note, and the reason of the end stays`, () =>
    withReports({}, async ({ pushOf, pushes, reaches, report, store, timeline }) => {
      const id = await pushOf(kind);
      await reaches(id, 'accepted');
      if (kind === 'notification') await pushes.cancel(id, 'not needed');
      else await store.change([{ id, change: { event: 'failed', detail: 'not needed' } }]);
      const before = await store.push(id);
      await report('failed', id);
      const after = await store.push(id);
      assert.deepEqual([after?.state, after?.reason], [before?.state, 'not needed']);
      assert.equal((await timeline(id)).at(-1)?.event, 'note');
    }));
}

test('message: nobody said what became of it, and what is said late still counts', () =>
  withReports({}, async ({ pushOf, reaches, report, store, clock, policy }) => {
    const [first, second] = [await pushOf('message'), await pushOf('message')];
    for (const id of [first, second]) await reaches(id, 'accepted');
    clock.advance(policy.lifetimeMs);
    for (const id of [first, second]) await reaches(id, 'unreported');
    const referenceOf = async (id: string) => (await store.push(id))?.reference;
    await report('delivered', first, await referenceOf(first));
    await report('failed', second, await referenceOf(second));
    const states = [await store.push(first), await store.push(second)].map((push) => push?.state);
    assert.deepEqual(states, ['delivered', 'failed']);
  }));

test('message: a failure that meets the end of its time is the end, whichever comes first', () =>
  withReports({}, async ({ pushOf, reaches, store, bindings, clock, policy }) => {
    const id = await pushOf('message');
    await reaches(id, 'accepted');
    // Its time ends when the report has read the push, and has not changed it yet.
    const push: Store['push'] = async (asked) => {
      const read = await store.push(asked);
      clock.advance(policy.lifetimeMs);
      await reaches(id, 'unreported');
      return read;
    };
    const context = { bindings, policy, clock, node: 'node-1', logger: silentLogger, random: () => 0.5 };
    const reports = new DeliveryReports({ ...context, store: { ...store, push } });
    const { reference = '' } = (await store.push(id)) ?? {};
    const about = { pushId: id, binding: 'sms', reference, references: [reference] };
    await reports.take({ ...about, outcome: 'failed', detail: 'gone' });
    const after = await store.push(id);
    assert.deepEqual([after?.state, after?.reason], ['failed', 'gone']);
  }));

test('message: *delivered* of an earlier attempt ends it, while the next one waits and while it is under way', () =>
  withReports({}, async ({ pushOf, reaches, report, store, clock }) => {
    for (const wait of [false, true]) {
      const id = await pushOf('message');
      await reaches(id, 'accepted');
      const { reference } = (await store.push(id)) ?? {};
      await report('failed', id, reference);
      if (wait) {
        clock.advance(500);
        await reaches(id, 'accepted', 2);
      }
      await report('delivered', id, reference);
      assert.equal((await store.push(id))?.state, 'delivered');
    }
  }));

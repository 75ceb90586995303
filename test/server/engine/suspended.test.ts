// A carrier that is suspended: nothing is handed to it, what waits for it ends in its time, and all of it goes on at once afterwards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../../src/core/index.ts';
import type { SendResult } from '../../../src/push/index.ts';
import { createSmsRoutes } from '../../../src/push/sms-routes/index.ts';
import { forReportedAddresses, SuspendedCarriers } from '../../../src/server/index.ts';
import { eventually, type ManualClock } from '../../../src/testing/index.ts';
import { fakeRoad, inDoubt, refusedForNow } from '../../push/sms-routes/fake-road.ts';
import { type EngineBench, engineKinds, withEngine } from '../engine-bench.ts';

/** Turns of the event loop in which an engine that would send has sent. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Lets time pass, a look of the engine at a time. */
async function pass(clock: ManualClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1000);
    await settle();
  }
}

/** Lets time pass until the push has that event: looks are as far apart as they are costly. */
async function passUntil(bench: EngineBench, id: string, event: string): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    if ((await bench.story(id)).includes(event)) return;
    await pass(bench.clock, 10);
  }
  assert.fail(`${event} did not come`);
}

const stateOf = async ({ store }: EngineBench, id: string) => {
  const push = await store.push(id);
  assert.ok(push !== undefined);
  return push;
};

for (const kind of engineKinds) {
  test(`${kind}: stays queued and unclaimed while its carrier is suspended, and goes out at once when that is over`, () =>
    withEngine({}, async (bench) => {
      const { engine, suspended, wap, clock } = bench;
      await engine.start();
      await suspended.suspend({ carrier: 'wap' });
      const id = await bench.pushOf(kind);
      await pass(clock, 60);
      const waiting = await stateOf(bench, id);
      assert.deepEqual([waiting.state, waiting.lease, waiting.attempts], ['queued', 0, 0]);
      assert.deepEqual([wap.pushes.length, await bench.story(id)], [0, ['queued']]);
      await suspended.resume('wap');
      await bench.reaches(id, 'sent');
      assert.equal(wap.pushes.length, 1);
    }));

  test(`${kind}: one that is claimed when its carrier is suspended goes back, and no address has had its turn`, () => {
    let whenClaimed = async (): Promise<unknown> => undefined;
    return withEngine(
      {
        wrapQueue: (queue) =>
          Object.assign(Object.create(queue), {
            claimDue: async (...args: Parameters<typeof queue.claimDue>) => {
              const claimed = await queue.claimDue(...args);
              if (claimed.length > 0) await whenClaimed();
              return claimed;
            },
          }),
      },
      async (bench) => {
        const { engine, suspended, wap } = bench;
        whenClaimed = () => suspended.suspend({ carrier: 'wap' });
        const id = await bench.pushOf(kind);
        await engine.start();
        await bench.reaches(id, 'queued', 2);
        const back = await stateOf(bench, id);
        assert.deepEqual([back.state, back.sends, back.failures], ['queued', 0, 0]);
        assert.match(back.reason ?? '', /wap was suspended/);
        await settle();
        assert.deepEqual(wap.pushes, []);
        whenClaimed = async () => undefined;
        await suspended.resume('wap');
        await bench.reaches(id, 'sent');
      },
    );
  });

  test(`${kind}: ends in its time, and its timeline says that it waited for a carrier that is suspended`, () =>
    withEngine({}, async (bench) => {
      const { engine, suspended, clock, wap } = bench;
      await engine.start();
      await suspended.suspend({ carrier: 'wap' });
      const long = await bench.pushOf(kind);
      const id = await bench.pushOf(kind, { expiresAt: clock.now() + 5000 });
      await pass(clock, 4);
      assert.equal((await stateOf(bench, id)).state, 'queued');
      await passUntil(bench, id, 'expired');
      const { reason } = await stateOf(bench, id);
      assert.match(reason ?? '', /its time ended .*; it waited for wap, which is suspended$/);
      const other = await stateOf(bench, long);
      assert.deepEqual([other.state, other.lease], ['queued', 0]);
      assert.deepEqual(wap.pushes, []);
    }));
}

test('what is under way at a carrier ends, and is not sent again while it is suspended', () =>
  withEngine({ policy: { attempts: 3, answerTimeoutMs: 10_000 } }, async (bench) => {
    const { engine, suspended, wap, clock } = bench;
    let answer: (receipt: SendResult) => void = () => undefined;
    wap.respond = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    await engine.start();
    const id = await bench.push();
    await eventually(() => wap.pushes.length === 1, 'it is under way');
    await suspended.suspend({ carrier: 'wap' });
    assert.equal(engine.inFlightOf('wap'), 1);
    answer({ outcome: 'sent' });
    await bench.reaches(id, 'sent');
    await pass(clock, 60);
    assert.equal(wap.pushes.length, 1, 'its retry is due and waits');
    wap.respond = () => ({ outcome: 'sent' });
    await suspended.resume('wap');
    await bench.reaches(id, 'sent', 2);
  }));

test('a notification that went out as often as it may ends without its carrier', () =>
  withEngine({ policy: { attempts: 1, answerTimeoutMs: 10_000 } }, async (bench) => {
    const { engine, suspended } = bench;
    await engine.start();
    const id = await bench.push();
    await bench.reaches(id, 'sent');
    await suspended.suspend({ carrier: 'wap' });
    await passUntil(bench, id, 'failed');
    assert.equal((await stateOf(bench, id)).reason, 'no answer after 1 push');
  }));

test('other carriers go on, and what goes to another address of a device waits for the one whose turn it is', () =>
  withEngine({ device: { addresses: ['wap:127.0.0.1:2948', 'sms:+4915112345678'] } }, async (bench) => {
    const { engine, suspended, wap, sms, clock } = bench;
    await engine.start();
    await suspended.suspend({ carrier: 'wap' });
    const id = await bench.push();
    const other = await bench.pushMessage({ schemes: ['sms'] });
    await bench.reaches(other, 'sent');
    await pass(clock, 30);
    assert.deepEqual([wap.pushes.length, sms.pushes.length], [0, 1]);
    assert.equal((await stateOf(bench, id)).state, 'queued');
  }));

test('more than one set ends while a carrier is suspended', () =>
  withEngine({}, async (bench) => {
    const { engine, suspended, clock, store } = bench;
    await engine.start();
    await suspended.suspend({ carrier: 'wap' });
    const ids: string[] = [];
    for (let count = 0; count < 600; count += 1) {
      ids.push(await bench.pushMessage({ schemes: ['wap'], expiresAt: clock.now() + 5000 }));
    }
    clock.advance(5000);
    for (const id of ids) await passUntil(bench, id, 'expired');
    assert.deepEqual(await store.countPushes(1000), [
      { purpose: 'message', state: 'expired', count: ids.length, more: false },
    ]);
  }));

test('a suspension is there after a restart, and when it cannot be written nothing is suspended', () =>
  withEngine({}, async (bench) => {
    const { suspended, store, clock } = bench;
    const kept = await suspended.suspend({ carrier: 'wap', reason: 'contract', actor: 'ann/desk' });
    const bindings = Object.values(bench.bindings);
    const again = new SuspendedCarriers({ store, bindings, clock, logger: silentLogger });
    assert.equal(again.holds('wap'), false);
    await again.load();
    assert.deepEqual([again.holds('wap'), again.holds('sms'), again.all], [true, false, [kept]]);
    assert.equal(await again.suspend({ carrier: 'nothing' }), undefined);
    const broken = {
      suspendCarrier: () => Promise.reject(new Error('full')),
      resumeCarrier: () => Promise.reject(new Error('full')),
      suspendedCarriers: () => store.suspendedCarriers(),
    };
    const failing = new SuspendedCarriers({ store: broken, bindings, clock, logger: silentLogger });
    await assert.rejects(failing.suspend({ carrier: 'sms' }), /full/);
    assert.equal(failing.holds('sms'), false);
    await assert.rejects(failing.resume('wap'), /full/);
    assert.equal(failing.holds('wap'), true);
  }));

/** Roads `a` and `b` for every number, as `sms:`. */
function withRoads(run: (bench: EngineBench, roads: Roads) => Promise<void>): Promise<void> {
  const roads = { a: fakeRoad('a'), b: fakeRoad('b') };
  const routes = createSmsRoutes({
    roads: new Map(Object.entries(roads)),
    routes: [{ prefix: '', roads: ['a', 'b'] }],
  });
  const sms = forReportedAddresses(routes, ({ user = '' }) => ({ number: user }));
  const device = { addresses: ['sms:+4915112345678'] };
  return withEngine({ device, bindings: { sms } }, (bench) => run(bench, roads));
}

type Roads = Readonly<Record<'a' | 'b', ReturnType<typeof fakeRoad>>>;

test('of a list of roads the next one gets what is for one that is suspended; while all are, it waits', () =>
  withRoads(async (bench, { a, b }) => {
    const { engine, suspended, clock } = bench;
    await engine.start();
    await suspended.suspend({ carrier: 'sms:a' });
    const first = await bench.push();
    await bench.reaches(first, 'accepted');
    assert.deepEqual([a.sent, b.sent], [[], [first]]);
    await suspended.suspend({ carrier: 'sms:b' });
    assert.equal(suspended.holds('sms:a+b'), true);
    const second = await bench.push();
    await pass(clock, 10);
    assert.deepEqual([(await stateOf(bench, second)).lease, a.sent, b.sent], [0, [], [first]]);
    await suspended.resume('sms:a');
    await bench.reaches(second, 'accepted');
    assert.deepEqual([a.sent, b.sent], [[second], [first]]);
  }));

test('what a road may have waits for it while it is suspended, and no other gets it', () =>
  withRoads(async (bench, { a, b }) => {
    const { engine, suspended, clock, store } = bench;
    await engine.start();
    a.errors.push(inDoubt());
    const id = await bench.push();
    await bench.reaches(id, 'queued', 2);
    assert.equal((await store.push(id))?.carrier, 'sms:a!');
    await suspended.suspend({ carrier: 'sms:a' });
    await pass(clock, 120);
    assert.deepEqual([a.sent, b.sent, (await stateOf(bench, id)).state], [[], [], 'queued']);
    await suspended.resume('sms:a');
    await bench.reaches(id, 'accepted');
    assert.deepEqual([a.sent, b.sent], [[id], []]);
  }));

test('a list of roads is suspended as a whole, with what its roads may have', () =>
  withRoads(async (bench, { a, b }) => {
    const { engine, suspended, clock } = bench;
    await engine.start();
    await suspended.suspend({ carrier: 'sms:a+b' });
    assert.deepEqual(
      ['sms:a+b', 'sms:a!', 'sms:b!'].map((name) => suspended.holds(name)),
      [true, true, true],
    );
    const id = await bench.push();
    await pass(clock, 10);
    assert.deepEqual([a.sent, b.sent], [[], []]);
    await suspended.resume('sms:a+b');
    await bench.reaches(id, 'accepted');
  }));

test('a road that is suspended while another one refuses gets nothing', () =>
  withRoads(async (bench, { a, b }) => {
    const { engine, suspended } = bench;
    let open: () => void = () => undefined;
    a.gate = new Promise((resolve) => {
      open = resolve;
    });
    a.errors.push(refusedForNow());
    await engine.start();
    const id = await bench.push();
    await eventually(() => engine.inFlight === 1, 'it waits at the first');
    await suspended.suspend({ carrier: 'sms:b' });
    open();
    await bench.reaches(id, 'attempt-failed');
    assert.deepEqual(b.sent, []);
  }));

// Pushes that their campaigns keep back: no attempt begins, retries included, and what was out may be answered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gate, PushGates } from '../../../src/server/push/push-gates.ts';
import { eventually, type ManualClock, sampleDevice } from '../../../src/testing/index.ts';
import { type EngineBench, type EngineKind, engineKinds, withEngine } from '../engine-bench.ts';

/** Gates that a test sets; counts how often it is asked. */
class TestGates implements PushGates {
  gate: Gate | ((campaigns: readonly string[], now: number) => Gate) = { open: true };
  asked = 0;

  of(campaigns: readonly string[], now: number): Gate {
    this.asked += 1;
    return typeof this.gate === 'function' ? this.gate(campaigns, now) : this.gate;
  }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

async function pass(clock: ManualClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1000);
    await settle();
  }
}

/** A push that campaigns made. */
async function campaignPush(
  { store, pushMessage, clock }: EngineBench,
  kind: EngineKind,
  campaigns: readonly string[],
  expiresAt = clock.now() + 3_600_000,
): Promise<string> {
  if (kind === 'message') return pushMessage({ campaigns, expiresAt });
  const [outcome] = await store.enqueue([
    {
      purpose: 'notification',
      deviceId: sampleDevice().id,
      format: 'dm1.2',
      fields: { uiMode: 'background', initiator: 'server' },
      expiresAt,
      carrier: 'wap',
      campaigns,
    },
  ]);
  assert.ok(outcome?.outcome === 'queued');
  return outcome.push.id;
}

const closed = (opensAt?: number): Gate => ({
  open: false,
  why: 'it waits for the next window of its campaign',
  ...(opensAt !== undefined && { opensAt }),
});

for (const kind of engineKinds) {
  test(`${kind}: waits until its campaign lets it, and goes out then`, () => {
    const gates = new TestGates();
    return withEngine({ gates }, async (bench) => {
      const { engine, clock, wap, store } = bench;
      const opensAt = clock.now() + 60_000;
      gates.gate = (_, now) => (now < opensAt ? closed(opensAt) : { open: true });
      await engine.start();
      const id = await campaignPush(bench, kind, ['c']);
      await bench.reaches(id, 'note');
      const kept = await store.push(id);
      assert.deepEqual([kept?.state, kept?.gated, kept?.dueAt, kept?.attempts], ['queued', true, opensAt, 0]);
      await pass(clock, 59);
      assert.equal(wap.pushes.length, 0);
      await pass(clock, 2);
      await bench.reaches(id, 'sent');
      assert.equal((await store.push(id))?.gated, undefined);
      const [, note] = await bench.timeline(id);
      assert.equal(note?.detail, 'it waits for the next window of its campaign');
    });
  });

  test(`${kind}: ends in its time where it is kept back for so long`, () => {
    const gates = new TestGates();
    return withEngine({ gates }, async (bench) => {
      const { engine, clock, wap, store } = bench;
      gates.gate = closed();
      await engine.start();
      const id = await campaignPush(bench, kind, ['c'], clock.now() + 5000);
      await pass(clock, 4);
      assert.equal((await store.push(id))?.state, 'queued');
      await pass(clock, 2);
      await bench.reaches(id, 'expired');
      assert.equal(wap.pushes.length, 0);
    });
  });

  test(`${kind}: one that is claimed when its gate closes goes back, and no address has had its turn`, () => {
    const gates = new TestGates();
    let close = (): void => undefined;
    return withEngine(
      {
        gates,
        wrapQueue: (queue) =>
          Object.assign(Object.create(queue), {
            claimDue: async (...args: Parameters<typeof queue.claimDue>) => {
              const claimed = await queue.claimDue(...args);
              if (claimed.length > 0) close();
              return claimed;
            },
          }),
      },
      async (bench) => {
        const { engine, clock, wap, store } = bench;
        const opensAt = clock.now() + 10_000;
        close = () => {
          gates.gate = (_, now) => (now < opensAt ? closed(opensAt) : { open: true });
        };
        const id = await campaignPush(bench, kind, ['c']);
        await engine.start();
        await bench.reaches(id, 'queued', 2);
        const back = await store.push(id);
        assert.deepEqual(
          [back?.state, back?.sends, back?.failures, back?.gated, back?.dueAt],
          ['queued', 0, 0, true, opensAt],
        );
        assert.equal(wap.pushes.length, 0);
        close = () => undefined;
        await pass(clock, 11);
        await bench.reaches(id, 'sent');
      },
    );
  });
}

test('what belongs to a campaign that is over ends when it would be sent again', () => {
  const gates = new TestGates();
  return withEngine({ gates, policy: { attempts: 3, answerTimeoutMs: 10_000 } }, async (bench) => {
    const { engine, wap, clock } = bench;
    await engine.start();
    const id = await campaignPush(bench, 'notification', ['c']);
    await bench.reaches(id, 'sent');
    gates.gate = { open: false, over: 'expired', why: 'the time of its campaign was over' };
    await pass(clock, 11);
    await bench.reaches(id, 'expired');
    const [last] = (await bench.timeline(id)).slice(-1);
    assert.equal(last?.detail, 'the time of its campaign was over, and nobody answered');
    const unsent = await campaignPush(bench, 'notification', ['c']);
    await bench.reaches(unsent, 'cancelled');
    assert.equal(wap.pushes.length, 1);
  });
});

test('a retry waits too, and an answer that comes meanwhile counts', () => {
  const gates = new TestGates();
  return withEngine({ gates, policy: { attempts: 3, answerTimeoutMs: 10_000 } }, async (bench) => {
    const { engine, clock, wap, store } = bench;
    await engine.start();
    const id = await campaignPush(bench, 'notification', ['c']);
    await bench.reaches(id, 'sent');
    const opensAt = clock.now() + 120_000;
    gates.gate = (_, now) => (now < opensAt ? closed(opensAt) : { open: true });
    await pass(clock, 60);
    assert.equal(wap.pushes.length, 1);
    const kept = await store.push(id);
    assert.deepEqual([kept?.state, kept?.gated, kept?.dueAt], ['sent', true, opensAt]);
    await store.change([{ id, change: { event: 'answered' } }]);
    await store.change([{ id, change: { event: 'completed' } }]);
    await pass(clock, 120);
    assert.equal(wap.pushes.length, 1);
    assert.equal((await store.push(id))?.state, 'completed');
  });
});

test('a session that runs while its campaign is resumed is not taken for lost', () => {
  const gates = new TestGates();
  return withEngine({ gates, policy: { attempts: 3, answerTimeoutMs: 10_000 } }, async (bench) => {
    const { engine, clock, wap, store } = bench;
    await engine.start();
    const id = await campaignPush(bench, 'notification', ['c']);
    await bench.reaches(id, 'sent');
    gates.gate = closed();
    await pass(clock, 60);
    assert.equal((await store.push(id))?.gated, true);
    const session = { deviceId: sampleDevice().id, pushId: id };
    const lostAt = clock.now() + 180_000;
    await store.recordSession({ ...session, changes: [{ event: 'answered' }], dueAt: lostAt });
    const answered = await store.push(id);
    assert.deepEqual([answered?.gated, answered?.dueAt], [undefined, lostAt]);
    gates.gate = { open: true };
    assert.equal(await store.ungatePushes('c', 9), 0);
    engine.wake();
    await pass(clock, 10);
    assert.equal(wap.pushes.length, 1);
    await store.recordSession({ ...session, changes: [{ event: 'completed' }] });
    assert.equal((await store.push(id))?.state, 'completed');
  });
});

test('a push that several campaigns share is asked for by all their names', () => {
  const gates = new TestGates();
  return withEngine({ gates }, async (bench) => {
    const seen: (readonly string[])[] = [];
    gates.gate = (campaigns) => {
      seen.push(campaigns);
      return { open: true };
    };
    await bench.engine.start();
    const id = await campaignPush(bench, 'notification', ['c', 'd']);
    await bench.reaches(id, 'sent');
    assert.deepEqual(seen[0], ['c', 'd']);
  });
});

test('pushes without a campaign are asked for nowhere', () => {
  const gates = new TestGates();
  gates.gate = closed();
  return withEngine({ gates }, async (bench) => {
    await bench.engine.start();
    for (const kind of engineKinds) {
      const id = await bench.pushOf(kind);
      await bench.reaches(id, 'sent');
    }
    assert.equal(gates.asked, 0);
    await eventually(() => bench.wap.pushes.length === 2, 'both went out');
  });
});

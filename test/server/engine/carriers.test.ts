// Carriers side by side: what one cannot take waits where nobody holds it, and holds up nobody else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushError } from '../../../src/core/index.ts';
import { type Pace, paced, type SendResult } from '../../../src/push/index.ts';
import type { MessageRequest, PushQueue, PushRecord } from '../../../src/store/index.ts';
import {
  eventually,
  FakeBinding,
  type ManualClock,
  samplePushMark,
  samplePushMessage,
} from '../../../src/testing/index.ts';
import { type EngineBench, withEngine } from '../engine-bench.ts';

const settle = async (turns = 100): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A binding with places and a pace, and what is below it. */
const pacedFake =
  (fake: FakeBinding, pace: Pace) =>
  (clock: ManualClock): ReturnType<typeof paced> =>
    paced(fake, { ...pace, clock });

const down = (): never => {
  throw new PushError('DOWN', 'nobody there', true);
};

/** Queues messages to an address, all at once, as somebody would that knows nothing of carriers. */
async function queue(
  { store, clock }: EngineBench,
  count: number,
  address: string,
  changes: Partial<MessageRequest> = {},
): Promise<readonly string[]> {
  const expiresAt = clock.now() + 86_400_000;
  const requests = Array.from({ length: count }, () =>
    samplePushMessage({ addresses: [address], expiresAt, ...changes }),
  );
  return (await store.enqueue(requests)).flatMap((each) => ('push' in each ? [each.push.id] : []));
}

const pushesOf = (bench: EngineBench, ids: readonly string[]): Promise<readonly PushRecord[]> =>
  Promise.all(
    ids.map(async (id) => {
      const push = await bench.store.push(id);
      assert.ok(push !== undefined);
      return push;
    }),
  );

test('a push over UDP is sent while hundreds wait for a carrier of one a second and for one that is dead', () => {
  const [slow, dead] = [new FakeBinding('http'), new FakeBinding('sip')];
  dead.respond = down;
  const bindings = (clock: ManualClock) => ({
    http: pacedFake(slow, { perSecond: 1 })(clock),
    sip: pacedFake(dead, {})(clock),
  });
  return withEngine({ bindings, random: () => 0.99 }, async (bench) => {
    const waiting = await queue(bench, 200, 'http://127.0.0.1/');
    const vain = await queue(bench, 200, 'sip:a@example.com');
    await bench.engine.start();
    await eventually(() => slow.pushes.length === 1 && dead.pushes.length === 200, 'both carriers at work');
    const id = await bench.push();
    await bench.reaches(id, 'sent');
    const states = (await pushesOf(bench, waiting)).map(({ state, attempts }) => `${state} ${attempts}`);
    assert.equal(states.filter((state) => state === 'sent 1').length, 1);
    assert.equal(states.filter((state) => state === 'queued 0').length, 199);
    for (const healthy of [id, ...waiting]) {
      assert.ok(!(await bench.story(healthy)).some((event) => event.startsWith('attempt-failed')));
    }
    await eventually(async () => (await pushesOf(bench, vain)).every(({ failures }) => failures === 1));
    await eventually(() => bench.engine.inFlight === 0, 'every outcome on disk');
    bench.clock.advance(1000);
    await eventually(() => slow.pushes.length === 2, 'the second of the slow one');
    await settle();
    assert.equal(slow.pushes.length, 2);
  });
});

test('what a carrier cannot take stays queued, and nobody has claimed it', () => {
  const http = new FakeBinding('http');
  const answers: ((receipt: SendResult) => void)[] = [];
  http.respond = () => new Promise((resolve) => answers.push(resolve));
  const bindings = (clock: ManualClock) => ({ http: pacedFake(http, { places: 2 })(clock) });
  return withEngine({ bindings }, async (bench) => {
    const ids = await queue(bench, 10, 'http://127.0.0.1/');
    await bench.engine.start();
    for (let sent = 0; sent < 10; sent += 2) {
      await eventually(() => http.pushes.length === Math.min(sent + 2, 10), 'the places');
      await settle(20);
      const left = (await pushesOf(bench, ids)).filter(({ lease }) => lease === 0);
      assert.equal(left.length, 8 - sent);
      assert.ok(
        left.every(
          ({ state, attempts, claimedBy }) => state === 'queued' && attempts === 0 && claimedBy === undefined,
        ),
      );
      for (const answer of answers.splice(0)) answer({ outcome: 'sent' });
    }
    for (const id of ids) await bench.reaches(id, 'sent');
  });
});

test('places that become free one by one are claimed for by the quarter while pushes wait, and the last are not left', () => {
  const http = new FakeBinding('http');
  const answers: ((receipt: SendResult) => void)[] = [];
  http.respond = () => new Promise((resolve) => answers.push(resolve));
  const bindings = (clock: ManualClock) => ({ http: pacedFake(http, { places: 16 })(clock) });
  const claims: number[] = [];
  const wrapQueue = (queue: PushQueue): PushQueue =>
    Object.create(queue, {
      claimDue: {
        value: async (...request: Parameters<PushQueue['claimDue']>) => {
          const claimed = await queue.claimDue(...request);
          if (claimed.length > 0) claims.push(claimed.length);
          return claimed;
        },
      },
    });
  // Long enough for the slowest machine: only a quarter of the places ends it.
  return withEngine({ bindings, wrapQueue, gatherMs: 20_000 }, async (bench) => {
    const ids = await queue(bench, 40, 'http://127.0.0.1/');
    await bench.engine.start();
    for (let answered = 0; answered < 40; answered += 1) {
      await eventually(() => answers.length > 0, 'a push that waits for its answer');
      answers.shift()?.({ outcome: 'sent' });
    }
    await bench.engine.stop();
    assert.ok(claims.length <= 15, `claims of ${claims.join(', ')}`);
    const states = (await pushesOf(bench, ids)).map(({ state }) => state);
    assert.deepEqual(new Set(states), new Set(['sent']));
  });
});

test('a carrier that hangs holds its own places and no others', () => {
  const http = new FakeBinding('http');
  // As bindings do, it gives a push back whose time is over.
  http.respond = ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new PushError('ABORTED', 'aborted', true)));
    });
  const bindings = (clock: ManualClock) => ({ http: pacedFake(http, { places: 3 })(clock) });
  return withEngine({ bindings, maxInFlight: 4 }, async (bench) => {
    await queue(bench, 50, 'http://127.0.0.1/');
    await bench.engine.start();
    await eventually(() => http.pushes.length === 3, 'the places of the one that hangs');
    const ids = await queue(bench, 50, 'wap:127.0.0.1');
    for (const id of ids) await bench.reaches(id, 'sent');
    await eventually(() => bench.engine.inFlight === 3, 'no more under way than what hangs');
    assert.equal(http.pushes.length, 3);
    http.respond = () => ({ outcome: 'sent' });
    // Its time ends, and the next have their turn.
    bench.clock.advance(bench.policy.sendTimeoutMs);
    await eventually(() => http.pushes.length >= 50, 'the others');
  });
});

test('two addresses, of which the first is dead: the push goes at once over the second', () =>
  withEngine({ device: { addresses: ['wap:127.0.0.1', 'sms:+491701234567'] } }, async (bench) => {
    bench.wap.respond = down;
    bench.sms.respond = () => ({ outcome: 'accepted', reference: 'm1' });
    await bench.engine.start();
    const id = await bench.push();
    // The clock stands still.
    await bench.reaches(id, 'accepted');
    assert.deepEqual((await bench.store.push(id))?.failures, 0);
    assert.deepEqual([bench.wap.pushes.length, bench.sms.pushes.length], [1, 1]);
  }));

test('two addresses: the one that asks to wait does not hold back the other, and is not asked before', () =>
  withEngine({ device: { addresses: ['wap:127.0.0.1', 'sms:+491701234567'] } }, async (bench) => {
    const { engine, wap, sms, store, clock, push, reaches } = bench;
    wap.respond = () => {
      throw Object.assign(new PushError('BUSY', 'in ten minutes', true), { retryAfterMs: 600_000 });
    };
    sms.respond = down;
    await engine.start();
    const id = await push();
    const next = async (): Promise<number> => {
      const dueAt = (await store.push(id))?.dueAt ?? 0;
      const waitMs = dueAt - clock.now();
      clock.advance(waitMs);
      return waitMs;
    };
    await reaches(id, 'queued', 3);
    let waited = 0;
    for (let round = 1; round <= 9; round += 1) {
      waited += await next();
      await reaches(id, 'queued', 3 + round);
      assert.deepEqual([wap.pushes.length, sms.pushes.length], [1, 1 + round]);
    }
    assert.ok(waited < 600_000, `${waited}`);
    clock.advance(600_000 - waited);
    await eventually(() => wap.pushes.length === 2, 'the one that asked to wait');
  }));

test('all addresses refuse for good: the push has failed, with what the last one said', () =>
  withEngine({ device: { addresses: ['wap:127.0.0.1', 'sms:+491701234567'] } }, async (bench) => {
    for (const binding of [bench.wap, bench.sms]) {
      binding.respond = () => {
        throw new PushError('FORBIDDEN', `${binding.name} says never`, false);
      };
    }
    await bench.engine.start();
    const id = await bench.push();
    await bench.reaches(id, 'failed');
    assert.deepEqual(await bench.story(id), [
      ...['queued', 'sending 1', 'attempt-failed 1', 'queued 1'],
      ...['sending 2', 'attempt-failed 2', 'failed'],
    ]);
    assert.equal((await bench.store.push(id))?.reason, 'sms says never');
  }));

test('purposes have their turns, however many of each wait', () => {
  const wap = new FakeBinding('wap');
  const bindings = (clock: ManualClock) => ({ wap: pacedFake(wap, { perSecond: 1 })(clock) });
  return withEngine({ bindings }, async (bench) => {
    const messages = await queue(bench, 20, 'wap:127.0.0.1');
    const relayed: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      const initiator = samplePushMark({ pushId: `${count}@partner` });
      relayed.push(...(await queue(bench, 1, 'wap:127.0.0.1', { initiator })));
    }
    const notifications: string[] = [];
    for (let count = 0; count < 3; count += 1) notifications.push(await bench.push());
    await bench.engine.start();
    for (let sent = 1; sent <= 9; sent += 1) {
      await eventually(() => wap.pushes.length === sent, `push ${sent}`);
      await settle(20);
      bench.clock.advance(1000);
    }
    const purposes = wap.pushes.slice(0, 9).map(({ push: { id } }) => {
      if (messages.includes(id)) return 'message';
      return relayed.includes(id) ? 'relayed' : 'notification';
    });
    for (const purpose of ['message', 'relayed', 'notification']) {
      assert.equal(purposes.filter((each) => each === purpose).length, 3, purposes.join(' '));
    }
    assert.equal(new Set(purposes.slice(0, 3)).size, 3);
  });
});

test('pushes that wait for no carrier, or for one that is configured no more, find theirs', () =>
  withEngine({}, async (bench) => {
    const ids = [
      ...(await queue(bench, 3, 'wap:127.0.0.1')),
      ...(await queue(bench, 3, 'sms:+491701234567', { carrier: 'pap:gone' })),
    ];
    await bench.engine.start();
    for (const id of ids) await bench.reaches(id, 'sent');
    assert.deepEqual((await bench.story(ids[3] ?? '')).slice(0, 2), ['queued', 'sending 1']);
    // And those that come while it runs.
    const [late] = await queue(bench, 1, 'wap:127.0.0.1');
    await bench.reaches(late ?? '', 'sent');
  }));

test('a push that no carrier reaches any more has failed, and says why', () =>
  withEngine({}, async (bench) => {
    const [id = ''] = await queue(bench, 1, 'obex://127.0.0.1', { carrier: 'obex' });
    await bench.engine.start();
    await bench.reaches(id, 'failed');
    assert.equal((await bench.store.push(id))?.reason, 'no binding is configured for obex:');
  }));

test('a device that was edited meanwhile is reached by its new address, and that is no failure', () =>
  withEngine({}, async (bench) => {
    const { store, push, engine, reaches, story, sms, wap } = bench;
    const id = await push();
    const { deviceId } = await bench.notification(id);
    await store.updateDevice(deviceId, { addresses: ['sms:+491701234567'] });
    await engine.start();
    await reaches(id, 'sent');
    assert.deepEqual([wap.pushes.length, sms.pushes.length], [0, 1]);
    const record = await store.push(id);
    assert.deepEqual([record?.attempts, record?.failures, record?.sends], [1, 0, 1]);
    assert.deepEqual(await story(id), ['queued', 'note', 'sending 1', 'sent 1']);
  }));

test('two carriers of one name are refused', async () => {
  const twice = { http: new FakeBinding('wap') };
  await assert.rejects(
    withEngine({ bindings: twice }, async () => undefined),
    { code: 'CONFIG', message: /two bindings have a carrier "wap"/ },
  );
});

test('what nobody told it of is found when it looks unasked', () => {
  let quiet = false;
  const wrapQueue = (queue: PushQueue): PushQueue => ({
    ...queue,
    nextDueAt: async (of) => (quiet ? undefined : queue.nextDueAt(of)),
    claimDue: async (...claim) => (quiet ? [] : queue.claimDue(...claim)),
  });
  return withEngine({ wrapQueue }, async (bench) => {
    await bench.engine.start();
    await bench.reaches(await bench.push(), 'sent');
    // As if the words of it came before what they tell of.
    quiet = true;
    const id = await bench.push();
    await settle(300);
    quiet = false;
    await settle(300);
    assert.equal(bench.wap.pushes.length, 1);
    bench.clock.advance(30_000);
    await bench.reaches(id, 'sent');
  });
});

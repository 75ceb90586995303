// A push that a road may have taken, and a server that is started anew: no other road gets it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, silentLogger } from '../../../src/core/index.ts';
import { createSmsRoutes } from '../../../src/push/sms-routes/index.ts';
import { type BindingTable, forReportedAddresses, PushEngine } from '../../../src/server/index.ts';
import { eventually, samplePushMessage } from '../../../src/testing/index.ts';
import { type EngineBench, withEngine } from '../../server/engine-bench.ts';
import { fakeRoad, inDoubt } from './fake-road.ts';
import { blackHole, httpRoads, type MakeRoad, smppRoad, twoRoads } from './peers.ts';

const number = '+491701234567';

function scene() {
  const roads = { a: fakeRoad('a'), b: fakeRoad('b') };
  const routes = createSmsRoutes({
    roads: new Map(Object.entries(roads)),
    routes: [{ prefix: '', roads: ['a', 'b'] }],
  });
  const sms = forReportedAddresses(routes, ({ user = '' }) => ({ number: user }));
  return { ...roads, bindings: { sms } };
}

async function enqueued({ store, clock }: EngineBench): Promise<string> {
  const request = samplePushMessage({ addresses: [`sms:${number}`], expiresAt: clock.now() + 86_400_000 });
  const [taken] = await store.enqueue([request]);
  return taken !== undefined && 'push' in taken ? taken.push.id : '';
}

/** The engine of the next process, under the same name. */
function nextEngine({ store, clock, policy }: EngineBench, bindings: BindingTable): PushEngine {
  return new PushEngine({
    queue: store,
    devices: store,
    events: store,
    bindings,
    policy,
    clock,
    random: () => 0.5,
    node: 'node-1',
    logger: silentLogger,
    requestedMo: 1,
    gatherMs: 0,
  });
}

/** The next process takes the push up; gives what its roads were given. */
async function afterRestart(bench: EngineBench, id: string): Promise<readonly (readonly string[])[]> {
  const { store, clock } = bench;
  const waiting = await store.push(id);
  assert.equal(waiting?.carrier, 'sms:a!');
  clock.advance(Math.max(0, (waiting.dueAt ?? 0) - clock.now()));
  const next = scene();
  const engine = nextEngine(bench, next.bindings);
  await engine.start();
  try {
    await eventually(async () => (await store.push(id))?.state === 'accepted', 'the push');
  } finally {
    await engine.stop();
  }
  // What comes of it later begins with the whole list again.
  assert.equal((await store.push(id))?.carrier, 'sms:a+b');
  return [next.a.sent, next.b.sent];
}

test('an answer that was lost: the next process sends it by the same road', async () => {
  const first = scene();
  first.a.errors.push(inDoubt());
  await withEngine({ bindings: first.bindings }, async (bench) => {
    const id = await enqueued(bench);
    await bench.engine.start();
    await bench.reaches(id, 'attempt-failed');
    await bench.engine.stop();
    assert.deepEqual(await afterRestart(bench, id), [[id], []]);
    assert.deepEqual(first.b.sent, []);
  });
});

test('a road that says nothing until the time of the attempt is over counts as one that may have it', async () => {
  const first = scene();
  let open: () => void = () => {};
  first.a.gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  await withEngine({ bindings: first.bindings }, async (bench) => {
    const id = await enqueued(bench);
    await bench.engine.start();
    const { carriers } = first.bindings.sms;
    await eventually(() => carriers?.heldBy?.(id) === 'sms:a!', 'the attempt');
    bench.clock.advance(90_000);
    await bench.reaches(id, 'attempt-failed');
    await bench.engine.stop();
    assert.deepEqual(await afterRestart(bench, id), [[id], []]);
    open();
  });
});

const waiting: readonly (readonly [string, MakeRoad, boolean])[] = [
  ['HTTP, written and not answered', httpRoads.http, true],
  [
    'HTTP, waiting for TLS',
    (port, more) => httpRoads.http(port, { ...more, tls: true, connectMs: 600_000 }),
    false,
  ],
  [
    'sendsms, waiting for TLS',
    (port, more) => httpRoads.kannel(port, { ...more, tls: true, connectMs: 600_000 }),
    false,
  ],
  ['SMPP, waiting for a link', (port, more) => smppRoad(port, 600_000, more?.clock), false],
];
for (const [name, road, left] of waiting) {
  test(`when the time of an attempt is over: ${name}`, async (t) => {
    const hole = await blackHole(t);
    const behind = fakeRoad('b');
    let begun = false;
    const bindings = (clock: Clock): BindingTable => {
      const { binding } = twoRoads(t, road(hole.port, { clock }), behind);
      const seen: typeof binding = {
        ...binding,
        send: (...push) => {
          begun = true;
          return binding.send(...push);
        },
      };
      return { sms: forReportedAddresses(seen, ({ user = '' }) => ({ number: user })) };
    };
    await withEngine({ bindings }, async (bench) => {
      const id = await enqueued(bench);
      await bench.engine.start();
      await eventually(() => begun && hole.heard.some((text) => text !== ''), 'the first octets');
      bench.clock.advance(90_000);
      await bench.reaches(id, 'attempt-failed');
      assert.equal((await bench.store.push(id))?.carrier, left ? 'sms:a!' : 'sms:a+b');
      await bench.engine.stop();
      assert.deepEqual(behind.sent, []);
    });
  });
}

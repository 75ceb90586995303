// Pushes that only waited at a road, for a place, a connection, or a link: another road gets them, and those that left stay.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { PushError } from '../../../src/core/index.ts';
import { contentTypes, type Push } from '../../../src/push/index.ts';
import type { SmsRoad } from '../../../src/push/short-message/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { blackHole, closedPort, httpRoads, type MakeRoad, smppRoad, twoRoads } from './peers.ts';

const never = new AbortController().signal;
const to = { number: '+491701234567' };

function pushOf(id: string): Push {
  return { id, contentType: contentTypes['dm+wbxml'], body: Uint8Array.of(1, 2, 3) };
}

async function failure(sending: Promise<unknown>): Promise<PushError> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof PushError, String(error));
  return error;
}

for (const [kind, road] of Object.entries(httpRoads)) {
  test(`${kind}: a port where nothing listens leaves the push to the next road`, async (t) => {
    const { binding, b, told } = twoRoads(t, road(await closedPort()));
    await binding.send(pushOf('p'), to, never);
    assert.deepEqual([b.sent, told.map(({ reason }) => reason)], [['p'], ['ECONNREFUSED']]);
  });

  test(`${kind}: TLS that is never answered leaves the push to the next road`, async (t) => {
    const hole = await blackHole(t);
    const { binding, b, told } = twoRoads(t, road(hole.port, { tls: true }));
    await binding.send(pushOf('p'), to, never);
    assert.deepEqual([b.sent, told.map(({ reason }) => reason)], [['p'], ['TIMEOUT']]);
  });

  test(`${kind}: of pushes at a carrier that says nothing, the one that left stays with it`, async (t) => {
    const hole = await blackHole(t);
    const { binding, b, told } = twoRoads(t, road(hole.port, { responseMs: 100 }));
    const out = failure(binding.send(pushOf('p'), to, never));
    await eventually(() => hole.heard.length === 1 && hole.heard[0] !== '');
    assert.equal(binding.carriers?.heldBy?.('p'), 'sms:a!');
    // There is one connection.
    const waits = binding.send(pushOf('q'), to, never);
    assert.equal(binding.carriers?.heldBy?.('q'), undefined);
    // When the first has no answer in its time, the road is down: the others need not see for themselves.
    assert.deepEqual(await waits, { outcome: 'accepted', reference: 'b/b:q' });
    assert.equal((await out).notTaken, false);
    assert.equal(binding.carriers?.heldBy?.('p'), 'sms:a!');
    assert.deepEqual([b.sent, told.map(({ reason }) => reason)], [['q'], ['ROAD_DOWN']]);
    assert.equal(hole.heard.join('').match(/ HTTP\/1\.1/g)?.length, 1);
    // Later attempts of what left go there alone, although the road is down.
    const again = await failure(binding.send({ ...pushOf('p'), heldBy: 'sms:a!' }, to, never));
    assert.equal(again.notTaken, false);
    assert.deepEqual(b.sent, ['q']);
  });

  test(`${kind}: an attempt that ends while its push waits for a connection, or for a place`, async (t) => {
    for (const places of [2, 1]) {
      const hole = await blackHole(t);
      const { binding, b } = twoRoads(t, road(hole.port, { places }));
      b.up = false;
      const ends = new AbortController();
      const out = failure(binding.send(pushOf('p'), to, ends.signal));
      const waits = failure(binding.send(pushOf('q'), to, ends.signal));
      await eventually(() => hole.heard.length === 1 && hole.heard[0] !== '');
      ends.abort();
      // As the engine asks: at once.
      const held = (id: string) => binding.carriers?.heldBy?.(id);
      assert.deepEqual([held('p'), held('q')], ['sms:a!', undefined]);
      assert.deepEqual([(await out).notTaken, (await waits).notTaken], [false, true]);
      assert.deepEqual([held('p'), held('q')], ['sms:a!', undefined]);
      // What was given up leaves no more.
      await binding.close();
      assert.equal(hole.heard.join('').match(/ HTTP\/1\.1/g)?.length, 1);
    }
  });
}

for (const [kind, road] of Object.entries(httpRoads)) {
  test(`${kind}: of pushes at a road that is suspended, those that only waited leave it, and the one that left stays`, async (t) => {
    const hole = await blackHole(t);
    const { binding, b } = twoRoads(t, road(hole.port, { responseMs: 300 }));
    const out = failure(binding.send(pushOf('p'), to, never));
    await eventually(() => hole.heard.length === 1 && hole.heard[0] !== '');
    const waits = binding.send(pushOf('q'), to, never);
    binding.carriers?.suspend?.(new Set(['sms:a']));
    assert.deepEqual(await waits, { outcome: 'accepted', reference: 'b/b:q' });
    assert.deepEqual([b.sent, (await out).code === 'CARRIER_SUSPENDED'], [['q'], false]);
    assert.equal(binding.carriers?.heldBy?.('p'), 'sms:a!');
    // What left stays with its road, which gets nothing more.
    const again = await failure(binding.send({ ...pushOf('p'), heldBy: 'sms:a!' }, to, never));
    assert.deepEqual([again.code, b.sent], ['CARRIER_SUSPENDED', ['q']]);
    assert.equal(binding.carriers?.heldBy?.('p'), 'sms:a!');
    assert.equal(hole.heard.join('').match(/ HTTP\/1\.1/g)?.length, 1);
  });
}

test('SMPP: a push that waits for a link leaves its road when that is suspended; without another one it is for later', async (t) => {
  const hole = await blackHole(t);
  const { binding, b } = twoRoads(t, smppRoad(hole.port, 600_000));
  const first = binding.send(pushOf('p'), to, never);
  await eventually(() => hole.heard.length === 1);
  binding.carriers?.suspend?.(new Set(['sms:a']));
  assert.deepEqual(await first, { outcome: 'accepted', reference: 'b/b:p' });
  binding.carriers?.suspend?.(new Set(['sms:b']));
  const second = failure(binding.send(pushOf('q'), to, never));
  binding.carriers?.suspend?.(new Set(['sms:a', 'sms:b']));
  const { code, retryable, notTaken } = await second;
  assert.deepEqual([code, retryable, notTaken, b.sent], ['CARRIER_SUSPENDED', true, true, ['p']]);
  assert.equal(binding.carriers?.heldBy?.('q'), undefined);
});

test('SMPP: a link that is never bound, refused or without an answer, leaves the push to the next road', async (t) => {
  const hole = await blackHole(t);
  for (const port of [await closedPort(), hole.port]) {
    const { binding, b, told } = twoRoads(t, smppRoad(port, 100));
    const sending = binding.send(pushOf('p'), to, never);
    assert.equal(binding.carriers?.heldBy?.('p'), undefined);
    await sending;
    assert.deepEqual([b.sent, told.map(({ reason }) => reason)], [['p'], ['NO_LINK']]);
  }
});

test('SMPP: an attempt that ends while its push waits for a link', async (t) => {
  const hole = await blackHole(t);
  const { binding } = twoRoads(t, smppRoad(hole.port, 600_000));
  const ends = new AbortController();
  const waits = failure(binding.send(pushOf('p'), to, ends.signal));
  await eventually(() => hole.heard.length === 1);
  ends.abort();
  assert.equal(binding.carriers?.heldBy?.('p'), undefined);
  assert.equal((await waits).notTaken, true);
});

test('a road that is closed while pushes wait says of each whether it left', async (t) => {
  const cases: readonly (readonly [string, (t: TestContext) => Promise<SmsRoad>])[] = [
    ...Object.entries(httpRoads).map(
      ([kind, road]: [string, MakeRoad]) =>
        [kind, async () => road((await blackHole(t)).port, { places: 1, responseMs: 200 })] as const,
    ),
    ['smpp', async () => smppRoad((await blackHole(t)).port, 600_000)],
  ];
  for (const [kind, open] of cases) {
    const { binding } = await open(t);
    const all = ['p', 'q'].map((id) => failure(binding.send(pushOf(id), to, never)));
    await binding.close();
    const [first, second] = await Promise.all(all);
    assert.deepEqual([first?.notTaken, second?.notTaken], [kind === 'smpp', true], kind);
  }
});

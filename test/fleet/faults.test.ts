// Each kind of fault: the journal shows it, and the server's timeline says what it came to, no more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FleetMix } from '../../src/fleet/index.ts';
import { type FleetWorld, withFleet } from './fleet-world.ts';

/** One device, of a format, on UDP, whose every push meets the fault. */
function withFault(
  faults: NonNullable<FleetMix['faults']>,
  run: (world: FleetWorld, id: string) => Promise<void>,
  format: keyof NonNullable<FleetMix['formats']> = 'dm1.2',
): () => Promise<void> {
  const mix: FleetMix = { formats: { [format]: 1 }, faults };
  return () =>
    withFleet({ devices: 1, mix, policy: { answerTimeoutMs: 250, attempts: 3 } }, async (world) => {
      await world.register();
      await run(world, world.fleet.device(0).id);
      await world.fleet.settled();
    });
}

const names = async (world: FleetWorld, id: unknown): Promise<readonly unknown[]> =>
  (await world.timeline(String(id))).map(({ event }) => event);

for (const fault of ['lost', 'dead'] as const) {
  test(
    `${fault}: the server hears nothing, and says that it does not know`,
    withFault(fault === 'lost' ? { lost: 1 } : { dead: { rate: 1, pushes: 2 } }, async (world, id) => {
      const { id: notification, state } = await world.wake(id);
      assert.equal(state, 'failed');
      const timeline = await names(world, notification);
      assert.ok(timeline.includes('sent'));
      for (const never of ['answered', 'completed', 'delivered']) assert.ok(!timeline.includes(never), never);
      const pushes = world.of(0, 'push').length;
      assert.ok(pushes >= 2);
      assert.equal(world.of(0, 'missed').length, pushes);
      assert.deepEqual(world.fleet.summary().missed, { [fault]: pushes });
      assert.equal(world.fleet.summary().sessions, 0);
    }),
  );
}

test(
  'late: the device acts later, and the notification is completed',
  withFault({ late: { rate: 1, delayMs: [30, 60] } }, async (world, id) => {
    assert.equal((await world.wake(id)).state, 'completed');
    const [fault] = world.of(0, 'fault');
    assert.ok(fault?.event === 'fault' && fault.fault === 'late');
    assert.ok(Number(fault.delayMs) >= 30 && Number(fault.delayMs) <= 60);
  }),
);

test(
  'duplicate: the device gets it twice and opens one session',
  withFault({ duplicate: 1 }, async (world, id) => {
    const { id: notification, state } = await world.wake(id);
    assert.equal(state, 'completed');
    await world.fleet.settled();
    const outcomes = world.of(0, 'end').flatMap((event) => (event.event === 'end' ? [event.outcome] : []));
    assert.ok(outcomes.includes('completed') && outcomes.includes('ignored'), outcomes.join(' '));
    assert.equal(outcomes.length % 2, 0);
    assert.ok(Number(world.fleet.summary().ignored.replay) >= 1);
    assert.equal((await names(world, notification)).filter((event) => event === 'completed').length, 1);
  }),
);

test(
  'wrongNonce: the digest does not hold, and the default nonce brings both sides together',
  withFault({ wrongNonce: 1 }, async (world, id) => {
    const { id: notification, state } = await world.wake(id);
    assert.equal(state, 'completed');
    await world.fleet.settled();
    const { ignored, resynchronised } = world.fleet.summary();
    assert.ok(Number(ignored['bad-digest']) >= 1);
    assert.ok(resynchronised >= 1);
    assert.ok((await names(world, notification)).filter((event) => event === 'sending').length >= 2);
  }),
);

test(
  'wrongNonce, dm1.3: the digest knows no nonce, so the session puts it right',
  withFault(
    { wrongNonce: 1 },
    async (world, id) => {
      assert.equal((await world.wake(id)).state, 'completed');
    },
    'dm1.3',
  ),
);

for (const [uiMode, reason] of [
  ['user-interaction', 'declined'],
  ['background', 'not-ready'],
] as const) {
  test(
    `refuses, ${uiMode}: no session, and the server is not told that there was one`,
    withFault({ refuses: 1 }, async (world, id) => {
      const { id: notification, state } = await world.wake(id, { uiMode });
      assert.equal(state, 'failed');
      assert.ok(!(await names(world, notification)).includes('answered'));
      assert.ok(Number(world.fleet.summary().ignored[reason]) >= 1);
      assert.equal(world.fleet.summary().sessions, 0);
    }),
  );
}

test(
  'broken: a session that the server cannot read is none',
  withFault({ broken: 1 }, async (world, id) => {
    const { id: notification, state } = await world.wake(id);
    assert.equal(state, 'failed');
    await world.fleet.settled();
    const { outcomes, sessions } = world.fleet.summary();
    assert.ok(sessions >= 1);
    assert.equal(outcomes.completed, undefined);
    assert.ok(Number(outcomes.failed) >= 1, JSON.stringify(outcomes));
    assert.ok(!(await names(world, notification)).includes('completed'));
  }),
);

test(
  'slow: it takes its time, and completes',
  withFault({ slow: { rate: 1, delayMs: [20, 40] } }, async (world, id) => {
    assert.equal((await world.wake(id)).state, 'completed');
    assert.ok(world.of(0, 'fault').length >= 1);
  }),
);

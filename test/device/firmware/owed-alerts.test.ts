// Sessions that bring owed alerts: one at a time for each server, until they are told or nobody will hear them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OwedAlerts } from '../../../src/device/firmware/owed-alerts.ts';
import type { SessionOutcome } from '../../../src/device/report/events.ts';
import { ManualClock } from '../../../src/testing/index.ts';

function scene() {
  const clock = new ManualClock();
  const ender = new AbortController();
  const owing = new Set<string>();
  const sessions: { readonly serverId: string; end(outcome: SessionOutcome | 'ignored'): Promise<void> }[] =
    [];
  const courier = new OwedAlerts({
    clock,
    backOff: { attempts: 1, firstMs: 1000, longestMs: 3000 },
    random: () => 0,
    signal: ender.signal,
    owes: (serverId) => owing.has(serverId),
    runSession: (serverId) =>
      new Promise((resolve) => {
        sessions.push({
          serverId,
          end: async (outcome) => {
            resolve(outcome);
            await settle();
          },
        });
      }),
  });
  const owe = async (serverId: string): Promise<void> => {
    owing.add(serverId);
    courier.due(serverId);
    await settle();
  };
  return { clock, ender, owing, sessions, courier, owe };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('one session at a time for each server, whatever is due meanwhile; servers do not wait for each other', async () => {
  const { owing, sessions, owe } = scene();
  await owe('a');
  await owe('a');
  await owe('b');
  assert.deepEqual(
    sessions.map(({ serverId }) => serverId),
    ['a', 'b'],
  );
  owing.delete('a');
  await sessions[0]?.end('completed');
  await owe('a');
  assert.equal(sessions.length, 3);
});

test('what is due to nobody opens no session', async () => {
  const { courier, sessions } = scene();
  courier.due('a');
  await courier.settled();
  assert.equal(sessions.length, 0);
});

test('a server that cannot be reached is tried again, after growing pauses, for as long as the device runs', async () => {
  const { clock, ender, sessions, courier, owe } = scene();
  await owe('a');
  for (const [index, pauseMs] of [500, 1000, 1500, 1500, 1500].entries()) {
    await sessions[index]?.end('failed');
    clock.advance(pauseMs - 1);
    await settle();
    assert.equal(sessions.length, index + 1);
    clock.advance(1);
    await settle();
    assert.equal(sessions.length, index + 2);
  }
  await sessions[5]?.end('failed');
  ender.abort();
  await courier.settled();
  assert.equal(sessions.length, 6);
  assert.equal(clock.waiting, 0);
});

test('what came due while it was told is told at once, and the pauses begin anew', async () => {
  const { clock, sessions, owe } = scene();
  await owe('a');
  await sessions[0]?.end('failed');
  clock.advance(500);
  await settle();
  await sessions[1]?.end('completed');
  assert.equal(sessions.length, 3);
  await sessions[2]?.end('failed');
  clock.advance(500);
  await settle();
  assert.equal(sessions.length, 4);
});

test('what is told, or can be told to nobody, is not tried again before it is due again', async () => {
  for (const outcome of ['completed', 'failed', 'aborted', 'ignored', 'unauthenticated'] as const) {
    const { clock, owing, sessions, courier, owe } = scene();
    await owe('a');
    if (outcome === 'completed' || outcome === 'failed' || outcome === 'aborted') owing.delete('a');
    await sessions[0]?.end(outcome);
    await courier.settled();
    assert.equal(clock.waiting, 0);
    await owe('a');
    assert.equal(sessions.length, 2);
  }
});

test('the device waits for the session that is under way', async () => {
  const { ender, sessions, courier, owe } = scene();
  await owe('a');
  ender.abort();
  let over = false;
  const settled = courier.settled().then(() => {
    over = true;
  });
  await settle();
  assert.equal(over, false);
  await sessions[0]?.end('aborted');
  await settled;
  assert.equal(sessions.length, 1);
});

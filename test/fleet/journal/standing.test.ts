// What is told of devices that were not woken: the last that each came to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFleet } from '../../../src/fleet/index.ts';
import { standingAfter } from '../../../src/fleet/journal/standing.ts';

test('the closest reason stands', () => {
  const ignored = standingAfter(
    { event: 'ignored', reason: 'unknown-server', detail: 'no account' },
    'push 1 arrived',
  );
  assert.equal(ignored, 'ignored: unknown-server: no account');
  assert.equal(
    standingAfter({ event: 'end', push: 1, outcome: 'ignored', reason: 'unknown-server', ms: 1 }, ignored),
    ignored,
  );
  assert.equal(
    standingAfter({ event: 'end', push: 2, outcome: 'aborted', reason: 'the user said no', ms: 1 }, 'x'),
    'aborted: the user said no',
  );
  assert.equal(
    standingAfter({ event: 'missed', push: 3, binding: 'wap', reason: 'dead' }, undefined),
    'push 3 missed: dead',
  );
});

test('devices that nobody woke are named up to a limit, with what is known of them', async (t) => {
  const fleet = createFleet({ devices: 5, dmUrl: 'http://127.0.0.1:9/dm' });
  t.after(() => fleet.stop());
  assert.deepEqual(
    fleet.unwoken(2).map(({ state }) => state),
    ['not up', 'not up'],
  );
  await fleet.start();
  fleet.requested(1);
  fleet.requested(2);
  fleet.kill(2);
  assert.deepEqual(
    fleet.unwoken(3).map(({ state }) => state),
    ['its wake was not asked for', 'no push came', 'off: it was killed'],
  );
  assert.equal(fleet.unwoken(10).length, 5);
});

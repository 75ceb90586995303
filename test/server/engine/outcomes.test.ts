// Outcomes on their way to the disk while the clock is set, and while the disk is full.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError, silentLogger } from '../../../src/core/index.ts';
import { Outcomes } from '../../../src/server/engine/outcomes.ts';
import { TroubleLog } from '../../../src/server/work/trouble-log.ts';
import type { ChangeRequest } from '../../../src/store/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { storedNotification } from './stored.ts';

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

function scene(errors: Error[] = [], growMs = 0) {
  const clock = new ManualClock();
  const written: (readonly ChangeRequest[])[] = [];
  const outcomes = new Outcomes({
    clock,
    setSize: 10,
    growMs,
    trouble: new TroubleLog(clock, silentLogger),
    onWritten: () => undefined,
    queue: {
      async change(requests) {
        const error = errors.shift();
        if (error !== undefined) throw error;
        written.push(requests);
        return requests.map(() => undefined);
      },
    },
  });
  return { clock, written, outcomes };
}

const push = storedNotification();

test('when the clock is set before an outcome is written, its due time goes with it, and those after it are as they are', async () => {
  const { clock, written, outcomes } = scene();
  const due = clock.now() + 5000;
  outcomes.add({ push, unchanged: true, changes: [{ event: 'sent', dueAt: due }], written: () => undefined });
  clock.jump(-3_600_000);
  const later = clock.now() + 5000;
  outcomes.add({
    push,
    unchanged: false,
    changes: [{ event: 'sent', dueAt: later }],
    written: () => undefined,
  });
  await turns();
  assert.deepEqual(written.flat(), [
    { id: push.id, change: { event: 'sent', dueAt: due - 3_600_000 }, as: push },
    { id: push.id, change: { event: 'sent', dueAt: later } },
  ]);
});

test('an outcome that waits for room is written by the clock of the try that the disk takes', async () => {
  const { clock, written, outcomes } = scene([
    new StoreError('FULL', 'no room'),
    new StoreError('FULL', 'no room'),
  ]);
  const due = clock.now() + 5000;
  const done = Promise.withResolvers<void>();
  outcomes.add({
    push,
    unchanged: false,
    changes: [{ event: 'queued', dueAt: due }],
    written: () => done.resolve(),
  });
  for (const jumpMs of [-90_000, 30_000]) {
    await turns();
    clock.jump(jumpMs);
    clock.advance(10_000);
  }
  await done.promise;
  assert.deepEqual(written.flat(), [{ id: push.id, change: { event: 'queued', dueAt: due - 60_000 } }]);
});

test('the first outcome is written at once, those that follow it in whole sets', async () => {
  const { written, outcomes } = scene([], 60_000);
  let left = 21;
  const all = Promise.withResolvers<void>();
  const add = (): void =>
    outcomes.add({
      push,
      unchanged: true,
      changes: [{ event: 'sent' }],
      written: () => {
        left -= 1;
        if (left === 0) all.resolve();
      },
    });
  add();
  await turns();
  for (let count = 0; count < 20; count += 1) {
    add();
    await turns();
  }
  await all.promise;
  assert.deepEqual(
    written.map((set) => set.length),
    [1, 10, 10],
  );
});

test('outcomes that wait for company are written when the engine ends', async () => {
  const { written, outcomes } = scene([], 60_000);
  for (let count = 0; count < 2; count += 1) {
    outcomes.add({ push, unchanged: true, changes: [{ event: 'sent' }], written: () => undefined });
    await turns();
  }
  assert.equal(written.length, 1);
  outcomes.end();
  await turns();
  assert.equal(written.length, 2);
});

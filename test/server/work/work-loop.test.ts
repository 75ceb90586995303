// The loop of everything that works on what is due: when it looks, and for how long it sleeps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../../src/core/index.ts';
import { type Work, WorkLoop } from '../../../src/server/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Runs a loop whose work is due when the test says so. */
async function withLoop(
  start: Work['start'],
  run: (scene: {
    readonly clock: ManualClock;
    readonly loop: WorkLoop;
    /** Looks so far. */
    readonly looks: () => number;
    dueAt: number | undefined;
    onLook: () => void;
  }) => Promise<void>,
): Promise<void> {
  const clock = new ManualClock();
  let looks = 0;
  const scene = { clock, looks: () => looks, dueAt: undefined as number | undefined, onLook: () => {} };
  const work: Work = {
    name: 'work of a test',
    nextDueAt: async () => {
      looks += 1;
      scene.onLook();
      return scene.dueAt;
    },
    start,
  };
  const loop = new WorkLoop(work, { clock, logger: silentLogger, pollMs: 10_000 });
  try {
    await run(Object.assign(scene, { loop }));
  } finally {
    await loop.stop();
  }
}

test('it sleeps until the next thing is due, and not longer than it may', () =>
  withLoop(
    async () => [],
    async (scene) => {
      const { clock, loop, looks } = scene;
      scene.dueAt = clock.now() + 4000;
      loop.start();
      await settle();
      assert.equal(looks(), 1);
      clock.advance(3999);
      await settle();
      assert.equal(looks(), 1);
      scene.dueAt = undefined;
      clock.advance(1);
      await settle();
      assert.equal(looks(), 2);
      clock.advance(9999);
      await settle();
      assert.equal(looks(), 2);
      clock.advance(1);
      await settle();
      assert.equal(looks(), 3);
    },
  ));

test('it is woken by what is due sooner than it would look, and sleeps on over what is due later', () =>
  withLoop(
    async () => [],
    async (scene) => {
      const { clock, loop, looks } = scene;
      loop.start();
      await settle();
      for (const later of [10_000, 10_001, 600_000]) loop.wake(clock.now() + later);
      await settle();
      assert.equal(looks(), 1);
      loop.wake(clock.now() + 9999);
      await settle();
      assert.equal(looks(), 2);
      loop.wake();
      await settle();
      assert.equal(looks(), 3);
    },
  ));

test('what comes due while it looks is not slept through', () =>
  withLoop(
    async () => [],
    async (scene) => {
      const { clock, loop, looks } = scene;
      scene.onLook = () => {
        scene.onLook = () => undefined;
        loop.wake(clock.now() + 600_000);
      };
      loop.start();
      await settle();
      assert.equal(looks(), 2);
    },
  ));

test('while others are at what is due, it looks once more and then pauses', () => {
  let starts = 0;
  return withLoop(
    async () => {
      starts += 1;
      return 'nothing';
    },
    async (scene) => {
      const { clock, loop } = scene;
      scene.dueAt = clock.now();
      loop.start();
      await settle();
      assert.equal(starts, 2);
      clock.advance(999);
      await settle();
      assert.equal(starts, 2);
      clock.advance(1);
      await settle();
      assert.equal(starts, 4);
    },
  );
});

test('it runs between start and stop, however often it is started', () =>
  withLoop(
    async () => [],
    async ({ loop, looks }) => {
      assert.equal(loop.running, false);
      loop.start();
      loop.start();
      assert.equal(loop.running, true);
      await settle();
      assert.equal(looks(), 1);
      await loop.stop();
      assert.equal(loop.running, false);
      loop.start();
      await settle();
      assert.deepEqual([loop.running, looks()], [true, 2]);
    },
  ));

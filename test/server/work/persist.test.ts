// Writes of facts while the store is in trouble: tried again after pauses that grow, until it is written or all ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Logger, StoreError, silentLogger } from '../../../src/core/index.ts';
import { persist } from '../../../src/server/work/persist.ts';
import { TroubleLog } from '../../../src/server/work/trouble-log.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A write that fails while it is told to. */
function scene(first: Error = new StoreError('FULL', 'no room')) {
  const clock = new ManualClock();
  const lines: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    error: ({ error }, message) => void lines.push(`${message}: ${error}`),
  };
  const stop = new AbortController();
  const state = { error: first as Error | undefined, tries: [] as number[] };
  const begun = clock.now();
  const written = persist(
    async () => {
      state.tries.push(clock.now() - begun);
      if (state.error !== undefined) throw state.error;
      return 'written';
    },
    { clock, trouble: new TroubleLog(clock, logger), signal: stop.signal },
  );
  return { clock, stop, state, written, lines };
}

test('the pauses double up to the longest one, and what was written is given back', async () => {
  const { clock, state, written, lines } = scene();
  for (let second = 0; second < 35; second += 1) {
    await settle();
    clock.advance(1000);
  }
  await settle();
  assert.deepEqual(state.tries, [0, 1000, 3000, 7000, 15_000, 25_000, 35_000]);
  assert.deepEqual(lines, ['an outcome waits for the store: no room'], 'and one line says so');
  state.error = undefined;
  clock.advance(10_000);
  assert.equal(await written, 'written');
  assert.equal(state.tries.length, 8);
});

test('what is no trouble of the store is not tried again', async () => {
  const { state, written } = scene(new StoreError('UNKNOWN_DEVICE', 'gone'));
  await assert.rejects(written, { code: 'UNKNOWN_DEVICE' });
  assert.equal(state.tries.length, 1);
});

test('once all ends, the next failure is the last one', async () => {
  const { stop, state, written } = scene();
  await settle();
  stop.abort();
  await assert.rejects(written, { code: 'FULL' });
  assert.equal(state.tries.length, 2);
});

// Waiting for what happens on other turns of the event loop, without clocks of its own.

/**
 * Resolves with the first value of `probe` that is not undefined, false or null; asks again each turn of the event loop,
 * later each millisecond. Rejects after `turns` turns and 10 seconds, which is far beyond what anything takes that waits
 * for no timer but the group commit.
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  what = 'what was waited for',
  turns = 20_000,
): Promise<Exclude<T, undefined | null | false>> {
  const giveUpAt = Date.now() + 10_000;
  for (let turn = 0; turn < turns || Date.now() < giveUpAt; turn += 1) {
    const value = await probe();
    if (value !== undefined && value !== null && value !== false) {
      return value as Exclude<T, undefined | null | false>;
    }
    await new Promise((resolve) => {
      if (turn < 1000) setImmediate(resolve);
      else setTimeout(resolve, 1);
    });
  }
  throw new Error(`${what} did not come`);
}

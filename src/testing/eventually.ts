// Waiting for what happens on other turns of the event loop, without clocks of its own.

/**
 * Resolves with the first value of `probe` that is not undefined, false or null; asks again each turn of the event loop.
 * Rejects after `turns` turns, which is far beyond what anything takes that waits for no timer but the group commit.
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  what = 'what was waited for',
  turns = 20_000,
): Promise<Exclude<T, undefined | null | false>> {
  for (let turn = 0; turn < turns; turn += 1) {
    const value = await probe();
    if (value !== undefined && value !== null && value !== false) {
      return value as Exclude<T, undefined | null | false>;
    }
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  throw new Error(`${what} did not come`);
}

// Keeps so many of something under way until all of it is done, and says what it cost.

/** What came of it. */
export interface SenderCount {
  readonly perSecond: number;
  /** Processor time of this process for each, in microseconds. */
  readonly cpuUs: number;
}

/** How much, and how many at a time. */
export interface KeepOpen {
  readonly count: number;
  readonly open: number;
}

/** Does `one` so often; what `rest` waits for counts too. Rejects with the first fault. */
export async function keepOpen(
  { count, open }: KeepOpen,
  one: (at: number) => Promise<unknown>,
  rest?: () => Promise<void>,
): Promise<SenderCount> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < count; at = next++) await one(at);
  };
  const cpu = process.cpuUsage();
  const begin = performance.now();
  await Promise.all(Array.from({ length: open }, worker));
  await rest?.();
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: count / seconds, cpuUs: (user + system) / count };
}

// Writes of what is already a fact, such as that a carrier took a push: while the store is in trouble they are tried again.
import { type Clock, sleep } from '../../core/index.ts';
import { storeTroubleOf } from '../../store/index.ts';
import type { TroubleLog } from './trouble-log.ts';

/** How long and how often. */
export interface Persistence {
  readonly clock: Clock;
  readonly trouble: TroubleLog;
  /** Ends the tries; what is written then is lost, and the lease of its claim brings the work back. */
  readonly signal: AbortSignal;
}

/** First pause between two tries, doubled from one to the next, and the longest; in milliseconds. */
const pauses = { first: 1000, longest: 10_000 };

/** Writes until it is on disk. @throws what `write` throws, unless that passes; and that too once `signal` aborts */
export async function persist<Result>(
  write: () => Promise<Result>,
  { clock, trouble, signal }: Persistence,
): Promise<Result> {
  for (let pauseMs = pauses.first; ; pauseMs = Math.min(pauses.longest, pauseMs * 2)) {
    try {
      return await write();
    } catch (error) {
      if (storeTroubleOf(error) === undefined || signal.aborted) throw error;
      trouble.note('an outcome waits for the store', error);
    }
    await sleep(clock, pauseMs, signal);
  }
}

// How long one request may take.
import type { Clock } from '../core/index.ts';

/** Ends a request. */
export interface Deadline {
  /** Aborts with a `TimeoutError` when time is up, or with the reason of the stop that aborted. */
  readonly signal: AbortSignal;
  /** The request is over, however it ended: gives up timer and listener. */
  over(): void;
}

/**
 * The end of a request: `afterMs` milliseconds from now, or when one of `stops` aborts. `AbortSignal.any` and `AbortSignal.timeout`
 * would do the same, but what they belong to stays in memory until the time is up, however soon the answer came: of
 * thousands of requests in half a minute, all of them.
 */
export function deadlineOf(clock: Clock, afterMs: number, ...stops: readonly AbortSignal[]): Deadline {
  const ender = new AbortController();
  const timer = clock.after(afterMs, () =>
    ender.abort(new DOMException(`no answer in ${afterMs} ms`, 'TimeoutError')),
  );
  const ends = stops.map((stop) => {
    const end = (): void => ender.abort(stop.reason);
    if (stop.aborted) end();
    else stop.addEventListener('abort', end, { once: true });
    return () => stop.removeEventListener('abort', end);
  });
  return {
    signal: ender.signal,
    over: () => {
      timer.cancel();
      for (const giveUp of ends) giveUp();
    },
  };
}

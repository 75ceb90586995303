// How long one request may take.

/** Ends a request. */
export interface Deadline {
  /** Aborts with a `TimeoutError` when time is up, or with the reason of `stop`. */
  readonly signal: AbortSignal;
  /** The request is over, however it ended: gives up timer and listener. */
  over(): void;
}

/**
 * The end of a request: `afterMs` milliseconds from now, or when `stop` aborts. `AbortSignal.any` and `AbortSignal.timeout`
 * would do the same, but what they belong to stays in memory until the time is up, however soon the answer came: of
 * thousands of requests in half a minute, all of them.
 */
export function deadlineOf(afterMs: number, stop: AbortSignal): Deadline {
  const ender = new AbortController();
  const end = (): void => ender.abort(stop.reason);
  const timer = setTimeout(
    () => ender.abort(new DOMException(`no answer in ${afterMs} ms`, 'TimeoutError')),
    afterMs,
  );
  if (stop.aborted) end();
  else stop.addEventListener('abort', end, { once: true });
  return {
    signal: ender.signal,
    over: () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
    },
  };
}

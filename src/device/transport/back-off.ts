// How long to wait before a session is tried again.

/** A session that could not reach its server is tried again, with growing pauses. */
export interface BackOffOptions {
  /** Sessions tried in all. Default 6. */
  readonly attempts?: number;
  /** Pause after the first, in milliseconds; each further one is twice as long. Default 1000. */
  readonly firstMs?: number;
  /** Longest pause, in milliseconds. Default 60 000. */
  readonly longestMs?: number;
}

/** What counts when an option is absent. */
export const backOffDefaults: Required<BackOffOptions> = Object.freeze({
  attempts: 6,
  firstMs: 1000,
  longestMs: 60_000,
});

/**
 * Pause after `attempt` sessions that failed (1 or more), in milliseconds; between half and the whole of the doubling
 * value, so that devices that lost a server together do not come back together. `random` is 0 to below 1.
 */
export function pauseAfter(attempt: number, options: Required<BackOffOptions>, random: number): number {
  const whole = Math.min(options.firstMs * 2 ** (attempt - 1), options.longestMs);
  return Math.round(whole * (0.5 + random / 2));
}

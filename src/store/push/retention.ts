// What is over does not stay for ever.

/** Until when things have to be over to go. Milliseconds since the POSIX epoch; what is left out stays. */
export interface RetentionLimits {
  /** Pushes that were over before it, with their timelines, keys and push-ids. One whose result is still to be told stays. */
  readonly pushes?: number;
  /** Jobs that were over before it, with their commands and answers. */
  readonly jobs?: number;
  /** Events of before it whose push is over: the push stays, without them. */
  readonly events?: number;
}

/** How many went. */
export interface RetentionCounts {
  readonly pushes: number;
  readonly jobs: number;
  readonly events: number;
}

/** Lets go of what is over. */
export interface Retention {
  /**
   * Removes up to `limit` of each kind, oldest first, in one transaction. Whoever gets a count as large as `limit` asks
   * again, after a pause: each step is short, and others write in between.
   */
  removeOver(limits: RetentionLimits, limit: number): Promise<RetentionCounts>;
}

// What carriers still have to tell: pushes that they accepted and of which nothing more is known.

/** A push whose carrier may report later. */
export interface AwaitedReport {
  readonly pushId: string;
  /** Name of the binding. */
  readonly binding: string;
  /** What the carrier calls the push. */
  readonly reference: string;
  /** The address of the device that it went to, as a URI; absent where the timeline does not have it. */
  readonly address?: string;
}

/** Finds pushes that carriers will report on, for a process that takes over from an earlier one. */
export interface AwaitedReports {
  /**
   * References of every push of up to `limit` pushes that are in `accepted` and have one, in the order of their
   * ids, after that of `after`. Ends when it gives none.
   */
  awaitedReports(limit: number, after?: string): Promise<readonly AwaitedReport[]>;
}

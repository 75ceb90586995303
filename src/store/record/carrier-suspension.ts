// Carriers that get no pushes for the time being: which, since when, by whom and why.

/** Asks for a carrier to get no more pushes. */
export interface SuspensionRequest {
  /** Name of the carrier, such as `sms:desk`. */
  readonly carrier: string;
  /** In the words of who asks. */
  readonly reason?: string | undefined;
  /** Who asks: owner and name of the token. */
  readonly actor?: string | undefined;
}

/** A carrier that is suspended. */
export interface CarrierSuspension {
  readonly carrier: string;
  /** Milliseconds since the POSIX epoch. */
  readonly since: number;
  readonly actor?: string;
  readonly reason?: string;
}

/** Keeps which carriers are suspended. What a call wrote is on disk when its promise resolves. */
export interface CarrierSuspensions {
  /**
   * Suspends a carrier, and gives how that stands then. Of one that is suspended already the moment stays; a reason that is given
   * takes the place of the one before, with who gave it.
   */
  suspendCarrier(request: SuspensionRequest): Promise<CarrierSuspension>;
  /** Ends that, and gives what it was; `undefined` where the carrier was not suspended. `actor`: who asks. */
  resumeCarrier(carrier: string, actor?: string): Promise<CarrierSuspension | undefined>;
  /** All that are suspended, in order of their names. */
  suspendedCarriers(): Promise<readonly CarrierSuspension[]>;
}

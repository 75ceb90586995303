// How carriers stand, for those who look after a server.

/** What a modem tells beside. */
export interface CarrierModem {
  /** Whether it is known to a network, such as `home` or `searching`. */
  readonly registration?: string;
  /** Strength of the signal in dBm. */
  readonly signalDbm?: number;
  /** What becomes of the PIN of its SIM, such as `not needed`, or `will not be given` where the modem does not count tries. */
  readonly pin?: string;
}

/** How one carrier stands. */
export interface CarrierStatus {
  /** One of `Carriers.names`, or what stands behind them: a road of several that pushes wait for together. */
  readonly name: string;
  /** `up`: its link stands; `down`: it does not; `unknown`: there is no link to know of, or none was tried. */
  readonly state: 'up' | 'down' | 'unknown';
  /** Since when, milliseconds since the POSIX epoch, where that is kept. */
  readonly since?: number;
  /** What went wrong last; without secrets. */
  readonly lastError?: string;
  /** Pushes that it takes now without a wait, where it is none of `Carriers.names`. */
  readonly free?: number;
  readonly modem?: CarrierModem;
}

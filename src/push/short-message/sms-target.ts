// Where short messages go.

/** A device. */
export interface SmsTarget {
  /** Telephone number: digits, with `+` when it is international. */
  readonly number: string;
}

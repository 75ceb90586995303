// What went wrong with a message over HTTP, as a PushError that says when to come back, and whether it may have been taken.
import { PushError } from '../../../core/index.ts';

/** A message that a company did not take, or of which nobody knows whether it did. */
export class CentreError extends PushError {
  /** How long the company asks us to wait, in milliseconds; `undefined` when it does not. */
  readonly retryAfterMs: number | undefined;
  /** True when it says that we ask too often. */
  readonly throttled: boolean;
  /** True when it takes nothing of us now: the key, the account, its credit. */
  readonly account: boolean;
  /** True when it may have taken the message all the same: no answer came, or none that says so. */
  readonly inDoubt: boolean;

  constructor(
    code: string,
    message: string,
    retryable: boolean,
    details: {
      readonly retryAfterMs?: number | undefined;
      readonly throttled?: boolean;
      readonly account?: boolean;
      readonly inDoubt?: boolean;
      /** Default: where it is not in doubt. */
      readonly notTaken?: boolean;
    } & ErrorOptions = {},
  ) {
    const { inDoubt = false, notTaken = !inDoubt } = details;
    super(code, message, retryable, { notTaken, ...('cause' in details ? { cause: details.cause } : {}) });
    this.retryAfterMs = details.retryAfterMs;
    this.throttled = details.throttled ?? false;
    this.account = details.account ?? false;
    this.inDoubt = inDoubt;
  }
}

// What a stage of the decision says: go on with a value, or leave the notification and why.

/** Why a notification did not lead to a session. Each is counted and logged under this name. */
export const ignoreReasons = [
  /** Not Package #0 by its content type. */
  'not-a-notification',
  /** The octets do not follow any of the three formats. */
  'undecodable',
  /** Session identifier 0, which is never a session (DM-NOTI-1.3 §6.4.8). */
  'session-id-zero',
  /** No DM account has this server identifier. */
  'unknown-server',
  /** The account holds no secret that this format's digest could be checked with. */
  'no-credentials',
  /** The digest holds neither with the stored nonce nor, where there is one, with the default nonce. */
  'bad-digest',
  /** Seen before, or too old to tell. */
  'replay',
  /** More resynchronisations than the account allows (spec-notes ruling 12). */
  'resync-limited',
  /** The server no longer keeps the session identifier (DM-NOTI-1.3 §6.4.9, DM-NOTI-1.3-2010 §6.2.12). */
  'expired',
  /** The user, or the configuration in the user's place, said no. */
  'declined',
  /** The user was asked and did not answer in time. */
  'unanswered',
  /** The device cannot manage the targeted objects now (DM-NOTI-1.3 §6.5.2). */
  'not-ready',
  /** The account has no address that this device can reach. */
  'no-transport',
  /** No wanted bearer became available in time (DM-NOTI-1.3 §6.5.6). */
  'no-bearer',
  /** As many notifications wait for their session as the device holds. */
  'too-many',
  /** The device is being stopped. */
  'stopping',
] as const;

/** One of `ignoreReasons`. */
export type IgnoreReason = (typeof ignoreReasons)[number];

/** A notification that is not acted on. */
export interface Ignored {
  readonly ignore: IgnoreReason;
  /** For the log; holds no secret. */
  readonly detail: string;
}

/** Outcome of a stage. */
export type Verdict<Value> = { readonly act: Value } | Ignored;

/** Builds the negative outcome. */
export function ignored(ignore: IgnoreReason, detail: string): Ignored {
  return { ignore, detail };
}

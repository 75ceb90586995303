// What a stage of the decision says: go on with a value, or leave the notification and why.
import { type MessageRefusal, refusalMeanings } from '../../security/index.ts';

/** Why a notification did not lead to a session. */
const notificationReasons = [
  /** Not Package #0 by its content type. */
  'not-a-notification',
  /** Package #0 by secure connectionless push, which is not for it (§7.1 of all three documents; spec-notes ruling 26). */
  'wrong-binding',
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
  /** The user was asked and did not answer in time, or there was nobody to ask. */
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

/** Why a pushed message was not processed, beside the refusals of docs/signed-messages.md. */
const messageReasons = [
  /** It is not WBXML by its content type (DM-SESSIONLESS-1.3 §5.2). */
  'message-not-wbxml',
  /** What it would have changed could not be stored: nothing was. */
  'message-not-stored',
  /** The bootstrap gate refused it, or the device has none. */
  'bootstrap-refused',
] as const;

/** Why a push was not acted on; a refused message has its reason after `message-`. */
export type IgnoreReason =
  | (typeof notificationReasons)[number]
  | (typeof messageReasons)[number]
  | `message-${MessageRefusal}`;

/** All reasons. Each is counted and logged under its name. */
export const ignoreReasons: readonly IgnoreReason[] = [
  ...notificationReasons,
  ...messageReasons,
  ...(Object.keys(refusalMeanings) as MessageRefusal[]).map((reason) => `message-${reason}` as const),
];

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

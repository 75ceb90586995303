// Names of purposes and states of pushes, and of what a timeline says.

/**
 * What a push is for. `notification`: a Package #0 of ours, answered by a session. `message`: octets of ours that no session
 * answers, such as a sessionless DM message or a bootstrap. `relayed`: octets that another push initiator handed in.
 */
export const pushPurposes = ['notification', 'message', 'relayed'] as const;

/** What a push is for. */
export type PushPurpose = (typeof pushPurposes)[number];

/** States of a notification, in the order in which it passes them; the last three end it early. */
export const notificationStates = [
  'queued',
  'sending',
  'sent',
  'accepted',
  'delivered',
  'answered',
  'completed',
  'failed',
  'expired',
  'cancelled',
] as const;

/** States of a push that no session answers, in the order in which it passes them; the last five end it. */
export const messageStates = [
  'queued',
  'sending',
  'accepted',
  /** It left us on a route that tells no more. */
  'sent',
  'delivered',
  'failed',
  'expired',
  'cancelled',
  /** A carrier accepted it, and said nothing more while it could. */
  'unreported',
] as const;

/** State of a push, whatever it is for. */
export type PushState = (typeof notificationStates)[number] | (typeof messageStates)[number];

/** All of them, in the order of `life-cycle.ts`. */
export const pushStates: readonly PushState[] = [...notificationStates, 'unreported'];

/** What a timeline can say besides a state. */
export const pushRemarks = [
  /** One address did not take the push; another one or a later attempt may. */
  'attempt-failed',
  /** The push of this attempt goes out under the default nonce. */
  'resynchronising',
  /** Both sides hold fresh nonces again. */
  'resynchronised',
  /** A session broke off, or its client could not prove itself. */
  'session-failed',
  /** The initiator was told the result. */
  'result-told',
  /** It could not be told. */
  'result-lost',
  /** Another thing worth knowing. */
  'note',
] as const;

/** A remark: it leaves the state alone. */
export type PushRemark = (typeof pushRemarks)[number];

/** Name of an event: the state that it reports, or a remark. */
export type PushEventName = PushState | PushRemark;

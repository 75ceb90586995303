// Names of the states of a notification, and of what a timeline says.

/** States of a notification, in the order in which a push passes them; the last three end it early. */
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

/** State of a notification. */
export type NotificationState = (typeof notificationStates)[number];

/** What a timeline can say besides a state. */
export const notificationRemarks = [
  /** One address did not take the push; another one or a later attempt may. */
  'attempt-failed',
  /** The push of this attempt goes out under the default nonce. */
  'resynchronising',
  /** Both sides hold fresh nonces again. */
  'resynchronised',
  /** A session broke off, or its client could not prove itself. */
  'session-failed',
  /** Another thing worth knowing. */
  'note',
] as const;

/** Name of an event: the state that it reports, or a remark that leaves the state alone. */
export type NotificationEventName = NotificationState | (typeof notificationRemarks)[number];

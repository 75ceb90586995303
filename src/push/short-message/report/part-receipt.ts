// What a carrier says of single short messages, in the terms that all roads share.

/** A message that a carrier took. */
export interface AcceptedMessage {
  /** Name of the centre, or of the account that stands for it. */
  readonly smsc: string;
  /** Its id there; with a token of our own, what stands for that (`tokenId`). Empty when the carrier gave none. */
  readonly messageId: string;
  /** Where in the order of what came its answer stood; absent for one of an earlier process. */
  readonly answeredAt?: number;
}

/** A receipt for one message. */
export interface PartReceipt {
  /** Ids of its message, any of which names it, as `comparableId` of the tracker's settings makes them. */
  readonly ids: readonly string[];
  /** What they may be besides, where a carrier writes ids in two ways. Default none. */
  readonly guesses?: readonly string[];
  /** Ids as the receipt writes them, for notes and logs. Default `ids`. */
  readonly shownIds?: readonly string[];
  /** The device that the message was for, as the receipt writes its number; absent when it names none. */
  readonly number?: string;
  /** How it ended for the message; `undefined` when it did not, or nothing is known of it. */
  readonly outcome: 'delivered' | 'failed' | undefined;
  /** The carrier's word for it, such as `DELIVERED`. */
  readonly state: string;
  /** The carrier's code of what went wrong. Default none. */
  readonly error?: string;
  /** True when somebody else may have written it: it counts for a message to `number` alone. */
  readonly doubtful?: boolean;
}

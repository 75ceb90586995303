// Numbers inside message PDUs: bits of esm_class and registered_delivery, kinds of addresses, states of messages.

/** Bits of esm_class (SMPP 3.4 §5.2.12). */
export const esmClass = {
  /** Bits 1–0, how the centre treats the message: 3 is store and forward, 0 the centre's default. */
  modeMask: 0x03,
  storeAndForward: 0x03,
  /** Bits 5–2, what kind of message it is. */
  typeMask: 0x3c,
  /** Type of a delivery receipt. */
  deliveryReceipt: 0x04,
  /** Type of an intermediate notification. */
  intermediateNotification: 0x20,
  /** short_message, or message_payload, starts with a user data header. */
  userDataHeader: 0x40,
} as const;

/** Values of registered_delivery (SMPP 3.4 §5.2.17). */
export const registeredDelivery = {
  none: 0x00,
  /** A receipt on success and on failure. */
  final: 0x01,
  /** A receipt on failure only. */
  failure: 0x02,
  /** Bits 1–0 hold the above. */
  receiptMask: 0x03,
} as const;

/** Type of number (SMPP 3.4 §5.2.5). */
export const typeOfNumber = {
  unknown: 0,
  international: 1,
  national: 2,
  networkSpecific: 3,
  subscriber: 4,
  alphanumeric: 5,
  abbreviated: 6,
} as const;

/** Numbering plan indicator (SMPP 3.4 §5.2.6). */
export const numberingPlan = { unknown: 0, telephone: 1, data: 3, national: 8, private: 9 } as const;

/** message_state (SMPP 3.4 §5.2.28). */
export const messageStates = {
  ENROUTE: 1,
  DELIVERED: 2,
  EXPIRED: 3,
  DELETED: 4,
  UNDELIVERABLE: 5,
  ACCEPTED: 6,
  UNKNOWN: 7,
  REJECTED: 8,
} as const;

/** Name of a message state. */
export type MessageState = keyof typeof messageStates;

const stateNames: ReadonlyMap<number, MessageState> = new Map([
  ...Object.entries(messageStates).map(([name, number]) => [number, name as MessageState] as const),
  // Of SMPP 5.0: scheduled, and skipped for good.
  [0, 'ENROUTE'],
  [9, 'REJECTED'],
]);

/** Name of a message_state, those that SMPP 5.0 adds as what they come to; `undefined` for a number that neither has. */
export function messageStateName(state: number): MessageState | undefined {
  return stateNames.get(state);
}

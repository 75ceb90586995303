// Delivery receipts: the optional parameters where there are some, else the text of SMPP 3.4 appendix B, which centres
// write each in their own way.
import { utf8ToBytes } from '../../core/index.ts';
import { octetsToText } from './body-field.ts';
import { esmClass, type MessageState, messageStateName } from './flags.ts';
import type { SmppParameters } from './parameters.ts';

/** What a receipt says. */
export interface DeliveryReceipt {
  /** message_id as the text of the receipt writes it; absent when the text has none. */
  readonly textId?: string;
  /** message_id of the parameter receipted_message_id; absent when there is none. */
  readonly parameterId?: string;
  /** The parameter message_state, else `stat` of the text. `undefined` when neither names a known state. */
  readonly state: MessageState | undefined;
  /** `err` of the text, or the network's code in hex; empty when there is none. */
  readonly error: string;
  /** True for an intermediate notification. */
  readonly intermediate: boolean;
}

/** Spellings of states in the text (appendix B), by what they mean. */
export const receiptStates: Readonly<Record<MessageState, string>> = {
  ENROUTE: 'ENROUTE',
  DELIVERED: 'DELIVRD',
  EXPIRED: 'EXPIRED',
  DELETED: 'DELETED',
  UNDELIVERABLE: 'UNDELIV',
  ACCEPTED: 'ACCEPTD',
  UNKNOWN: 'UNKNOWN',
  REJECTED: 'REJECTD',
};

const textStates: ReadonlyMap<string, MessageState> = new Map([
  ...Object.entries(receiptStates).map(([state, text]) => [text, state as MessageState] as const),
  // As some centres write them.
  ['DELIVERED', 'DELIVERED'],
  ['UNDELIVERABLE', 'UNDELIVERABLE'],
  ['ACCEPTED', 'ACCEPTED'],
  ['REJECTED', 'REJECTED'],
]);

/** Longest text that is looked at. */
const longestText = 1024;

/**
 * Reads a deliver_sm or data_sm as a receipt; `undefined` when esm_class says that it is none (§5.2.12). Fields of the
 * text may come in any order and case.
 */
export function readReceipt(message: {
  readonly esmClass: number;
  readonly shortMessage?: Uint8Array | undefined;
  readonly parameters: SmppParameters;
}): DeliveryReceipt | undefined {
  const type = message.esmClass & esmClass.typeMask;
  if (type !== esmClass.deliveryReceipt && type !== esmClass.intermediateNotification) return undefined;
  const { parameters } = message;
  const content =
    message.shortMessage === undefined || message.shortMessage.length === 0
      ? parameters.messagePayload
      : message.shortMessage;
  const text = octetsToText((content ?? new Uint8Array(0)).subarray(0, longestText));
  const textId = /(?:^|\s)id:\s*([!-~]+)/i.exec(text)?.[1];
  const stat = /(?:^|\s)stat:\s*([a-z]+)/i.exec(text)?.[1];
  const err = /(?:^|\s)err:\s*([0-9a-z]+)/i.exec(text)?.[1];
  const parameterId = parameters.receiptedMessageId;
  const given = parameters.messageState;
  const network = parameters.networkErrorCode;
  return {
    ...(textId === undefined ? {} : { textId }),
    ...(parameterId === undefined ? {} : { parameterId }),
    state:
      (given === undefined ? undefined : messageStateName(given)) ??
      (stat === undefined ? undefined : textStates.get(stat.toUpperCase())),
    error: err ?? (network === undefined ? '' : networkError(network)),
    intermediate: type === esmClass.intermediateNotification,
  };
}

/** What goes into the text of a receipt. Moments are milliseconds since the POSIX epoch. */
export interface ReceiptText {
  readonly messageId: string;
  readonly state: MessageState;
  readonly submittedAt: number;
  readonly doneAt: number;
  /** Three characters; default 000. */
  readonly error?: string | undefined;
  /** Start of the message, cut to 20 characters. Default empty. */
  readonly text?: string | undefined;
}

/** Octets of the text, as appendix B prints it. */
export function writeReceiptText(receipt: ReceiptText): Uint8Array {
  const { messageId, state, submittedAt, doneAt, error = '000', text = '' } = receipt;
  const delivered = state === 'DELIVERED' ? '001' : '000';
  return utf8ToBytes(
    `id:${messageId} sub:001 dlvrd:${delivered} submit date:${moment(submittedAt)} done date:${moment(doneAt)} ` +
      `stat:${receiptStates[state]} err:${error} text:${text.slice(0, 20)}`,
  );
}

/** YYMMDDhhmm, in UTC. */
function moment(at: number): string {
  return new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 12);
}

/** Type of the network, then its code, in hex. */
function networkError(octets: Uint8Array): string {
  return Array.from(octets.subarray(0, 3), (octet) => octet.toString(16).padStart(2, '0')).join('');
}

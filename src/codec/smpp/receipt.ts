// Delivery receipts: the optional parameters where there are some, else the text of SMPP 3.4 appendix B; known by esm_class,
// or by what they say where a centre leaves that 0.
import { esmClass, type MessageState, messageStateName } from './flags.ts';
import type { SmppParameters } from './parameters.ts';
import { stateOfWord } from './receipt-states.ts';
import { readReceiptText } from './receipt-text.ts';

/** What a receipt says. */
export interface DeliveryReceipt {
  /** message_id as the text of the receipt writes it; absent when the text has none. */
  readonly textId?: string;
  /** message_id of the parameter receipted_message_id; absent when there is none. */
  readonly parameterId?: string;
  /** The device that the message was for: source_addr, as it stands there; absent when it is empty. */
  readonly number?: string;
  /**
   * The parameter message_state, else `stat` of the text; of two that differ the one that ends the message (§5.2.28), as centres
   * leave the other unset. `undefined` when neither names a known state.
   */
  readonly state: MessageState | undefined;
  /** What stands where the state should be and names none that is known: a word, or a number of message_state. */
  readonly unknownState?: string;
  /** `err` of the text, or the network's code in hex; empty when there is none. */
  readonly error: string;
  /** True for an intermediate notification. */
  readonly intermediate: boolean;
  /** True when a device may have written it: it says little, and no esm_class. It counts for a message to that device alone. */
  readonly doubtful?: true;
}

/** A deliver_sm or data_sm, as far as a receipt goes. */
export interface ReceiptSource {
  readonly esmClass: number;
  readonly sourceAddress?: string | undefined;
  readonly shortMessage?: Uint8Array | undefined;
  readonly parameters: SmppParameters;
}

/** States that end a message. */
const ends: ReadonlySet<MessageState | undefined> = new Set<MessageState>([
  'DELIVERED',
  'EXPIRED',
  'DELETED',
  'UNDELIVERABLE',
  'REJECTED',
]);

/**
 * Reads a deliver_sm or data_sm as a receipt; `undefined` when it is none. It is one when esm_class says so (§5.2.12), and
 * else when it has an id and a state, in the parameters receipted_message_id and message_state or in a text that is laid out
 * as appendix B has it: many centres leave esm_class 0. With one of them in a parameter, or one field more, it is doubtful.
 * A message of a device that merely begins with `id:` is none.
 */
export function readReceipt(message: ReceiptSource): DeliveryReceipt | undefined {
  const { parameters, sourceAddress = '' } = message;
  const type = message.esmClass & esmClass.typeMask;
  const said = type === esmClass.deliveryReceipt || type === esmClass.intermediateNotification;
  const headed = (message.esmClass & esmClass.userDataHeader) !== 0;
  const text = readReceiptText(contentOf(message, headed));
  const { receiptedMessageId: parameterId, messageState: given, networkErrorCode: network } = parameters;
  const inParameters = (parameterId === undefined ? 0 : 1) + (given === undefined ? 0 : 1);
  const named = parameterId !== undefined || text.id !== undefined;
  const inText = !headed && text.begins && named && (given !== undefined || text.state !== undefined);
  const sure = said || inParameters === 2 || (inText && text.state !== undefined && text.more >= 2);
  if (!sure && !(inText && (text.more > 0 || inParameters > 0))) return undefined;
  const fromParameter = given === undefined ? undefined : messageStateName(given);
  const fromText = text.state === undefined ? undefined : stateOfWord(text.state);
  const state = ends.has(fromText) && !ends.has(fromParameter) ? fromText : (fromParameter ?? fromText);
  const unknownState = state !== undefined ? undefined : (text.state ?? numberOfState(given));
  return {
    ...(text.id === undefined ? {} : { textId: text.id }),
    ...(parameterId === undefined ? {} : { parameterId }),
    ...(sourceAddress === '' ? {} : { number: sourceAddress }),
    state,
    ...(unknownState === undefined ? {} : { unknownState: unknownState.slice(0, 40) }),
    error: text.error ?? (network === undefined ? '' : networkError(network)),
    intermediate: type === esmClass.intermediateNotification,
    ...(sure ? {} : { doubtful: true }),
  };
}

/** True for a receipt that is whole where it matters: it names its message and a state that is known. */
export function isWholeReceipt(message: ReceiptSource): boolean {
  const { textId, parameterId = '', state } = readReceipt(message) ?? {};
  return state !== undefined && (textId !== undefined || parameterId !== '');
}

/** The content, wherever it stands, without a user data header. */
function contentOf(
  {
    shortMessage,
    parameters,
  }: { readonly shortMessage?: Uint8Array | undefined; readonly parameters: SmppParameters },
  headed: boolean,
): Uint8Array {
  const short = shortMessage === undefined || shortMessage.length === 0 ? undefined : shortMessage;
  const content = short ?? parameters.messagePayload ?? new Uint8Array(0);
  return headed ? content.subarray(1 + (content[0] ?? 0)) : content;
}

function numberOfState(state: number | undefined): string | undefined {
  return state === undefined ? undefined : `message_state ${state}`;
}

/** Type of the network, then its code, in hex. */
function networkError(octets: Uint8Array): string {
  return Array.from(octets.subarray(0, 3), (octet) => octet.toString(16).padStart(2, '0')).join('');
}

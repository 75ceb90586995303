// The text of receipts (SMPP 3.4 appendix B), which centres write each in their own way: its octets, and its fields.
import { utf8ToBytes } from '../../core/index.ts';
import { octetsToText } from './body-field.ts';
import type { MessageState } from './flags.ts';
import { receiptStates } from './receipt-states.ts';

/** Longest text that is looked at, in octets. */
const longestText = 2048;

/** Fields of a text; absent where it has none. */
export interface ReceiptFields {
  readonly id?: string;
  /** The word after `stat`, as it is written. */
  readonly state?: string;
  readonly error?: string;
  /** True when it begins with a field. */
  readonly begins: boolean;
  /** How many it has of the other fields of appendix B: sub, dlvrd, submit date, done date, err. */
  readonly more: number;
}

/**
 * Reads the fields, in any order and case, with `=` for colons, blanks around them, underscores for blanks in names, and quotes
 * around values. data_coding is not asked: centres say UCS-2 of octets of ASCII, and nothing of UCS-2, so the octets
 * show it themselves.
 */
export function readReceiptText(octets: Uint8Array): ReceiptFields {
  const text = textOf(octets.subarray(0, longestText));
  const id = idOf(text);
  const state = fieldValue(text, stateField);
  const error = errorField.exec(text)?.[1];
  return {
    ...(id === undefined ? {} : { id }),
    ...(state === undefined ? {} : { state }),
    ...(error === undefined ? {} : { error }),
    begins: beginning.test(text),
    more: moreFields.filter((field) => field.test(text)).length,
  };
}

const before = String.raw`(?:^|[\s,;])`;
const colon = String.raw`\s{0,8}[:=]`;
const value = String.raw`${colon}\s{0,8}(?:"([^"]{1,80})"|'([^']{1,80})'|([!-~]+))`;
const idName = '(?:message[-_ ]?)?id';
const stateName = 'stat(?:us|e)?';
const moreNames = ['sub', 'dlvrd', String.raw`submit[\s_]?date`, String.raw`done[\s_]?date`, 'err(?:or)?'];
const names = [idName, stateName, ...moreNames].join('|');
const idField = new RegExp(before + idName + value, 'i');
/** An id up to the next field: it may have blanks and commas in it. */
const wholeId = new RegExp(
  String.raw`${before}${idName}${colon}\s{0,8}([!-~][ -~]{0,79}?)[\s,;]{1,8}(?:${names}|text)${colon}`,
  'i',
);
const stateField = new RegExp(before + stateName + value, 'i');
const errorField = new RegExp(String.raw`${before}err(?:or)?${colon}\s{0,8}["']?([0-9a-z]+)`, 'i');
const moreFields = moreNames.map((name) => new RegExp(before + name + colon, 'i'));
const beginning = new RegExp(String.raw`^\s{0,8}(?:${names})${colon}`, 'i');

function idOf(text: string): string | undefined {
  const found = idField.exec(text);
  if (found?.[3] === undefined) return fieldValue(text, idField);
  return wholeId.exec(text)?.[1] ?? fieldValue(text, idField);
}

/** A value without its quotes, and without what separates it from the next field. */
function fieldValue(text: string, field: RegExp): string | undefined {
  const found = field.exec(text);
  const plain = found?.[1] ?? found?.[2] ?? found?.[3]?.replace(/[,;].*$/, '');
  return plain === undefined || plain.trim() === '' ? undefined : plain.trim();
}

/** UTF-16 in either order where every other octet is 00, else one character for each octet. */
function textOf(octets: Uint8Array): string {
  let even = 0;
  let odd = 0;
  for (let i = 0; i + 1 < octets.length; i += 2) {
    if (octets[i] === 0) even += 1;
    if (octets[i + 1] === 0) odd += 1;
  }
  const pairs = octets.length >> 1;
  // Some characters of the quoted message may be of another script.
  const low = even * 2 > pairs ? 1 : odd * 2 > pairs ? 0 : undefined;
  if (low === undefined) return octetsToText(octets);
  let text = '';
  for (let i = 0; i + 1 < octets.length; i += 2) {
    const code = ((octets[i + 1 - low] ?? 0) << 8) | (octets[i + low] ?? 0);
    if (i > 0 || code !== 0xfeff) text += String.fromCharCode(code);
  }
  return text;
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

// What receipts are read by, as the configuration or a preset has it.
import { ValueError } from '../../../core/index.ts';
import { type Pointer, parsePointer } from '../value/json-pointer.ts';
import { type ProofOptions, type ReceiptProof, receiptProof } from './proof.ts';

/** Where a receipt says what it is about. Pointers are JSON pointers; of a query or a form, `/status` is the field `status`. */
export interface ReceiptRules {
  /**
   * What ties a receipt to its message: `token`, one of ours for each message that nobody can guess, in the address for its
   * receipts or where `token` points to; or `id`, the company's id, where a `proof` has to keep strangers out. Default `token`.
   */
  readonly tie?: 'token' | 'id' | undefined;
  /** An array of receipts in one request. Default: the request is one receipt. */
  readonly each?: string | undefined;
  /** The token, where a receipt repeats our `{reference}`. Default: it stands in the address. */
  readonly token?: string | undefined;
  /** The company's id of the message. */
  readonly id?: string | undefined;
  /** The device's number. Default: it is not told. */
  readonly number?: string | undefined;
  /** The company's word for what became of the message. */
  readonly state: string;
  /** Its code of what went wrong. */
  readonly error?: string | undefined;
  /** Words that say that the device has it, that it never will, or that it is on its way. Case does not matter. */
  readonly delivered: readonly string[];
  readonly failed: readonly string[];
  readonly underWay?: readonly string[] | undefined;
  /** Status of the answer to a receipt that was taken, 200–299. Default 200. */
  readonly answerStatus?: number | undefined;
}

/** Receipts as they are asked for and taken. */
export interface ReceiptOptions extends Partial<ReceiptRules> {
  /**
   * `http:` or `https:` URL at which the company reaches us, without a query; the token of a message stands behind it as a
   * further segment. A function may give it when it is known, and nothing: then no receipts are asked for. With `tie: "id"` it is
   * what is set in the company's own pages.
   */
  readonly callback: string | (() => string | undefined);
  /** How a receipt shows that it comes from the company. Has to be there with `tie: "id"`. */
  readonly proof?: ProofOptions | undefined;
}

/** Rules that have been checked. */
export interface ReceiptReading {
  /** Without a slash at its end; `undefined` while it is not known. */
  readonly callback: () => string | undefined;
  readonly tie: 'token' | 'id';
  readonly proof: ReceiptProof | undefined;
  readonly each: Pointer | undefined;
  readonly token: Pointer | undefined;
  readonly id: Pointer | undefined;
  readonly number: Pointer | undefined;
  readonly state: Pointer;
  readonly error: Pointer | undefined;
  /** By the word in lower case. */
  readonly states: ReadonlyMap<string, 'delivered' | 'failed' | 'underWay'>;
  readonly answerStatus: number;
}

/** Checks rules, those of a preset with what the options say otherwise. @throws {ValueError} */
export function receiptReading(
  preset: ReceiptRules | undefined,
  options: ReceiptOptions,
  path = 'receipts',
): ReceiptReading {
  const { callback, tie = 'token', proof, ...rules } = { ...preset, ...defined(options) };
  const { delivered = [], failed = [], underWay = [], answerStatus = 200, state } = rules;
  if (
    typeof callback === 'string' &&
    (!/^https?:\/\/[^\s?#{}]+$/.test(callback) || !URL.canParse(callback))
  ) {
    throw new ValueError('BAD_FORMAT', 'is not an http: or https: URL without a query', `${path}.callback`);
  }
  if (tie !== 'token' && tie !== 'id') {
    throw new ValueError('OUT_OF_RANGE', 'is none of token, id', `${path}.tie`);
  }
  if (state === undefined)
    throw new ValueError('MISSING', 'says where a receipt has its state', `${path}.state`);
  if (tie === 'id' && rules.id === undefined) {
    throw new ValueError('MISSING', 'receipts are told apart by the id: say where it is', `${path}.id`);
  }
  if (tie === 'id' && proof === undefined) {
    const detail =
      'whoever knows an id could write receipts: say what proves them (a secret in the path, say)';
    throw new ValueError('MISSING', detail, `${path}.proof`);
  }
  if (tie === 'token' && rules.token === undefined && proof?.path !== undefined) {
    throw new ValueError(
      'BAD_FORMAT',
      'the token of the message stands in the path already',
      `${path}.proof.path`,
    );
  }
  if (!(Number.isInteger(answerStatus) && answerStatus >= 200 && answerStatus <= 299)) {
    throw new ValueError('OUT_OF_RANGE', 'is no status from 200 to 299', `${path}.answerStatus`);
  }
  const pointer = (text: string | undefined, name: string): Pointer | undefined =>
    text === undefined ? undefined : parsePointer(text, `${path}.${name}`);
  return {
    callback: typeof callback === 'string' ? () => callback.replace(/\/$/, '') : callback,
    tie,
    proof: proof === undefined ? undefined : receiptProof(proof, `${path}.proof`),
    each: pointer(rules.each, 'each'),
    token: pointer(rules.token, 'token'),
    id: pointer(rules.id, 'id'),
    number: pointer(rules.number, 'number'),
    state: parsePointer(state, `${path}.state`),
    error: pointer(rules.error, 'error'),
    states: statesOf({ delivered, failed, underWay }, path),
    answerStatus,
  };
}

function statesOf(
  words: Readonly<Record<'delivered' | 'failed' | 'underWay', readonly string[]>>,
  path: string,
): ReceiptReading['states'] {
  const states = new Map<string, 'delivered' | 'failed' | 'underWay'>();
  for (const meaning of ['delivered', 'failed', 'underWay'] as const) {
    for (const word of words[meaning]) {
      const key = word.toLowerCase();
      const other = states.get(key);
      if (other !== undefined && other !== meaning) {
        const detail = `${JSON.stringify(word)} stands among ${other} too`;
        throw new ValueError('BAD_FORMAT', detail, `${path}.${meaning}`);
      }
      states.set(key, meaning);
    }
  }
  if (![...states.values()].includes('delivered')) {
    throw new ValueError('MISSING', 'no word says that a message was delivered', `${path}.delivered`);
  }
  return states;
}

/** Without what is there but `undefined`, so that it does not hide what a preset says. */
function defined<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

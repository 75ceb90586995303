// The receipts in a request of a company: one or several, in a query, a form or JSON.

import type { RoadCallback } from '../../short-message/index.ts';
import { textAt, valueAt } from '../value/json-pointer.ts';
import { formatOf, readBody, readForm } from '../value/read-body.ts';
import type { ReceiptReading } from './receipt-rules.ts';

/** A receipt as the company wrote it. */
export interface CentreReceipt {
  /** What may be one of our tokens; empty when there is none. */
  readonly token: string;
  /** The company's id; empty when there is none. */
  readonly id: string;
  readonly number: string | undefined;
  readonly state: string;
  /** What the state means; `undefined` for a word that nobody has told us of. */
  readonly meaning: 'delivered' | 'failed' | 'underWay' | undefined;
  readonly error: string | undefined;
}

/** Receipts of one request, at most. */
const maxReceipts = 1000;

/** Characters that are kept of a text. */
const maxText = 200;

/** What a request told of. */
export interface ToldReceipts {
  readonly receipts: readonly CentreReceipt[];
  /** Entries beside them that are none. */
  readonly unreadable: number;
}

/** The receipts, of which each stands for itself; a text says why there are none. */
export function readReceipts(request: RoadCallback, reading: ReceiptReading): ToldReceipts | string {
  const { method, query, body, path } = request;
  const contentType = request.header('content-type');
  const format = method === 'GET' ? undefined : formatOf(contentType);
  if (method !== 'GET' && body.length > 0 && format === undefined) {
    return 'neither JSON nor a form by its Content-Type';
  }
  const said = format === undefined ? readForm(query) : readBody(body, format, undefined, contentType);
  if (said === undefined) return 'the body cannot be read';
  const all = reading.each === undefined ? [said] : valueAt(said, reading.each);
  if (!Array.isArray(all)) return 'no array of receipts where one is wanted';
  if (all.length > maxReceipts) return `more than ${maxReceipts} receipts`;
  const receipts: CentreReceipt[] = [];
  for (const one of all as readonly unknown[]) {
    const state = textAt(one, reading.state);
    if (state === undefined || state === '') continue;
    receipts.push({
      token: reading.token === undefined ? path : (textAt(one, reading.token) ?? ''),
      id: (textAt(one, reading.id) ?? '').slice(0, maxText),
      number: textAt(one, reading.number)?.slice(0, 40),
      state: state.slice(0, maxText),
      meaning: reading.states.get(state.toLowerCase()),
      error: textAt(one, reading.error)?.slice(0, maxText),
    });
  }
  const unreadable = all.length - receipts.length;
  if (unreadable > 0 && receipts.length === 0) return 'a receipt without a state';
  return { receipts, unreadable };
}

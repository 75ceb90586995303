// What companies tell of messages: requests in, the tracker asked, answers out.
import {
  isToken,
  type PartReceipt,
  type RoadAnswer,
  type RoadCallback,
  tokenId,
} from '../short-message/index.ts';
import { type CentreReceipt, readReceipts } from './receipt/read-receipts.ts';
import type { ReceiptReading } from './receipt/receipt-rules.ts';

/** Whom it asks. */
export interface ReceiptTaker {
  /** True when a message with this id is waited for, was lately, or is on its way. */
  knows(id: string): boolean;
  /** Number of the device of a message that is on its way; `undefined` for any other. */
  numberOf(id: string): string | undefined;
  /** Takes a receipt; false when it has to be said again. Never rejects. */
  take(receipt: PartReceipt): Promise<boolean>;
  /** Told of a state that no rule knows. */
  unknownState(state: string): void;
  /** Told of entries that are about no message of ours, and change nothing. */
  foreign(count: number): void;
}

/** Answers a request. Never rejects. */
export async function answerCallback(
  request: RoadCallback,
  reading: ReceiptReading | undefined,
  taker: ReceiptTaker,
): Promise<RoadAnswer> {
  if (reading === undefined) return answerOf(404, 'no receipts are asked for here');
  if (request.method !== 'GET' && request.method !== 'POST') {
    return answerOf(405, 'receipts come by GET or POST');
  }
  // A secret that keeps strangers out comes before anything that they wrote is read.
  if (reading.proof !== undefined && !reading.proof(request)) return answerOf(403, 'not for everybody');
  const inPath = reading.tie === 'token' && reading.token === undefined;
  if (inPath && !isToken(request.path)) return answerOf(404, 'nothing here');
  const told = readReceipts(request, reading);
  const proved = reading.proof !== undefined;
  if (typeof told === 'string') return answerOf(400, told, proved);
  let foreign = told.unreadable;
  let known = false;
  let again = false;
  for (const receipt of told.receipts) {
    const id = idOf(receipt, reading);
    // Each stands for itself: an account may serve others too, whose receipts come in the same request. A token that nobody was
    // given is a stranger's, or as old as what is waited for no longer: it ends here, so that it takes no place of others, and
    // is not said again for days.
    if (id === undefined || (reading.tie === 'token' && !taker.knows(id))) {
      foreign += 1;
      continue;
    }
    known = true;
    if (receipt.meaning === undefined) taker.unknownState(receipt.state);
    if (!(await taker.take(partReceipt(receipt, id, taker.numberOf(id))))) again = true;
  }
  if (foreign > 0) taker.foreign(foreign);
  if (again) return answerOf(503, 'try again', proved || known);
  return answerOf(reading.answerStatus, 'taken', proved || known);
}

function idOf({ token, id }: CentreReceipt, { tie }: ReceiptReading): string | undefined {
  if (tie === 'token') return isToken(token) ? tokenId(token) : undefined;
  return id === '' ? undefined : id;
}

/** `known` is the number that we sent it to: it counts, however the company writes it. */
function partReceipt(receipt: CentreReceipt, id: string, known: string | undefined): PartReceipt {
  const { meaning, state, error } = receipt;
  const number = known ?? receipt.number;
  return {
    ids: [id],
    ...(number === undefined ? {} : { number }),
    ...(receipt.id === '' ? {} : { shownIds: [receipt.id] }),
    outcome: meaning === 'underWay' ? undefined : meaning,
    state,
    ...(error === undefined ? {} : { error }),
  };
}

function answerOf(status: number, text: string, proved = false): RoadAnswer {
  return { status, text, proved };
}

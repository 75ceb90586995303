// What is told of receipts that may be about several pushes: bounded, so that a centre cannot fill timelines.
import type { UnmatchedReceipt } from './early-receipts.ts';

/** True for the first such receipt of a push, the tenth, the hundredth and so on. */
export function worthANote(count: number): boolean {
  return /^10*$/.test(String(count));
}

/** The words of a note; `count` receipts may have been about the push so far. */
export function unclearDetail({ smsc, ids, state }: UnmatchedReceipt, count: number): string {
  const named = ids.map((id) => id.slice(0, 64)).join(', ');
  const what = `${smsc}: ${state} for message ${named}, an id that several pushes have: whose it is, nobody can tell`;
  return count === 1 ? what : `${what} (${count} such receipts)`;
}

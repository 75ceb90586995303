// Words for states in the text of receipts: those of SMPP 3.4 appendix B, and those that centres write instead.
import type { MessageState } from './flags.ts';

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

/** Other words for each, as centres write them. A word whose meaning is not plain is not among them: it says nothing. */
const spellings: Readonly<Record<MessageState, readonly string[]>> = {
  // Under way still: the centre holds it, tries, or has passed it on.
  ENROUTE: ['BUFFRED', 'BUFFERED', 'BUFFERD', 'QUEUED', 'PENDING', 'SCHEDULED', 'RETRY', 'SENT'],
  DELIVERED: ['DELIVERED', 'DELIVERD', 'DELIVRED', 'DLVRD'],
  EXPIRED: ['EXPIRD'],
  DELETED: ['DELETD', 'CANCELED', 'CANCELLED'],
  UNDELIVERABLE: [
    'UNDELIVERABLE',
    'UNDELIVERED',
    'UNDELIVRD',
    'UNDELIVERD',
    'UNDELIVRED',
    'UNDLVRD',
    'UNDELV',
    'FAILED',
    'FAIL',
    'FAILURE',
  ],
  ACCEPTED: ['ACCEPTED', 'ACKED'],
  UNKNOWN: [],
  REJECTED: ['REJECTED', 'REJECT', 'SKIPPED'],
};

const byWord: ReadonlyMap<string, MessageState> = new Map(
  Object.entries(receiptStates).flatMap(([name, word]) => {
    const state = name as MessageState;
    return [word, ...spellings[state]].map((each) => [each, state] as const);
  }),
);

/** The state that a word stands for, in either case, with a full stop behind it or without; `undefined` for any other. */
export function stateOfWord(word: string): MessageState | undefined {
  return byWord.get(word.toUpperCase().replace(/[.,;:!]+$/, ''));
}

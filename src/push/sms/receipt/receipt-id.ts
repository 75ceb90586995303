// Message ids: the same message may be called by a hexadecimal number in submit_sm_resp and by a decimal one in the
// receipt, or the reverse, and be written in another way. Which, is the centre's habit.

/**
 * How the id of a receipt relates to that of the response: `same` (but for how it is written), `hex-to-decimal` when the
 * response has it in hexadecimal and the receipt in decimal, `decimal-to-hex` the reverse. `any` is `same`, and where no
 * push has that id either of the others, if the number of the device is that of the push.
 */
export type ReceiptIdRule = 'any' | 'same' | 'hex-to-decimal' | 'decimal-to-hex';

/** All rules, for messages. */
export const receiptIdRules: readonly ReceiptIdRule[] = ['any', 'same', 'hex-to-decimal', 'decimal-to-hex'];

/** What is compared of an id from a response: without case, quotes, `0x`, blanks, dashes, leading zeros, commas at its end. */
export function comparableId(id: string): string {
  const plain = id
    .toLowerCase()
    .replace(/["'{}\s-]/g, '')
    .replace(/[,;]+$/, '')
    .replace(/^0x(?=[0-9a-f]+$)/, '')
    .replace(/^0+(?=.)/, '');
  return plain === '' ? id.trim() : plain;
}

/** What is compared of an id from a receipt: as the response would have written it. */
export interface ComparableReceiptId {
  /** By the rule; empty when there is no id. */
  readonly id: string;
  /** What it may be besides. */
  readonly guesses: readonly string[];
}

/** Reads an id of a receipt by a rule. */
export function comparableReceiptId(id: string, rule: ReceiptIdRule): ComparableReceiptId {
  const same = comparableId(id);
  const hex = /^[0-9]{1,64}$/.test(same) ? BigInt(same).toString(16) : undefined;
  const decimal = /^[0-9a-f]{1,64}$/.test(same) ? BigInt(`0x${same}`).toString() : undefined;
  switch (rule) {
    case 'hex-to-decimal':
      return { id: hex ?? same, guesses: [] };
    case 'decimal-to-hex':
      return { id: decimal ?? same, guesses: [] };
    case 'same':
      return { id: same, guesses: [] };
    case 'any':
      return {
        id: same,
        guesses: [hex, decimal].flatMap((one) => (one === undefined || one === same ? [] : [one])),
      };
  }
}

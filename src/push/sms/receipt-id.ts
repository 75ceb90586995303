// Message ids: the same message may be called by a hexadecimal number in submit_sm_resp and by a decimal one in the
// receipt, or the reverse. Which, is the centre's habit.

/**
 * How the id of a receipt relates to that of the response: `same` (but for case and leading zeros), `hex-to-decimal`
 * when the response has it in hexadecimal and the receipt in decimal, `decimal-to-hex` the reverse.
 */
export type ReceiptIdRule = 'same' | 'hex-to-decimal' | 'decimal-to-hex';

/** All rules, for messages. */
export const receiptIdRules: readonly ReceiptIdRule[] = ['same', 'hex-to-decimal', 'decimal-to-hex'];

/** What is compared of an id from a response. */
export function comparableId(id: string): string {
  return id.toLowerCase().replace(/^0+(?=.)/, '');
}

/** What is compared of an id from a receipt: as the response would have written it. */
export function comparableReceiptId(id: string, rule: ReceiptIdRule): string {
  if (rule === 'hex-to-decimal' && /^[0-9]{1,64}$/.test(id)) return BigInt(id).toString(16);
  if (rule === 'decimal-to-hex' && /^[0-9a-f]{1,64}$/i.test(id)) return BigInt(`0x${id}`).toString();
  return comparableId(id);
}

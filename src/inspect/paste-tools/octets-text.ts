// Octets that a tool listed, as a plain dump: each message with a heading of its own.
import { bytesToHex } from '../../core/index.ts';
import { checkLength, PasteError } from '../paste-forms/paste-error.ts';

/** Messages as dumps, for the reader of dumps. */
export function dumpsOf(messages: readonly (readonly number[])[]): string {
  return messages
    .map((octets) => {
      checkLength(octets.length, 1);
      const rows: string[] = [];
      for (let at = 0; at < octets.length; at += 16) {
        const row = bytesToHex(Uint8Array.from(octets.slice(at, at + 16))).replace(/..(?=.)/g, '$& ');
        rows.push(`${at.toString(16).padStart(8, '0')}  ${row}\n`);
      }
      return `Octets (${octets.length} bytes):\n${rows.join('')}`;
    })
    .join('');
}

/** @throws {PasteError} where a tool says another number of octets than it lists */
export function holdCount(said: number | undefined, found: number, line: number): void {
  if (said === undefined || said === found) return;
  const detail = `${said} octets are announced, and ${found} are there: some are missing, or were added`;
  throw new PasteError(line, 1, detail);
}

/** Whether a text begins with the row of a dump: what looks like marks in its text column is none. */
export function beginsWithRow(text: string): boolean {
  return /^\s*(?:0x)?[0-9a-f]{2,16}h?:?\s+[0-9a-f]{2}/i.test(text);
}

/** Octets of pairs with anything between them. */
export function pairsOf(text: string): readonly number[] {
  return (text.match(/[0-9a-f]{2}/gi) ?? []).map((pair) => Number.parseInt(pair, 16));
}

// The number of octets that a declaration gives: `unsigned char p[50] = {…}`, `Uint8Array(44) […]`, `[u8; 50]`.
import { lineAndColumn } from '../../core/index.ts';
import type { CutMark } from '../paste-forms/cut-mark.ts';
import { PasteError } from '../paste-forms/paste-error.ts';

const ofC = /\w\s*\[\s*([0-9]{1,7})\s*\]\s*=\s*\{/g;
const ofOthers =
  /\b(?:\w*Array|Buffer)\(([0-9]{1,7})\)\s*\[|\[\s*(?:u8|i8|UInt8|uint8|byte)\s*;\s*([0-9]{1,7})\s*\]|\[([0-9]{1,7})\](?:byte|uint8|u8)\s*\{|\bnew\s+\w+\[([0-9]{1,7})\]\s*\{/g;
/** What `xxd -i` writes behind its array. */
const behind = /\b\w+_len\s*=\s*([0-9]{1,7})\s*;/g;

/**
 * What is said where lists have fewer octets than they were declared with, which C fills with zeros.
 * @throws {PasteError} where octets are missing from a list of another language, or are too many
 */
export function heldCounts(text: string, lengths: readonly number[]): CutMark | undefined {
  const found = [...text.matchAll(ofC), ...text.matchAll(ofOthers)];
  const all = (found.length > 0 ? found : [...text.matchAll(behind)]).map(
    ({ 0: matched, index, ...groups }) => ({
      index,
      isC: /=\s*\{$/.test(matched),
      said: Number([groups[1], groups[2], groups[3], groups[4]].find((each) => each !== undefined)),
    }),
  );
  const [one, second] = all;
  const [length = 0, other] = lengths;
  // Of several lists it is not known which is which.
  if (one === undefined || second !== undefined || other !== undefined || one.said === length)
    return undefined;
  const { line, column } = lineAndColumn(text, one.index);
  const message = `${one.said} octets are declared, and ${length} are there`;
  if (one.isC && length < one.said) {
    return { line, column, message: `${message}: C adds zeros, which were not read` };
  }
  throw new PasteError(line, column, `${message}: some are missing, or were added`);
}

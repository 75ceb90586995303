// Words without offsets, as `od -An -x` prints them: their octets may be turned round. Only the message tells, where it does.
import { bytesToHex, hexToBytes } from '../../core/index.ts';
import { PasteError } from '../paste-forms/paste-error.ts';
import type { HexLineRules } from './hex-lines.ts';

/** Lines of words of two octets, or of four. */
const words =
  /^\s*(?:[0-9a-f]{4}(?: [0-9a-f]{4})+(?:[ \t\r]*\n[ \t]*[0-9a-f]{4}(?: [0-9a-f]{4})*)*|[0-9a-f]{8}(?: {1,2}[0-9a-f]{8})+(?:[ \t\r]*\n[ \t]*[0-9a-f]{8}(?: {1,2}[0-9a-f]{8})*)*)\s*$/i;
/** Words of two octets as `od -An` prints them: in octal. */
const octal = /^\s*(?:[01][0-7]{5}(?:\s+|$)){3,}$/;
/** Characters that are looked at, at most. */
const longest = 100_000;

/** @throws {PasteError} for words that are a message only with their octets turned round, and for octal ones */
export function refuseTurnedWords(text: string, rules: HexLineRules): void {
  if (text.length > longest) return;
  if (octal.test(text)) {
    const detail =
      'octal words, as od prints them, or hex? Their octets may be turned round: use od -t x1, hexdump -C or xxd';
    throw PasteError.at(text, text.length - text.trimStart().length, detail);
  }
  if (!words.test(text)) return;
  const each = text.trim().split(/\s+/);
  const inOrder = hexToBytes(each.join(''));
  const turned = hexToBytes(each.map((word) => bytesToHex(hexToBytes(word).reverse())).join(''));
  const isMessage = (octets: Uint8Array): boolean =>
    // The last word is filled up with zeros.
    [octets, octets.subarray(0, -1), octets.subarray(0, -2), octets.subarray(0, -3)].some(
      (whole, index) => (index === 0 || octets.at(-index) === 0) && rules.isMessage([whole]),
    );
  if (isMessage(inOrder) || !isMessage(turned)) return;
  const detail =
    'the octets of these words are turned round, as od -x prints them: use od -t x1, hexdump -C or xxd';
  throw PasteError.at(text, text.length - text.trimStart().length, detail);
}

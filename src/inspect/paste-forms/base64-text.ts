// Base64 as it is pasted: with line breaks, in either alphabet, with or without padding, as a data: URI.
import { base64ToBytes, ValueError } from '../../core/index.ts';
import { PasteError } from './paste-error.ts';

const shape = /^[A-Za-z0-9+/_-]+={0,2}$/;

const prefix = /^\s*data:[^,]*;base64,/i;

/**
 * True when a text is Base64 and neither hex with a slip in it nor words: at least 16 characters, of several kinds, of which no
 * more are hex digits, and no more stand in long runs of small letters, than chance brings.
 */
export function isBase64Text(text: string): boolean {
  if (prefix.test(text)) return true;
  const body = text.replace(/\s+/g, '');
  if (body.length < 16 || !/^[A-Za-z0-9+/_=-]+$/.test(body)) return false;
  // Each alphabet has its own last two characters: a path with both is none.
  if (/[+/]/.test(body) && /[-_]/.test(body)) return false;
  const share = (kind: RegExp): number => (body.length - body.replace(kind, '').length) / body.length;
  if (share(/[0-9a-fA-F]/g) >= 0.75) return false;
  const [upper, lower, other] = [share(/[A-Z]/g), share(/[a-z]/g), share(/[0-9+/_-]/g)];
  if (upper === 0 || lower === 0) return false;
  // Short octets may have no digit: then the capitals are too many for words.
  if (other === 0 && !(body.endsWith('=') || (body.length % 4 === 0 && upper >= 0.35))) return false;
  const runs = body.match(/[a-z]{9,}/g);
  if (runs === null) return true;
  // Of octets by chance one letter in 500 stands in such a run. A few of them are none of a language where all else is as in
  // octets: no blanks, groups of four, two capitals in five, one digit in six.
  const inRuns = runs.reduce((sum, run) => sum + run.length, 0);
  const isWhole = !/\S[^\S\r\n]+\S/.test(text) && body.replace(/=+$/, '').length % 4 !== 1;
  return isWhole && upper >= 0.2 && other >= 0.04 && inRuns <= 30 + body.length * 0.02;
}

/** The octets; several messages where a line that is not the last ends with padding. @throws {PasteError} */
export function readBase64Texts(text: string): readonly Uint8Array[] {
  const plain = text.replace(prefix, (found) => ' '.repeat(found.length));
  const found: Uint8Array[] = [];
  let held = '';
  let firstLine = 1;
  for (const [index, line] of plain.split(/\r\n|\n|\r/).entries()) {
    const word = line.trim();
    if (word === '') continue;
    if (!shape.test(word)) {
      const column = line.search(/[^A-Za-z0-9+/_\s=-]|=(?=[^=\s])/) + 1;
      throw new PasteError(index + 1, Math.max(column, 1), 'not Base64');
    }
    if (held === '') firstLine = index + 1;
    held += word;
    if (word.endsWith('=')) {
      found.push(octetsOf(held, firstLine));
      held = '';
    }
  }
  if (held !== '') found.push(octetsOf(held, firstLine));
  return found;
}

function octetsOf(text: string, line: number): Uint8Array {
  try {
    return base64ToBytes(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new PasteError(line, 1, error.detail);
  }
}

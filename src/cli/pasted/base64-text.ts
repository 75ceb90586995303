// Base64 as it is pasted: with line breaks, in either alphabet, with or without padding, as a data: URI.
import { base64ToBytes, ValueError } from '../../core/index.ts';
import { PasteError } from './paste-error.ts';

const shape = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * True when a text is Base64 and neither hex with a slip in it nor a word: at least 16 characters, of several kinds, of
 * which no more are hex digits than chance brings.
 */
export function isBase64Text(text: string): boolean {
  const body = text.replace(/^\s*data:[^,]*;base64,/i, '').replace(/\s+/g, '');
  if (/^\s*data:[^,]*;base64,/i.test(text)) return true;
  if (body.length < 16 || !/^[A-Za-z0-9+/_=-]+$/.test(body)) return false;
  // Each alphabet has its own last two characters: a path with both is none.
  if (/[+/]/.test(body) && /[-_]/.test(body)) return false;
  const kinds = [/[A-Z]/, /[a-z]/, /[0-9+/_-]/].filter((kind) => kind.test(body)).length;
  const hexDigits = body.replace(/[^0-9a-fA-F]/g, '').length;
  return kinds === 3 && hexDigits / body.length < 0.75 && !/[a-z]{9}/.test(body);
}

/** The octets; several messages where a line that is not the last ends with padding. @throws {PasteError} */
export function readBase64Texts(text: string): readonly Uint8Array[] {
  const plain = text.replace(/^\s*data:[^,]*;base64,/i, (prefix) => ' '.repeat(prefix.length));
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

// Blocks of PEM (RFC 7468): Base64 between two lines that say what it is. What stands outside of them explains, and is not read.
import { base64ToBytes, ValueError } from '../../core/index.ts';
import { PasteError } from './paste-error.ts';

const begin = /^[ \t]*-----BEGIN ([^\r\n]*?)-----[ \t]*\r?$/gm;

/** True when a text has the first line of a block. */
export function isPem(text: string): boolean {
  return new RegExp(begin.source, 'm').test(text);
}

/** The octets of each block. @throws {PasteError} for one without its end, one that is encrypted, and what is no Base64 */
export function readPem(text: string): readonly Uint8Array[] {
  return [...text.matchAll(begin)].map(({ 0: first, 1: label = '', index }) => {
    const from = index + first.length;
    const last = `-----END ${label}-----`;
    const end = text.indexOf(last, from);
    if (end < 0) throw PasteError.at(text, index, `the block is cut: ${JSON.stringify(last)} is missing`);
    const inner = text.slice(from, end);
    if (/^Proc-Type:.*ENCRYPTED/m.test(inner)) throw PasteError.at(text, from + 1, 'the block is encrypted');
    // Heads of fields stand before an empty line (RFC 1421 §4.4).
    const head = /^\s*(?:[\w-]+:[^\n]*\n(?:[ \t]+[^\n]*\n)*)+[ \t]*\r?\n/.exec(inner)?.[0] ?? '';
    const body = inner.slice(head.length);
    const wrong = body.search(/[^A-Za-z0-9+/=\s]/);
    if (wrong >= 0) throw PasteError.at(text, from + head.length + wrong, 'not Base64');
    try {
      return base64ToBytes(body.replace(/\s+/g, ''));
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      throw PasteError.at(text, from + 1, error.detail);
    }
  });
}

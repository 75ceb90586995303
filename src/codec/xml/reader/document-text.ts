// The octets of a document as text: by byte order mark, transport, or declaration (XML-1.0 §4.3.3).
import { DecodeError } from '../../../core/index.ts';
import { charsetNamed, decodeCharset } from '../document/charset.ts';
import { marks, xmlDoc } from './input.ts';

/**
 * Text of the document, without a byte order mark.
 * @throws {DecodeError} UNSUPPORTED for a charset that we do not have, BAD_VALUE for octets that are not in it
 */
export function decodeText(octets: Uint8Array, transportCharset: string | undefined): string {
  const name = byteOrderMark(octets) ?? transportCharset ?? declaredEncoding(octets) ?? 'utf-8';
  const charset = charsetNamed(name);
  const at = { path: 'encoding', offset: 0, bit: 0 };
  const spec = { doc: xmlDoc, section: '4.3.3' };
  if (charset === undefined) {
    throw new DecodeError('UNSUPPORTED', `charset ${JSON.stringify(name.slice(0, 40))}`, at, spec);
  }
  const text = decodeCharset(octets, charset);
  if (text === undefined) throw new DecodeError('BAD_VALUE', `octets are not ${charset}`, at, spec);
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** The text itself, when no half of a character stands alone in it. @throws {DecodeError} BAD_VALUE */
export function checkedText(text: string): string {
  if (text.isWellFormed()) return text;
  throw new DecodeError(
    'BAD_VALUE',
    'text has a lone surrogate',
    { path: '', offset: 0, bit: 0 },
    { doc: xmlDoc, section: '2.2' },
  );
}

function byteOrderMark(octets: Uint8Array): string | undefined {
  if (octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf) return 'utf-8';
  if (octets[0] === 0xfe && octets[1] === 0xff) return 'utf-16be';
  if (octets[0] === 0xff && octets[1] === 0xfe) return 'utf-16le';
  return undefined;
}

function declaredEncoding(octets: Uint8Array): string | undefined {
  let head = '';
  for (const octet of octets.subarray(0, 200)) {
    // No declaration goes on behind its end.
    if (octet === marks.greater) break;
    head += String.fromCharCode(octet);
  }
  return /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1];
}

// Octets to text in the charsets that DM documents come in.
import { bytesToUtf8 } from '../../../core/index.ts';

/** Charsets that documents may use, by their preferred MIME name. */
export type Charset = 'utf-8' | 'us-ascii' | 'iso-8859-1' | 'utf-16le' | 'utf-16be';

const aliases: Readonly<Record<string, Charset>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'us-ascii',
  ascii: 'us-ascii',
  'iso-8859-1': 'iso-8859-1',
  latin1: 'iso-8859-1',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  // RFC 2781 §4.3: without a byte order mark, big-endian.
  'utf-16': 'utf-16be',
};

/** The charset of that name, in any case; `undefined` when we do not have it. */
export function charsetNamed(name: string): Charset | undefined {
  const wanted = name.trim().toLowerCase();
  return Object.hasOwn(aliases, wanted) ? aliases[wanted] : undefined;
}

/** Text of the octets, or `undefined` when they are not in that charset. A byte order mark is kept. */
export function decodeCharset(octets: Uint8Array, charset: Charset): string | undefined {
  switch (charset) {
    case 'utf-8':
      return bytesToUtf8(octets);
    case 'us-ascii':
    case 'iso-8859-1':
      return singleOctets(octets, charset === 'us-ascii' ? 0x80 : 0x100);
    default:
      try {
        return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(octets);
      } catch {
        return undefined;
      }
  }
}

// TextDecoder takes ISO-8859-1 for windows-1252, which differs in 80–9F.
function singleOctets(octets: Uint8Array, end: number): string | undefined {
  let text = '';
  for (const octet of octets) {
    if (octet >= end) return undefined;
    text += String.fromCharCode(octet);
  }
  return text;
}

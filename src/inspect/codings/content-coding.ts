// What codings of content and of transfer hold: gzip (RFC 1952), deflate (RFC 1950, or without its frame as some send it), quoted-printable
// (RFC 2045 §6.7).
import { InflateFault, inflate } from './inflate.ts';

/** Octets at most that a coded body is read into. */
export const mostPlain = 1 << 20;

/** A body without its coding, or why it cannot be read; `fault` beside octets says what is wrong with them. */
export type Decoded = { readonly plain: Uint8Array; readonly fault?: string } | { readonly fault: string };

/** Reads a body of that coding; `undefined` for a coding that is not read. */
export function withoutCoding(octets: Uint8Array, coding: string): Decoded | undefined {
  try {
    if (coding === 'gzip' || coding === 'x-gzip') return gunzip(octets);
    return coding === 'deflate' ? unzlib(octets) : undefined;
  } catch (error) {
    if (error instanceof InflateFault) return { fault: error.message };
    throw error;
  }
}

function gunzip(octets: Uint8Array): Decoded {
  if (octets.length < 18) return { fault: 'they are cut' };
  if (octets[0] !== 0x1f || octets[1] !== 0x8b || octets[2] !== 8) return { fault: 'they are no gzip' };
  const flags = octets[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + (octets[at] ?? 0) + ((octets[at + 1] ?? 0) << 8);
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const end = octets.indexOf(0, at);
    if (end < 0) return { fault: 'they are cut' };
    at = end + 1;
  }
  if ((flags & 2) !== 0) at += 2;
  // Eight octets stand at the end (RFC 1952 §2.3.1).
  const end = octets.length - 8;
  if (end <= at) return { fault: 'they are cut' };
  const plain = inflate(octets.subarray(at, end), mostPlain);
  return little(octets, end) === crc32(plain) && little(octets, end + 4) === plain.length
    ? { plain }
    : { plain, fault: 'their checksum does not hold at their end' };
}

function unzlib(octets: Uint8Array): Decoded {
  const [method = 0, flags = 0] = octets;
  const framed = (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0 && (flags & 0x20) === 0;
  if (!framed) return { plain: inflate(octets, mostPlain) };
  const end = octets.length - 4;
  if (end <= 2) return { fault: 'they are cut' };
  const plain = inflate(octets.subarray(2, end), mostPlain);
  const sum = [0, 1, 2, 3].reduce((value, index) => value * 256 + (octets[end + index] ?? 0), 0);
  return sum === adler32(plain) ? { plain } : { plain, fault: 'their checksum does not hold at their end' };
}

function little(octets: Uint8Array, at: number): number {
  return [3, 2, 1, 0].reduce((value, index) => value * 256 + (octets[at + index] ?? 0), 0);
}

function crc32(octets: Uint8Array): number {
  let sum = 0xffffffff;
  for (const octet of octets) {
    sum ^= octet;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ ((sum & 1) === 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

function adler32(octets: Uint8Array): number {
  let [low, high] = [1, 0];
  for (const octet of octets) {
    low = (low + octet) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}

/** Octets that quoted-printable spells; `=` with something else behind it stands for itself, as readers of mail take it. */
export function unquoted(octets: Uint8Array): Uint8Array {
  let text = '';
  for (const octet of octets) text += String.fromCharCode(octet);
  const plain = text
    .replace(/(?<![ \t])[ \t]+(?=\r?\n|$)/g, '')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

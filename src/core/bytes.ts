// Octets and their textual forms: hex, Base64, UTF-8. Nothing here needs a runtime module.
import { ValueError } from './errors.ts';

const hexDigits = '0123456789abcdef';
const hexPairs: readonly string[] = Array.from({ length: 256 }, (_, octet) =>
  octet.toString(16).padStart(2, '0'),
);
const hexValues = new Int8Array(128).fill(-1);
for (let i = 0; i < 16; i += 1) {
  hexValues[hexDigits.charCodeAt(i)] = i;
  hexValues[hexDigits.toUpperCase().charCodeAt(i)] = i;
}

/** Lower-case hex of the octets, two digits each, no separators. */
export function bytesToHex(bytes: Uint8Array): string {
  if (bytes.length > shortHex) return longHex(bytes);
  let text = '';
  for (let at = 0; at < bytes.length; at += 1) text += hexPairs[bytes[at] ?? 0];
  return text;
}

/** Octets whose hex is put together of texts; for more, calling a decoder is worth it. */
const shortHex = 16;
const hexCodes = Uint8Array.from(hexDigits, (digit) => digit.charCodeAt(0));
const hexRoom = new Uint8Array(1024);
const latin1 = new TextDecoder('latin1');

function longHex(bytes: Uint8Array): string {
  const { length } = bytes;
  // Digests and data of vendors are read for each message: they share one room.
  const codes = length * 2 > hexRoom.length ? new Uint8Array(length * 2) : hexRoom;
  for (let at = 0, to = 0; at < length; at += 1, to += 2) {
    const octet = bytes[at] ?? 0;
    codes[to] = hexCodes[octet >> 4] ?? 0;
    codes[to + 1] = hexCodes[octet & 15] ?? 0;
  }
  return latin1.decode(codes.subarray(0, length * 2));
}

/**
 * Octets of a hex text, either case; white space, `:` and `-` between digits are skipped.
 * @throws {ValueError} BAD_FORMAT for another character or an odd number of digits.
 */
export function hexToBytes(text: string, path = ''): Uint8Array {
  const out = new Uint8Array(text.length >> 1);
  // Most texts are digits alone.
  let at = 0;
  for (; at < out.length; at += 1) {
    const high = hexValues[text.charCodeAt(2 * at)] ?? -1;
    const low = hexValues[text.charCodeAt(2 * at + 1)] ?? -1;
    if ((high | low) < 0) break;
    out[at] = (high << 4) | low;
  }
  if (at === out.length && text.length % 2 === 0) return out;
  let digits = 2 * at;
  for (let i = digits; i < text.length; i += 1) {
    const digit = hexValues[text.charCodeAt(i)] ?? -1;
    if (digit >= 0) {
      const place = digits >> 1;
      out[place] = ((out[place] ?? 0) << 4) | digit;
      digits += 1;
    } else if (!/[\s:-]/.test(text.charAt(i))) {
      const shown = JSON.stringify(text.charAt(i));
      throw new ValueError('BAD_FORMAT', `${shown} at character ${i + 1} is not a hex digit`, path);
    }
  }
  if (digits % 2 !== 0) {
    throw new ValueError('BAD_FORMAT', `odd number of hex digits (${digits}): a digit is missing`, path);
  }
  return out.subarray(0, digits >> 1);
}

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base64Values = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i += 1) base64Values[base64Alphabet.charCodeAt(i)] = i;

const base64Codes = Uint8Array.from(base64Alphabet, (digit) => digit.charCodeAt(0));
const base64Padding = 61;

/** Standard Base64 with padding and without line breaks (RFC 4648 §4). */
export function bytesToBase64(bytes: Uint8Array): string {
  if (bytes.length > shortBase64) return longBase64(bytes);
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += base64Alphabet.charAt(word >> 18) + base64Alphabet.charAt((word >> 12) & 63);
    text += left > 1 ? base64Alphabet.charAt((word >> 6) & 63) : '=';
    text += left > 2 ? base64Alphabet.charAt(word & 63) : '=';
  }
  return text;
}

/** Octets whose Base64 is put together of texts, digests and nonces mostly. */
const shortBase64 = 160;

function longBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(base64Length(bytes));
  writeBase64(bytes, codes, 0);
  return latin1.decode(codes);
}

/** Characters of the octets in standard Base64, padding included. */
export function base64Length(bytes: Uint8Array): number {
  return Math.ceil(bytes.length / 3) * 4;
}

/** Writes the octets in standard Base64, `base64Length` characters, into `target` from `at` on. */
export function writeBase64(bytes: Uint8Array, target: Uint8Array, at: number): void {
  for (let i = 0, to = at; i < bytes.length; i += 3, to += 4) {
    const left = bytes.length - i;
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    target[to] = base64Codes[word >> 18] ?? 0;
    target[to + 1] = base64Codes[(word >> 12) & 63] ?? 0;
    target[to + 2] = left > 1 ? (base64Codes[(word >> 6) & 63] ?? 0) : base64Padding;
    target[to + 3] = left > 2 ? (base64Codes[word & 63] ?? 0) : base64Padding;
  }
}

/**
 * Octets of standard Base64; white space is skipped and missing padding is accepted.
 * @throws {ValueError} BAD_FORMAT for another character, padding inside, or a dangling last digit.
 */
export function base64ToBytes(text: string, path = ''): Uint8Array {
  const out = new Uint8Array(Math.floor((text.length * 3) / 4) + 1);
  let held = 0;
  let heldBits = 0;
  let length = 0;
  let digits = 0;
  let padding = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 61) {
      padding += 1;
      continue;
    }
    if (code === 32 || (code >= 9 && code <= 13)) continue;
    const value = code < 128 ? (base64Values[code] ?? -1) : -1;
    if (value < 0 || padding > 0) {
      throw new ValueError('BAD_FORMAT', `character ${i + 1} is not Base64`, path);
    }
    digits += 1;
    held = ((held << 6) | value) & 0xffffff;
    heldBits += 6;
    if (heldBits >= 8) {
      heldBits -= 8;
      out[length] = (held >> heldBits) & 255;
      length += 1;
    }
  }
  if (digits % 4 === 1 || padding > 2 || (padding > 0 && (digits + padding) % 4 !== 0)) {
    throw new ValueError('BAD_FORMAT', 'Base64 text is cut short or wrongly padded', path);
  }
  return out.subarray(0, length);
}

const utf8Encoder = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** UTF-8 octets of the text. A lone surrogate becomes U+FFFD. */
export function utf8ToBytes(text: string): Uint8Array {
  if (text.length > shortText) return utf8Encoder.encode(text);
  const length = utf8Length(text);
  const out = new Uint8Array(length);
  writeUtf8(text, out, 0, length);
  return out;
}

/** Up to so many characters, calling the encoder takes longer than the text itself. */
const shortText = 64;

/** Octets that the text takes in UTF-8. A lone surrogate counts as U+FFFD. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      length += 1;
    } else if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length += 2;
      i += 1;
    } else {
      length += 2;
    }
  }
  return length;
}

/** Writes the text's UTF-8 octets, `length` of them by `utf8Length`, into `target` from `at` on. */
export function writeUtf8(text: string, target: Uint8Array, at: number, length: number): void {
  if (length === text.length) {
    for (let i = 0; i < length; i += 1) target[at + i] = text.charCodeAt(i);
  } else {
    utf8Encoder.encodeInto(text, target.subarray(at, at + length));
  }
}

/** Text of UTF-8 octets, or `undefined` when they are not UTF-8. A byte order mark is kept. */
export function bytesToUtf8(bytes: Uint8Array): string | undefined {
  if (bytes.length <= shortName && isAscii(bytes)) return asciiText(bytes);
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Octets of texts, names and addresses mostly, that are put together about as fast as a decoder is called. */
const shortName = 32;

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] ?? 0) > 0x7f) return false;
  }
  return true;
}

function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 1) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

/** Text for showing to a person: what is not UTF-8 becomes U+FFFD. */
export function bytesToDisplayText(bytes: Uint8Array): string {
  return lenientUtf8.decode(bytes);
}

/** The parts, one after the other, in a new array. @throws {ValueError} WRONG_TYPE for a text */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return joinBytes(parts);
}

/** As `concatBytes`, for parts whose number others choose: a call takes some 100,000 arguments, and no more. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) {
    requireOctets(part);
    length += part.length;
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * A text in the place of octets, which callers without types can give: it has a length too, and copied into an array it
 * would become zeros.
 * @throws {ValueError} WRONG_TYPE
 */
export function requireOctets(value: unknown, path = ''): void {
  if (typeof value !== 'string') return;
  throw new ValueError('WRONG_TYPE', 'is a text; give octets, a text encoded as UTF-8', path);
}

/** Compares without leaking where the first difference is: the time depends on the lengths only. */
export function equalConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i += 1) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

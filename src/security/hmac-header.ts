// The `x-syncml-hmac` transport header (DM-SEC-1.2).
import { base64ToBytes, bytesToBase64, bytesToUtf8, hexToBytes, ValueError } from '../core/index.ts';

/** The header's fields. */
export interface HmacHeader {
  /** As written; `MD5` when left out. */
  readonly algorithm: string;
  readonly username: string;
  /** 16 octets for MD5. */
  readonly mac: Uint8Array;
}

const maxHeaderLength = 2048;
const part = /\s*([A-Za-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",]*?))\s*(,|$)/y;

/**
 * The value of the header: `algorithm=MD5, username="…", mac=…`.
 * @throws {ValueError} BAD_FORMAT when the user name holds a control character, which no header can carry
 */
export function formatHmacHeader(username: string, mac: Uint8Array): string {
  for (const character of username) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 32 || code === 127) {
      throw new ValueError('BAD_FORMAT', 'user name holds a control character', 'username');
    }
  }
  const quoted = username.replace(/["\\]/g, '\\$&');
  return `algorithm=MD5, username="${quoted}", mac=${bytesToBase64(mac)}`;
}

/**
 * Reads the header: any order, spaces, missing quotes, a quoted mac and missing padding are taken; a mac of 32 hex
 * digits in Base64, as the published example has it, too. `undefined` when it is not such a list or a part is missing.
 */
export function parseHmacHeader(text: string): HmacHeader | undefined {
  if (text.length > maxHeaderLength) return undefined;
  const fields = new Map<string, string>();
  part.lastIndex = 0;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (match === null) return undefined;
    const name = (match[1] ?? '').toLowerCase();
    if (fields.has(name)) return undefined;
    fields.set(name, match[2] === undefined ? (match[3] ?? '') : match[2].replace(/\\(.)/g, '$1'));
  }
  const username = fields.get('username');
  const mac = macOctets(fields.get('mac') ?? '');
  if (username === undefined || mac === undefined) return undefined;
  return { algorithm: fields.get('algorithm') ?? 'MD5', username, mac };
}

function macOctets(text: string): Uint8Array | undefined {
  try {
    const octets = base64ToBytes(text);
    if (octets.length === 16) return octets;
    return octets.length === 32 ? hexToBytes(bytesToUtf8(octets) ?? '-') : undefined;
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

// The HTTP header of OBEX: a block of HTTP/1.x header lines (IrOBEX §2.2.8). It carries x-syncml-hmac for DM.
import { utf8ToBytes, ValueError } from '../../core/index.ts';
import { obexDocument } from './headers.ts';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Octets of the lines, each ended by CR LF. @throws {ValueError} BAD_FORMAT for what is no header line */
export function encodeHttpHeaders(headers: Readonly<Record<string, string>>): Uint8Array {
  let text = '';
  for (const [name, value] of Object.entries(headers)) {
    if (!token.test(name) || /[\r\n\0]/.test(value)) {
      throw new ValueError('BAD_FORMAT', 'is not an HTTP header', name, {
        doc: obexDocument,
        section: '2.2.8',
      });
    }
    text += `${name}: ${value}\r\n`;
  }
  return utf8ToBytes(text);
}

/**
 * Headers of one or more blocks, names in lower case; of a repeated one the first counts. Lines that are none, such as
 * a request line, are skipped.
 */
export function decodeHttpHeaders(blocks: readonly Uint8Array[]): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const block of blocks) {
    for (const line of new TextDecoder().decode(block).split(/\r?\n|\0/)) {
      const colon = line.indexOf(':');
      const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
      if (token.test(name) && !found.has(name)) found.set(name, line.slice(colon + 1).trim());
    }
  }
  return Object.fromEntries(found);
}

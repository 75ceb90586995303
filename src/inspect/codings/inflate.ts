// What DEFLATE holds (RFC 1951), by fflate, which runs in a browser too and does not wait: what comes out is bounded, whatever the octets
// say.
import { type FlateError, Inflate } from 'fflate/browser';

/** Why octets cannot be read. */
export class InflateFault extends Error {}

/** Octets that are handed over at once: they cannot hold more than some 1032 times as many. */
const step = 256;
/** `FlateErrorCode.UnexpectedEOF`. */
const unexpectedEnd = 0;

/**
 * What octets hold, at most `most` octets.
 * @throws {InflateFault} for octets that are none, that are cut, or hold more
 */
export function inflate(octets: Uint8Array, most: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  const inflating = new Inflate((part) => {
    length += part.length;
    if (length > most) throw new InflateFault(`they hold more than ${most} octets`);
    parts.push(part);
  });
  try {
    for (let at = 0; at < octets.length || at === 0; at += step)
      inflating.push(octets.slice(at, at + step), at + step >= octets.length);
  } catch (error) {
    if (error instanceof InflateFault) throw error;
    const cut = (error as FlateError).code === unexpectedEnd;
    throw new InflateFault(cut ? 'they are cut' : 'they are no DEFLATE');
  }
  const plain = new Uint8Array(length);
  let to = 0;
  for (const part of parts) {
    plain.set(part, to);
    to += part.length;
  }
  return plain;
}

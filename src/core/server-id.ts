// What a ServerID is: exactly what an access control list can name as a server (DM-TND-1.2 §7.7.1.5).
import { utf8ToBytes } from './bytes.ts';
import { ValueError } from './errors.ts';

/** Octets of UTF-8 that a ServerID has at most: what every form of notification can carry (spec-notes ruling 5). */
export const longestServerId = 255;

/**
 * True for a ServerID: 1–255 octets of printable text without `=`, `&`, `*`, `+` and white space. An account under any
 * other name could be given no right of its own, and one named `*` would be taken for everybody (spec-notes ruling 19).
 */
export function isServerId(text: string): boolean {
  return hasServerIdCharacters(text) && utf8ToBytes(text).length <= longestServerId;
}

/** As `isServerId`, of any length: what states of earlier versions may hold in their ACLs. */
export function hasServerIdCharacters(text: string): boolean {
  return /^[^\p{C}\p{Z}=&*+]+$/u.test(text);
}

/**
 * Passes a ServerID through.
 * @throws {ValueError} TOO_LONG beyond 255 octets, BAD_FORMAT for anything else that is none; at `path`
 */
export function requireServerId(text: string, path: string): string {
  if (isServerId(text)) return text;
  if (text === '') throw new ValueError('BAD_FORMAT', 'must not be empty', path);
  const octets = utf8ToBytes(text).length;
  if (octets > longestServerId) {
    throw new ValueError('TOO_LONG', `has ${octets} octets of UTF-8, at most ${longestServerId} fit`, path);
  }
  const detail = 'must be printable and without "=", "&", "*", "+" and white space, as an ACL can name it';
  throw new ValueError('BAD_FORMAT', detail, path);
}

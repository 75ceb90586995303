// The one door to hashing for the codecs: synchronous, and free of runtime modules so that they run in a browser too.
import { concatBytes } from './bytes.ts';
import { md5Of } from './md5.ts';
import { sha256Of } from './sha256.ts';

export { writeMd5 } from './md5.ts';
export { writeSha256 } from './sha256.ts';

/** MD5 of the parts, one after the other: 16 octets (RFC 1321). Only for formats that prescribe it. */
export function md5(...parts: readonly Uint8Array[]): Uint8Array {
  return md5Of(joined(parts));
}

/** SHA-256 of the parts, one after the other: 32 octets (RFC 6234). */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  return sha256Of(joined(parts));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : concatBytes(...parts);
}

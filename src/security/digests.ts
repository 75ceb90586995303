// The three credential formulas. H is MD5, B64 standard Base64 with padding; text is UTF-8 (DM-SEC-1.2).
import { bytesToBase64, concatBytes, md5, utf8ToBytes } from '../core/index.ts';

const colon = utf8ToBytes(':');

/** `name:secret`, whose Base64 is the basic credential. */
export function basicOctets(name: string, secret: string): Uint8Array {
  return utf8ToBytes(`${name}:${secret}`);
}

/** `H(B64(H(name:secret)):nonce)`: 16 octets, whose Base64 is the MD5 credential. */
export function md5Octets(name: string, secret: string, nonce: Uint8Array): Uint8Array {
  return md5(concatBytes(hashedSecret(name, secret), colon, nonce));
}

/** `H(B64(H(name:secret)):nonce:B64(H(body)))`: 16 octets, whose Base64 is the `mac`. Not RFC 2104, for all its name. */
export function hmacOctets(name: string, secret: string, nonce: Uint8Array, body: Uint8Array): Uint8Array {
  return hmacOctetsOf(name, secret, nonce, md5(body));
}

/** The same of a body whose MD5 is known. */
export function hmacOctetsOf(
  name: string,
  secret: string,
  nonce: Uint8Array,
  hashedBody: Uint8Array,
): Uint8Array {
  const body = utf8ToBytes(bytesToBase64(hashedBody));
  return md5(concatBytes(hashedSecret(name, secret), colon, nonce, colon, body));
}

function hashedSecret(name: string, secret: string): Uint8Array {
  return utf8ToBytes(bytesToBase64(md5(basicOctets(name, secret))));
}

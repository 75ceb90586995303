// Textual carriers may hand over Package #0 as Base64 text instead of octets (spec-notes ruling 8).
import { base64ToBytes, bytesToUtf8, ValueError } from '../../core/index.ts';

/**
 * The octets of a body that a textual carrier brought: those that its Base64 text stands for when it is nothing but
 * Base64 and white space, else the body itself. No Package #0 is taken for Base64 by mistake: dm1.3 starts with an octet
 * of 10–1F and the MD5 forms have 02 or 03 as their 17th, and none of these is Base64 or white space.
 */
export function unwrapBase64Body(body: Uint8Array): Uint8Array {
  const text = bytesToUtf8(body);
  if (text === undefined || !/^[A-Za-z0-9+/=\t\n\r ]+$/.test(text)) return body;
  try {
    return base64ToBytes(text);
  } catch (error) {
    if (error instanceof ValueError) return body;
    throw error;
  }
}

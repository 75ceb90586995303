// The header of user data of a short message (3GPP TS 23.040 §9.2.3.24), known by its lengths.
import { hexToBytes } from '../../core/index.ts';

/** Whether octets are a header: its length, and elements that fill it. */
export function isHeader(hex: string): boolean {
  if (hex.length < 6 || hex.length % 2 !== 0 || hex.length > 512) return false;
  const octets = hexToBytes(hex);
  if (octets[0] !== octets.length - 1) return false;
  let at = 1;
  while (at < octets.length) at += 2 + (octets[at + 1] ?? octets.length);
  return at === octets.length;
}

// Addresses of IP as text.
import { bytesToHex } from '../../core/index.ts';

const mostKept = 1024;
const kept = new Map<string, string>();

/** An address of four octets at `at`. */
export function ip4Text(octets: Uint8Array, at: number): string {
  return `${octets[at]}.${octets[at + 1]}.${octets[at + 2]}.${octets[at + 3]}`;
}

/** An address of sixteen octets at `at`, shortened as RFC 5952 has it. */
export function ip6Text(octets: Uint8Array, at: number): string {
  const hex = bytesToHex(octets.subarray(at, at + 16));
  const known = kept.get(hex);
  if (known !== undefined) return known;
  const groups = (hex.match(/.{4}/g) ?? []).join(':');
  const text = new URL(`http://[${groups}]/`).hostname.slice(1, -1);
  if (kept.size >= mostKept) kept.clear();
  kept.set(hex, text);
  return text;
}

// Requests that a caller may repeat: what was asked, as one short text.
import { bytesToHex, sha256, utf8ToBytes } from '../../core/index.ts';
import type { IdempotencyMark } from '../../store/index.ts';

/** The mark of a request under a key; absent without one. */
export function idempotencyOf(
  key: string | undefined,
  value: unknown,
): { readonly idempotency?: IdempotencyMark } {
  if (key === undefined) return {};
  // Says what was asked, whatever the order of the fields.
  return { idempotency: { key, fingerprint: bytesToHex(sha256(utf8ToBytes(canonicalJson(value)))) } };
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

// Requests that a caller may repeat: what was asked, as one short text.
import { hash } from 'node:crypto';
import type { IdempotencyMark } from '../../store/index.ts';

/** The mark of a request under a key; absent without one. */
export function idempotencyOf(
  key: string | undefined,
  value: unknown,
): { readonly idempotency?: IdempotencyMark } {
  if (key === undefined) return {};
  // Says what was asked, whatever the order of the fields.
  return { idempotency: { key, fingerprint: hash('sha256', canonicalJson(value)) } };
}

function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  let text = '';
  // In the order of their code units.
  for (const name of Object.keys(value).sort()) {
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(fields[name])}`;
  }
  return `{${text}}`;
}

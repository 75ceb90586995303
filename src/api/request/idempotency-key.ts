// The Idempotency-Key header: a caller's name for a request, so that it can repeat it safely.
import { Type } from 'typebox';
import { ValueError } from '../../core/index.ts';

/** Headers of a route that takes the key. */
export const IdempotencyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ description: 'The same key with the same body gives the same answer, and nothing new' }),
  ),
});

/** The key, if there is one. @throws {ValueError} BAD_FORMAT */
export function idempotencyKey(headers: {
  readonly 'idempotency-key'?: string | undefined;
}): string | undefined {
  const key = headers['idempotency-key'];
  return key === undefined ? undefined : requireKey(key, 'Idempotency-Key');
}

/** Passes a key through. @throws {ValueError} WRONG_TYPE, BAD_FORMAT */
export function requireKey(key: unknown, path: string): string {
  if (typeof key !== 'string') throw new ValueError('WRONG_TYPE', 'must be a string', path);
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new ValueError('BAD_FORMAT', 'must be 1 to 255 visible ASCII characters without spaces', path);
}

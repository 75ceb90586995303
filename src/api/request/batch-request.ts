// Requests of which each is a line of one body.
import type { FastifyRequest } from 'fastify';
import type { EachRequest } from '../../server/index.ts';
import { requireKey } from './idempotency-key.ts';
import { readJsonText, requireUncoded } from './json-body.ts';
import { ApiError } from './problem.ts';

/** Media type of a body whose lines are JSON texts. */
export const ndjson = 'application/x-ndjson';

/**
 * The request of a line: what the single route takes as its body, and with it, as `idempotencyKey`, what it takes as the header.
 * @throws {ValueError} for a line that is no JSON, and for a key that is none
 */
export function readRequest(text: string): EachRequest {
  const value = readJsonText(text, 'line');
  if (!hasKey(value)) return { value };
  const { idempotencyKey, ...rest } = value;
  return { value: rest, idempotencyKey: requireKey(idempotencyKey, 'idempotencyKey') };
}

/** @throws {ApiError} 415 unless the body is lines of JSON, as they are */
export function requireLines({ headers }: Pick<FastifyRequest, 'headers'>): void {
  requireUncoded(headers['content-encoding'], 'the lines as they are,');
}

/** What a body of another type is answered. */
export function notLines(): ApiError {
  return new ApiError(415, 'UNSUPPORTED', `send one JSON object a line, as Content-Type: ${ndjson}`);
}

function hasKey(value: unknown): value is { readonly idempotencyKey: unknown } {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'idempotencyKey');
}

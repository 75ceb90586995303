// The texts in a request's target: path parameters and query, as they were sent.
import type { FastifyRequest } from 'fastify';
import { requireLine, ValueError } from '../../core/index.ts';

/**
 * Checks the target of a request: visible ASCII (RFC 3986), whose percent-encoding stands for UTF-8, with nothing in its
 * parameters that may not name anything.
 * @throws {ValueError} BAD_FORMAT with the parameter
 */
export function checkTarget(request: FastifyRequest): void {
  const target = request.raw.url ?? '';
  if (!/^[\x21-\x7e]*$/.test(target)) {
    throw new ValueError('BAD_FORMAT', 'holds characters that must be percent-encoded', 'target');
  }
  const params = typeof request.params === 'object' && request.params !== null ? request.params : {};
  for (const [name, value] of Object.entries(params)) requireLine(String(value), name);
  const mark = target.indexOf('?');
  if (mark < 0) return;
  for (const pair of target.slice(mark + 1).split('&')) {
    const [rawName = '', ...rest] = pair.split('=');
    const name = decoded(rawName, 'query');
    const shown = /^[\w.$-]{1,64}$/.test(name) ? name : 'query';
    requireLine(name, 'query');
    requireLine(decoded(rest.join('='), shown), shown);
  }
}

function decoded(text: string, path: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new ValueError('BAD_FORMAT', 'is not percent-encoded UTF-8', path);
  }
}

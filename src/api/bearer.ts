// Bearer tokens (RFC 6750): who may use the API.
import { equalConstantTime, sha256, utf8ToBytes } from '../core/index.ts';
import { ApiError } from './problem.ts';

/**
 * A check of the Authorization header against `tokens`; without tokens everybody is let in. Comparison takes the same
 * time whatever is given: digests of equal length are compared, and all of them.
 */
export function bearerCheck(tokens: readonly string[]): (authorization: string | undefined) => void {
  const digests = tokens.map((token) => sha256(utf8ToBytes(token)));
  return (authorization) => {
    if (digests.length === 0) return;
    const match = /^Bearer +(\S+) *$/i.exec(authorization ?? '');
    const given = sha256(utf8ToBytes(match?.[1] ?? ''));
    let known = false;
    for (const digest of digests) known = equalConstantTime(digest, given) || known;
    if (match === null || !known) {
      throw new ApiError(401, 'UNAUTHORIZED', 'send a valid token as Authorization: Bearer TOKEN');
    }
  };
}

// Checks of a SyncHdr that do not depend on who sent it.
import type { SyncHdr } from '../../codec/syncml/index.ts';
import { ValueError } from '../../core/index.ts';
import { sessionIdMatches } from '../contract/correlation.ts';

/** True when the SessionID of a message can mean the session. */
export function isOfSession(header: SyncHdr, sessionId: number | string): boolean {
  if (typeof sessionId === 'string') return header.sessionId.trim() === sessionId.trim();
  return sessionIdMatches(header.sessionId, sessionId);
}

/** @throws {ValueError} OUT_OF_RANGE when it is a number and not an integer from 1 to 65535, or an empty text */
export function requireSessionId(sessionId: number | string): void {
  if (typeof sessionId === 'string') {
    if (sessionId.trim() === '') throw new ValueError('OUT_OF_RANGE', 'must not be empty', 'sessionId');
    return;
  }
  if (!Number.isInteger(sessionId) || sessionId < 1 || sessionId > 0xffff) {
    throw new ValueError('OUT_OF_RANGE', 'must be an integer from 1 to 65535', 'sessionId');
  }
}

/**
 * Where a RespURI leads from the address in use; `undefined` when it is no address, or would leave TLS for an address
 * without it.
 */
export function redirection(from: string, respUri: string): string | undefined {
  const absolute = URL.parse(respUri, from)?.href;
  if (absolute === undefined) return undefined;
  // The text itself, where it is an address already: a parser's spelling of it is not the server's.
  const to = URL.canParse(respUri) ? respUri : absolute;
  return /^https:/i.test(from) && !/^https:/i.test(absolute) ? undefined : to;
}

// Which session a message belongs to: its SessionID is text, the notification's is a number (spec-notes ruling 10).
import { parseSessionIdText } from '../../codec/notification/index.ts';

/**
 * The Session-ID that a client meant by the SessionID of its SyncHdr: the likeliest reading that `isKnown` confirms for
 * this device (hex in any case and with leading zeros, then decimal). `undefined` when none is known.
 */
export function sessionIdOf(text: string, isKnown: (sessionId: number) => boolean): number | undefined {
  return parseSessionIdText(text).find((sessionId) => isKnown(sessionId));
}

/** True when `text` can mean `sessionId`. */
export function sessionIdMatches(text: string, sessionId: number): boolean {
  return parseSessionIdText(text).includes(sessionId);
}

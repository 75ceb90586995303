// SessionID of DM messages: how a notification's 16-bit Session-ID is spelled there.
import { ValueError } from '../../core/index.ts';

/**
 * The Session-ID as the SessionID element of a DM message has it: 1–4 upper-case hex digits without leading zeros
 * (DM-NOTI-1.2 §6.2.10, DM-NOTI-1.3-2010 §6.2.15, DM-NOTI-1.3 §6.4.8).
 * @throws {ValueError} OUT_OF_RANGE when it is not an integer from 1 to 65535
 */
export function sessionIdText(sessionId: number): string {
  if (!isSessionId(sessionId)) {
    throw new ValueError('OUT_OF_RANGE', 'must be an integer from 1 to 65535', 'sessionId', {
      doc: 'DM-NOTI-1.3',
      section: '6.4.8',
    });
  }
  return sessionId.toString(16).toUpperCase();
}

/**
 * The Session-IDs that a client may have meant by `text`, the likeliest first: hex in either case and with any leading
 * zeros, then decimal (spec-notes ruling 10). Empty when it can be none. The server takes the first that it knows.
 */
export function parseSessionIdText(text: string): number[] {
  const digits = text.trim().replace(/^0+/, '');
  if (!/^[0-9a-f]{1,5}$/i.test(digits)) return [];
  const candidates = [Number.parseInt(digits, 16)];
  if (/^[0-9]+$/.test(digits)) candidates.push(Number.parseInt(digits, 10));
  return [...new Set(candidates)].filter(isSessionId);
}

const isSessionId = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 0xffff;

// A received push to a notification: is it one by its content type, and which (spec-notes rulings 7 and 8).
import {
  type DecodedNotification,
  decodeNotification,
  unwrapBase64Body,
} from '../../codec/notification/index.ts';
import { DecodeError } from '../../core/index.ts';
import { contentOfPush, type ReceivedPush } from '../../push/index.ts';
import { ignored, type Verdict } from '../report/verdict.ts';

/**
 * The readings of a push, the likeliest first: one, or two where only the digest can tell which one is meant. A body of a
 * textual carrier may be Base64. `secure`: whether it may have come by secure connectionless push.
 */
export function readPush(
  push: ReceivedPush,
  secure: boolean,
): Verdict<readonly [DecodedNotification, ...DecodedNotification[]]> {
  const { code, mime } = push.contentType;
  if (contentOfPush(push) !== 'notification') {
    const shown = code === undefined ? (mime ?? 'none') : `0x${code.toString(16)}`;
    return ignored('not-a-notification', `content type ${shown}`);
  }
  if (push.binding === 'waps' && !secure) {
    return ignored(
      'wrong-binding',
      'a notification comes by non-secure connectionless push (DM-NOTI §7.1), this one came by WTLS',
    );
  }
  try {
    // A name, which is one of ours by now, does not tell the formats apart.
    const decoded =
      code === undefined
        ? decodeNotification(unwrapBase64Body(push.body))
        : decodeNotification(push.body, { contentTypeCode: code });
    return { act: [decoded, ...(decoded.alternatives ?? [])] };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    // Codecs refuse it like any other value that is not allowed; an operator wants to see it apart.
    const reason =
      error.at.path === 'sessionId' && error.code === 'BAD_VALUE' ? 'session-id-zero' : 'undecodable';
    return ignored(reason, error.message);
  }
}

// What a push says on its face, for the journal: nobody has verified it.
import { createHash } from 'node:crypto';
import { decodeNotification, unwrapBase64Body } from '../../codec/notification/index.ts';
import { DecodeError } from '../../core/index.ts';
import { contentOfPush, type ReceivedPush } from '../../push/index.ts';

/** Facts of a push. */
export interface PushFacts {
  readonly binding: string;
  readonly from: string;
  readonly octets: number;
  /** First 16 hex digits of the SHA-256 of its octets. */
  readonly digest: string;
  readonly sessionId?: number;
  readonly serverId?: string;
}

/** Reads them. */
export function factsOf(push: ReceivedPush): PushFacts {
  const { binding, from, body } = push;
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 16);
  return { binding, from, octets: body.length, digest, ...namesIn(push) };
}

function namesIn(push: ReceivedPush): { readonly sessionId?: number; readonly serverId?: string } {
  // A DM message has no place for both at its front.
  if (contentOfPush(push) !== 'notification') return {};
  const {
    body,
    contentType: { code, mime },
  } = push;
  try {
    const { sessionId, serverId } =
      code === undefined
        ? decodeNotification(unwrapBase64Body(body), mime === undefined ? {} : { mime }).message
        : decodeNotification(body, { contentTypeCode: code }).message;
    return { sessionId, serverId };
  } catch (error) {
    if (error instanceof DecodeError) return {};
    throw error;
  }
}

// What a push says on its face, for the journal: nobody has verified it.
import { createHash } from 'node:crypto';
import { decodeNotification, unwrapBase64Body } from '../../codec/notification/index.ts';
import { DecodeError } from '../../core/index.ts';
import { kindOf, type ReceivedPush } from '../../push/index.ts';

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
export function factsOf({ binding, from, body, contentType }: ReceivedPush): PushFacts {
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 16);
  return { binding, from, octets: body.length, digest, ...namesIn(body, contentType) };
}

function namesIn(
  body: Uint8Array,
  { code, mime }: ReceivedPush['contentType'],
): { readonly sessionId?: number; readonly serverId?: string } {
  // Codes of Package #0 and its media types; a DM message has no place for both at its front.
  if (mime !== undefined && kindOf(mime) !== 'notification') return {};
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

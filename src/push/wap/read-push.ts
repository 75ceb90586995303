// A datagram of DM-NOTI §7.1 as a push for the DM client, whether it came in the clear, protected or in short messages.
import { classifyPush, decodePush, type PushRejection } from '../../codec/wsp/index.ts';
import { DecodeError, messageOf } from '../../core/index.ts';
import { pushParameters, type ReceivedPush } from '../index.ts';

/** A push as its datagram says it, or why it is none for the DM client: unreadable, or a rule of §7.1.1. */
export type WapPushReading =
  | Pick<ReceivedPush, 'contentType' | 'parameters' | 'body'>
  | { readonly reason: 'malformed' | PushRejection; readonly detail: string };

/** Reads a datagram. Never throws: a fault of ours is told to `report`, and must not stop the receiver. */
export function readWapPush(datagram: Uint8Array, report: (error: unknown) => void): WapPushReading {
  try {
    const push = decodePush(datagram);
    const verdict = classifyPush(push);
    if (!verdict.accepted) return { reason: verdict.reason, detail: verdict.detail };
    const { contentType, parameters } = verdict;
    return { contentType, parameters: pushParameters(parameters), body: push.body };
  } catch (error) {
    if (!(error instanceof DecodeError)) report(error);
    return { reason: 'malformed', detail: messageOf(error) };
  }
}

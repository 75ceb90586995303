// What is left of a session that is over: enough to know a message that its client repeats because it missed the answer.
import type { Incoming } from '../contract/contract.ts';
import { isOfSession } from '../message/envelope.ts';
import type { MessageOrder, SeenMessages } from './seen-messages.ts';

/** A session that is over. */
export class PastSession {
  readonly sessionId: number | string;
  /** As `ServerSession.trustsSession`, when it ended. */
  readonly trustsSession: boolean;
  readonly #deviceId: string;
  readonly #seen: SeenMessages;

  constructor(sessionId: number | string, deviceId: string, seen: SeenMessages, trustsSession: boolean) {
    this.sessionId = sessionId;
    this.trustsSession = trustsSession;
    this.#deviceId = deviceId;
    this.#seen = seen;
  }

  /** As `ServerSession.order`. */
  order(incoming: Incoming): MessageOrder {
    const { header } = incoming.message;
    if (!isOfSession(header, this.sessionId) || header.source.uri !== this.#deviceId) return 'stale';
    return this.#seen.order(incoming);
  }
}

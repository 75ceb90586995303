// The server's end of a DM session, as a state machine without sockets (dm-messages §1.4, §3.3).
import { ReveilleError } from '../core/index.ts';
import type { Incoming, SessionEnd, SessionStep } from './contract.ts';
import type { ServerSessionOptions } from './server-options.ts';

/**
 * How a message stands to a session: `next` is new; `repeat` is the last one again, and gets the same answer; `restart`
 * is another message #1, so the client began anew and the host should make a new session; `stale` is an older or
 * contradictory one, and is ignored.
 */
export type MessageOrder = 'next' | 'repeat' | 'restart' | 'stale';

/**
 * One DM session of a server with a device. The host gives each message to `receive` and sends `step.send` as the
 * answer. After `end` it should keep the session for a while: a client that missed the last answer repeats its message
 * and gets the same answer again. Steps are computed one after the other, however calls overlap.
 */
export class ServerSession {
  readonly options: ServerSessionOptions;

  /** @throws {ValueError} when `sessionId` is not 1-65535 */
  constructor(options: ServerSessionOptions) {
    this.options = options;
  }

  /** Why the session is over; `undefined` while it runs. */
  get ended(): SessionEnd | undefined {
    return undefined;
  }

  /** True once the client has proved who it is. */
  get authenticated(): boolean {
    return false;
  }

  /** How a message stands to this session, without taking it in. */
  order(_incoming: Incoming): MessageOrder {
    throw notReady();
  }

  /** The client's next message: authenticates it, takes statuses and results, and says what to answer. Never rejects. */
  receive(_incoming: Incoming): Promise<SessionStep> {
    throw notReady();
  }

  /** Ends the session from this side: the answer to the client's next message will be Alert 1223. */
  abort(_reason: string): void {
    throw notReady();
  }

  /** The host cannot go on: the session is over, nothing goes out. */
  fail(_reason: string): SessionStep {
    throw notReady();
  }

  /**
   * The client did not send its next message in the time that the host allows. The session is completed when nothing
   * but a renewal of the server nonce was outstanding, else failed.
   */
  timeout(): SessionStep {
    throw notReady();
  }
}

function notReady(): ReveilleError {
  return new ReveilleError('NOT_READY', 'the server session is being written');
}

// The device's end of a DM session, as a state machine without sockets (dm-messages §1.4, §3.3).
import { ReveilleError } from '../core/index.ts';
import type { ClientAlert, ClientSessionOptions } from './client-options.ts';
import type { Incoming, Outgoing, SessionEnd, SessionStep } from './contract.ts';

/**
 * One DM session of a device. The host sends `step.send` to its `message.header.target.uri`, gives the answer to
 * `receive`, and stops when a step has `end`. Steps are computed one after the other, however calls overlap.
 */
export class ClientSession {
  readonly options: ClientSessionOptions;

  /** @throws {ValueError} when `sessionId` is not 1-65535 */
  constructor(options: ClientSessionOptions) {
    this.options = options;
  }

  /** Why the session is over; `undefined` while it runs. */
  get ended(): SessionEnd | undefined {
    return undefined;
  }

  /** Package #1. To be called once, first. */
  start(): SessionStep {
    throw notReady();
  }

  /** The server's next message: verifies it, carries out its commands, and says what to answer. Never rejects. */
  receive(_incoming: Incoming): Promise<SessionStep> {
    throw notReady();
  }

  /** The last message sent, to be sent again unchanged when no answer came; `undefined` when none is waited for. */
  repeat(): Outgoing | undefined {
    throw notReady();
  }

  /** Adds an Alert 1224 or 1226 to the next message that goes out. */
  queueAlert(_alert: ClientAlert): void {
    throw notReady();
  }

  /** Ends the session from this side: Alert 1223 goes out when the session has begun. */
  abort(_reason: string): SessionStep {
    throw notReady();
  }

  /** The host cannot go on (connection refused, HTTP error, bad octets): the session is over, nothing goes out. */
  fail(_reason: string): SessionStep {
    throw notReady();
  }

  /** The server did not answer in the time that the host allows. */
  timeout(): SessionStep {
    throw notReady();
  }
}

function notReady(): ReveilleError {
  return new ReveilleError('NOT_READY', 'the client session is being written');
}

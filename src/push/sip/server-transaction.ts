// The server's side of a request other than INVITE: a request that comes again gets the same answer (RFC 3261 §17.2.2).
import type { Clock, Timer } from '../../core/index.ts';
import { type SipTimers, transactionMs } from './timers.ts';

/**
 * Octets of an answer that is remembered. A longer one is not: whoever sends a long request chooses its length, and one that
 * comes again is answered anew.
 */
export const longestRemembered = 2048;

/** What a transaction needs. */
export interface ServerTransactionOptions {
  readonly clock: Clock;
  readonly timers: SipTimers;
  /** True over TCP and TLS: no request comes twice. */
  readonly reliable: boolean;
  /** Sends a response to where the request came from, which has `octets`. */
  readonly send: (response: Uint8Array, octets: number) => void;
  /** Octets of the request. */
  readonly octets: number;
  /** Called once, when the transaction is over and can be forgotten. */
  readonly terminated: () => void;
}

/** One request that is being answered. */
export class ServerTransaction {
  readonly #options: ServerTransactionOptions;
  #state: 'trying' | 'proceeding' | 'completed' | 'terminated' = 'trying';
  #last: Uint8Array | undefined;
  #timer: Timer | undefined;

  constructor(options: ServerTransactionOptions) {
    this.#options = options;
  }

  get state(): string {
    return this.#state;
  }

  /** The request came again, this time in `octets`. */
  receiveAgain(octets: number): void {
    if (this.#last !== undefined) this.#options.send(this.#last, octets);
  }

  /** Answers; a second final response is discarded (§17.2.2). */
  respond(response: Uint8Array, final: boolean): void {
    if (this.#state === 'completed' || this.#state === 'terminated') return;
    this.#last = response;
    this.#options.send(response, this.#options.octets);
    if (!final) {
      this.#state = 'proceeding';
      return;
    }
    this.#state = 'completed';
    const { clock, timers, reliable } = this.#options;
    // Timer J.
    if (reliable || response.length > longestRemembered) this.abandon();
    else this.#timer = clock.after(transactionMs(timers), () => this.abandon());
  }

  /** Forgets the transaction. */
  abandon(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#timer?.cancel();
    this.#options.terminated();
  }
}

// The client's side of a request other than INVITE: sends again until an answer comes (RFC 3261 §17.1.2).
import type { SipResponse } from '../../codec/sip/index.ts';
import type { Clock, Timer } from '../../core/index.ts';
import { type SipTimers, transactionMs } from './timers.ts';

/** How a transaction ended. */
export type TransactionEnd =
  | { readonly kind: 'response'; readonly response: SipResponse }
  /** Timer F: nobody gave a final answer. */
  | { readonly kind: 'timeout' }
  /** The transport could not carry the request. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** What a transaction needs. */
export interface ClientTransactionOptions {
  readonly clock: Clock;
  readonly timers: SipTimers;
  /** True over TCP and TLS: nothing is sent twice. */
  readonly reliable: boolean;
  /** True when somebody else absorbs answers that come again (timer K): it is over with its final answer. Default false. */
  readonly absorbed?: boolean;
  /** Sends the request. */
  send(): void;
  /** Called once, with the final response or why there is none. */
  ended(end: TransactionEnd): void;
  /** Called once, when the transaction is over and can be forgotten. */
  terminated(): void;
}

/** One request on its way. */
export class ClientTransaction {
  readonly #options: ClientTransactionOptions;
  #state: 'new' | 'trying' | 'proceeding' | 'completed' | 'terminated' = 'new';
  #pauseMs: number;
  #resend: Timer | undefined;
  #limit: Timer | undefined;

  constructor(options: ClientTransactionOptions) {
    this.#options = options;
    this.#pauseMs = options.timers.t1Ms;
  }

  get state(): string {
    return this.#state;
  }

  /** Sends the request for the first time. */
  start(): void {
    if (this.#state !== 'new') return;
    const { clock, timers, reliable } = this.#options;
    this.#state = 'trying';
    this.#limit = clock.after(transactionMs(timers), () => this.#end({ kind: 'timeout' }));
    if (!reliable) this.#arm();
    this.#options.send();
  }

  /** A response whose branch and method are those of this transaction. */
  receive(response: SipResponse): void {
    if (this.#state !== 'trying' && this.#state !== 'proceeding') return;
    if (response.status < 200) {
      if (this.#state === 'trying' && !this.#options.reliable) {
        // Timer E starts again from T2: somebody has the request (§17.1.2.2).
        this.#pauseMs = this.#options.timers.t2Ms;
        this.#arm();
      }
      this.#state = 'proceeding';
      return;
    }
    this.#stopTimers();
    this.#state = 'completed';
    this.#options.ended({ kind: 'response', response });
    if (this.#options.reliable || this.#options.absorbed === true) {
      this.#terminate();
    } else {
      // Timer K: answers to what was sent again are absorbed.
      const { clock, timers } = this.#options;
      this.#limit = clock.after(timers.t4Ms, () => this.#terminate());
    }
  }

  /** The transport reports that it cannot carry the request. */
  fail(error: unknown): void {
    this.#end({ kind: 'failed', error });
  }

  /** Forgets the transaction without a word. */
  abandon(): void {
    this.#terminate();
  }

  /** Timer E: at T1, then twice as long each time up to T2. */
  #arm(): void {
    const { clock, timers } = this.#options;
    this.#resend?.cancel();
    this.#resend = clock.after(this.#pauseMs, () => {
      this.#pauseMs = this.#state === 'trying' ? Math.min(this.#pauseMs * 2, timers.t2Ms) : timers.t2Ms;
      this.#arm();
      this.#options.send();
    });
  }

  #end(end: TransactionEnd): void {
    if (this.#state === 'completed' || this.#state === 'terminated') return;
    this.#state = 'completed';
    this.#options.ended(end);
    this.#terminate();
  }

  #terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#stopTimers();
    this.#options.terminated();
  }

  #stopTimers(): void {
    this.#resend?.cancel();
    this.#limit?.cancel();
  }
}

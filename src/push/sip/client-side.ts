// The requests of an end point that are on their way (RFC 3261 §17.1.3).
import { readResponseKey, type SipResponse } from '../../codec/sip/index.ts';
import { type Clock, sharedTimers } from '../../core/index.ts';
import { closedError, unwatchAbort, watchAbort } from '../index.ts';
import { AnsweredKeys } from './answered-keys.ts';
import {
  ClientTransaction,
  type ClientTransactionOptions,
  type TransactionEnd,
} from './client-transaction.ts';
import type { SipFlow } from './flow.ts';
import type { SipTimers } from './timers.ts';

const closing = closedError('sip end point');

/** How a request ended. */
export type ExchangeEnd = TransactionEnd | { readonly kind: 'aborted' };

/** A request to carry out. */
export interface ExchangeOptions {
  /** Tells it from all others: its branch and its method. */
  readonly key: string;
  readonly octets: Uint8Array;
  readonly flow: SipFlow;
  readonly signal: AbortSignal;
}

/** Holds client transactions by branch and method. */
export class ClientSide {
  readonly clock: Clock;
  readonly timers: SipTimers;
  readonly #exchanges = new Map<string, Exchange>();
  /** Of requests over UDP. */
  readonly #answered: AnsweredKeys;

  constructor(clock: Clock, timers: SipTimers) {
    // Each request has two, of a few lengths.
    this.clock = sharedTimers(clock);
    this.timers = timers;
    this.#answered = new AnsweredKeys(clock, timers.t4Ms);
  }

  /** Sends a request, again and again where the way asks for it, until there is an end. Never rejects. */
  transact(options: ExchangeOptions): Promise<ExchangeEnd> {
    return new Promise((resolve) => {
      const exchange = new Exchange(this, options, resolve);
      this.#exchanges.set(options.key, exchange);
      exchange.start();
    });
  }

  /** Hands a response to its transaction; false when there is none. @throws {DecodeError} when it cannot be told */
  take(response: SipResponse): boolean {
    const { branch, method } = readResponseKey(response);
    const key = keyOf(branch, method);
    const exchange = this.#exchanges.get(key);
    exchange?.transaction.receive(response);
    return exchange !== undefined || this.#answered.has(key);
  }

  /** No response belongs to it any more. */
  forget(key: string): void {
    this.#exchanges.delete(key);
  }

  /** It was answered: the same answer may come again, and is nothing new. */
  absorb(key: string): void {
    this.#answered.add(key);
  }

  /** Gives all of them up. */
  close(): void {
    for (const { transaction } of this.#exchanges.values()) transaction.abandon();
    this.#answered.clear();
  }
}

/** What tells a request from all others. */
export function keyOf(branch: string, method: string): string {
  return `${branch} ${method}`;
}

/** One request and who waits for its end. */
class Exchange implements ClientTransactionOptions {
  readonly transaction: ClientTransaction;
  readonly clock: Clock;
  readonly timers: SipTimers;
  readonly reliable: boolean;
  readonly absorbed = true;
  readonly #side: ClientSide;
  readonly #key: string;
  #waiting: (ExchangeOptions & { readonly resolve: (end: ExchangeEnd) => void }) | undefined;
  #unwatchFlow: (() => void) | undefined;

  readonly #abort = (): void => {
    this.#settle({ kind: 'aborted' });
    this.transaction.abandon();
  };
  readonly #fail = (error: unknown): void => this.transaction.fail(error);

  constructor(side: ClientSide, options: ExchangeOptions, resolve: (end: ExchangeEnd) => void) {
    this.clock = side.clock;
    this.timers = side.timers;
    this.reliable = options.flow.reliable;
    this.#side = side;
    this.#key = options.key;
    this.#waiting = { ...options, resolve };
    this.transaction = new ClientTransaction(this);
  }

  start(): void {
    if (this.#waiting === undefined) return;
    const { signal, flow } = this.#waiting;
    watchAbort(signal, this.#abort);
    if (flow.reliable) this.#unwatchFlow = flow.onClosed(this.#fail);
    this.transaction.start();
  }

  send(): void {
    this.#waiting?.flow.send(this.#waiting.octets, this.#fail);
  }

  ended(end: TransactionEnd): void {
    if (end.kind === 'response' && !this.reliable) this.#side.absorb(this.#key);
    this.#settle(end);
  }

  terminated(): void {
    this.#side.forget(this.#key);
    // After an end this changes nothing; without one the end point is closing.
    this.#settle({ kind: 'failed', error: closing });
  }

  #settle(end: ExchangeEnd): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    unwatchAbort(waiting.signal, this.#abort);
    this.#unwatchFlow?.();
    this.#unwatchFlow = undefined;
    waiting.resolve(end);
  }
}

// The requests of an end point that are on their way (RFC 3261 §17.1.3).
import { readResponseKey, type SipResponse } from '../../codec/sip/index.ts';
import type { Clock } from '../../core/index.ts';
import { closedError } from '../index.ts';
import { ClientTransaction, type TransactionEnd } from './client-transaction.ts';
import type { SipFlow } from './flow.ts';
import type { SipTimers } from './timers.ts';

const closing = closedError('sip end point');

/** Holds client transactions by branch and method. */
export class ClientSide {
  readonly #clock: Clock;
  readonly #timers: SipTimers;
  readonly #transactions = new Map<string, ClientTransaction>();

  constructor(clock: Clock, timers: SipTimers) {
    this.#clock = clock;
    this.#timers = timers;
  }

  /** Sends a request, again and again where the way asks for it, until there is an end. Never rejects. */
  transact(
    branch: string,
    method: string,
    octets: Uint8Array,
    flow: SipFlow,
    signal: AbortSignal,
  ): Promise<TransactionEnd | { readonly kind: 'aborted' }> {
    const key = `${branch} ${method}`;
    return new Promise((resolve) => {
      let unwatch = (): void => {};
      // Removed with the answer, not with timer K: a signal that many pushes share would gather listeners.
      const settle = (end: TransactionEnd | { readonly kind: 'aborted' }): void => {
        signal.removeEventListener('abort', onAbort);
        unwatch();
        resolve(end);
      };
      const onAbort = (): void => {
        settle({ kind: 'aborted' });
        transaction.abandon();
      };
      const transaction = new ClientTransaction({
        clock: this.#clock,
        timers: this.#timers,
        reliable: flow.reliable,
        send: () => flow.send(octets, (error) => transaction.fail(error)),
        ended: settle,
        terminated: () => {
          this.#transactions.delete(key);
          // After an end this changes nothing; without one the end point is closing.
          settle({ kind: 'failed', error: closing });
        },
      });
      signal.addEventListener('abort', onAbort, { once: true });
      this.#transactions.set(key, transaction);
      unwatch = flow.onClosed((error) => transaction.fail(error));
      transaction.start();
    });
  }

  /** Hands a response to its transaction; false when there is none. @throws {DecodeError} when it cannot be told */
  take(response: SipResponse): boolean {
    const { branch, method } = readResponseKey(response);
    const transaction = this.#transactions.get(`${branch} ${method}`);
    transaction?.receive(response);
    return transaction !== undefined;
  }

  /** Gives all of them up. */
  close(): void {
    for (const transaction of this.#transactions.values()) transaction.abandon();
  }
}

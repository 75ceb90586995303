// Pushes that wait for a handshake: one handshake serves all that are for the same device.
import type { PushError } from '../../core/index.ts';
import { abortError } from '../index.ts';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: PushError) => void;
}

/** Waiting pushes by peer. */
export class Handshakes {
  readonly #waiting = new Map<string, Set<Waiter>>();
  readonly #abandoned: (peer: string) => void;

  /** `abandoned` is called when nobody waits for a peer's handshake any more. */
  constructor(abandoned: (peer: string) => void) {
    this.#abandoned = abandoned;
  }

  /** Resolves when the handshake is done. @throws {PushError} when it failed, or the signal aborts */
  wait(peer: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiters = this.#waiting.get(peer) ?? new Set<Waiter>();
      this.#waiting.set(peer, waiters);
      const abort = (): void => {
        waiters.delete(waiter);
        reject(abortError(signal));
        if (waiters.size > 0 || this.#waiting.get(peer) !== waiters) return;
        this.#waiting.delete(peer);
        this.#abandoned(peer);
      };
      const waiter: Waiter = {
        resolve: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
        reject: (error) => {
          signal.removeEventListener('abort', abort);
          reject(error);
        },
      };
      waiters.add(waiter);
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** The handshake is done. */
  done(peer: string): void {
    for (const { resolve } of this.#take(peer)) resolve();
  }

  /** The handshake failed. */
  failed(peer: string, error: PushError): void {
    for (const { reject } of this.#take(peer)) reject(error);
  }

  #take(peer: string): Iterable<Waiter> {
    const waiters = this.#waiting.get(peer) ?? [];
    this.#waiting.delete(peer);
    return waiters;
  }
}

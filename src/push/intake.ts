// What every receiver does with what arrives: it is handed over, or dropped for a reason and counted, so that what was
// received is always the sum of both.
import type { ReceivedPush } from './binding.ts';
import type { DroppedPush, ReceiverCounters } from './receiver.ts';

/** Pushes whose handler has not finished, at most, where nothing else is said. */
export const defaultMaxPending = 256;

/** Counters by the reasons of one receiver. */
export interface IntakeCounters<Reason extends string> extends ReceiverCounters {
  readonly dropped: Readonly<Record<Reason, number>>;
}

/** Settings of an intake: what the receiver was given by its own caller. */
export interface IntakeOptions<Reason extends string, Received extends ReceivedPush> {
  /** Name of the binding. */
  readonly binding: string;
  /** Every reason for which it drops. */
  readonly reasons: readonly Reason[];
  readonly handler: (push: Received) => unknown;
  readonly onDrop?: ((drop: DroppedPush & { readonly reason: Reason }) => void) | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Pushes whose handler has not finished, at most. Default: no bound, for receivers that wait for each handler. */
  readonly maxPending?: number | undefined;
}

/** What came of a handler. */
export type Handled =
  | { readonly ok: true; readonly said: unknown }
  | { readonly ok: false; readonly error: unknown };

/** Hands pushes over, and counts. */
export class PushIntake<Reason extends string, Received extends ReceivedPush = ReceivedPush> {
  readonly #options: IntakeOptions<Reason, Received>;
  readonly #maxPending: number;
  readonly #dropped: Record<Reason, number>;
  #accepted = 0;
  #pending = 0;
  #handlerErrors = 0;

  constructor(options: IntakeOptions<Reason, Received>) {
    this.#options = options;
    this.#maxPending = options.maxPending ?? Number.POSITIVE_INFINITY;
    this.#dropped = Object.fromEntries(options.reasons.map((reason) => [reason, 0])) as Record<
      Reason,
      number
    >;
  }

  /** Why there is no room for one more push; `undefined` where there is. */
  get full(): string | undefined {
    return this.#pending < this.#maxPending ? undefined : `${this.#pending} pushes are being handled`;
  }

  /** Counts a push as accepted; what it returns hands it over, once. That never rejects. */
  accept(push: Received): () => Promise<Handled> {
    this.#accepted += 1;
    this.#pending += 1;
    return async () => {
      try {
        return { ok: true, said: await this.#options.handler(push) };
      } catch (error) {
        this.#handlerErrors += 1;
        this.report(error);
        return { ok: false, error };
      } finally {
        this.#pending -= 1;
      }
    };
  }

  /** Accepts a push and hands it over. Never rejects. */
  hand(push: Received): Promise<Handled> {
    return this.accept(push)();
  }

  /** Counts something dropped and tells the log: what was found, where it claims to come from, and its size. */
  drop(reason: Reason, detail: string, from: string, octets: number): void {
    this.#dropped[reason] += 1;
    const { binding, onDrop } = this.#options;
    this.tell(() => onDrop?.({ binding, from, reason, detail, octets }));
  }

  /** Tells the log of an error. */
  report(error: unknown): void {
    try {
      this.#options.onError?.(error);
    } catch {
      // A log that fails must not stop the receiver.
    }
  }

  /** Calls something of the caller's; what it throws is reported. */
  tell(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.report(error);
    }
  }

  /** A snapshot. */
  counters(): IntakeCounters<Reason> {
    const dropped = { ...this.#dropped };
    const drops = Object.values<number>(dropped).reduce((sum, count) => sum + count, 0);
    return {
      received: this.#accepted + drops,
      accepted: this.#accepted,
      dropped,
      handlerErrors: this.#handlerErrors,
    };
  }
}

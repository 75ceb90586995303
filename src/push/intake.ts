// What every receiver does with what arrives: it is handed over, or dropped for a reason and counted, so that what was
// received is always the sum of both.
import { sourceOf, wholeNumber } from '../core/index.ts';
import type { ReceivedPush } from './binding.ts';
import { contentOfPush } from './content-kind.ts';
import { addressIn } from './peer-name.ts';
import type { DroppedPush, ReceiverCounters } from './receiver.ts';

/** Bounds of what an intake has handed over and not back yet, as every receiver that does not wait for it takes them. */
export interface PendingBounds {
  /** Pushes whose handler has not finished, at most; more are refused, or dropped, as `busy`. Default 256. */
  readonly maxPending?: number | undefined;
  /** The same for one source: an IPv4 address, an IPv6 network of 64 bits, a telephone number. Default 64. */
  readonly maxPendingPerSource?: number | undefined;
}

/** Defaults of `PendingBounds`. */
export const pendingDefaults = Object.freeze({ maxPending: 256, maxPendingPerSource: 64 });

/** Counters by the reasons of one receiver. */
export interface IntakeCounters<Reason extends string> extends ReceiverCounters {
  readonly dropped: Readonly<Record<Reason, number>>;
}

/** Settings of an intake: what the receiver was given by its own caller. */
export interface IntakeOptions<Reason extends string, Received extends ReceivedPush> extends PendingBounds {
  /** Name of the binding. */
  readonly binding: string;
  /** Every reason for which it drops. */
  readonly reasons: readonly Reason[];
  readonly handler: (push: Received) => unknown;
  readonly onDrop?: ((drop: DroppedPush & { readonly reason: Reason }) => void) | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What came of a handler. */
export type Handled =
  | { readonly ok: true; readonly said: unknown }
  | { readonly ok: false; readonly error: unknown };

/** Hands pushes over, and counts. */
export class PushIntake<Reason extends string, Received extends ReceivedPush = ReceivedPush> {
  readonly #options: IntakeOptions<Reason, Received>;
  readonly #maxPending: number;
  readonly #maxPendingPerSource: number;
  /** Pushes whose handler has not finished, by source. */
  readonly #pendingOf = new Map<string, number>();
  readonly #dropped: Record<Reason, number>;
  #accepted = 0;
  #pending = 0;
  #handlerErrors = 0;

  /** @throws {ValueError} OUT_OF_RANGE for a bound */
  constructor(options: IntakeOptions<Reason, Received>) {
    const whole = (name: keyof typeof pendingDefaults): number =>
      wholeNumber(options[name] ?? pendingDefaults[name], 1, 1_000_000, name);
    this.#options = options;
    this.#maxPending = whole('maxPending');
    this.#maxPendingPerSource = whole('maxPendingPerSource');
    this.#dropped = Object.fromEntries(options.reasons.map((reason) => [reason, 0])) as Record<
      Reason,
      number
    >;
  }

  /** Why there is no room for one more push from there; `undefined` where there is. */
  full(from: string): string | undefined {
    if (this.#pending >= this.#maxPending) return `${this.#pending} pushes are being handled`;
    const own = this.#pendingOf.get(sourceOf(addressIn(from))) ?? 0;
    return own < this.#maxPendingPerSource ? undefined : `${own} pushes of this source are being handled`;
  }

  /** Counts a push as accepted, and says what it carries; what it returns hands it over, once. That never rejects. */
  accept(given: Received): () => Promise<Handled> {
    const content = contentOfPush(given);
    const push: Received = content === undefined ? given : { ...given, content };
    const source = sourceOf(addressIn(push.from));
    this.#accepted += 1;
    this.#pending += 1;
    this.#pendingOf.set(source, (this.#pendingOf.get(source) ?? 0) + 1);
    return async () => {
      try {
        return { ok: true, said: await this.#options.handler(push) };
      } catch (error) {
        this.#handlerErrors += 1;
        this.report(error);
        return { ok: false, error };
      } finally {
        this.#pending -= 1;
        const left = (this.#pendingOf.get(source) ?? 1) - 1;
        if (left > 0) this.#pendingOf.set(source, left);
        else this.#pendingOf.delete(source);
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

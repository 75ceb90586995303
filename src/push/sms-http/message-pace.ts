// Messages by their pace: those of the push that came first go first, so that pushes are whole one after the other and not all
// half out when the time of their attempts ends.
import { type Clock, PushError, ValueError } from '../../core/index.ts';
import { abortError, closedError, PacedCarriers } from '../index.ts';

/** Seconds from the first to the last of so many messages. */
export function leavingSeconds(messages: number, perSecond: number): number {
  return Math.ceil((messages - 1) / perSecond);
}

/** Whether they leave within one attempt: what takes longer would be begun, and charged, again and again. */
export function leavesInTime(messages: number, perSecond: number, attemptMs: number): boolean {
  return leavingSeconds(messages, perSecond) * 1000 <= attemptMs;
}

/**
 * Pushes that are let in for each message in a second are the time of an attempt divided by this, in milliseconds: 5 for 90 s. Of ten
 * messages each they leave within five ninths of it.
 */
const msEach = 18_000;

/** A message that waits. */
interface Waiting {
  /** Of its push: the smaller came first. */
  readonly turn: number;
  readonly enter: () => void;
  readonly refuse: (error: PushError) => void;
}

/** The pace of one road. */
export class MessagePace {
  /** Pushes that may be under way at once. */
  readonly places: number;
  readonly #perSecond: number;
  readonly #attemptMs: number;
  /** By push, first come first served within one. */
  readonly #waiting: Waiting[] = [];
  readonly #pace: PacedCarriers<undefined>;
  readonly #end = new AbortController();
  #turns = 0;
  /** A turn of the pace is waited for. */
  #asked = false;

  /**
   * `perSecond` messages, more than 0; `attemptMs` is what an attempt has, in milliseconds.
   * @throws {ValueError} OUT_OF_RANGE, with the path `throughput`
   */
  constructor(perSecond: number, attemptMs: number, clock: Clock) {
    if (!(perSecond > 0 && perSecond < Number.POSITIVE_INFINITY)) {
      throw new ValueError('OUT_OF_RANGE', `${perSecond} is not more than 0`, 'throughput');
    }
    this.#perSecond = perSecond;
    this.#attemptMs = attemptMs;
    this.places = Math.min(1_000_000, Math.max(1, Math.floor((perSecond * attemptMs) / msEach)));
    const pace = new Map([['messages', { perSecond, places: 1_000_000 }]]);
    this.#pace = new PacedCarriers<undefined>(pace, () => 'messages', clock);
  }

  /**
   * The turn of a push of so many messages, for each of which it is given to `run`.
   * @throws {PushError} THROUGHPUT, not taken, where they cannot leave within one attempt: another road may have it
   */
  begin(messages: number): number {
    if (!leavesInTime(messages, this.#perSecond, this.#attemptMs)) {
      const seconds = leavingSeconds(messages, this.#perSecond);
      const text = `${messages} messages at ${this.#perSecond} in a second (throughput) need ${seconds} s, more than the ${this.#attemptMs / 1000} s of an attempt`;
      throw new PushError('THROUGHPUT', text, true, { notTaken: true });
    }
    this.#turns += 1;
    return this.#turns;
  }

  /** Does work when it is its turn. @throws {PushError} ABORTED, or CLOSED, while it waits */
  run<T>(turn: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(abortError(signal));
    if (this.#end.signal.aborted) return Promise.reject(closedError('carrier'));
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        signal.removeEventListener('abort', abort);
      };
      const abort = (): void => waiting.refuse(abortError(signal));
      const waiting: Waiting = {
        turn,
        enter: () => {
          leave();
          work().then(resolve, reject);
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      const later = this.#waiting.findIndex((other) => other.turn > turn);
      this.#waiting.splice(later === -1 ? this.#waiting.length : later, 0, waiting);
      signal.addEventListener('abort', abort, { once: true });
      this.#ask();
    });
  }

  /** Who waits is refused. */
  close(): void {
    this.#end.abort();
    this.#pace.close();
    for (const waiting of [...this.#waiting]) waiting.refuse(closedError('carrier'));
  }

  /** Waits for one turn of the pace, whoever has it then. */
  #ask(): void {
    if (this.#asked || this.#waiting.length === 0) return;
    this.#asked = true;
    const taken = this.#pace.run(undefined, this.#end.signal, async () => {
      this.#asked = false;
      this.#waiting[0]?.enter();
    });
    taken.then(
      () => this.#ask(),
      () => {},
    );
  }
}

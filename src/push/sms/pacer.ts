// How fast a link may send: a configured throughput, and what refusals of the centre teach. ESME_RTHROTTLED and
// ESME_RMSGQFUL slow a link down; they do not fail a message.
import type { Clock, Timer } from '../../core/index.ts';

/** Settings of a pacer. */
export interface PacerOptions {
  readonly clock: Clock;
  /** Messages a second; absent: no limit of ours. */
  readonly throughput?: number | undefined;
  /** First pause after a refusal, in milliseconds; it doubles up to `maxPauseMs` while refusals follow each other. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
  /** Called when a message may be sent after `take` had said no. */
  readonly onReady: () => void;
}

/** Lowest rate that refusals lead to, in messages a second. */
const lowestRate = 1;
/** What may be caught up after a late timer, in milliseconds. */
const catchUpMs = 10;

/** Paces one link. */
export class Pacer {
  readonly #options: PacerOptions;
  /** Messages a second now. */
  #rate: number;
  /** The rate that recovery aims at: what was sent when the first refusal came, or the configured throughput. */
  #ceiling = Number.POSITIVE_INFINITY;
  /** When the next message is due, on the clock. */
  #nextAt = 0;
  #pausedUntil = 0;
  #pauseMs = 0;
  #raisedAt = 0;
  #timer: Timer | undefined;
  // What was sent in this second and in the one before.
  #second = 0;
  #sent = 0;
  #sentBefore = 0;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#rate = options.throughput ?? Number.POSITIVE_INFINITY;
  }

  /** Messages a second, for a status; infinite without a limit. */
  get rate(): number {
    return this.#rate;
  }

  /** True between a refusal and the end of its pause. */
  get paused(): boolean {
    return this.#options.clock.monotonic() < this.#pausedUntil;
  }

  /** Takes the right to send one message now. False: not yet; `onReady` follows. */
  take(): boolean {
    const now = this.#options.clock.monotonic();
    if (now < this.#pausedUntil) return this.#later(this.#pausedUntil - now);
    if (this.#rate !== Number.POSITIVE_INFINITY) {
      if (now < this.#nextAt) return this.#later(this.#nextAt - now);
      this.#nextAt = Math.max(this.#nextAt, now - catchUpMs) + 1000 / this.#rate;
    }
    this.#count(now);
    return true;
  }

  /** The centre refused a message because it gets too many. */
  throttled(): void {
    const { clock, pauseMs, maxPauseMs } = this.#options;
    const now = clock.monotonic();
    // Those that were in flight together are one refusal.
    if (now < this.#pausedUntil) return;
    if (this.#rate === Number.POSITIVE_INFINITY) {
      this.#count(now, 0);
      this.#ceiling = Math.max(this.#sent, this.#sentBefore, lowestRate);
      this.#rate = this.#ceiling;
    } else if (this.#ceiling === Number.POSITIVE_INFINITY) this.#ceiling = this.#rate;
    this.#rate = Math.max(this.#rate / 2, Math.min(lowestRate, this.#ceiling));
    this.#pauseMs = Math.min(this.#pauseMs === 0 ? pauseMs : this.#pauseMs * 2, maxPauseMs);
    this.#pausedUntil = now + this.#pauseMs;
    this.#raisedAt = this.#pausedUntil;
  }

  /** The centre took a message: the rate recovers by a tenth of what it was, once a second. */
  accepted(): void {
    if (this.#ceiling === Number.POSITIVE_INFINITY) return;
    const now = this.#options.clock.monotonic();
    if (now < this.#pausedUntil) return;
    this.#pauseMs = 0;
    if (now - this.#raisedAt < 1000) return;
    this.#raisedAt = now;
    this.#rate += this.#ceiling / 10;
    if (this.#rate < this.#ceiling) return;
    this.#ceiling = Number.POSITIVE_INFINITY;
    this.#rate = this.#options.throughput ?? Number.POSITIVE_INFINITY;
  }

  /** Stops its timer. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #later(delayMs: number): false {
    this.#timer ??= this.#options.clock.after(Math.ceil(delayMs), () => {
      this.#timer = undefined;
      this.#options.onReady();
    });
    return false;
  }

  #count(now: number, messages = 1): void {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#sentBefore = second === this.#second + 1 ? this.#sent : 0;
      this.#sent = 0;
      this.#second = second;
    }
    this.#sent += messages;
  }
}

// How fast a link may send: a configured throughput, and what refusals of the centre teach. ESME_RTHROTTLED slows a link
// down and does not fail a message. The rate is halved by a refusal and grows again every second by itself, so that it is
// back within seconds of the centre's being able to take more.
import type { Clock, Timer } from '../../../core/index.ts';

/** Settings of a pacer. */
export interface PacerOptions {
  readonly clock: Clock;
  /** Messages a second; absent: no limit of ours. */
  readonly throughput?: number | undefined;
  /**
   * First pause after a refusal, in milliseconds; while nothing is taken between refusals it doubles, up to
   * `maxPauseMs` and 5000.
   */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
  /** Called when a message may be sent after `take` had said no. */
  readonly onReady: () => void;
}

/** Lowest rate that refusals lead to, in messages a second. */
const lowestRate = 1;
/** What may be caught up after a late timer, in milliseconds. */
const catchUpMs = 10;
/** Longest pause after a refusal, in milliseconds: who pauses for longer does not come back within seconds. */
const longestPauseMs = 5000;
/** A part of the rate of the last refusal by which it grows each second until it is there again. */
const growth = 1 / 10;
/** The factor by which it grows each second beyond: nothing says any more where the limit is. */
const probing = 1.5;
/** The rate from which there is no limit again, in messages a second. */
const boundless = 10_000;
/** Seconds of growth that are looked at: after them every rate is back. */
const enoughSeconds = 64;

/** Paces one link. */
export class Pacer {
  readonly #options: PacerOptions;
  /** The configured rate. */
  readonly #limit: number;
  /** Messages a second now. */
  #rate: number;
  /** The rate at which the last refusal came. */
  #knee = Number.POSITIVE_INFINITY;
  /** When the next message is due, on the clock. */
  #nextAt = 0;
  #refusedAt = Number.NEGATIVE_INFINITY;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #pauseMs = 0;
  #grownAt = 0;
  #timer: Timer | undefined;
  /** What it was before full queues alone slowed it down. */
  #beforeFull: { readonly rate: number; readonly knee: number } | undefined;
  // What was sent in this second and in the one before.
  #second = 0;
  #sent = 0;
  #sentBefore = 0;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#limit = options.throughput ?? Number.POSITIVE_INFINITY;
    this.#rate = this.#limit;
  }

  /** Messages a second, for a status; infinite without a limit. */
  get rate(): number {
    this.#grow(this.#options.clock.monotonic());
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
    this.#grow(now);
    if (this.#rate !== Number.POSITIVE_INFINITY) {
      if (now < this.#nextAt) return this.#later(this.#nextAt - now);
      this.#nextAt = Math.max(this.#nextAt, now - catchUpMs) + 1000 / this.#rate;
    }
    this.#count(now);
    return true;
  }

  /** How many messages may be sent within `withinMs` from now; infinite without a limit. 0: `onReady` follows. */
  allowance(withinMs: number): number {
    const now = this.#options.clock.monotonic();
    const paused = this.#pausedUntil - now;
    if (paused > 0) {
      this.#later(paused);
      return 0;
    }
    this.#grow(now);
    if (this.#rate === Number.POSITIVE_INFINITY) return this.#rate;
    const left = withinMs - Math.max(this.#nextAt - now, 0);
    if (left >= 0) return 1 + Math.floor((left * this.#rate) / 1000);
    this.#later(-left);
    return 0;
  }

  /**
   * The centre refused a message because it gets too many.
   * @param sentAt when the message was sent, on the monotonic clock: those that were in flight together are one refusal
   */
  throttled(sentAt: number): void {
    if (sentAt <= this.#refusedAt) return;
    this.#beforeFull = undefined;
    const { pauseMs, maxPauseMs } = this.#options;
    const longest = Math.min(maxPauseMs, longestPauseMs);
    this.#pauseMs = Math.min(this.#pauseMs === 0 ? pauseMs : this.#pauseMs * 2, longest);
    this.#slowDown();
  }

  /**
   * The centre's own queue seems to be full: as `throttled`, but for a pause that does not grow, and an end as soon as the
   * centre takes a message.
   * @param sentAt as of `throttled`
   */
  full(sentAt: number): void {
    if (sentAt <= this.#refusedAt) return;
    this.#grow(this.#options.clock.monotonic());
    this.#beforeFull ??= { rate: this.#rate, knee: this.#knee };
    this.#pauseMs = Math.min(this.#options.pauseMs, this.#options.maxPauseMs, longestPauseMs);
    this.#slowDown();
  }

  #slowDown(): void {
    const now = this.#options.clock.monotonic();
    this.#grow(now);
    this.#count(now, 0);
    const unlimited = this.#rate === Number.POSITIVE_INFINITY;
    this.#knee = unlimited ? Math.max(this.#sent, this.#sentBefore, lowestRate) : this.#rate;
    this.#rate = Math.max(this.#knee / 2, Math.min(lowestRate, this.#knee));
    this.#refusedAt = now;
    this.#pausedUntil = now + this.#pauseMs;
    this.#nextAt = this.#pausedUntil;
    this.#grownAt = this.#pausedUntil;
  }

  /**
   * The centre took a message that was sent at `sentAt`. What waited because of `full` may go at once: `take` is to be asked
   * again.
   */
  accepted(sentAt: number): void {
    if (sentAt > this.#refusedAt) this.#pauseMs = 0;
    const before = this.#beforeFull;
    if (before === undefined) return;
    this.#beforeFull = undefined;
    this.#rate = before.rate;
    this.#knee = before.knee;
    this.#pausedUntil = Number.NEGATIVE_INFINITY;
    this.#nextAt = this.#options.clock.monotonic();
    this.#grownAt = this.#nextAt;
    this.#pauseMs = 0;
    // What waited is asked for again by whoever tells of the message.
    this.close();
  }

  /** Stops its timer. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Each whole second since the last refusal lets more through: a tenth of what was too much, and half more beyond. */
  #grow(now: number): void {
    if (this.#knee === Number.POSITIVE_INFINITY) return;
    const seconds = Math.min(Math.floor((now - this.#grownAt) / 1000), enoughSeconds);
    if (seconds < 1) return;
    this.#grownAt += Math.floor((now - this.#grownAt) / 1000) * 1000;
    for (let second = 0; second < seconds; second += 1) {
      const step = this.#knee * growth;
      // Sums of tenths fall short of the whole by less than anybody can send.
      if (this.#rate < this.#knee - step / 2) this.#rate = Math.min(this.#rate + step, this.#knee);
      else this.#rate *= probing;
    }
    if (this.#rate < Math.min(this.#limit, boundless)) return;
    this.#rate = this.#limit;
    this.#knee = Number.POSITIVE_INFINITY;
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

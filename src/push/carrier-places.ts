// Places and pace of one carrier: how many pushes are under way at once, and how many begin in a second.
import { type Clock, type PushError, type Timer, ValueError, wholeNumber } from '../core/index.ts';
import { abortError, closedError } from './socket-error.ts';

/** How much a carrier is given. */
export interface Pace {
  /** Pushes under way at once, 1–1 000 000. Default `paceDefaults.places`. */
  readonly places?: number | undefined;
  /**
   * Pushes that begin in a second, more than 0: 0.2 is one in five seconds. What was left unused is made up for by about a
   * second's worth, and by no more than there are places. Default: no limit of ours.
   */
  readonly perSecond?: number | undefined;
}

/** Defaults of `Pace`. UDP takes what it is given at once, so its places are more. */
export const paceDefaults = Object.freeze({ places: 256, udpPlaces: 2000 });

/** Who waits for more than one push's worth waits for so long, in milliseconds, so that pushes are not claimed one by one. */
const gatherMs = 50;

/** What is reckoned in fractions falls short of whole pushes by less than this. */
const tolerance = 1e-9;

/** A caller that came when nothing was free. */
interface Waiting {
  readonly enter: () => void;
  readonly refuse: (error: PushError) => void;
}

/** The places of one carrier. */
export class CarrierPlaces {
  readonly #clock: Clock;
  readonly #places: number;
  readonly #perSecond: number;
  /** Called once when there may be more room than `free` said last. Must not throw. */
  readonly #onFree: () => void;
  /** First come, first served. */
  readonly #waiting = new Set<Waiting>();
  #underWay = 0;
  /** Pushes that its pace let begin at `#reckonedAt`; one at first, so that nothing bursts out of a new process. */
  #allowed = 1;
  #reckonedAt: number;
  #timer: Timer | undefined;
  /** When the timer ends, on the monotonic clock. */
  #timerAt = 0;
  #asked = false;
  #closed = false;

  /** `path` begins the paths of errors, such as `gateways[0].`. @throws {ValueError} OUT_OF_RANGE */
  constructor({ places, perSecond }: Pace, clock: Clock, onFree: () => void, path = '') {
    this.#places = wholeNumber(places ?? paceDefaults.places, 1, 1_000_000, `${path}places`);
    if (perSecond !== undefined && !(perSecond > 0 && perSecond < Number.POSITIVE_INFINITY)) {
      throw new ValueError('OUT_OF_RANGE', `${perSecond} is not more than 0`, `${path}perSecond`);
    }
    this.#perSecond = perSecond ?? Number.POSITIVE_INFINITY;
    this.#clock = clock;
    this.#onFree = onFree;
    this.#reckonedAt = clock.monotonic();
  }

  /** How many pushes may begin now. */
  get free(): number {
    const free = this.#closed ? 0 : this.#room() - this.#waiting.size;
    this.#asked = true;
    if (free > 0) return free;
    this.#watch();
    return 0;
  }

  /**
   * Does work in a place, once there is one.
   * @throws {PushError} ABORTED, or CLOSED, while it waits
   */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.size === 0 && this.#room() > 0) return this.#begin(work);
    if (this.#closed) return Promise.reject(closedError('carrier'));
    if (signal.aborted) return Promise.reject(abortError(signal));
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiting);
        signal.removeEventListener('abort', abort);
      };
      const abort = (): void => waiting.refuse(abortError(signal));
      const waiting: Waiting = {
        enter: () => {
          leave();
          this.#begin(work).then(resolve, reject);
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      this.#waiting.add(waiting);
      signal.addEventListener('abort', abort, { once: true });
      this.#watch();
    });
  }

  /** Who waits is refused; what has begun goes on. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    for (const waiting of [...this.#waiting]) waiting.refuse(closedError('carrier'));
  }

  #begin<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    if (this.#perSecond !== Number.POSITIVE_INFINITY) this.#allowed -= 1;
    let begun: Promise<T>;
    try {
      begun = work();
    } catch (error) {
      begun = Promise.reject(error);
    }
    const left = (): void => {
      this.#underWay -= 1;
      if (this.#asked || this.#waiting.size > 0) this.#look();
    };
    begun.then(left, left);
    return begun;
  }

  /** Lets in who waits, and tells when there is room beyond. */
  #look(): void {
    for (const waiting of this.#waiting) {
      if (this.#room() < 1) break;
      waiting.enter();
    }
    if (this.#waiting.size === 0 && this.#asked && this.#room() >= this.#wanted()) {
      this.#asked = false;
      this.#onFree();
    } else if (this.#waiting.size > 0 || this.#asked) this.#watch();
  }

  /** Places and pace together, without a look at who waits; below 0 while more is under way than there are places. */
  #room(): number {
    const places = this.#places - this.#underWay;
    if (this.#perSecond === Number.POSITIVE_INFINITY) return places;
    this.#reckon();
    return Math.min(places, Math.floor(this.#allowed + tolerance));
  }

  /** For how much room one waits: a caller for one push, who claims for some. */
  #wanted(): number {
    if (this.#waiting.size > 0 || this.#perSecond === Number.POSITIVE_INFINITY) return 1;
    const gathered = Math.floor((this.#perSecond * gatherMs) / 1000);
    return Math.max(1, Math.min(gathered, this.#places - this.#underWay));
  }

  #reckon(): void {
    const now = this.#clock.monotonic();
    const gained = ((now - this.#reckonedAt) / 1000) * this.#perSecond;
    this.#allowed = Math.min(this.#allowed + gained, Math.max(1, this.#perSecond));
    this.#reckonedAt = now;
  }

  /** Looks again when the pace lets somebody through; a place that becomes free is looked at by itself. */
  #watch(): void {
    if (this.#closed || this.#perSecond === Number.POSITIVE_INFINITY || this.#underWay >= this.#places)
      return;
    this.#reckon();
    const missing = this.#wanted() - this.#allowed - tolerance;
    const delayMs = Math.max(0, Math.ceil((missing / this.#perSecond) * 1000));
    const at = this.#clock.monotonic() + delayMs;
    if (this.#timer !== undefined && this.#timerAt <= at) return;
    this.#timer?.cancel();
    this.#timerAt = at;
    this.#timer = this.#clock.after(delayMs, () => {
      this.#timer = undefined;
      this.#look();
    });
  }
}

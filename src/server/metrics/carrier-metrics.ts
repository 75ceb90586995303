// What carriers take and refuse, and how their links come and go.
import type { Clock } from '../../core/index.ts';
import type { CarrierStatus } from '../../push/index.ts';
import { failureReason } from './failure-reasons.ts';
import { Counter, type MetricFamily } from './instruments.ts';

/** Seconds that a rate is the mean of. */
export const rateSeconds = 10;

/** What a carrier refused last. */
export interface Refusal {
  /** Milliseconds since the POSIX epoch. */
  readonly at: number;
  /** In words, without secrets. */
  readonly why: string;
}

/** What a carrier has done of late. */
export interface CarrierActivity {
  /** Pushes that it took in a second, over the last `rateSeconds`. */
  readonly perSecond: number;
  readonly lastRefusal?: Refusal;
}

interface Taken {
  /** Whole second of the monotonic clock that each place is of. */
  readonly seconds: number[];
  readonly counts: number[];
  lastRefusal?: Refusal;
}

/** Counts what engines hand to carriers. Names of carriers are those of the configuration. */
export class CarrierMetrics {
  readonly #clock: Clock;
  readonly #carriers = new Map<string, Taken>();
  readonly #attempts = new Counter(
    'reveille_carrier_attempts_total',
    'Pushes that were handed to a carrier, by what it did with them.',
    ['carrier', 'outcome'],
  );
  readonly #changes = new Counter(
    'reveille_carrier_changes_total',
    'Times that the link of a carrier came into a state.',
    ['binding', 'carrier', 'state'],
  );

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A carrier took a push. */
  took(carrier: string): void {
    this.#attempts.add([carrier, 'taken']);
    const { seconds, counts } = this.#of(carrier);
    const second = Math.floor(this.#clock.monotonic() / 1000);
    const place = second % rateSeconds;
    if (seconds[place] !== second) {
      seconds[place] = second;
      counts[place] = 0;
    }
    counts[place] = (counts[place] ?? 0) + 1;
  }

  /** A carrier did not take a push. */
  refused(carrier: string, code: string | undefined, why: string): void {
    this.#attempts.add([carrier, failureReason(code) === 'throttled' ? 'throttled' : 'refused']);
    this.#of(carrier).lastRefusal = { at: this.#clock.now(), why };
  }

  /** A link came into a state. */
  changed(binding: string, { name, state }: CarrierStatus): void {
    this.#changes.add([binding, name, state]);
  }

  /** What it did of late. */
  activity(carrier: string): CarrierActivity {
    const held = this.#carriers.get(carrier);
    if (held === undefined) return { perSecond: 0 };
    const since = Math.floor(this.#clock.monotonic() / 1000) - rateSeconds;
    const sum = held.counts.reduce(
      (all, count, place) => all + ((held.seconds[place] ?? 0) > since ? count : 0),
      0,
    );
    const { lastRefusal } = held;
    return { perSecond: sum / rateSeconds, ...(lastRefusal !== undefined && { lastRefusal }) };
  }

  families(): readonly MetricFamily[] {
    return [this.#attempts.family(), this.#changes.family()];
  }

  #of(carrier: string): Taken {
    const held = this.#carriers.get(carrier);
    if (held !== undefined) return held;
    const made: Taken = { seconds: [], counts: [] };
    this.#carriers.set(carrier, made);
    return made;
  }
}

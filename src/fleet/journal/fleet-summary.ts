// What a run came to.
import type { FaultKind } from '../mix/fleet-mix.ts';
import { seededNumber } from '../mix/seeded.ts';
import type { FleetEvent } from './journal.ts';
import { type Percentiles, Samples } from './samples.ts';

/** A summary. Counts are of this run; the states of devices may come from earlier ones. */
export interface FleetSummary {
  readonly devices: number;
  /** Devices that can be reached. */
  readonly up: number;
  /** Devices with a session that completed. */
  readonly woken: number;
  /** Pushes that arrived. */
  readonly pushes: number;
  /** Of these, missed, by reason. */
  readonly missed: Readonly<Record<string, number>>;
  /** Faults that struck, by kind. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  /** Ends of pushes that reached their device, by outcome; those not acted on as `ignored`. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Pushes that were not acted on, by reason. */
  readonly ignored: Readonly<Record<string, number>>;
  /** Things that receivers dropped, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Sessions begun, those tried again included. */
  readonly sessions: number;
  /** Sessions that made both sides' nonces fresh again. */
  readonly resynchronised: number;
  readonly times: {
    /** From the request of a wake (`Fleet.requested`) to the first push that arrived for it. */
    readonly wakeToPush: Percentiles;
    /** From the arrival of a push to the begin of its first session. */
    readonly pushToSession: Percentiles;
    /** Of completed sessions, from package #1 to the end. */
    readonly session: Percentiles;
    /** From the arrival of a push to the end of its completed session. */
    readonly pushToEnd: Percentiles;
    /** From the request of a wake to the end of the first completed session. */
    readonly wakeToEnd: Percentiles;
  };
}

/** The names of `FleetSummary.times`. */
export type TimeName = keyof FleetSummary['times'];

const timeNames: readonly TimeName[] = ['wakeToPush', 'pushToSession', 'session', 'pushToEnd', 'wakeToEnd'];

/** Counts what the journal says. */
export class FleetCounts {
  readonly #times: Readonly<Record<TimeName, Samples>>;
  readonly #missed: Record<string, number> = {};
  readonly #faults: Record<string, number> = {};
  readonly #outcomes: Record<string, number> = {};
  readonly #ignored: Record<string, number> = {};
  readonly #dropped: Record<string, number> = {};
  #pushes = 0;
  #sessions = 0;
  #resynchronised = 0;

  constructor(seed: number) {
    let drawn = 0;
    const random = (): number => {
      drawn += 1;
      return seededNumber(seed, 'samples', drawn);
    };
    this.#times = Object.fromEntries(timeNames.map((name) => [name, new Samples(random)])) as Record<
      TimeName,
      Samples
    >;
  }

  time(name: TimeName, ms: number): void {
    this.#times[name].add(ms);
  }

  note(event: FleetEvent): void {
    switch (event.event) {
      case 'push':
        this.#pushes += 1;
        break;
      case 'missed':
        count(this.#missed, event.reason);
        break;
      case 'fault':
        count(this.#faults, event.fault);
        break;
      case 'end':
        count(this.#outcomes, event.outcome);
        break;
      case 'ignored':
        count(this.#ignored, event.reason);
        break;
      case 'dropped':
        count(this.#dropped, event.reason);
        break;
      case 'session-started':
        this.#sessions += 1;
        break;
      case 'session-ended':
        if (event.resynchronised) this.#resynchronised += 1;
        if (event.outcome === 'completed') this.time('session', event.durationMs);
        break;
    }
  }

  summary(counts: { readonly devices: number; readonly up: number; readonly woken: number }): FleetSummary {
    return {
      ...counts,
      pushes: this.#pushes,
      missed: { ...this.#missed },
      faults: { ...this.#faults },
      outcomes: { ...this.#outcomes },
      ignored: { ...this.#ignored },
      dropped: { ...this.#dropped },
      sessions: this.#sessions,
      resynchronised: this.#resynchronised,
      times: Object.fromEntries(
        timeNames.map((name) => [name, this.#times[name].percentiles()]),
      ) as unknown as FleetSummary['times'],
    };
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

// Calls that take pushes in at the same time: those that wait for the same transaction are one set in it. Each is taken whole
// or not at all, and hears of itself alone.
import { type Clock, ClockWatch, StoreError } from '../../core/index.ts';
import { type Enqueued, type PushRequest, storeTroubleOf } from '../index.ts';
import type { ProgramRunner } from './engine/program.ts';
import type { CallOutcome, enqueuePrograms } from './push/enqueue.ts';

/**
 * Requests that one set takes from several calls, so that judging them does not hold up others for long; a call is never
 * parted.
 */
const largestSet = 1000;

interface Call {
  /** Each a unit that is taken whole or not at all. */
  readonly units: readonly (readonly PushRequest[])[];
  readonly resolve: (outcomes: readonly CallOutcome[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls that wait for the same transaction. */
interface Waiting {
  readonly calls: Call[];
  /** Requests of them. */
  size: number;
}

/** Joins calls. */
export class JoinedEnqueue {
  readonly #runner: ProgramRunner;
  readonly #programs: Pick<ReturnType<typeof enqueuePrograms>, 'calls'>;
  readonly #watch: ClockWatch;
  #waiting: Waiting | undefined;

  constructor(
    runner: ProgramRunner,
    programs: Pick<ReturnType<typeof enqueuePrograms>, 'calls'>,
    clock: Clock,
  ) {
    this.#runner = runner;
    this.#programs = programs;
    this.#watch = new ClockWatch(clock);
  }

  /** Takes all of the requests, or none. @throws {StoreError} as `PushQueue.enqueue` */
  async whole(requests: readonly PushRequest[]): Promise<readonly Enqueued[]> {
    if (requests.length === 0) return [];
    const [outcome] = await this.#take([requests]);
    if (outcome === undefined || outcome instanceof StoreError) throw outcome;
    return outcome;
  }

  /** Takes each of the requests, or refuses it. */
  async each(requests: readonly PushRequest[]) {
    if (requests.length === 0) return [];
    const outcomes = await this.#take(requests.map((request) => [request]));
    return outcomes.map((outcome) =>
      outcome instanceof StoreError ? ({ outcome: 'refused', error: outcome } as const) : outcome[0],
    );
  }

  #take(units: Call['units']): Promise<readonly CallOutcome[]> {
    return new Promise((resolve, reject) => {
      const call = { units, resolve, reject };
      const size = units.reduce((sum, { length }) => sum + length, 0);
      // The moments that a call brings were counted by the clock as it is now.
      const moved = this.#watch.moved() !== 0;
      if (this.#waiting !== undefined && !moved && this.#waiting.size + size <= largestSet) {
        this.#waiting.calls.push(call);
        this.#waiting.size += size;
      } else {
        this.#waiting = { calls: [call], size };
        void this.#write(this.#waiting);
      }
    });
  }

  /** Writes the calls that have come until its transaction begins. */
  async #write(waiting: Waiting): Promise<void> {
    const { calls } = waiting;
    try {
      const outcomes = await this.#runner.write((transaction) => {
        if (this.#waiting === waiting) this.#waiting = undefined;
        return this.#programs.calls(
          transaction,
          calls.flatMap(({ units }) => units),
        );
      });
      let next = 0;
      for (const { units, resolve } of calls) {
        resolve(outcomes.slice(next, next + units.length));
        next += units.length;
      }
    } catch (error) {
      if (this.#waiting === waiting) this.#waiting = undefined;
      // What the machine does not take, it takes of none of them; else one of them is to blame.
      if (calls.length === 1 || storeTroubleOf(error) !== undefined)
        for (const { reject } of calls) reject(error);
      else for (const call of calls) void this.#write({ calls: [call], size: 0 });
    }
  }
}

// Calls that take pushes in at the same time: those that wait for the same transaction are one set in it. Each is taken whole
// or not at all, and hears of itself alone.
import { type Clock, ClockWatch } from '../../core/index.ts';
import {
  type Enqueued,
  type EnqueuedDraft,
  type NotificationDraft,
  type PushRequest,
  storeTroubleOf,
} from '../index.ts';
import type { ProgramRunner } from './engine/program.ts';
import type { enqueuePrograms, UnitOutcome } from './push/enqueue.ts';
import type { EnqueueUnit } from './push/enqueue-facts.ts';
import { RefusedUnit } from './push/enqueue-set.ts';

/**
 * Requests that one set takes from several calls, so that judging them does not hold up others for long; a call is never
 * parted.
 */
const largestSet = 1000;

interface Call {
  readonly units: readonly EnqueueUnit[];
  readonly resolve: (outcomes: readonly UnitOutcome[]) => void;
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
  readonly #programs: Pick<ReturnType<typeof enqueuePrograms>, 'take'>;
  readonly #watch: ClockWatch;
  #waiting: Waiting | undefined;

  constructor(
    runner: ProgramRunner,
    programs: Pick<ReturnType<typeof enqueuePrograms>, 'take'>,
    clock: Clock,
  ) {
    this.#runner = runner;
    this.#programs = programs;
    this.#watch = new ClockWatch(clock);
  }

  /** Takes all of the requests, or none. @throws {StoreError} as `PushQueue.enqueue` */
  async whole(requests: readonly PushRequest[]): Promise<readonly Enqueued[]> {
    if (requests.length === 0) return [];
    return takenOf(await this.#take([requests], requests.length));
  }

  /** Takes each of the requests, or refuses it. */
  async each(requests: readonly PushRequest[]) {
    if (requests.length === 0) return [];
    const units = requests.map((request) => [request]);
    return (await this.#take(units, requests.length)).map((outcome) =>
      outcome instanceof RefusedUnit ? ({ outcome: 'refused', error: outcome.refusal } as const) : outcome[0],
    );
  }

  /** As `PushQueue.enqueueDraft`. */
  draft(draft: NotificationDraft): Promise<EnqueuedDraft> {
    return new Promise((resolve, reject) => {
      const taken = ([outcome]: readonly UnitOutcome[]): void => {
        if (outcome instanceof RefusedUnit) reject(outcome.error);
        // A notification replaces nothing, so that it is queued or was before.
        else resolve(outcome?.[0] as EnqueuedDraft);
      };
      this.#join({ units: [draft], resolve: taken, reject }, 1);
    });
  }

  #take(units: readonly EnqueueUnit[], size: number): Promise<readonly UnitOutcome[]> {
    return new Promise((resolve, reject) => {
      this.#join({ units, resolve, reject }, size);
    });
  }

  /** `size`: requests of the call. */
  #join(call: Call, size: number): void {
    // The moments that a call brings were counted by the clock as it is now.
    const moved = this.#watch.moved() !== 0;
    if (this.#waiting !== undefined && !moved && this.#waiting.size + size <= largestSet) {
      this.#waiting.calls.push(call);
      this.#waiting.size += size;
    } else {
      this.#waiting = { calls: [call], size };
      void this.#write(this.#waiting);
    }
  }

  /** Writes the calls that have come until its transaction begins. */
  async #write(waiting: Waiting): Promise<void> {
    const { calls } = waiting;
    try {
      const outcomes = await this.#runner.write((transaction) => {
        if (this.#waiting === waiting) this.#waiting = undefined;
        return this.#programs.take(
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

/** The outcomes of a call with one unit. Throws what refused it. */
function takenOf([outcome]: readonly UnitOutcome[]): readonly Enqueued[] {
  if (outcome === undefined) throw new TypeError('each unit has an outcome');
  if (outcome instanceof RefusedUnit) throw outcome.error;
  return outcome;
}

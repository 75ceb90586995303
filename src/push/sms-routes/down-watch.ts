// Pushes that wait at a road that goes down, where another road of their list takes them, or that is suspended: they need not wait
// for their time to end.
import { PushError } from '../../core/index.ts';
import { carrierSuspendedCode } from '../index.ts';
import type { SmsRoad } from '../short-message/index.ts';

/** An attempt that may go by another road. */
interface Waiting {
  readonly pushId: string;
  readonly elsewhere: () => boolean;
  readonly leave: AbortController;
  /** True when it leaves for the road is suspended. */
  suspended: boolean;
}

/** The attempts that are under way, by road. */
export class DownWatch {
  readonly #roads: ReadonlyMap<string, SmsRoad>;
  readonly #waiting = new Map<string, Set<Waiting>>();
  readonly #unlisten: (() => void)[] = [];

  constructor(roads: ReadonlyMap<string, SmsRoad>) {
    this.#roads = roads;
    for (const [name, { onDown }] of roads) {
      this.#waiting.set(name, new Set());
      if (onDown !== undefined) this.#unlisten.push(onDown(() => this.#down(name)));
    }
  }

  /**
   * Carries out an attempt by a road under a signal that also aborts while nothing of the push is out: when that road goes down, and
   * `elsewhere` says that another one takes it, and when it is suspended.
   * @throws {PushError} ROAD_DOWN or CARRIER_SUSPENDED, not taken, in these cases; else what `work` throws
   */
  async attempt<T>(
    road: string,
    pushId: string,
    elsewhere: () => boolean,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const waiting = this.#waiting.get(road);
    if (waiting === undefined) return work(signal);
    const leave = new AbortController();
    const stop = (): void => leave.abort(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const own = { pushId, elsewhere, leave, suspended: false };
    waiting.add(own);
    try {
      return await work(leave.signal);
    } catch (error) {
      // The one by which it was found out says itself what was wrong.
      const left = leave.signal.aborted && !signal.aborted;
      if (!left || !(error instanceof PushError) || error.code !== 'ABORTED' || !error.notTaken) throw error;
      if (own.suspended) {
        throw new PushError(carrierSuspendedCode, `sms:${road}: suspended`, true, {
          cause: error,
          notTaken: true,
        });
      }
      const why = this.#roads.get(road)?.binding.status?.()[0]?.lastError;
      const detail = `went down while the push waited${why === undefined ? '' : `: ${why}`}`;
      throw new PushError('ROAD_DOWN', detail, true, { cause: error, notTaken: true });
    } finally {
      waiting.delete(own);
      signal.removeEventListener('abort', stop);
    }
  }

  /** A road gets no pushes from now on: what waits there leaves it, unless the road may have it. */
  suspended(road: string): void {
    const mayHave = this.#roads.get(road)?.mayHave;
    for (const waiting of this.#waiting.get(road) ?? []) {
      if (mayHave?.(waiting.pushId) !== false) continue;
      waiting.suspended = true;
      waiting.leave.abort();
    }
  }

  /** No more is looked at. */
  close(): void {
    for (const step of this.#unlisten) step();
  }

  #down(road: string): void {
    const mayHave = this.#roads.get(road)?.mayHave;
    for (const { pushId, elsewhere, leave } of this.#waiting.get(road) ?? []) {
      if (mayHave?.(pushId) === false && elsewhere()) leave.abort();
    }
  }
}

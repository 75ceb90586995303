// Addresses whose carrier asked to come again later, so that another address of the push has its turn meanwhile.
import type { Clock } from '../../core/index.ts';
import type { AskedToWait } from '../push/routes.ts';

/** Pushes that are remembered. Those that are forgotten are asked for again sooner than their carrier wished. */
const maxRemembered = 10_000;

const nobodyWaits: AskedToWait = () => undefined;

/** Remembers, in this process, until when which address of a push is not to be asked. */
export class RetryAfters {
  readonly #clock: Clock;
  /** By push, then address, on the monotonic clock; the push that asked longest ago first. */
  readonly #untils = new Map<string, Map<string, number>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A carrier asked for a pause of `ms` milliseconds. */
  note(pushId: string, address: string, ms: number): void {
    const untils = this.#untils.get(pushId) ?? new Map<string, number>();
    untils.set(address, this.#clock.monotonic() + ms);
    this.#untils.delete(pushId);
    this.#untils.set(pushId, untils);
    if (this.#untils.size <= maxRemembered) return;
    for (const oldest of this.#untils.keys()) {
      this.#untils.delete(oldest);
      break;
    }
  }

  /** Until when the addresses of a push are not to be asked. */
  of(pushId: string): AskedToWait {
    const untils = this.#untils.get(pushId);
    if (untils === undefined) return nobodyWaits;
    const now = this.#clock.monotonic();
    return (address) => {
      const until = untils.get(address);
      return until === undefined || until <= now ? undefined : until;
    };
  }

  /**
   * For how many more milliseconds an address of a push is not to be asked; 0 when its time has come, `undefined` when it did not
   * ask for any.
   */
  leftMs(pushId: string, address: string): number | undefined {
    const until = this.#untils.get(pushId)?.get(address);
    return until === undefined ? undefined : Math.max(0, Math.ceil(until - this.#clock.monotonic()));
  }

  /** An address was asked again. */
  asked(pushId: string, address: string): void {
    const untils = this.#untils.get(pushId);
    if (untils?.delete(address) === true && untils.size === 0) this.#untils.delete(pushId);
  }

  /** A carrier took the push, or it is over. */
  forget(pushId: string): void {
    this.#untils.delete(pushId);
  }
}

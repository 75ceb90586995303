// How many more pushes of campaigns may wait for a carrier: a few seconds' worth of what it takes. So a million devices are never a
// million due rows, and a carrier that is down fills its own room and nobody else's.
import type { Clock } from '../../core/index.ts';
import type { EventContext, PushRecord, QueuedOfCampaign } from '../../store/index.ts';

/** Fewest and most pushes that wait for one carrier. */
export const roomBounds = Object.freeze({ least: 500, most: 5000 });

/** Seconds' worth of pushes that wait. */
const seconds = 3;

/** How long a carrier is looked at for its rate, in milliseconds; the rate before counts half after one more. */
const periodMs = 1000;

/** The name of what waits for no carrier yet. */
const unplaced = '';

class Carrier {
  /** Ids of pushes that wait. */
  readonly waiting = new Set<string>();
  /** How many more wait of which only the number is known: from before this process. */
  unknown = 0;
  /** Pushes a second that left, lately. */
  rate = 0;
  #left = 0;
  #since: number;

  constructor(now: number) {
    this.#since = now;
  }

  get size(): number {
    return this.waiting.size + this.unknown;
  }

  left(now: number): void {
    this.#left += 1;
    this.reckon(now);
  }

  reckon(now: number): void {
    const ms = now - this.#since;
    if (ms < periodMs) return;
    const latest = (this.#left / ms) * 1000;
    // A long silence says that nothing was there to leave, or that nothing could.
    const kept = 0.5 ** (ms / periodMs);
    this.rate = this.rate * kept + latest * (1 - kept);
    this.#left = 0;
    this.#since = now;
  }
}

/** Rooms of all carriers, kept by the events of pushes. */
export class CarrierRooms {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #carriers = new Map<string, Carrier>();
  readonly #carrierOf = new Map<string, Carrier>();
  /** Called when there is room again where somebody found none. */
  readonly #onFree: () => void;
  /** Carriers that somebody found full. */
  readonly #wanted = new Set<Carrier>();

  constructor(clock: Pick<Clock, 'monotonic'>, onFree: () => void) {
    this.#clock = clock;
    this.#onFree = onFree;
  }

  /** Begins with what waits from before. */
  load(queued: readonly QueuedOfCampaign[]): void {
    this.#carriers.clear();
    this.#carrierOf.clear();
    this.#wanted.clear();
    for (const { carrier, count } of queued) this.#of(carrier).unknown += count;
  }

  /** True while some of what waits is known by its number alone, which may be wrong. */
  get isGuessed(): boolean {
    return [...this.#carriers.values()].some(({ unknown }) => unknown > 0);
  }

  /** Puts right what was counted: so many wait, and those whose ids are known are among them. */
  correct(queued: readonly QueuedOfCampaign[]): void {
    for (const carrier of this.#carriers.values()) carrier.unknown = 0;
    for (const { carrier, count } of queued) this.#of(carrier).unknown += count;
    for (const carrier of this.#carriers.values()) {
      carrier.unknown = Math.max(0, carrier.unknown - carrier.waiting.size);
      this.#tell(carrier);
    }
  }

  /** How many more may wait; 0: call back when there is room. */
  room(carrier: string | null): number {
    const of = this.#of(carrier);
    of.reckon(this.#clock.monotonic());
    const room = Math.max(0, limitOf(of) - of.size);
    // Some at a time, for each set has a price of its own.
    if (room >= Math.min(250, limitOf(of) / 4)) return room;
    this.#wanted.add(of);
    return 0;
  }

  /** How many wait, by carrier; those of no carrier under `null`. */
  waiting(): ReadonlyMap<string | null, number> {
    const sizes = [...this.#carriers].map(
      ([name, { size }]) => [name === unplaced ? null : name, size] as const,
    );
    return new Map(sizes.filter(([, size]) => size > 0));
  }

  /** Pushes a second that left to a carrier lately; `undefined` where none did. */
  rateOf(carrier: string): number | undefined {
    const of = this.#carriers.get(carrier);
    of?.reckon(this.#clock.monotonic());
    return of === undefined || of.rate < 0.01 ? undefined : of.rate;
  }

  /** Something happened to a push that a campaign made. */
  hear(push: PushRecord, before: EventContext['before']): void {
    const known = this.#carrierOf.get(push.id);
    if (isWaiting(push)) {
      const carrier = this.#of(push.carrier ?? null);
      if (known === carrier) return;
      // One from before this process that is still waiting was counted as one of many.
      if (known === undefined && before !== undefined) this.#forgetUnknown(carrier);
      known?.waiting.delete(push.id);
      carrier.waiting.add(push.id);
      this.#carrierOf.set(push.id, carrier);
      return;
    }
    if (known !== undefined) {
      known.waiting.delete(push.id);
      this.#carrierOf.delete(push.id);
    } else if (before === 'queued' || before === 'sending')
      this.#forgetUnknown(this.#of(push.carrier ?? null));
    const carrier = known ?? this.#of(push.carrier ?? null);
    if (push.sends > 0 && (before === 'queued' || before === 'sending'))
      carrier.left(this.#clock.monotonic());
    this.#tell(carrier);
  }

  #forgetUnknown(carrier: Carrier): void {
    const of = carrier.unknown > 0 ? carrier : this.#of(null);
    of.unknown = Math.max(0, of.unknown - 1);
  }

  #tell(carrier: Carrier): void {
    if (!this.#wanted.has(carrier)) return;
    const limit = limitOf(carrier);
    if (limit - carrier.size < Math.min(250, limit / 4)) return;
    this.#wanted.delete(carrier);
    this.#onFree();
  }

  #of(name: string | null): Carrier {
    const key = name ?? unplaced;
    let carrier = this.#carriers.get(key);
    if (carrier === undefined) {
      carrier = new Carrier(this.#clock.monotonic());
      this.#carriers.set(key, carrier);
    }
    return carrier;
  }
}

/** True for a push that has not left yet, and is neither kept back nor held. */
function isWaiting({ state, sends, gated, heldDueAt }: PushRecord): boolean {
  const waits = (state === 'queued' || state === 'sending') && sends === 0;
  return waits && gated !== true && heldDueAt === undefined;
}

function limitOf({ rate }: Carrier): number {
  return Math.min(roomBounds.most, Math.max(roomBounds.least, Math.ceil(rate * seconds)));
}

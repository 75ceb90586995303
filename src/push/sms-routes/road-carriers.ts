// How much the roads take: pushes wait for the roads of their numbers, which have room while any of them has.
import type { CarrierStatus, Carriers } from '../index.ts';
import type { SmsRoad, SmsTarget } from '../short-message/index.ts';
import type { Doubts } from './doubts.ts';
import type { RouteTable } from './route-table.ts';

/**
 * Carriers of all roads: one for each list of roads that there is, `sms:a` or `sms:a+b`. Were it one for each first road, ranges
 * of numbers would wait for one another that share it and fall over to different ones. Beside them one for each road of a list of
 * several, `sms:a!`: a push that this road may have taken waits there, and no other road gets it.
 */
export class RoadCarriers implements Carriers<SmsTarget> {
  readonly names: readonly string[];
  readonly held: readonly string[];
  readonly #roads: ReadonlyMap<string, SmsRoad>;
  readonly #table: RouteTable;
  readonly #doubts: Pick<Doubts, 'of'>;
  readonly #lists = new Map<string, readonly string[]>();
  /** Roads by the carrier of what they hold. */
  readonly #holders = new Map<string, string>();
  /** Names of lists and roads that get no pushes. */
  #suspended: ReadonlySet<string> = new Set();
  #tellSuspended: (road: string) => void = () => undefined;

  constructor(roads: ReadonlyMap<string, SmsRoad>, table: RouteTable, doubts: Pick<Doubts, 'of'>) {
    this.#roads = roads;
    this.#table = table;
    this.#doubts = doubts;
    for (const list of table.lists()) {
      this.#lists.set(carrierOf(list), list);
      if (list.length > 1) for (const name of list) this.#holders.set(holderOf(name), name);
    }
    this.held = [...this.#holders.keys()];
    this.names = [...this.#lists.keys(), ...this.held];
  }

  of({ number }: SmsTarget, heldBy?: string): string {
    const list = this.#table.roadsOf(number);
    const holder = this.roadOf(heldBy);
    return holder !== undefined && list.includes(holder) ? holderOf(holder) : carrierOf(list);
  }

  /** The road that holds what waits for this carrier. */
  roadOf(heldBy: string | undefined): string | undefined {
    return heldBy === undefined ? undefined : this.#holders.get(heldBy);
  }

  heldBy(pushId: string): string | undefined {
    const road = this.#doubts.of(pushId);
    const carrier = road === undefined ? undefined : holderOf(road);
    return carrier !== undefined && this.#holders.has(carrier) ? carrier : undefined;
  }

  /** Places of the first of its roads that has any. */
  free(carrier: string): number {
    const holder = this.#holders.get(carrier);
    if (holder !== undefined) return this.#free(holder);
    const list = this.#lists.get(carrier);
    return list === undefined ? 0 : this.#roomOf(list);
  }

  onFree(listener: (carrier: string) => void): () => void {
    const leave = [...this.#roads].map(([name, { binding }]) =>
      binding.carriers?.onFree(() => {
        for (const [carrier, list] of this.#lists) if (list.includes(name)) listener(carrier);
        if (this.#holders.has(holderOf(name))) listener(holderOf(name));
      }),
    );
    return () => {
      for (const step of leave) step?.();
    };
  }

  /** How lists of several stand, up as long as one of them is, and then each road. */
  status(): readonly CarrierStatus[] {
    const roads = new Map([...this.#roads].map(([name, road]) => [name, this.#statusOf(name, road)]));
    const lists = [...this.#lists].filter(([, list]) => list.length > 1);
    return [
      ...lists.map(([name, list]) => ({ name, state: together(list.map((one) => roads.get(one)?.state)) })),
      ...roads.values(),
    ];
  }

  suspend(names: ReadonlySet<string>): void {
    const before = this.#suspended;
    this.#suspended = names;
    for (const name of this.#roads.keys()) {
      const carrier = this.#carrier(name);
      if (this.roadIsSuspended(name) && !before.has(carrier)) this.#tellSuspended(name);
    }
  }

  /** Calls back with each road that gets no pushes from now on. The listener must not throw. */
  onSuspended(listener: (road: string) => void): void {
    this.#tellSuspended = listener;
  }

  isSuspended(carrier: string): boolean {
    const holder = this.#holders.get(carrier);
    if (holder !== undefined) return this.#holderIsSuspended(holder);
    const list = this.#lists.get(carrier);
    return this.#suspended.has(carrier) || list?.every((name) => this.roadIsSuspended(name)) === true;
  }

  /** True for a road that gets no pushes. */
  roadIsSuspended(name: string): boolean {
    return this.#suspended.has(this.#carrier(name)) || this.#suspended.has(carrierOf([name]));
  }

  /**
   * Those of a list that are up, in its order; all of them where none is. Those that are suspended are none of them, so that there
   * may be none at all.
   */
  usable(list: readonly string[]): readonly string[] {
    const left = list.filter((name) => !this.roadIsSuspended(name));
    const up = left.filter((name) => this.#isUp(name));
    return up.length === 0 ? left : up;
  }

  /** True for a road that is up and has room. */
  takes(name: string): boolean {
    return this.#isUp(name) && this.#free(name) > 0;
  }

  /** The first that has room; the first of all where none has. */
  next(list: readonly string[]): string {
    return list.find((name) => this.#free(name) > 0) ?? list[0] ?? '';
  }

  #roomOf(list: readonly string[]): number {
    for (const name of this.usable(list)) {
      const free = this.#free(name);
      if (free > 0) return free;
    }
    return 0;
  }

  #statusOf(name: string, { binding, isUp }: SmsRoad): CarrierStatus {
    const [told] = binding.status?.() ?? [];
    const free = this.#free(name);
    return {
      ...(told ?? { state: isUp?.() === false ? 'down' : 'unknown' }),
      name: this.#carrier(name),
      ...(Number.isFinite(free) && { free }),
    };
  }

  #isUp(name: string): boolean {
    return this.#roads.get(name)?.isUp?.() ?? true;
  }

  /** What a road may have is of every list with that road. */
  #holderIsSuspended(name: string): boolean {
    if (this.roadIsSuspended(name)) return true;
    const lists = [...this.#lists].filter(([, list]) => list.length > 1 && list.includes(name));
    return lists.length > 0 && lists.every(([carrier]) => this.#suspended.has(carrier));
  }

  #free(name: string): number {
    if (this.roadIsSuspended(name)) return 0;
    const carriers = this.#roads.get(name)?.binding.carriers;
    return carriers === undefined ? Number.POSITIVE_INFINITY : carriers.free(this.#carrier(name));
  }

  #carrier(name: string): string {
    return this.#roads.get(name)?.binding.carriers?.names[0] ?? `sms:${name}`;
  }
}

function together(states: readonly (CarrierStatus['state'] | undefined)[]): CarrierStatus['state'] {
  if (states.includes('up')) return 'up';
  return states.every((state) => state === 'down') ? 'down' : 'unknown';
}

/** Carrier of what a road holds. */
function holderOf(name: string): string {
  return `sms:${name}!`;
}

function carrierOf(list: readonly string[]): string {
  return `sms:${list.join('+')}`;
}

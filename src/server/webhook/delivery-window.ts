// What of one webhook is in memory: events that were read and are not done, in lanes, and what of it is to be written next. No
// sockets, no store.
import type {
  FailedDelivery,
  FeedPosition,
  HeldDelivery,
  NewDelivery,
  WebhookStep,
} from '../../store/index.ts';
import type { OutgoingEvent } from './webhook-event.ts';

/** A delivery that is to be made. */
export interface Delivery extends OutgoingEvent {
  /** Attempts before. */
  readonly attempts: number;
  /** Of one that is held: its number. */
  readonly held?: number;
  /** Of one that was read: where it stands in the feed. */
  readonly place?: { readonly of: keyof FeedPosition; readonly sequence: number };
}

/** What of a step the window knows. */
export type WindowStep = Pick<WebhookStep, 'position' | 'hold' | 'done' | 'again' | 'dead'>;

interface Pending {
  hold: NewDelivery[];
  done: number[];
  again: (FailedDelivery & { readonly dueAt: number })[];
  dead: FailedDelivery[];
}

const nothing = (): Pending => ({ hold: [], done: [], again: [], dead: [] });

/** Deliveries of one webhook. */
export class DeliveryWindow {
  /** How far the feed was read. */
  readonly read: { event: number; notice: number };
  /** By lane, the first of each under way or next. */
  readonly #lanes = new Map<string, Delivery[]>();
  readonly #running = new Set<Delivery>();
  /** Of each sequence, what was read and is not done. */
  readonly #open = { event: new Set<number>(), notice: new Set<number>() };
  /** How many of a lane are held, those included that are to be written. */
  readonly #held = new Map<string, number>();
  /** Ids of what is held, dead ones too: what is read again is passed over. */
  readonly #known: Set<string>;
  #pending = nothing();
  #moved = false;

  constructor(position: FeedPosition, held: readonly Pick<HeldDelivery, 'eventId' | 'lane' | 'state'>[]) {
    this.read = { ...position };
    this.#known = new Set(held.map(({ eventId }) => eventId));
    for (const { lane, state } of held) if (state === 'waiting') this.#count(lane, 1);
  }

  /** Deliveries that wait in the store, or are to. */
  get waiting(): number {
    let sum = 0;
    for (const count of this.#held.values()) sum += count;
    return sum;
  }

  /** Events that were read and are not done. */
  get open(): number {
    return this.#open.event.size + this.#open.notice.size;
  }

  get running(): number {
    return this.#running.size;
  }

  /** True while something is to be written. */
  get hasNews(): boolean {
    const { hold, done, again, dead } = this.#pending;
    return this.#moved || hold.length + done.length + again.length + dead.length > 0;
  }

  /** True while what is held is to be written, so that what the store says is due may not be so. */
  get changesHeld(): boolean {
    const { hold, done, again, dead } = this.#pending;
    return hold.length + done.length + again.length + dead.length > 0;
  }

  /** Nothing up to here is left to read. */
  readTo(position: Partial<FeedPosition>): void {
    for (const name of ['event', 'notice'] as const) {
      const to = position[name];
      if (to === undefined || to <= this.read[name]) continue;
      this.read[name] = to;
      this.#moved = true;
    }
  }

  /** Takes in what was read; behind what is held of its lane it waits there. */
  add(delivery: Delivery): void {
    if (this.#known.has(delivery.eventId)) return;
    if ((this.#held.get(delivery.lane) ?? 0) > 0) {
      this.#hold(delivery, delivery.attempts, 0);
      return;
    }
    const { place } = delivery;
    if (place !== undefined) this.#open[place.of].add(place.sequence);
    this.#queue(delivery);
  }

  /** Takes in what was held and is due; not where its lane is under way. */
  addHeld({ number, eventId, lane, type, at, payload, attempts }: HeldDelivery): void {
    if (this.#lanes.has(lane)) return;
    this.#queue({ eventId, lane, type, at, payload, attempts, held: number });
  }

  /** Up to `limit` deliveries that may begin, the first of their lanes; they are under way from then on. */
  begin(limit: number): readonly Delivery[] {
    const begun: Delivery[] = [];
    if (limit <= 0) return begun;
    for (const [next] of this.#lanes.values()) {
      if (begun.length >= limit) break;
      if (next !== undefined && !this.#running.has(next)) begun.push(next);
    }
    for (const each of begun) this.#running.add(each);
    return begun;
  }

  /** One has been delivered. */
  delivered(delivery: Delivery): void {
    this.#leave(delivery);
    this.#close(delivery);
    if (delivery.held === undefined) return;
    this.#pending.done.push(delivery.held);
    this.#count(delivery.lane, -1);
    this.#known.delete(delivery.eventId);
  }

  /** One has failed and is tried again, or is dead without `dueAt`: those behind it in its lane wait for it, or go on. */
  failed(delivery: Delivery, error: string, dueAt: number | undefined): void {
    const attempts = delivery.attempts + 1;
    this.#leave(delivery);
    if (delivery.held !== undefined) {
      const failure = { number: delivery.held, attempts, error };
      if (dueAt !== undefined) this.#pending.again.push({ ...failure, dueAt });
      else {
        this.#pending.dead.push(failure);
        this.#count(delivery.lane, -1);
      }
      return;
    }
    this.#hold(delivery, attempts, dueAt ?? 0, error);
    const behind = this.#lanes.get(delivery.lane) ?? [];
    this.#lanes.delete(delivery.lane);
    for (const each of behind) this.#hold(each, each.attempts, 0);
  }

  /** It was not tried after all, and may begin again. */
  returned(delivery: Delivery): void {
    this.#running.delete(delivery);
  }

  /** What is to be written, from now on the caller's. */
  takeStep(): WindowStep {
    const step = { position: this.#position(), ...this.#pending };
    this.#pending = nothing();
    this.#moved = false;
    return step;
  }

  /** It could not be written, and is to be with what comes next. */
  giveBack(step: WindowStep): void {
    const { hold, done, again, dead } = this.#pending;
    this.#pending = {
      hold: [...(step.hold ?? []), ...hold],
      done: [...(step.done ?? []), ...done],
      again: [...(step.again ?? []), ...again],
      dead: [...(step.dead ?? []), ...dead],
    };
    this.#moved = true;
  }

  /** All before it is done, or held. */
  #position(): FeedPosition {
    const of = (name: keyof FeedPosition): number => {
      // In the order of reading, which is that of their numbers.
      for (const first of this.#open[name]) return first - 1;
      return this.read[name];
    };
    return { event: of('event'), notice: of('notice') };
  }

  #queue(delivery: Delivery): void {
    const lane = this.#lanes.get(delivery.lane);
    if (lane === undefined) this.#lanes.set(delivery.lane, [delivery]);
    else lane.push(delivery);
  }

  #hold(delivery: Delivery, attempts: number, dueAt: number, error?: string): void {
    const { eventId, lane, type, at, payload } = delivery;
    this.#pending.hold.push({
      eventId,
      lane,
      type,
      at,
      payload,
      attempts,
      dueAt,
      ...(error !== undefined && { error }),
    });
    this.#known.add(eventId);
    this.#count(lane, 1);
    this.#close(delivery);
  }

  /** It is under way no more, and the next of its lane may begin. */
  #leave(delivery: Delivery): void {
    this.#running.delete(delivery);
    const lane = this.#lanes.get(delivery.lane);
    if (lane?.[0] !== delivery) return;
    lane.shift();
    if (lane.length === 0) this.#lanes.delete(delivery.lane);
  }

  #close({ place }: Delivery): void {
    if (place === undefined) return;
    this.#open[place.of].delete(place.sequence);
    this.#moved = true;
  }

  #count(lane: string, by: number): void {
    const count = (this.#held.get(lane) ?? 0) + by;
    if (count > 0) this.#held.set(lane, count);
    else this.#held.delete(lane);
  }
}

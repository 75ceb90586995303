// The lane of a carrier: claims as many of its pushes as it takes now, purposes in turn, and hands them over.
import type { Clock } from '../../core/index.ts';
import { type PushPurpose, type PushQueue, pushPurposes } from '../../store/index.ts';
import { OverdueLooks } from '../carrier/overdue-looks.ts';
import { Growth } from '../work/growth.ts';
import { Nap, storePauseMs } from '../work/nap.ts';
import type { TroubleLog } from '../work/trouble-log.ts';
import { DueTimes } from './due-times.ts';
import type { LaneWork, Sending } from './lane-work.ts';
import { Slices } from './slices.ts';

/** Settings of a lane. */
export interface LaneOptions {
  /** Name of the carrier. */
  readonly name: string;
  /** How many pushes the carrier takes now. */
  readonly free: () => number;
  /** Largest number of pushes that are claimed and have no outcome on disk. */
  readonly most: number;
  /** True while so many outcomes wait for the disk that no more are to be brought about. */
  readonly isBehind: () => boolean;
  /** Largest number in one claim. */
  readonly setSize: number;
  /** How long the claim after one that took all there was waits for company, in milliseconds. */
  readonly gatherMs: number;
  /** How long a claim waits for more room while pushes wait, in milliseconds. */
  readonly growMs: number;
  readonly leaseMs: number;
  /** Longest sleep, in milliseconds. */
  readonly pollMs: number;
  readonly node: string;
  readonly clock: Clock;
  readonly queue: Pick<PushQueue, 'claimDue' | 'nextDueAt' | 'overdue'>;
  readonly trouble: TroubleLog;
  /** True while the carrier is suspended: what waits for it ends when its time is over, and nothing else is claimed. */
  readonly isSuspended: () => boolean;
  /** A notification that went out so often is not sent again. */
  readonly attempts: () => number;
}

/** Places of a carrier that takes whatever comes. */
const countless = 1_000_000;

/** A part of all places is kept from each purpose for the others, of a carrier that has so many. */
const keptPart = 1 / 16;

/** A part of all places is worth a claim while more pushes wait than there is room for. */
const worthPart = 1 / 4;

/** Sends the pushes of one carrier until it is stopped. */
export class Lane<Plan> {
  readonly name: string;
  readonly #options: LaneOptions;
  readonly #work: LaneWork<Plan>;
  readonly #nap: Nap;
  readonly #dueTimes: DueTimes;
  readonly #slices: Slices<Sending<Plan>>;
  readonly #overdue: OverdueLooks;
  /** Claimed to be sent, without an outcome on disk. */
  readonly #open: Record<PushPurpose, number> = { notification: 0, message: 0, relayed: 0 };
  /** Of those, claimed and not ready to be handed over. */
  #unready = 0;
  /** The purpose that has its turn. */
  #turn = 0;
  /** True while only a place is missing. */
  #wantsPlace = false;
  #vain = false;
  /** When it looks unasked, on the monotonic clock. */
  #lookAt = 0;
  /** True after a claim that took all there was: who waits a little finds more. */
  #alone = false;
  /** True after a claim that left some waiting. */
  #more = false;
  readonly #growth = new Growth();
  #stopping = false;
  #running: Promise<void> | undefined;
  #onIdle: () => void = () => undefined;

  constructor(options: LaneOptions, work: LaneWork<Plan>) {
    this.name = options.name;
    this.#options = options;
    this.#work = work;
    this.#nap = new Nap(options.clock);
    this.#dueTimes = new DueTimes(options.queue, options.name);
    const { queue, clock, name: carrier, attempts, setSize: limit } = options;
    this.#overdue = new OverdueLooks({ queue, clock, carrier, attempts, limit });
    const handOver = (sending: Sending<Plan>): void =>
      work.handOver(sending, () => this.#over(sending.push.purpose, 1));
    this.#slices = new Slices(handOver, () => this.placeFree());
  }

  /** Pushes under way: claimed, and without an outcome on disk. */
  get inFlight(): number {
    return this.#open.notification + this.#open.message + this.#open.relayed;
  }

  /** Begins. */
  start(): void {
    this.#stopping = false;
    this.#dueTimes.forget();
    this.#running ??= this.#run();
  }

  /** Something may be due, of one purpose or of any. */
  wake(purpose?: PushPurpose): void {
    this.#dueTimes.forget(purpose);
    this.#nap.wake();
  }

  /** A push of that purpose is due at `dueAt`, milliseconds since the POSIX epoch. */
  waits(purpose: PushPurpose, dueAt: number): void {
    if (this.#dueTimes.hear(purpose, dueAt)) this.#nap.wake(dueAt);
  }

  /** The carrier may take more. */
  placeFree(): void {
    this.#growth.more();
    if (this.#wantsPlace) this.#nap.wake();
  }

  /** Claims nothing more, and resolves when what is under way is over. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#growth.more();
    this.#nap.wake();
    await this.#running;
    if (this.inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    this.#running = undefined;
  }

  async #run(): Promise<void> {
    const { trouble, name, clock } = this.#options;
    while (!this.#stopping) {
      this.#nap.begin();
      try {
        const until = await this.#step();
        const pauseMs = until - clock.now();
        if (pauseMs > 0) await this.#nap.sleep(pauseMs);
      } catch (error) {
        trouble.note(`the push engine (${name}) could not work with the store`, error);
        await this.#nap.sleep(storePauseMs);
      }
    }
  }

  /** Claims what is due and has a place; gives until when there is nothing to do, milliseconds since the POSIX epoch. */
  async #step(): Promise<number> {
    const { clock, pollMs } = this.#options;
    if (this.#alone) await this.#gather();
    else if (this.#more) await this.#grow();
    if (this.#options.isSuspended()) return await this.#endOverdue();
    if (clock.monotonic() >= this.#lookAt) {
      // What others wrote may have been said to nobody here.
      this.#dueTimes.forget();
      this.#lookAt = clock.monotonic() + pollMs;
    }
    const now = clock.now();
    let next = now + pollMs;
    this.#wantsPlace = this.#room() <= 0;
    if (this.#wantsPlace) return next;
    const { length } = pushPurposes;
    for (let index = 0; index < length; index += 1) {
      const turn = (this.#turn + index) % length;
      const purpose = pushPurposes[turn];
      if (purpose === undefined) continue;
      const dueAt = this.#dueTimes.of(purpose) ?? now;
      if (dueAt > now) {
        next = Math.min(next, dueAt);
        continue;
      }
      const limit = this.#roomOf(purpose);
      this.#wantsPlace ||= limit <= 0;
      if (limit <= 0) continue;
      const claimed = await this.#claim(purpose, limit);
      if (claimed > 0) {
        this.#turn = (turn + 1) % length;
        this.#vain = false;
        this.#alone = claimed < limit;
      }
      // One that was full may be followed by another.
      if (claimed === limit) {
        this.#more = true;
        return now;
      }
      const after = await this.#dueTimes.ask(purpose);
      if (claimed > 0) return now;
      // What was due may have gone meanwhile; where it is due still, others are at it.
      if (after <= now) {
        this.#vain = !this.#vain;
        return this.#vain ? now : clock.now() + storePauseMs;
      }
      next = Math.min(next, after);
    }
    this.#more &&= this.#wantsPlace;
    return next;
  }

  /** Ends what waits in vain for a carrier that is suspended. */
  async #endOverdue(): Promise<number> {
    const { clock, pollMs } = this.#options;
    this.#wantsPlace = false;
    if (this.#overdue.waitMs() === 0) {
      const found = await this.#overdue.look();
      for (const purpose of pushPurposes) {
        const ids = found.filter((push) => push.purpose === purpose).map(({ id }) => id);
        if (ids.length > 0) await this.#claim(purpose, ids.length, ids);
      }
    }
    return clock.now() + Math.min(pollMs, this.#overdue.waitMs());
  }

  /** Pushes that come one by one are claimed some at a time. */
  async #gather(): Promise<void> {
    this.#alone = false;
    await this.#growth.wait(this.#options.gatherMs, () => this.#stopping);
  }

  /** Places that become free one by one are claimed for some at a time; few are left unused for it, and not for long. */
  async #grow(): Promise<void> {
    const { growMs, setSize } = this.#options;
    const worth = Math.min(setSize, Math.floor((this.#room() + this.inFlight) * worthPart));
    await this.#growth.wait(growMs, () => {
      const room = this.#room();
      return room <= 0 || room >= worth || this.#stopping;
    });
  }

  /** How many more may be claimed. A set that waits to be handed over is company enough for the one that is. */
  #room(): number {
    const waiting = this.#unready + this.#slices.waiting;
    if (waiting >= this.#options.setSize || this.#options.isBehind()) return 0;
    const free = Math.min(this.#options.free(), countless);
    return Math.min(this.#options.most - this.inFlight, free - waiting);
  }

  #roomOf(purpose: PushPurpose): number {
    const room = this.#room();
    const kept = Math.floor((room + this.inFlight) * keptPart);
    return Math.min(room, room + this.inFlight - kept - this.#open[purpose], this.#options.setSize);
  }

  /** Gives how many that were; with `ids`, of those alone. */
  async #claim(purpose: PushPurpose, limit: number, ids?: readonly string[]): Promise<number> {
    const { queue, name: carrier, leaseMs, node } = this.#options;
    const plans = new Map<string, Plan>();
    const request = { purpose, carrier, limit, leaseMs, node, ...(ids !== undefined && { ids }) };
    const claimed = await queue.claimDue(request, (due, device) => {
      const { changes, plan } = this.#work.decide(due, device);
      if (plan === undefined) plans.delete(due.id);
      else plans.set(due.id, plan);
      return changes;
    });
    const sending: Sending<Plan>[] = [];
    for (const { push, device, readAt } of claimed) {
      const plan = plans.get(push.id);
      if (plan === undefined) this.#work.passedOver(push);
      else sending.push(device === undefined ? { push, plan, readAt } : { push, plan, device, readAt });
    }
    if (sending.length > 0) this.#take(purpose, sending);
    return claimed.length;
  }

  #take(purpose: PushPurpose, sending: readonly Sending<Plan>[]): void {
    const { length } = sending;
    this.#open[purpose] += length;
    const ready = this.#work.ready(sending);
    if (!(ready instanceof Promise)) {
      this.#slices.add(ready);
      return;
    }
    this.#unready += length;
    const handOver = (left: readonly Sending<Plan>[]): void => {
      this.#unready -= length;
      this.#over(purpose, length - left.length);
      this.#slices.add(left);
    };
    ready.then(handOver, (error: unknown) => {
      this.#options.trouble.note(`the push engine (${this.name}) could not work with the store`, error);
      handOver([]);
    });
  }

  #over(purpose: PushPurpose, count: number): void {
    this.#open[purpose] -= count;
    if (this.inFlight === 0) this.#onIdle();
    this.placeFree();
  }
}

// The lane of a carrier: claims as many of its pushes as it takes now, purposes in turn, and hands them over.
import type { Clock } from '../../core/index.ts';
import {
  type ClaimedPush,
  type PushChange,
  type PushPurpose,
  type PushQueue,
  type PushRecord,
  pushPurposes,
} from '../../store/index.ts';
import { Nap, storePauseMs } from '../work/nap.ts';
import type { TroubleLog } from '../work/trouble-log.ts';

/** A push that was claimed to be sent. */
export interface Sending<Plan> extends ClaimedPush {
  readonly plan: Plan;
}

/** What is decided about a push that is due. */
export interface Decision<Plan> {
  /** As `PushQueue.claimDue` takes them. */
  readonly changes: readonly [PushChange, ...PushChange[]];
  /** How it is sent; absent when it is not. */
  readonly plan?: Plan;
}

/** What a lane does with its pushes. */
export interface LaneWork<Plan> {
  /** Pure; asked at the claim. */
  decide(due: PushRecord, device: ClaimedPush['device']): Decision<Plan>;
  /** Called for what was claimed and is not sent. */
  passedOver(push: PushRecord): void;
  /** Readies what was claimed before any of it is handed over; gives what is still to be sent. Rejects when the store fails. */
  ready(claimed: readonly Sending<Plan>[]): readonly Sending<Plan>[] | Promise<readonly Sending<Plan>[]>;
  /** Hands one over; `over` is called once, when its outcome is on disk or nobody has one. Must not throw. */
  handOver(sending: Sending<Plan>, over: () => void): void;
}

/** Settings of a lane. */
export interface LaneOptions {
  /** Name of the carrier. */
  readonly name: string;
  /** How many pushes the carrier takes now. */
  readonly free: () => number;
  /** Largest number of pushes that are claimed and have no outcome on disk. */
  readonly most: number;
  /** Largest number in one claim. */
  readonly setSize: number;
  readonly leaseMs: number;
  /** Longest sleep, in milliseconds. */
  readonly pollMs: number;
  readonly node: string;
  readonly clock: Clock;
  readonly queue: Pick<PushQueue, 'claimDue' | 'nextDueAt'>;
  readonly trouble: TroubleLog;
}

/** Pushes that are handed over between two turns of the event loop. */
const slice = 64;

/** A part of all places is kept from each purpose for the others, of a carrier that has so many. */
const keptPart = 1 / 16;

/** Sends the pushes of one carrier until it is stopped. */
export class Lane<Plan> {
  readonly name: string;
  readonly #options: LaneOptions;
  readonly #work: LaneWork<Plan>;
  readonly #nap: Nap;
  /** Claimed to be sent, without an outcome on disk. */
  readonly #open: Record<PushPurpose, number> = { notification: 0, message: 0, relayed: 0 };
  /** Of those, claimed and not handed over. */
  #waiting = 0;
  #toHandOver: Sending<Plan>[] = [];
  #handingOver = false;
  /** The purpose that has its turn. */
  #turn = 0;
  /** When the next push of each purpose is due, as far as that is known; absent: perhaps now. */
  readonly #dueAts = new Map<PushPurpose, number>();
  /** How often something was said of a purpose: what was read before it does not count. */
  #words = 0;
  /** True while only a place is missing. */
  #wantsPlace = false;
  #vain = false;
  #stopping = false;
  #running: Promise<void> | undefined;
  #onIdle: () => void = () => undefined;

  constructor(options: LaneOptions, work: LaneWork<Plan>) {
    this.name = options.name;
    this.#options = options;
    this.#work = work;
    this.#nap = new Nap(options.clock);
  }

  /** Pushes under way: claimed, and without an outcome on disk. */
  get inFlight(): number {
    return this.#open.notification + this.#open.message + this.#open.relayed;
  }

  /** Begins. */
  start(): void {
    this.#stopping = false;
    this.#dueAts.clear();
    this.#running ??= this.#run();
  }

  /** Something may be due, of one purpose or of any. */
  wake(purpose?: PushPurpose): void {
    this.#words += 1;
    if (purpose === undefined) this.#dueAts.clear();
    else this.#dueAts.delete(purpose);
    this.#nap.wake();
  }

  /** A push of that purpose is due at `dueAt`, milliseconds since the POSIX epoch. */
  waits(purpose: PushPurpose, dueAt: number): void {
    this.#words += 1;
    const known = this.#dueAts.get(purpose);
    // What is not known is looked at anyway.
    if (known === undefined || dueAt >= known) return;
    this.#dueAts.set(purpose, dueAt);
    this.#nap.wake(dueAt);
  }

  /** The carrier may take more. */
  placeFree(): void {
    if (this.#wantsPlace) this.#nap.wake();
  }

  /** Claims nothing more, and resolves when what is under way is over. */
  async stop(): Promise<void> {
    this.#stopping = true;
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
    const now = clock.now();
    let next = now + pollMs;
    this.#wantsPlace = this.#room() <= 0;
    if (this.#wantsPlace) return next;
    const { length } = pushPurposes;
    for (let index = 0; index < length; index += 1) {
      const turn = (this.#turn + index) % length;
      const purpose = pushPurposes[turn];
      if (purpose === undefined) continue;
      const dueAt = this.#dueAts.get(purpose) ?? now;
      if (dueAt > now) {
        next = Math.min(next, dueAt);
        continue;
      }
      const limit = this.#roomOf(purpose);
      if (limit <= 0) {
        this.#wantsPlace = true;
        continue;
      }
      const claimed = await this.#claim(purpose, limit);
      if (claimed > 0) {
        this.#turn = (turn + 1) % length;
        this.#vain = false;
      }
      // One that was full may be followed by another.
      if (claimed === limit) return now;
      const after = await this.#askNextDueAt(purpose);
      if (claimed > 0) return now;
      // What was due may have gone meanwhile; where it is due still, others are at it.
      if (after <= now) {
        this.#vain = !this.#vain;
        return this.#vain ? now : clock.now() + storePauseMs;
      }
      next = Math.min(next, after);
    }
    return next;
  }

  /** When the next push of a purpose is due; infinite when none will be. */
  async #askNextDueAt(purpose: PushPurpose): Promise<number> {
    const { queue, name: carrier } = this.#options;
    const words = this.#words;
    const dueAt = (await queue.nextDueAt({ carrier, purpose })) ?? Number.POSITIVE_INFINITY;
    if (words === this.#words) this.#dueAts.set(purpose, dueAt);
    return dueAt;
  }

  /** How many more may be claimed. A set that waits to be handed over is company enough for the one that is. */
  #room(): number {
    if (this.#waiting >= this.#options.setSize) return 0;
    return Math.min(this.#options.most - this.inFlight, this.#options.free() - this.#waiting);
  }

  #roomOf(purpose: PushPurpose): number {
    const room = this.#room();
    const kept = Math.floor((room + this.inFlight) * keptPart);
    return Math.min(room, room + this.inFlight - kept - this.#open[purpose], this.#options.setSize);
  }

  /** Gives how many that were. */
  async #claim(purpose: PushPurpose, limit: number): Promise<number> {
    const { queue, name: carrier, leaseMs, node } = this.#options;
    const plans = new Map<string, Plan>();
    const claimed = await queue.claimDue({ purpose, carrier, limit, leaseMs, node }, (due, device) => {
      const { changes, plan } = this.#work.decide(due, device);
      if (plan === undefined) plans.delete(due.id);
      else plans.set(due.id, plan);
      return changes;
    });
    const sending: Sending<Plan>[] = [];
    for (const one of claimed) {
      const plan = plans.get(one.push.id);
      if (plan === undefined) this.#work.passedOver(one.push);
      else sending.push({ push: one.push, plan, ...(one.device !== undefined && { device: one.device }) });
    }
    if (sending.length > 0) this.#take(purpose, sending);
    return claimed.length;
  }

  #take(purpose: PushPurpose, sending: readonly Sending<Plan>[]): void {
    this.#open[purpose] += sending.length;
    this.#waiting += sending.length;
    const ready = this.#work.ready(sending);
    if (!(ready instanceof Promise)) {
      this.#queue(ready);
      return;
    }
    ready.then(
      (left) => {
        this.#leave(purpose, sending.length - left.length);
        this.#queue(left);
      },
      (error: unknown) => {
        this.#options.trouble.note(`the push engine (${this.name}) could not work with the store`, error);
        this.#leave(purpose, sending.length);
      },
    );
  }

  /** Some that were claimed are not handed over. */
  #leave(purpose: PushPurpose, count: number): void {
    this.#waiting -= count;
    this.#over(purpose, count);
  }

  #queue(sending: readonly Sending<Plan>[]): void {
    for (const one of sending) this.#toHandOver.push(one);
    if (this.#handingOver) return;
    this.#handingOver = true;
    this.#handOverSome();
  }

  /** In slices, so that others have their turns between. */
  #handOverSome(): void {
    const now = this.#toHandOver.slice(0, slice);
    this.#toHandOver = this.#toHandOver.slice(now.length);
    this.#waiting -= now.length;
    for (const sending of now) {
      const { purpose } = sending.push;
      this.#work.handOver(sending, () => this.#over(purpose, 1));
    }
    this.#handingOver = this.#toHandOver.length > 0;
    if (this.#handingOver) setImmediate(() => this.#handOverSome());
    this.placeFree();
  }

  #over(purpose: PushPurpose, count: number): void {
    this.#open[purpose] -= count;
    if (this.inFlight === 0) this.#onIdle();
    this.placeFree();
  }
}

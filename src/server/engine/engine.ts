// The push engine: a lane for each carrier, which claims what is due, hands it over and settles what came of it.
import { type Clock, ConfigError, type Logger } from '../../core/index.ts';
import type { Binding, DeviceAddress } from '../../push/index.ts';
import { paceDefaults } from '../../push/index.ts';
import {
  type DeviceStore,
  type EventStore,
  isOpenPush,
  type PushEvent,
  type PushPurpose,
  type PushQueue,
  type PushRecord,
} from '../../store/index.ts';
import type { SuspendedCarriers } from '../carrier/suspended-carriers.ts';
import type { CarrierMetrics } from '../metrics/carrier-metrics.ts';
import type { BindingTable } from '../push/bindings.ts';
import type { PushGates } from '../push/push-gates.ts';
import type { PushPolicy } from '../push/push-policy.ts';
import { persist } from '../work/persist.ts';
import { TroubleLog } from '../work/trouble-log.ts';
import { WorkLoop, workLoopDefaults } from '../work/work-loop.ts';
import { Deadlines } from './deadlines.ts';
import { Lane } from './lane.ts';
import { Outcomes } from './outcomes.ts';
import { Placing } from './placing.ts';
import type { Plan } from './plan.ts';
import { RetryAfters } from './retry-afters.ts';
import { Sender, type SenderContext } from './sender.ts';

/** Settings of the engine. */
export interface PushEngineOptions {
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly logger: Logger;
  readonly queue: PushQueue;
  /** Counts what carriers take and refuse. */
  readonly metrics?: CarrierMetrics | undefined;
  /** Which carriers are suspended, loaded by the time that the engine starts. Default: none ever is. */
  readonly suspended?: Pick<SuspendedCarriers, 'holds' | 'onChange'> | undefined;
  /** Which campaigns let attempts of their pushes begin, loaded by the time that the engine starts. Default: all do. */
  readonly gates?: PushGates | undefined;
  readonly devices: Pick<DeviceStore, 'devicesSince'>;
  readonly events: Pick<EventStore, 'onEvent' | 'timeline'>;
  readonly node: string;
  /** Index of the object that Requested-MO of a dm1.3 notification names when nothing else is asked for. */
  readonly requestedMo: number;
  /** Largest number of pushes in one claim, and half of the outcomes in one write. Default 250: a millisecond or two of work. */
  readonly setSize?: number | undefined;
  /**
   * Largest number of pushes of one carrier under way at once, beside the places that it has itself. Default: those, and 256 for
   * a binding that names none.
   */
  readonly maxInFlight?: number | undefined;
  /**
   * How long the claim after one that took all there was waits for company, in milliseconds, so that pushes that come one by one
   * are not claimed one by one; 0: not at all. Default 10. Three times as long a claim waits for more places while pushes wait for
   * them, and a set of outcomes for more after the one before.
   */
  readonly gatherMs?: number | undefined;
  /** Longest sleep, in milliseconds: after it the engine looks unasked. Default 30000. */
  readonly pollMs?: number | undefined;
}

/** Defaults of `PushEngineOptions`. */
export const pushEngineDefaults = Object.freeze({ setSize: 250, gatherMs: 10 });

/** How long a set may grow where more of it is under way, in times of `gatherMs`. */
const growTimes = 3;

/** Sets whose outcomes may wait for the disk before nothing more is claimed. */
const mostBehind = 6;

/** The lane of pushes that have no route. */
const nowhere = 'none';

/** Sends pushes of all purposes that are due, until it is stopped. */
export class PushEngine {
  readonly #options: PushEngineOptions;
  readonly #lanes = new Map<string, Lane<Plan>>();
  readonly #placing: WorkLoop;
  readonly #trouble: TroubleLog;
  readonly #outcomes: Outcomes;
  readonly #deadlines: Deadlines;
  readonly #isSuspended: (carrier: string) => boolean;
  #ender = new AbortController();
  #leave: (() => void)[] = [];

  /** @throws {ConfigError} when two bindings have a carrier of the same name */
  constructor(options: PushEngineOptions) {
    this.#options = options;
    this.#isSuspended = (carrier) => options.suspended?.holds(carrier) === true;
    const { queue, clock, logger, bindings } = options;
    const { setSize = pushEngineDefaults.setSize, gatherMs = pushEngineDefaults.gatherMs, pollMs } = options;
    this.#trouble = new TroubleLog(clock, logger);
    const trouble = this.#trouble;
    const onWritten = (): void => {
      for (const lane of this.#lanes.values()) lane.placeFree();
    };
    this.#outcomes = new Outcomes({
      queue,
      clock,
      trouble,
      setSize: 2 * setSize,
      growMs: growTimes * gatherMs,
      onWritten,
    });
    this.#deadlines = new Deadlines(clock);
    const context: SenderContext = {
      ...options,
      retryAfters: new RetryAfters(clock),
      offer: (...offer) =>
        persist(() => queue.offerDefaultNonces(...offer), { clock, trouble, signal: this.#ender.signal }),
      outcomes: this.#outcomes,
      deadlines: this.#deadlines,
      waits: (push) => this.#waits(push),
      isSuspended: this.#isSuspended,
    };
    for (const binding of new Set(Object.values(bindings))) {
      for (const name of binding.carriers?.names ?? [binding.name]) this.#addLane(name, context, binding);
    }
    this.#addLane(nowhere, context);
    const placing = new Placing({
      ...options,
      nowhere,
      placed: (carriers) => {
        for (const carrier of carriers) this.#lanes.get(carrier)?.wake();
      },
    });
    this.#placing = new WorkLoop(placing, { clock, logger, batchSize: setSize, pollMs });
  }

  /** Pushes under way. */
  get inFlight(): number {
    let sum = 0;
    for (const lane of this.#lanes.values()) sum += lane.inFlight;
    return sum;
  }

  /** Pushes of one carrier under way. */
  inFlightOf(carrier: string): number {
    return this.#lanes.get(carrier)?.inFlight ?? 0;
  }

  /** Takes back what this node held before it went down, and begins. */
  async start(): Promise<void> {
    if (this.#placing.running) return;
    this.#ender = new AbortController();
    this.#outcomes.begin();
    const { queue, node, logger, events, bindings } = this.#options;
    const taken = await queue.releaseClaims(node, [...this.#lanes.keys()]);
    if (taken > 0) logger.info({ node, pushes: taken }, 'sending again what a crash interrupted');
    this.#leave = [
      events.onEvent((event) => {
        if (maySetDueTime(event, node)) this.#wakeFor(event.kind);
      }),
    ];
    const { suspended } = this.#options;
    if (suspended !== undefined) this.#leave.push(suspended.onChange(() => this.wake()));
    for (const { carriers } of new Set(Object.values(bindings))) {
      if (carriers !== undefined)
        this.#leave.push(carriers.onFree((name) => this.#lanes.get(name)?.placeFree()));
    }
    for (const lane of this.#lanes.values()) lane.start();
    this.#placing.start();
  }

  /** Looks at the queue now. */
  wake(): void {
    for (const lane of this.#lanes.values()) lane.wake();
    this.#placing.wake();
  }

  /**
   * Claims nothing more, and resolves when what is under way has its outcome on disk; one that the store does not take is
   * given up, and its lease brings it back.
   */
  async stop(): Promise<void> {
    for (const leave of this.#leave.splice(0)) leave();
    this.#ender.abort();
    this.#outcomes.end();
    await Promise.all([this.#placing.stop(), ...[...this.#lanes.values()].map((lane) => lane.stop())]);
    this.#deadlines.close();
    this.#trouble.end();
  }

  #addLane(name: string, context: SenderContext, binding?: Binding<DeviceAddress>): void {
    if (this.#lanes.has(name)) {
      throw new ConfigError(`two bindings have a carrier ${JSON.stringify(name)}: their names must differ`);
    }
    const { queue, clock, policy, node, setSize = pushEngineDefaults.setSize } = this.#options;
    const { maxInFlight, gatherMs = pushEngineDefaults.gatherMs, pollMs } = this.#options;
    const carriers = binding?.carriers;
    const named = carriers === undefined ? paceDefaults.places : Number.POSITIVE_INFINITY;
    const lane = new Lane<Plan>(
      {
        name,
        free: () => carriers?.free(name) ?? Number.POSITIVE_INFINITY,
        most: maxInFlight ?? named,
        isBehind: () => this.#outcomes.size >= mostBehind * setSize,
        setSize,
        leaseMs: policy.leaseMs,
        gatherMs,
        growMs: growTimes * gatherMs,
        pollMs: pollMs ?? workLoopDefaults.pollMs,
        node,
        clock,
        queue,
        trouble: this.#trouble,
        isSuspended: () => this.#isSuspended(name),
        attempts: () => policy.attempts,
      },
      new Sender(context, name),
    );
    this.#lanes.set(name, lane);
  }

  /** Something of that purpose may be due. What has no route is placed by us alone, or found unasked. */
  #wakeFor(purpose: PushPurpose): void {
    for (const lane of this.#lanes.values()) if (lane.name !== nowhere) lane.wake(purpose);
    this.#placing.wake();
  }

  /** It is due at a time that its lane may not know. */
  #waits({ carrier, purpose, dueAt }: PushRecord): void {
    if (dueAt === undefined) return;
    const lane = carrier === undefined ? undefined : this.#lanes.get(carrier);
    if (lane === undefined) this.#placing.wake(dueAt);
    else lane.waits(purpose, dueAt);
  }
}

/**
 * True for what may make a push due sooner than the engine knows. A claim is due again after its lease, to which the lane
 * looks by itself; what the engine of this node writes of a push that was taken it says to the lane.
 */
function maySetDueTime({ event, kind, state, node: writer }: PushEvent, node: string): boolean {
  if (event === 'sending' || !isOpenPush({ purpose: kind, state })) return false;
  return writer !== node || (event !== 'sent' && event !== 'accepted');
}

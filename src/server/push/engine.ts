// The push engine: claims what is due, makes its content, tries its routes, settles what came of it.
import type {
  DeviceRecord,
  DeviceStore,
  EventStore,
  PushEvent,
  PushPurpose,
  PushQueue,
  PushRecord,
} from '../../store/index.ts';
import { isOpenPush } from '../../store/index.ts';
import { persist } from '../work/persist.ts';
import { TroubleLog } from '../work/trouble-log.ts';
import { WorkLoop, type WorkLoopOptions } from '../work/work-loop.ts';
import { type Content, messageContent } from './content.ts';
import { decideDue } from './decide.ts';
import { type NotificationContentContext, notificationContent } from './notification-content.ts';
import { type RoutesContext, tryRoutes } from './routes.ts';
import { type SettleContext, settle } from './settle.ts';

/** Settings of the engine. */
export interface PushEngineOptions
  extends RoutesContext,
    Pick<WorkLoopOptions, 'batchSize' | 'maxInFlight' | 'pollMs'> {
  readonly queue: PushQueue;
  readonly devices: Pick<DeviceStore, 'devices'>;
  readonly events: Pick<EventStore, 'onEvent' | 'timeline'>;
  readonly node: string;
  /** Index of the object that Requested-MO of a dm1.3 notification names when nothing else is asked for. */
  readonly requestedMo: number;
}

/** Sends pushes of all purposes that are due, until it is stopped. */
export class PushEngine {
  readonly #options: PushEngineOptions;
  readonly #attempts: RoutesContext & NotificationContentContext & SettleContext;
  /** Places and sleep for each purpose: what waits for a carrier of one keeps none of another waiting. */
  readonly #loops: Readonly<Record<PushPurpose, WorkLoop>>;
  readonly #trouble: TroubleLog;
  #ender = new AbortController();
  #leave: () => void = () => undefined;

  constructor(options: PushEngineOptions) {
    this.#options = options;
    this.#trouble = new TroubleLog(options.clock, options.logger);
    const { queue, clock } = options;
    const persistently = <Result>(write: () => Promise<Result>): Promise<Result> =>
      persist(write, { clock, trouble: this.#trouble, signal: this.#ender.signal });
    this.#attempts = {
      ...options,
      queue: {
        change: (changes) => persistently(() => queue.change(changes)),
        offerDefaultNonce: (...offer) => persistently(() => queue.offerDefaultNonce(...offer)),
      },
    };
    const loopOf = (purpose: PushPurpose): WorkLoop =>
      new WorkLoop(
        {
          name: `push engine (${purpose})`,
          nextDueAt: () => queue.nextDueAt(purpose),
          start: (limit) => this.#startDue(purpose, limit),
        },
        options,
      );
    this.#loops = {
      notification: loopOf('notification'),
      message: loopOf('message'),
      relayed: loopOf('relayed'),
    };
  }

  /** Pushes under way. */
  get inFlight(): number {
    return Object.values(this.#loops).reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  /** Takes back what this node held before it went down, and begins. */
  async start(): Promise<void> {
    const loops = Object.values(this.#loops);
    if (loops.some(({ running }) => running)) return;
    this.#ender = new AbortController();
    const { queue, node, logger, events } = this.#options;
    const taken = await queue.releaseClaims(node);
    if (taken > 0) logger.info({ node, pushes: taken }, 'sending again what a crash interrupted');
    this.#leave = events.onEvent((event) => {
      if (maySetDueTime(event, node)) this.#loops[event.kind].wake();
    });
    for (const loop of loops) loop.start();
  }

  /** Looks at the queue now. */
  wake(): void {
    for (const loop of Object.values(this.#loops)) loop.wake();
  }

  /**
   * Claims nothing more, and resolves when what is under way has its outcome on disk; one that the store does not take is
   * given up, and its lease brings it back.
   */
  async stop(): Promise<void> {
    this.#leave();
    this.#ender.abort();
    await Promise.all(Object.values(this.#loops).map((loop) => loop.stop()));
    this.#trouble.end();
  }

  async #startDue(purpose: PushPurpose, limit: number): Promise<readonly Promise<void>[] | 'nothing'> {
    const { queue, devices, policy, clock, node } = this.#options;
    const claimed = await queue.claimDue({ purpose, limit, leaseMs: policy.leaseMs, node }, (due) =>
      decideDue(due, policy, clock.now()),
    );
    if (claimed.length === 0) return 'nothing';
    const toSend = claimed.filter(({ state }) => state === 'sending');
    const ids = new Set(toSend.flatMap(({ deviceId }) => deviceId ?? []));
    const found = new Map((await devices.devices([...ids])).map((device) => [device.id, device]));
    return toSend.map((push) =>
      this.#attempt(push, push.deviceId === undefined ? undefined : found.get(push.deviceId)),
    );
  }

  /** Sends a push that was claimed for sending, and writes what came of it. Rejects only when the store fails. */
  async #attempt(push: PushRecord, device: DeviceRecord | undefined): Promise<void> {
    const content = await this.#contentOf(push, device);
    if (content === undefined) return;
    const turn = inTurn(content.addresses, push);
    const outcome = await tryRoutes(this.#attempts, content, turn, push);
    const settled = await settle(this.#attempts, push, outcome, content.madeAt);
    if (settled?.dueAt !== undefined) this.#loops[push.purpose].wake(settled.dueAt);
  }

  async #contentOf(push: PushRecord, device: DeviceRecord | undefined): Promise<Content | undefined> {
    if (push.purpose !== 'notification') return messageContent(push, device, this.#options.clock.now());
    // A device that is gone has taken it with it.
    return device && notificationContent(this.#attempts, push, device);
  }
}

/**
 * True for what may make a push due sooner than the engine knows. A claim is due again after its lease, to which the loop
 * looks by itself; what the engine of this node writes of a push that was taken it says to the loop.
 */
function maySetDueTime({ event, kind, state, node: writer }: PushEvent, node: string): boolean {
  if (event === 'sending' || !isOpenPush({ purpose: kind, state })) return false;
  return writer !== node || (event !== 'sent' && event !== 'accepted');
}

/** The addresses in order of preference, beginning with the one after those that were tried in vain. */
function inTurn(addresses: readonly string[], { sends, failures }: PushRecord): readonly string[] {
  const begin = addresses.length === 0 ? 0 : (sends + failures) % addresses.length;
  return [...addresses.slice(begin), ...addresses.slice(0, begin)];
}

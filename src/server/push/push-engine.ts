// The push engine: claims due notifications and sends them.
import type { DeviceStore, EventStore, NotificationQueue } from '../../store/index.ts';
import { persist } from '../work/persist.ts';
import { TroubleLog } from '../work/trouble-log.ts';
import { WorkLoop, type WorkLoopOptions } from '../work/work-loop.ts';
import { type AttemptContext, attempt } from './attempt.ts';
import { decide } from './decide.ts';

/** Settings of the engine. */
export interface PushEngineOptions
  extends AttemptContext,
    Pick<WorkLoopOptions, 'batchSize' | 'maxInFlight' | 'pollMs'> {
  readonly queue: NotificationQueue;
  readonly devices: DeviceStore;
  readonly events: EventStore;
}

/** Sends what is due until it is stopped. */
export class PushEngine {
  readonly #options: PushEngineOptions;
  readonly #attempts: AttemptContext;
  readonly #loop: WorkLoop;
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
    this.#loop = new WorkLoop(
      {
        name: 'push engine',
        nextDueAt: () => options.queue.nextDueAt(),
        start: (limit) => this.#startDue(limit),
      },
      options,
    );
  }

  /** Pushes under way. */
  get inFlight(): number {
    return this.#loop.inFlight;
  }

  /** Takes back what this node held before it went down, and begins. */
  async start(): Promise<void> {
    if (this.#loop.running) return;
    this.#ender = new AbortController();
    const { queue, node, logger, events } = this.#options;
    const taken = await queue.releaseClaims(node);
    if (taken > 0) logger.info({ node, notifications: taken }, 'sending again what a crash interrupted');
    // Whatever happens to a notification may change when the next one is due.
    this.#leave = events.onEvent(() => this.#loop.wake());
    this.#loop.start();
  }

  /** Looks at the queue now. */
  wake(): void {
    this.#loop.wake();
  }

  /**
   * Claims nothing more, and resolves when what is under way has its outcome on disk; one that the store does not take is
   * given up, and its lease brings it back.
   */
  async stop(): Promise<void> {
    this.#leave();
    this.#ender.abort();
    await this.#loop.stop();
    this.#trouble.end();
  }

  async #startDue(limit: number): Promise<readonly Promise<void>[]> {
    const { queue, devices, policy, clock, node } = this.#options;
    const claimed = await queue.claimDue({ limit, leaseMs: policy.leaseMs, node }, (due) =>
      decide(due, policy, clock.now()),
    );
    const toSend = claimed.filter((notification) => notification.state === 'sending');
    const ids = [...new Set(toSend.map((notification) => notification.deviceId))];
    const found = new Map((await devices.devices(ids)).map((device) => [device.id, device]));
    return toSend.flatMap((notification) => {
      const device = found.get(notification.deviceId);
      return device === undefined ? [] : [attempt(this.#attempts, notification, device)];
    });
  }
}

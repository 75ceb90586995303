// The push engine: claims due work, sends it with bounded concurrency, sleeps until more is due.
import { sleep } from '../core/index.ts';
import type { DeviceStore, EventStore, NotificationRecord } from '../store/index.ts';
import { type AttemptContext, attempt } from './attempt.ts';
import { decide } from './decide.ts';
import { RefusedRoads } from './refused-roads.ts';

/** Settings of the engine. */
export interface PushEngineOptions extends Omit<AttemptContext, 'refused'> {
  readonly devices: DeviceStore;
  readonly events: EventStore;
  /** Largest number of notifications in one claim. Default 200. */
  readonly batchSize?: number;
  /** Largest number of pushes under way at once. Default 256. */
  readonly maxInFlight?: number;
  /** Longest sleep, in milliseconds: after it the engine looks at the queue unasked. Default 30000. */
  readonly pollMs?: number;
}

/** Defaults of `PushEngineOptions`. */
export const pushEngineDefaults = Object.freeze({ batchSize: 200, maxInFlight: 256, pollMs: 30_000 });

/** Pause after the store has failed, in milliseconds. */
const storePauseMs = 1000;

/** Sends what is due until it is stopped. */
export class PushEngine {
  readonly #options: PushEngineOptions;
  readonly #context: AttemptContext;
  readonly #batchSize: number;
  readonly #maxInFlight: number;
  readonly #pollMs: number;
  readonly #inFlight = new Set<Promise<void>>();
  #running: Promise<void> | undefined;
  #stopping = false;
  #wakeUp = new AbortController();
  #leave: () => void = () => undefined;

  constructor(options: PushEngineOptions) {
    this.#options = options;
    this.#context = { ...options, refused: new RefusedRoads() };
    this.#batchSize = options.batchSize ?? pushEngineDefaults.batchSize;
    this.#maxInFlight = options.maxInFlight ?? pushEngineDefaults.maxInFlight;
    this.#pollMs = options.pollMs ?? pushEngineDefaults.pollMs;
  }

  /** Pushes under way. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Takes back what this node held before it went down, and begins. */
  async start(): Promise<void> {
    if (this.#running !== undefined) return;
    const { queue, node, logger, events } = this.#options;
    const taken = await queue.releaseClaims(node);
    if (taken > 0) logger.info({ node, notifications: taken }, 'sending again what a crash interrupted');
    this.#stopping = false;
    // Whatever happens to a notification may change when the next one is due.
    this.#leave = events.onEvent(() => this.wake());
    this.#running = this.#run();
  }

  /** Looks at the queue now. */
  wake(): void {
    this.#wakeUp.abort();
  }

  /** Claims nothing more, and resolves when what is under way has its outcome on disk. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#leave();
    this.wake();
    await this.#running;
    await Promise.all(this.#inFlight);
    this.#running = undefined;
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#options;
    while (!this.#stopping) {
      // Made before looking, so that what comes while looking is not slept through.
      const wakeUp = new AbortController();
      this.#wakeUp = wakeUp;
      try {
        const pauseMs = await this.#step();
        if (pauseMs > 0) await sleep(clock, pauseMs, wakeUp.signal);
      } catch (error) {
        logger.error({ error: messageOf(error) }, 'the push engine could not work with the store');
        await sleep(clock, storePauseMs, wakeUp.signal);
      }
    }
  }

  /** Claims and starts what is due; gives for how long there is nothing to do, in milliseconds. */
  async #step(): Promise<number> {
    const { queue, devices, policy, clock, node } = this.#options;
    const free = this.#maxInFlight - this.#inFlight.size;
    if (free <= 0) {
      await Promise.race(this.#inFlight);
      return 0;
    }
    const dueAt = await queue.nextDueAt();
    const now = clock.now();
    if (dueAt === undefined || dueAt > now) {
      return Math.min(this.#pollMs, dueAt === undefined ? this.#pollMs : dueAt - now);
    }
    const limit = Math.min(free, this.#batchSize);
    const claimed = await queue.claimDue({ limit, leaseMs: policy.leaseMs, node }, (due) =>
      decide(due, policy, clock.now()),
    );
    const toSend = claimed.filter((notification) => notification.state === 'sending');
    const ids = [...new Set(toSend.map((notification) => notification.deviceId))];
    const found = new Map((await devices.devices(ids)).map((device) => [device.id, device]));
    for (const notification of toSend) {
      const device = found.get(notification.deviceId);
      if (device !== undefined) this.#track(notification, attempt(this.#context, notification, device));
    }
    return 0;
  }

  #track(notification: NotificationRecord, sending: Promise<void>): void {
    const { logger } = this.#options;
    const settled = sending
      .catch((error: unknown) => {
        // The lease brings it back.
        logger.error(
          { notification: notification.id, error: messageOf(error) },
          'an attempt was not recorded',
        );
      })
      .finally(() => {
        this.#inFlight.delete(settled);
      });
    this.#inFlight.add(settled);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// The server: store, bindings, push engine and DM endpoint as one thing that starts and stops.
import { hostname } from 'node:os';
import type { MoIndexRegistry } from '../codec/notification/index.ts';
import {
  type Clock,
  ConfigError,
  type Logger,
  silentLogger,
  systemClock,
  watchClock,
} from '../core/index.ts';
import type { PushEvent, Store } from '../store/index.ts';
import { defaultRequestedMo } from './compose/composer.ts';
import { DmEndpoint } from './endpoint/dm-endpoint.ts';
import type { DmEndpointSettings } from './endpoint/dm-endpoint-options.ts';
import { PushEngine } from './engine/engine.ts';
import { jobExpiry } from './job/job-expiry.ts';
import { JobService } from './job/job-service.ts';
import { type JobSettings, JobWork } from './job/job-work.ts';
import { SessionlessService } from './message/sessionless-service.ts';
import type { BindingTable } from './push/bindings.ts';
import { DeliveryReports } from './push/delivery-reports.ts';
import { type PushPolicy, pushPolicyDefaults } from './push/push-policy.ts';
import { PushService } from './push/push-service.ts';
import { Readiness } from './readiness.ts';
import { AccountService } from './record/account-service.ts';
import { DeviceService } from './record/device-service.ts';
import { RotationWork } from './rotation/rotation-work.ts';
import { SecretRotations } from './rotation/secret-rotation.ts';
import { type RetentionSettings, RetentionWork } from './work/retention.ts';
import type { SessionWork } from './work/session-work.ts';
import { WorkLoop } from './work/work-loop.ts';

/** What a server is made of. */
export interface ServerOptions {
  /** Open; whoever opened it closes it, after `stop`. */
  readonly store: Store;
  /** By scheme; whoever made them closes them, after `stop`. */
  readonly bindings: BindingTable;
  /** Name of this process among those that share the store. Default: the machine's host name. */
  readonly node?: string;
  readonly policy?: Partial<PushPolicy>;
  readonly endpoint?: DmEndpointSettings;
  /** What is done in sessions. Default: the jobs of the device. */
  readonly work?: SessionWork;
  /** How jobs are done, where `work` is left out. */
  readonly jobs?: JobSettings;
  /** For how long what is over stays. Default `retentionDefaults`. */
  readonly retention?: RetentionSettings;
  /** Which object an index means; Requested-MO names DevInfo by it when nothing else is asked for. */
  readonly moIndexes?: MoIndexRegistry;
  /** Largest number of pushes of one carrier under way at once, beside the places that it has itself. Default: those. */
  readonly maxInFlight?: number;
  /** How long pushes that come one by one wait for company before they are claimed, in milliseconds; 0: not at all. Default 10. */
  readonly gatherMs?: number;
  readonly clock?: Clock;
  /** From 0 up to, not including, 1; for the jitter of retries. */
  readonly random?: () => number;
  readonly logger?: Logger;
}

/** A DM server without listeners: `endpoint` is served by `startDmListener`, the rest by the API or by the caller. */
export class Server {
  readonly accounts: AccountService;
  readonly devices: DeviceService;
  /** Whatever is pushed: notifications, messages, and what other initiators hand in. */
  readonly pushes: PushService;
  readonly jobs: JobService;
  /** Replaces secrets of devices. */
  readonly rotations: SecretRotations;
  /** Makes messages that need no session, and bootstraps. */
  readonly sessionless: SessionlessService;
  readonly endpoint: DmEndpoint;
  readonly engine: PushEngine;
  /** Give its `take` to bindings whose carriers report later. */
  readonly reports: DeliveryReports;
  readonly clock: Clock;
  readonly node: string;
  readonly #store: Store;
  readonly #jobExpiry: WorkLoop;
  readonly #retention: WorkLoop;
  readonly #readiness: Readiness;
  #leaveClock: () => void = () => undefined;

  /** @throws {ConfigError} when the policy cannot work, or something is to stay for less than no time */
  constructor(options: ServerOptions) {
    const { store, bindings } = options;
    const policy = {
      ...pushPolicyDefaults,
      ...options.policy,
      schemes: { ...pushPolicyDefaults.schemes, ...options.policy?.schemes },
    };
    checkPolicy(policy);
    const clock = options.clock ?? systemClock();
    const node = options.node ?? hostname();
    const logger = options.logger ?? silentLogger;
    const requestedMo = defaultRequestedMo(options.moIndexes);
    this.clock = clock;
    this.node = node;
    this.#store = store;
    this.#readiness = new Readiness({ store, clock, logger });
    this.accounts = new AccountService(store);
    this.devices = new DeviceService(store, bindings);
    const asking = { store, bindings, policy, clock, requestedMo };
    this.pushes = new PushService(asking);
    this.sessionless = new SessionlessService({ store, bindings, policy, clock });
    this.#jobExpiry = new WorkLoop(jobExpiry(store), { clock, logger, batchSize: 100 });
    const retention = new RetentionWork({ store, clock, logger, settings: options.retention });
    this.#retention = new WorkLoop(retention, { clock, logger });
    const onCreated = (): void => this.#jobExpiry.wake();
    this.jobs = new JobService({ ...asking, pushes: this.pushes, onCreated });
    this.rotations = new SecretRotations(asking);
    this.endpoint = new DmEndpoint({
      store,
      clock,
      node,
      logger,
      ...(options.endpoint !== undefined && { settings: options.endpoint }),
      work: new RotationWork(options.work ?? new JobWork(store, logger, options.jobs), store, logger),
    });
    const random = options.random ?? Math.random;
    this.reports = new DeliveryReports({ store, bindings, policy, clock, random, node, logger });
    this.engine = new PushEngine({
      queue: store,
      devices: store,
      events: store,
      bindings,
      policy,
      clock,
      random,
      node,
      logger,
      requestedMo,
      maxInFlight: options.maxInFlight,
      gatherMs: options.gatherMs,
    });
  }

  /** Begins to send. The endpoint answers from the beginning. */
  async start(): Promise<void> {
    await this.reports.resume();
    await this.engine.start();
    this.#jobExpiry.start();
    this.#retention.start();
    // What is due next may be due at once, or not for long: the store moves its waits when it is looked at.
    const wake = (): void => {
      this.engine.wake();
      this.#jobExpiry.wake();
      this.#retention.wake();
    };
    const leaveWatch = watchClock(this.clock, wake);
    // A full disk may keep it from that for a while: what was read meanwhile does not count.
    const leaveMoves = this.#store.onClockMoved(wake);
    this.#leaveClock = () => {
      leaveWatch();
      leaveMoves();
    };
  }

  /** Sends nothing more, waits for pushes under way, and ends sessions so that their notifications go out again. */
  async stop(): Promise<void> {
    this.#readiness.stop();
    this.#leaveClock();
    await this.engine.stop();
    await this.#jobExpiry.stop();
    await this.#retention.stop();
    await this.endpoint.stop();
  }

  /** Calls `listener` with each event, of all kinds, once it is on disk. Gives what ends the subscription. */
  onEvent(listener: (event: PushEvent) => void): () => void {
    return this.#store.onEvent(listener);
  }

  /**
   * Resolves while the server can work: what it is given now would be on disk. Asks the store at most once a second.
   * @throws {StoreError} the store takes no writes (`storeTroubleOf`)
   * @throws {ReveilleError} STOPPING
   */
  health(): Promise<void> {
    return this.#readiness.check();
  }
}

function checkPolicy(policy: PushPolicy): void {
  const positive = [
    'attempts',
    'answerTimeoutMs',
    'lifetimeMs',
    'backOffBaseMs',
    'backOffCapMs',
    'sendTimeoutMs',
    'leaseMs',
  ] as const;
  for (const name of positive) {
    if (!(policy[name] >= 1)) throw new ConfigError(`${name} is ${policy[name]}: it must be 1 or more`);
  }
  const schemes = Object.entries(policy.schemes);
  for (const [scheme, own] of schemes) {
    for (const [name, value] of Object.entries(own)) {
      if (!(value >= 1)) throw new ConfigError(`${name} of ${scheme} is ${value}: it must be 1 or more`);
    }
  }
  const longest = Math.max(policy.sendTimeoutMs, ...schemes.map(([, own]) => own.sendTimeoutMs ?? 0));
  if (policy.leaseMs < longest * 2) {
    throw new ConfigError(
      `leaseMs is ${policy.leaseMs}: it must be at least twice sendTimeoutMs (${longest})`,
    );
  }
}

// The server: store, bindings, push engine and DM endpoint as one thing that starts and stops.
import { hostname } from 'node:os';
import type { MoIndexRegistry } from '../codec/notification/index.ts';
import { type Clock, type Logger, silentLogger, systemClock, watchClock } from '../core/index.ts';
import type { NoticeStore, PushEvent, Store } from '../store/index.ts';
import { AuditLog } from './access/audit-log.ts';
import { TokenService } from './access/token-service.ts';
import { campaignFamilies } from './campaign/campaign-metrics.ts';
import { CampaignService } from './campaign/campaign-service.ts';
import { CampaignWork } from './campaign/campaign-work.ts';
import { SuspendedCarriers } from './carrier/suspended-carriers.ts';
import { defaultRequestedMo } from './compose/composer.ts';
import { DmEndpoint } from './endpoint/dm-endpoint.ts';
import type { DmEndpointSettings } from './endpoint/dm-endpoint-options.ts';
import { PushEngine } from './engine/engine.ts';
import { jobExpiry } from './job/job-expiry.ts';
import { JobService } from './job/job-service.ts';
import { type JobSettings, JobWork } from './job/job-work.ts';
import { SessionlessService } from './message/sessionless-service.ts';
import { EndLog } from './metrics/end-log.ts';
import type { MetricFamily } from './metrics/instruments.ts';
import { PushMetrics } from './metrics/push-metrics.ts';
import { ServerMetrics } from './metrics/server-metrics.ts';
import { type BindingTable, bindingsOfCarriers } from './push/bindings.ts';
import { CarrierWatch } from './push/carrier-watch.ts';
import { DeliveryReports } from './push/delivery-reports.ts';
import { HeldService } from './push/held-service.ts';
import { checkPolicy, type PushPolicy, wholePolicy } from './push/push-policy.ts';
import { PushService } from './push/push-service.ts';
import { serverStatus } from './push/server-status.ts';
import {
  mostQueued,
  type StoreState,
  statusFamilies,
  storeStateOf,
  unplacedQueue,
  type WholeStatus,
  wholeCarriers,
} from './push/whole-status.ts';
import { Readiness } from './readiness.ts';
import { AccountService } from './record/account-service.ts';
import { DeviceBulk } from './record/device-bulk.ts';
import { DeviceService } from './record/device-service.ts';
import { RotationWork } from './rotation/rotation-work.ts';
import { SecretRotations } from './rotation/secret-rotation.ts';
import { plainView } from './webhook/webhook-event.ts';
import { WebhookService } from './webhook/webhook-service.ts';
import type { WebhookSettings } from './webhook/webhook-workers.ts';
import { type RetentionSettings, RetentionWork } from './work/retention.ts';
import type { SessionWork } from './work/session-work.ts';
import { WorkLoop } from './work/work-loop.ts';

/** What is set for all campaigns. */
export interface CampaignSettings {
  /** Campaigns of more devices start when a second owner has approved them. Default: none needs that. */
  readonly approvalAbove?: number;
  /** Wakes of a device within 24 hours, where a campaign says nothing of them. Default: as many as there are. */
  readonly wakesPerDay?: number;
}

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
  readonly campaigns?: CampaignSettings;
  /** For how long what is over stays. Default `retentionDefaults`. */
  readonly retention?: RetentionSettings;
  /** Which object an index means; Requested-MO names DevInfo by it when nothing else is asked for. */
  readonly moIndexes?: MoIndexRegistry;
  /** Largest number of pushes of one carrier under way at once, beside the places that it has itself. Default: those. */
  readonly maxInFlight?: number;
  /** How long pushes that come one by one wait for company before they are claimed, in milliseconds; 0: not at all. Default 10 (see `PushEngineOptions`). */
  readonly gatherMs?: number;
  /** How webhooks are told. Default: of events as they are, at public addresses alone. */
  readonly webhooks?: WebhookSettings;
  /** What is counted in. Default: counts of its own. */
  readonly metrics?: ServerMetrics;
  readonly clock?: Clock;
  /** From 0 up to, not including, 1; for the jitter of retries. */
  readonly random?: () => number;
  readonly logger?: Logger;
  /**
   * Makes a consistent copy of the store, to be read once; absent: none can be made.
   * @throws {StoreError} COPY_UNDER_WAY while another one is made or read
   */
  readonly copyStore?: () => Promise<ReadableCopy>;
}

/** What of a policy may change while a server runs. */
export type RenewablePolicy = 'attempts' | 'answerTimeoutMs' | 'lifetimeMs' | 'resynchronise';

/** A copy of a store: `pieces` ends it when it is read or given up, and so does `end`. */
export interface ReadableCopy {
  readonly octets: number;
  readonly pieces: () => AsyncIterable<Uint8Array>;
  readonly end: () => Promise<void>;
}

/** A DM server without listeners: `endpoint` is served by `startDmListener`, the rest by the API or by the caller. */
export class Server {
  readonly accounts: AccountService;
  readonly devices: DeviceService;
  /** Devices by the thousand. */
  readonly bulk: DeviceBulk;
  /** Whatever is pushed: notifications, messages, and what other initiators hand in. */
  readonly pushes: PushService;
  readonly jobs: JobService;
  /** What happens to jobs, campaigns and links. */
  readonly notices: NoticeStore;
  /** Who is told of events over HTTP. */
  readonly webhooks: WebhookService;
  readonly campaigns: CampaignService;
  /** What is held after a restore. */
  readonly held: HeldService;
  /** Which carriers are suspended. */
  readonly carriers: SuspendedCarriers;
  /** As in `ServerOptions`. */
  readonly copyStore?: ServerOptions['copyStore'];
  /** Replaces secrets of devices. */
  readonly rotations: SecretRotations;
  /** Makes messages that need no session, and bootstraps. */
  readonly sessionless: SessionlessService;
  /** Tokens of the REST API. */
  readonly tokens: TokenService;
  /** Who did what. */
  readonly audit: AuditLog;
  readonly endpoint: DmEndpoint;
  readonly engine: PushEngine;
  /** Give its `take` to bindings whose carriers report later. */
  readonly reports: DeliveryReports;
  readonly clock: Clock;
  readonly node: string;
  /** What was counted; `metricFamilies` adds what is looked up. */
  readonly metrics: ServerMetrics;
  readonly #pushMetrics: PushMetrics;
  readonly #watch: CarrierWatch;
  readonly #ends: EndLog;
  readonly #startedAt: number;
  readonly #startedMonotonic: number;
  readonly #store: Store;
  readonly #bindings: BindingTable;
  readonly #campaignWork: CampaignWork;
  readonly #jobExpiry: WorkLoop;
  readonly #retention: WorkLoop;
  readonly #retentionWork: RetentionWork;
  /** One object for all who go by it: what `renewPolicy` changes in it counts from their next decision on. */
  readonly #policy: PushPolicy;
  readonly #readiness: Readiness;
  #leaveClock: () => void = () => undefined;
  #engineStops: Promise<void> | undefined;
  #leaveEvents: () => void = () => undefined;

  /** @throws {ConfigError} when the policy cannot work, something is to stay for less than no time, or a network is none */
  constructor(options: ServerOptions) {
    const { store, bindings } = options;
    const policy = wholePolicy(options.policy);
    checkPolicy(policy);
    this.#policy = policy;
    const clock = options.clock ?? systemClock();
    const node = options.node ?? hostname();
    const logger = options.logger ?? silentLogger;
    const requestedMo = defaultRequestedMo(options.moIndexes);
    this.clock = clock;
    this.node = node;
    this.#store = store;
    this.#bindings = bindings;
    this.#readiness = new Readiness({ store, clock, logger });
    this.metrics = options.metrics ?? new ServerMetrics(clock);
    this.#startedAt = clock.now();
    this.#startedMonotonic = clock.monotonic();
    this.#ends = new EndLog(logger, clock);
    const bindingOf = bindingsOfCarriers(bindings);
    this.#pushMetrics = new PushMetrics({
      bindingOf: (carrier) => bindingOf.get(carrier),
      onEnd: (end) => this.#ends.push(end),
    });
    this.notices = store;
    this.#watch = new CarrierWatch({
      bindings,
      clock,
      logger,
      metrics: this.metrics.carriers,
      notices: store,
    });
    this.accounts = new AccountService(store);
    this.devices = new DeviceService(store, bindings);
    this.held = new HeldService({
      store,
      attempts: policy.attempts,
      onReleased: () => this.engine.wake(),
    });
    this.copyStore = options.copyStore;
    this.tokens = new TokenService({ store, clock, logger });
    this.audit = new AuditLog({ store, clock, logger });
    this.bulk = new DeviceBulk(store, bindings);
    const suspensions = new SuspendedCarriers({ store, bindings: Object.values(bindings), clock, logger });
    this.carriers = suspensions;
    const asking = { store, bindings, policy, clock, requestedMo, suspensions };
    this.pushes = new PushService(asking);
    this.sessionless = new SessionlessService({ store, bindings, policy, clock, suspensions });
    this.#jobExpiry = new WorkLoop(jobExpiry(store), { clock, logger, batchSize: 100 });
    this.#retentionWork = new RetentionWork({ store, clock, logger, settings: options.retention });
    this.#retention = new WorkLoop(this.#retentionWork, { clock, logger });
    const onCreated = (): void => this.#jobExpiry.wake();
    this.jobs = new JobService({ ...asking, pushes: this.pushes, onCreated });
    this.rotations = new SecretRotations(asking);
    this.endpoint = new DmEndpoint({
      store,
      clock,
      node,
      logger,
      metrics: this.metrics,
      ...(options.endpoint !== undefined && { settings: options.endpoint }),
      work: new RotationWork(options.work ?? new JobWork(store, logger, options.jobs), store, logger),
    });
    const random = options.random ?? Math.random;
    const webhooks = options.webhooks ?? { view: plainView };
    this.webhooks = new WebhookService({ store, clock, logger, random, settings: webhooks });
    this.reports = new DeliveryReports({ store, bindings, policy, clock, random, node, logger });
    const reading = { store, bindings, policy, clock, requestedMo };
    this.#campaignWork = new CampaignWork({
      store,
      reading,
      clock,
      logger,
      approvalAbove: options.campaigns?.approvalAbove,
      wakesPerDay: options.campaigns?.wakesPerDay,
      onReleased: () => this.engine.wake(),
      onJobs: onCreated,
    });
    this.campaigns = new CampaignService({ store, reading, clock, work: this.#campaignWork });
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
      metrics: this.metrics.carriers,
      suspended: suspensions,
      gates: this.#campaignWork.gates,
      maxInFlight: options.maxInFlight,
      gatherMs: options.gatherMs,
    });
  }

  /** Begins to send. The endpoint answers from the beginning. */
  async start(): Promise<void> {
    this.#hear();
    this.#watch.start();
    await this.reports.resume();
    await this.carriers.load();
    await this.#campaignWork.load();
    await this.engine.start();
    await this.#campaignWork.start();
    this.#jobExpiry.start();
    this.#retention.start();
    await this.webhooks.start();
    // What is due next may be due at once, or not for long: the store moves its waits when it is looked at.
    const wake = (): void => {
      this.engine.wake();
      this.#campaignWork.wake();
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

  /**
   * Takes no new work: it is not ready any more, no session begins, nothing more is sent. Resolves when pushes under way have their
   * outcome on disk and no session runs. `stop` ends it, whether it has come so far or not.
   */
  async drain(): Promise<void> {
    this.#readiness.stop();
    this.#engineStops ??= this.#stopSending();
    await Promise.all([this.#engineStops, this.endpoint.drain()]);
  }

  /** Sends nothing more, waits for pushes under way, and ends sessions so that their notifications go out again. */
  async stop(): Promise<void> {
    this.#readiness.stop();
    this.#leaveClock();
    this.#engineStops ??= this.#stopSending();
    await this.#engineStops;
    this.#engineStops = undefined;
    await this.#jobExpiry.stop();
    await this.#retention.stop();
    await this.endpoint.stop();
    await this.#campaignWork.stop();
    await this.webhooks.stop();
    await this.tokens.end();
    await this.audit.end();
    this.#watch.stop();
    this.#leaveEvents();
    this.#ends.flush();
  }

  /**
   * Goes by other rules of sending from the next decision on; what is left out stays as it is. What is due already stays due then.
   * @throws {ConfigError} when they cannot work; those before stay
   */
  renewPolicy(changed: Partial<Pick<PushPolicy, RenewablePolicy>>): void {
    checkPolicy({ ...this.#policy, ...changed });
    Object.assign(this.#policy, changed);
  }

  /** Keeps what is over for other times, from the next look on. @throws {ConfigError} for an age below 0; those before stay */
  renewRetention(settings: RetentionSettings): void {
    this.#retentionWork.renew(settings);
  }

  /** Nothing more is fed, and nothing more goes out. */
  async #stopSending(): Promise<void> {
    await Promise.all([this.#campaignWork.drain(), this.engine.stop()]);
  }

  /** Counts and logs what becomes of pushes and jobs. */
  #hear(): void {
    this.#leaveEvents();
    const leaveEvents = this.#store.onEvent(this.#pushMetrics.hear);
    const leaveJobs = this.#store.onJobEnd((job) => {
      this.metrics.jobOver(job);
      this.#ends.job(job);
    });
    this.#leaveEvents = () => {
      leaveEvents();
      leaveJobs();
    };
  }

  /** Calls `listener` with each event, of all kinds, once it is on disk. Gives what ends the subscription. */
  onEvent(listener: (event: PushEvent) => void): () => void {
    return this.#store.onEvent(listener);
  }

  /** How it stands: carriers, queues, pushes, store, sessions. @throws {StoreError} when the store cannot be read */
  async status(): Promise<WholeStatus> {
    await this.carriers.load();
    const [store, { carriers, ...rest }, queues, held] = await Promise.all([
      this.health().then((): StoreState => ({ state: 'ok' }), storeStateOf),
      serverStatus(this.#bindings, this.#store, this.clock.now(), this.carriers),
      this.#store.queues(mostQueued),
      this.#store.countHeld(mostQueued),
    ]);
    const times = queues.flatMap(({ oldestDueAt }) => oldestDueAt ?? []);
    return {
      ...rest,
      node: this.node,
      startedAt: this.#startedAt,
      uptimeMs: Math.round(this.clock.monotonic() - this.#startedMonotonic),
      store,
      carriers: wholeCarriers(carriers, queues, this.metrics.carriers, (name) =>
        this.engine.inFlightOf(name),
      ),
      unplaced: unplacedQueue(queues),
      held,
      ...(times.length > 0 && { oldestDueAt: Math.min(...times) }),
      sessions: this.endpoint.sessions,
    };
  }

  /** All that is counted, and what is looked up for it. `version` is that of the program. @throws {StoreError} */
  async metricFamilies(version: string): Promise<readonly MetricFamily[]> {
    const status = await this.status();
    return [
      ...statusFamilies(status, version, this.endpoint.held),
      ...this.#pushMetrics.families(),
      ...campaignFamilies(this.#campaignWork),
      ...this.metrics.families(),
      ...this.webhooks.families(),
    ];
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

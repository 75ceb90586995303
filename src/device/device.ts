// The DM client: takes pushes, decides, opens sessions, and keeps its state.
import type { DroppedPush, PushHandler, PushReceiver, ReceivedPush } from '../push/index.ts';
import { type ManagementTree, readDevInfo } from '../tree/index.ts';
import { accountAddresses, type DeviceAccount, deviceAccounts } from './account.ts';
import { BearerPool } from './bearer-pool.ts';
import { type Bearer, parseBearers } from './bearers.ts';
import { type BootstrapVerdict, isProvisioning } from './bootstrap-gate.ts';
import { type Circumstances, type Decision, decide } from './decide.ts';
import type { DeviceOptions } from './device-options.ts';
import { type DeviceSettings, deviceTime, settingsOf } from './device-settings.ts';
import { EventSummary } from './event-summary.ts';
import { type DeviceCounters, type DeviceEvent, newCounters } from './events.ts';
import { owedAlerts } from './firmware-report.ts';
import { FirmwareUpdates } from './firmware-updates.ts';
import { logEvent } from './log-event.ts';
import { isDmMessage, processMessage } from './process-message.ts';
import { type PursuitEnd, type PursuitHost, pursue, type SessionOrder } from './pursue.ts';
import { type ConnectOutcome, outcomeOf, type PushOutcome, reasonOf } from './push-outcome.ts';
import {
  freeSessionId,
  noteResynchronisation,
  type RememberedNotification,
  remember,
} from './replay-memory.ts';
import { ReportCourier } from './report-courier.ts';
import type { RunResult, SessionTask } from './run-session.ts';
import { SessionDesk } from './session-desk.ts';
import { purposeOf } from './session-purpose.ts';
import { StateKeeper } from './state-keeper.ts';
import { chooseTransport } from './transport-choice.ts';
import { Turns } from './turns.ts';
import type { IgnoreReason } from './verdict.ts';

/** What there is from `start` on. */
interface Running {
  readonly state: StateKeeper;
  readonly desk: SessionDesk;
  readonly firmware: FirmwareUpdates;
  readonly courier: ReportCourier;
}

/** A DM client with its accounts. */
export class Device {
  readonly counters: DeviceCounters = newCounters();
  /** For receivers: their handler. */
  readonly receive: PushHandler = async (push) => {
    await this.handlePush(push);
  };
  /** For receivers: what they tell about drops, to be counted and logged here. */
  readonly dropped = (drop: DroppedPush): void => {
    this.counters.dropped[drop.reason] = (this.counters.dropped[drop.reason] ?? 0) + 1;
    const { binding, from, reason, detail, octets } = drop;
    this.#report({ event: 'dropped', binding, from, reason, detail, octets });
  };

  readonly #settings: DeviceSettings;
  readonly #bearers: BearerPool;
  readonly #log: EventSummary;
  readonly #receivers: PushReceiver[] = [];
  readonly #pending = new Set<Promise<unknown>>();
  /** Messages and bootstraps: one at a time. */
  readonly #messages = new Turns();
  readonly #ender = new AbortController();
  #running: Running | undefined;
  #stopped: Promise<void> | undefined;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} for unknown bearers, or another `accept` or `form` than there is
   */
  constructor(options: DeviceOptions) {
    this.#settings = settingsOf(options);
    const { clock, logger } = this.#settings;
    this.#log = new EventSummary({
      clock,
      write: (event) => logEvent(logger, event),
      writeSum: (latest, count, withinMs) => logEvent(logger, latest, { count, withinMs }),
    });
    this.#bearers = new BearerPool(options.bearers === undefined ? undefined : parseBearers(options.bearers));
  }

  /**
   * Loads the state, and saves it once to know that it can. When it throws, the storage is closed.
   * @throws {ConfigError} when there is none, or it cannot be read or written
   */
  async start(): Promise<void> {
    const { storage, clock, httpClient: http, compatibility } = this.#settings;
    try {
      const state = new StateKeeper(storage, clock);
      await state.save();
      const acceptNonceText = compatibility?.acceptNonceText ?? false;
      const host = { ...this.#settings, state, http, acceptNonceText, signal: this.#ender.signal };
      const report = (event: DeviceEvent): void => this.#report(event);
      const courier = this.#courier(state);
      const firmware = new FirmwareUpdates({
        ...this.#settings.firmware,
        tree: state.tree,
        clock,
        tls: this.#settings.http?.tls,
        signal: this.#ender.signal,
        report,
        due: (serverId) => courier.due(serverId),
      });
      this.#running = { state, desk: new SessionDesk(host, this.counters, report), firmware, courier };
      firmware.resume();
    } catch (error) {
      await storage.close();
      throw error;
    }
  }

  /** Value of `./DevInfo/DevId`; empty before `start`. */
  get deviceId(): string {
    return this.tree === undefined ? '' : readDevInfo(this.tree).devId;
  }

  /** The accounts as they are now; none before `start`. They hold secrets. */
  get accounts(): readonly DeviceAccount[] {
    return this.tree === undefined ? [] : deviceAccounts(this.tree);
  }

  /**
   * The management tree, `undefined` before `start`: for what a device maker adds, such as handlers of Exec. Its commits
   * are saved with the device's state.
   */
  get tree(): ManagementTree | undefined {
    return this.#running?.state.tree;
  }

  /** Notifications that wait for their session or are in it. */
  get pending(): number {
    return this.#pending.size;
  }

  /** A receiver that feeds this device: closed by `stop`. */
  addReceiver(receiver: PushReceiver): void {
    this.#receivers.push(receiver);
  }

  /**
   * Tells which bearers are available now; sessions that wait for one go on. `undefined`: bearers are not told apart.
   * @throws {ValueError} for unknown or repeated ones
   */
  setAvailableBearers(bearers: readonly (Bearer | string)[] | undefined): void {
    this.#bearers.set(bearers === undefined ? undefined : parseBearers(bearers));
  }

  /**
   * Takes a push from any binding. Resolves when all about it is over: at once when it is ignored, else when its last
   * session ended. Never rejects.
   */
  async handlePush(push: ReceivedPush): Promise<PushOutcome> {
    this.counters.received += 1;
    const { binding, from } = push;
    this.#report({ event: 'notification-received', binding, from, octets: push.body.length });
    const running = this.#running;
    if (running === undefined || this.#ender.signal.aborted) {
      return this.#ignore('stopping', 'the device is not running', {});
    }
    const { bootstrap } = this.#settings;
    const bootstraps = bootstrap?.takes(push) ?? isProvisioning(push);
    if (bootstraps || isDmMessage(push)) {
      if (this.#pending.size >= this.#settings.maxPending) {
        return this.#ignore('too-many', `${this.#pending.size} pushes wait already`, {});
      }
      const handle = (): Promise<PushOutcome> =>
        bootstraps ? this.#bootstrap(push, running) : this.#process(push, running);
      return await this.#track(this.#messages.run(handle));
    }
    // Nothing waits between the decision and remembering it, so two copies of a notification cannot both pass.
    const verdict = decide(push, this.#circumstances(running.state));
    if ('ignore' in verdict) {
      const { ignore, detail, ...names } = verdict;
      return this.#ignore(ignore, detail, names);
    }
    const decision = verdict.act;
    const { clock, replay } = this.#settings;
    const memory = running.state.memory(decision.message.serverId);
    const entry = remember(memory, decision.identity, clock.now(), replay);
    if (decision.nonce === 'default') noteResynchronisation(memory, entry, clock.now(), replay);
    return await this.#track(this.#see(decision, entry, running));
  }

  async #process(push: ReceivedPush, { state }: Running): Promise<PushOutcome> {
    const result = await processMessage(push, {
      ...this.#settings,
      tree: state.tree,
      signal: this.#ender.signal,
    });
    if ('ignore' in result) {
      const { ignore, detail, ...names } = result;
      return this.#ignore(ignore, detail, names);
    }
    this.counters.processed += 1;
    this.#report({ event: 'message-processed', ...result });
    return { outcome: 'processed', ...result };
  }

  async #bootstrap(push: ReceivedPush, { state }: Running): Promise<PushOutcome> {
    const { bootstrap } = this.#settings;
    if (bootstrap === undefined)
      return this.#ignore('bootstrap-refused', 'the device takes no bootstrap', {});
    let verdict: BootstrapVerdict;
    try {
      verdict = await bootstrap.admit(push, { tree: state.tree, signal: this.#ender.signal });
    } catch (error) {
      const name = error instanceof Error ? error.name : 'error';
      verdict = { verdict: 'refused', detail: `the bootstrap failed on the device: ${name}` };
    }
    if (verdict.verdict === 'refused') {
      const { detail, serverId } = verdict;
      return this.#ignore('bootstrap-refused', detail, serverId === undefined ? {} : { serverId });
    }
    const { serverId, uri } = verdict;
    this.counters.bootstrapped += 1;
    this.#report({ event: 'bootstrapped', serverId, uri });
    return { outcome: 'bootstrapped', serverId };
  }

  /** Opens a session of the device's own (Alert 1201) under an account. Never rejects: an unknown server is `ignored`. */
  connect(serverId: string): Promise<ConnectOutcome> {
    return this.#connect(serverId);
  }

  async #connect(serverId: string, skip?: () => boolean): Promise<ConnectOutcome> {
    const running = this.#running;
    if (running === undefined || this.#ender.signal.aborted) {
      return { outcome: 'ignored', reason: 'stopping', detail: 'the device is not running' };
    }
    const { state, desk } = running;
    const account = this.accounts.find((each) => each.serverId === serverId);
    if (account === undefined) {
      const detail = 'no account has this server identifier';
      return { outcome: 'ignored', reason: 'unknown-server', detail };
    }
    const address = chooseTransport('not-specified', accountAddresses(account))?.addresses[0];
    if (address === undefined) {
      const detail = 'the account has no http or https address';
      return { outcome: 'ignored', reason: 'no-transport', detail };
    }
    const sessionId = freeSessionId(state.peekMemory(serverId), this.#settings.random);
    const task = {
      accountUri: account.uri,
      serverId,
      sessionId,
      address,
      defaultNonce: false,
      ...(skip !== undefined && { skip }),
    };
    const label = { serverId, nonce: 'none', attempt: 1, mayRetry: false } as const;
    const result = await this.#track(desk.run(task, label));
    return { outcome: outcomeOf(result), serverId, sessionId, nonce: 'none', ...reasonOf(result) };
  }

  /**
   * Stops receiving, ends sessions (their servers are told), and saves the state. Safe to call again.
   * @throws {ConfigError} when the state cannot be written
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#ender.abort();
    await Promise.allSettled(this.#receivers.map((receiver) => receiver.close()));
    await Promise.allSettled(this.#pending);
    await this.#running?.courier.settled();
    await this.#running?.firmware.settled();
    if (this.#settings.ownsHttpClient) await this.#settings.httpClient.close();
    try {
      await this.#running?.state.save();
    } finally {
      await this.#settings.storage.close();
      this.#log.flush();
    }
  }

  /** Sees a decision through, and what became of it into the memory. */
  async #see(decision: Decision, entry: RememberedNotification, running: Running): Promise<PushOutcome> {
    const { message, nonce } = decision;
    const { state } = running;
    const { logger, clock } = this.#settings;
    const names = { serverId: message.serverId, sessionId: message.sessionId };
    for (const note of decision.notes) logger.info(names, note);
    let end: PursuitEnd;
    try {
      await state.save();
      end = await pursue(decision, this.#pursuitHost(running.desk, entry));
    } catch (error) {
      // The disk, or an option's function. The server's retry may find it mended.
      const detail = error instanceof Error ? error.message : String(error);
      logger.error(names, detail);
      end = { ignore: 'not-ready', detail };
    }
    const completed = 'result' in end && end.result.end.outcome === 'completed';
    if (!completed) {
      entry.state = 'ignore' in end && end.ignore === 'declined' ? 'settled' : 'failed';
      entry.changedMs = clock.now();
      await state.save().catch((error: unknown) => logger.error(names, String(error)));
    }
    if ('ignore' in end) return this.#ignore(end.ignore, end.detail, names);
    if (completed) this.counters.completed += 1;
    else this.counters.failed += 1;
    return { outcome: outcomeOf(end.result), ...names, nonce, ...reasonOf(end.result) };
  }

  #courier({ tree }: StateKeeper): ReportCourier {
    const owes = (serverId: string): boolean => owedAlerts(tree, serverId).length > 0;
    return new ReportCourier({
      ...this.#settings,
      signal: this.#ender.signal,
      owes,
      runSession: async (serverId) => (await this.#connect(serverId, () => !owes(serverId))).outcome,
    });
  }

  #pursuitHost(desk: SessionDesk, entry: RememberedNotification): PursuitHost {
    const { mayStart, moIndexes } = this.#settings;
    return {
      ...this.#settings,
      bearers: this.#bearers,
      signal: this.#ender.signal,
      mayStart: async ({ message }) => (await mayStart?.(purposeOf(message, moIndexes))) ?? true,
      runSession: (decision, order) => this.#runOrder(decision, order, desk, entry),
      report: (event) => this.#report(event),
    };
  }

  #runOrder(
    decision: Decision,
    order: SessionOrder,
    desk: SessionDesk,
    entry: RememberedNotification,
  ): Promise<RunResult> {
    const { message, account, nonce } = decision;
    const { address, bearer, attempt, mayRetry } = order;
    const localAddress = bearer === 'any' ? undefined : bearer.localAddress;
    const task: SessionTask = {
      accountUri: account.uri,
      serverId: account.serverId,
      sessionId: message.sessionId,
      address,
      ...(localAddress === undefined ? {} : { localAddress }),
      message,
      defaultNonce: nonce === 'default',
      onCompleted: () => {
        entry.state = 'settled';
        entry.changedMs = this.#settings.clock.now();
      },
    };
    return desk.run(task, { serverId: message.serverId, nonce, attempt, mayRetry });
  }

  #circumstances(state: StateKeeper): Circumstances {
    return {
      ...this.#settings,
      accounts: this.accounts,
      time: deviceTime(this.#settings),
      memoryOf: (serverId) => state.peekMemory(serverId),
      pending: this.#pending.size,
    };
  }

  #ignore(
    reason: IgnoreReason,
    detail: string,
    names: { readonly serverId?: string; readonly sessionId?: number },
  ): PushOutcome {
    this.counters.ignored[reason] += 1;
    this.#report({ event: 'ignored', reason, detail, ...names });
    return { outcome: 'ignored', reason, detail };
  }

  async #track<Result>(work: Promise<Result>): Promise<Result> {
    this.#pending.add(work);
    try {
      return await work;
    } finally {
      this.#pending.delete(work);
    }
  }

  #report(event: DeviceEvent): void {
    const { logger, onEvent } = this.#settings;
    this.#log.note(event);
    try {
      onEvent?.(event);
    } catch (error) {
      logger.error({ event: event.event }, `a listener of events failed: ${String(error)}`);
    }
  }
}

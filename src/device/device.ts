// The DM client: takes pushes, decides, opens sessions, and keeps its state.
import { defaultMoIndexRegistry, type MoIndexRegistry } from '../codec/notification/index.ts';
import { type Clock, systemClock } from '../core/index.ts';
import type { DroppedPush, PushHandler, PushReceiver, ReceivedPush } from '../push/index.ts';
import { type ManagementTree, readDevInfo } from '../tree/index.ts';
import { accountAddresses, type DeviceAccount, deviceAccounts } from './account.ts';
import { backOffDefaults } from './back-off.ts';
import { BearerPool } from './bearer-pool.ts';
import { type Bearer, parseBearers } from './bearers.ts';
import { type Circumstances, type Decision, decide } from './decide.ts';
import { type DeviceOptions, deviceDefaults } from './device-options.ts';
import { type DmHttpClient, dmHttpClient } from './dm-http-client.ts';
import { type DeviceCounters, type DeviceEvent, type NonceVerdict, newCounters } from './events.ts';
import { logEvent } from './log-event.ts';
import { type Logger, silentLogger } from './logger.ts';
import { type PursuitEnd, type PursuitHost, pursue, type SessionOrder } from './pursue.ts';
import { outcomeOf, type PushOutcome, reasonOf } from './push-outcome.ts';
import {
  freeSessionId,
  noteResynchronisation,
  type RememberedNotification,
  type ReplayOptions,
  remember,
  replayDefaults,
} from './replay-memory.ts';
import { failed, type RunResult, runSession, type SessionTask } from './run-session.ts';
import { purposeOf } from './session-purpose.ts';
import { StateKeeper } from './state-keeper.ts';
import { chooseTransport } from './transport-choice.ts';
import { Turns } from './turns.ts';
import type { IgnoreReason } from './verdict.ts';

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

  readonly #options: DeviceOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #replay: Required<ReplayOptions>;
  readonly #moIndexes: MoIndexRegistry;
  readonly #bearers: BearerPool;
  readonly #http: DmHttpClient;
  readonly #random: () => number;
  readonly #receivers: PushReceiver[] = [];
  readonly #pending = new Set<Promise<unknown>>();
  readonly #turns = new Turns();
  readonly #ender = new AbortController();
  #state: StateKeeper | undefined;
  #stopped: Promise<void> | undefined;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} for unknown bearers
   */
  constructor(options: DeviceOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock();
    this.#logger = options.logger ?? silentLogger;
    this.#replay = { ...replayDefaults, ...options.replay };
    this.#moIndexes = options.moIndexes ?? defaultMoIndexRegistry;
    this.#bearers = new BearerPool(options.bearers === undefined ? undefined : parseBearers(options.bearers));
    this.#http = options.httpClient ?? dmHttpClient({ clock: this.#clock, ...options.http });
    this.#random = options.random ?? Math.random;
  }

  /**
   * Loads the state, and saves it once to know that it can. When it throws, the storage is closed.
   * @throws {ConfigError} when there is none, or it cannot be read or written
   */
  async start(): Promise<void> {
    const { storage } = this.#options;
    try {
      const state = new StateKeeper(storage, this.#clock);
      await state.save();
      this.#state = state;
    } catch (error) {
      await storage.close();
      throw error;
    }
  }

  /** Value of `./DevInfo/DevId`; empty before `start`. */
  get deviceId(): string {
    return this.#state === undefined ? '' : readDevInfo(this.#state.tree).devId;
  }

  /** The accounts as they are now; none before `start`. They hold secrets. */
  get accounts(): readonly DeviceAccount[] {
    return this.#state === undefined ? [] : deviceAccounts(this.#state.tree);
  }

  /**
   * The management tree, `undefined` before `start`: for what a device maker adds, such as handlers of Exec. Its commits
   * are saved with the device's state.
   */
  get tree(): ManagementTree | undefined {
    return this.#state?.tree;
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
    const state = this.#state;
    if (state === undefined || this.#ender.signal.aborted) {
      return this.#ignore('stopping', 'the device is not running', {});
    }
    // Nothing waits between the decision and remembering it, so two copies of a notification cannot both pass.
    const verdict = decide(push, this.#circumstances(state));
    if ('ignore' in verdict) {
      const { ignore, detail, ...names } = verdict;
      return this.#ignore(ignore, detail, names);
    }
    const decision = verdict.act;
    const memory = state.memory(decision.message.serverId);
    const entry = remember(memory, decision.identity, this.#clock.now(), this.#replay);
    if (decision.nonce === 'default') noteResynchronisation(memory, this.#clock.now(), this.#replay);
    return await this.#track(this.#see(decision, entry, state));
  }

  /**
   * Opens a session of the device's own (Alert 1201) under an account. Never rejects: an unknown server is `ignored`.
   */
  async connect(serverId: string): Promise<PushOutcome> {
    const state = this.#state;
    if (state === undefined || this.#ender.signal.aborted) {
      return { outcome: 'ignored', reason: 'stopping', detail: 'the device is not running' };
    }
    const account = deviceAccounts(state.tree).find((each) => each.serverId === serverId);
    if (account === undefined) {
      return {
        outcome: 'ignored',
        reason: 'unknown-server',
        detail: 'no account has this server identifier',
      };
    }
    const address = chooseTransport('not-specified', accountAddresses(account))?.addresses[0];
    if (address === undefined) {
      return {
        outcome: 'ignored',
        reason: 'no-transport',
        detail: 'the account has no http or https address',
      };
    }
    const sessionId = freeSessionId(state.peekMemory(serverId), this.#random);
    const task = { accountUri: account.uri, sessionId, address, defaultNonce: false };
    const run = this.#runSession(task, serverId, 'none', 1, false, state);
    const result = await this.#track(run);
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
    await this.#http.close();
    try {
      await this.#state?.save();
    } finally {
      await this.#options.storage.close();
    }
  }

  async #see(decision: Decision, entry: RememberedNotification, state: StateKeeper): Promise<PushOutcome> {
    const { message, nonce } = decision;
    const names = { serverId: message.serverId, sessionId: message.sessionId };
    for (const note of decision.notes) this.#logger.info(names, note);
    let end: PursuitEnd;
    try {
      await state.save();
      end = await pursue(decision, this.#pursuitHost(state, entry));
    } catch (error) {
      // The disk, or an option's function. The server's retry may find it mended.
      const detail = error instanceof Error ? error.message : String(error);
      this.#logger.error(names, detail);
      end = { ignore: 'not-ready', detail };
    }
    const completed = 'result' in end && end.result.end.outcome === 'completed';
    if (!completed) {
      entry.state = 'ignore' in end && end.ignore === 'declined' ? 'settled' : 'failed';
      entry.changedMs = this.#clock.now();
      await state.save().catch((error: unknown) => this.#logger.error(names, String(error)));
    }
    if ('ignore' in end) return this.#ignore(end.ignore, end.detail, names);
    if (completed) this.counters.completed += 1;
    else this.counters.failed += 1;
    return { outcome: outcomeOf(end.result), ...names, nonce, ...reasonOf(end.result) };
  }

  #pursuitHost(state: StateKeeper, entry: RememberedNotification): PursuitHost {
    const options = this.#options;
    return {
      clock: this.#clock,
      user: options.user,
      confirmTimeoutMs: options.confirmTimeoutMs ?? deviceDefaults.confirmTimeoutMs,
      bearers: this.#bearers,
      bearerWaitMs: options.bearerWaitMs ?? deviceDefaults.bearerWaitMs,
      backOff: { ...backOffDefaults, ...options.backOff },
      random: this.#random,
      signal: this.#ender.signal,
      mayStart: async (decision) =>
        (await options.mayStart?.(purposeOf(decision.message, this.#moIndexes))) ?? true,
      runSession: (decision, order) => this.#runOrder(decision, order, state, entry),
      report: (event) => this.#report(event),
    };
  }

  #runOrder(
    decision: Decision,
    order: SessionOrder,
    state: StateKeeper,
    entry: RememberedNotification,
  ): Promise<RunResult> {
    const { message, account, nonce } = decision;
    const task: SessionTask = {
      accountUri: account.uri,
      sessionId: message.sessionId,
      address: order.address,
      ...localAddressOf(order.bearer),
      message,
      defaultNonce: nonce === 'default',
      onCompleted: () => {
        entry.state = 'settled';
        entry.changedMs = this.#clock.now();
      },
    };
    return this.#runSession(task, message.serverId, nonce, order.attempt, order.mayRetry, state);
  }

  #runSession(
    task: SessionTask,
    serverId: string,
    nonce: NonceVerdict,
    attempt: number,
    mayRetry: boolean,
    state: StateKeeper,
  ): Promise<RunResult> {
    return this.#turns.run(async () => {
      if (this.#ender.signal.aborted) return failed('the device stops');
      const { sessionId, address } = task;
      const startMs = this.#clock.now();
      this.counters.sessions += 1;
      this.#report({ event: 'session-started', serverId, sessionId, nonce, address, attempt });
      const result = await runSession(task, {
        state,
        http: this.#http,
        clock: this.#clock,
        logger: this.#logger,
        user: this.#options.user,
        confirmTimeoutMs: this.#options.confirmTimeoutMs ?? deviceDefaults.confirmTimeoutMs,
        form: this.#options.form ?? deviceDefaults.form,
        verProto: this.#options.verProto,
        moIndexes: this.#moIndexes,
        randomNonce: this.#options.randomNonce,
        signal: this.#ender.signal,
      });
      if (result.resynchronised) this.counters.resynchronised += 1;
      this.#report({
        event: 'session-ended',
        serverId,
        sessionId,
        nonce,
        outcome: outcomeOf(result),
        ...reasonOf(result),
        resynchronised: result.resynchronised,
        retrying: result.retryable && mayRetry && !this.#ender.signal.aborted,
        durationMs: this.#clock.now() - startMs,
      });
      return result;
    });
  }

  #circumstances(state: StateKeeper): Circumstances {
    const { compatibility } = this.#options;
    return {
      accounts: deviceAccounts(state.tree),
      time: {
        nowMs: this.#clock.now(),
        trustworthy: this.#trustsClock(),
        skewMs: this.#options.clockSkewMs ?? deviceDefaults.clockSkewMs,
      },
      accept: this.#options.accept ?? deviceDefaults.accept,
      replay: this.#replay,
      ...(compatibility === undefined ? {} : { compatibility }),
      memoryOf: (serverId) => state.peekMemory(serverId),
      pending: this.#pending.size,
      maxPending: this.#options.maxPending ?? deviceDefaults.maxPending,
    };
  }

  #trustsClock(): boolean {
    const { trustworthyClock = true } = this.#options;
    if (typeof trustworthyClock === 'boolean') return trustworthyClock;
    try {
      return trustworthyClock();
    } catch {
      return false;
    }
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
    logEvent(this.#logger, event);
    try {
      this.#options.onEvent?.(event);
    } catch (error) {
      this.#logger.error({ event: event.event }, `a listener of events failed: ${String(error)}`);
    }
  }
}

function localAddressOf(bearer: Bearer | 'any'): { readonly localAddress?: string } {
  return bearer === 'any' || bearer.localAddress === undefined ? {} : { localAddress: bearer.localAddress };
}

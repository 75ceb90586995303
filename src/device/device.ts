// The DM client: takes pushes, decides, opens sessions, and keeps its state.
import type { DroppedPush, PushHandler, PushReceiver, ReceivedPush } from '../push/index.ts';
import { type ManagementTree, readDevInfo } from '../tree/index.ts';
import { accountAddresses, type DeviceAccount, deviceAccounts } from './account/account.ts';
import { isProvisioning, withoutPolicy } from './bootstrap/bootstrap-gate.ts';
import { BootstrapIntake } from './bootstrap/bootstrap-intake.ts';
import type { DeviceOptions } from './device-options.ts';
import { type DeviceSettings, settingsOf } from './device-settings.ts';
import { owedAlerts } from './firmware/firmware-report.ts';
import { FirmwareUpdates } from './firmware/firmware-updates.ts';
import { OwedAlerts } from './firmware/owed-alerts.ts';
import { MessageDesk } from './message/message-desk.ts';
import { isDmMessage } from './message/process-message.ts';
import type { IgnoredPush } from './notification/decide.ts';
import { NotificationDesk } from './notification/notification-desk.ts';
import { EventSummary } from './report/event-summary.ts';
import { type DeviceCounters, type DeviceEvent, type MessageRemark, newCounters } from './report/events.ts';
import { logEvent } from './report/log-event.ts';
import type { ConnectOutcome, PushOutcome } from './report/push-outcome.ts';
import { outcomeOf, reasonOf } from './session/session-outcome.ts';
import { SessionQueue } from './session/session-queue.ts';
import { DeviceState } from './state/device-state.ts';
import { freeSessionId } from './state/replay-memory.ts';
import { BearerPool } from './transport/bearer-pool.ts';
import { type Bearer, parseBearers } from './transport/bearers.ts';
import { chooseTransport } from './transport/transport-choice.ts';
import { QuestionDesk } from './user/question-desk.ts';

/** What there is from `start` on. */
interface Running {
  readonly state: DeviceState;
  readonly desk: SessionQueue;
  readonly notifications: NotificationDesk;
  readonly messages: MessageDesk;
  readonly bootstraps: BootstrapIntake;
  readonly firmware: FirmwareUpdates;
  readonly courier: OwedAlerts;
}

/** A DM client with its accounts. */
export class Device {
  readonly counters: DeviceCounters;
  /**
   * For receivers: their handler. Resolves when the push is dealt with or is the device's own affair: a notification is
   * remembered on disk, a message is verified, a bootstrap waits for the user. So what waits here takes no place of a
   * receiver's, and the peer is told what is true. Never rejects.
   */
  readonly receive: PushHandler = (push) =>
    new Promise((taken) => {
      void this.#track(this.#take(push, taken)).then(() => taken());
    });
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
  readonly #ender = new AbortController();
  readonly #questions: QuestionDesk;
  #running: Running | undefined;
  #stopped: Promise<void> | undefined;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} for unknown bearers, or another `accept` or `form` than there is
   */
  constructor(options: DeviceOptions) {
    this.#settings = settingsOf(options);
    const { clock, logger, confirmTimeoutMs: timeoutMs } = this.#settings;
    const signal = this.#ender.signal;
    this.#questions = new QuestionDesk({ ...this.#settings, timeoutMs, signal });
    this.counters = newCounters(this.#questions.counters);
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
      const state = new DeviceState(storage, clock);
      await state.save();
      const acceptNonceText = compatibility?.acceptNonceText ?? false;
      const { signal } = this.#ender;
      const questions = this.#questions;
      const { tree } = state;
      const report = (event: DeviceEvent): void => this.#report(event);
      const remark = (of: MessageRemark): void => report({ event: 'message-remark', ...of });
      const host = { ...this.#settings, state, tree, http, acceptNonceText, questions, signal, remark };
      const courier = this.#courier(state);
      const firmware = new FirmwareUpdates({
        ...this.#settings.firmware,
        tree,
        clock,
        tls: this.#settings.http?.tls,
        signal,
        report,
        due: (serverId) => courier.due(serverId),
      });
      const desk = new SessionQueue(host, this.counters, report);
      const notifications = new NotificationDesk({
        ...{ settings: this.#settings, state, desk, questions, signal, report },
        bearers: this.#bearers,
        counters: this.counters,
      });
      const messages = new MessageDesk(host);
      const bootstraps = new BootstrapIntake(host);
      this.#running = { state, desk, notifications, messages, bootstraps, firmware, courier };
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
    return this.#running?.notifications.pending ?? 0;
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
   * session ended. Never rejects. `onTaken` is called where `receive` resolves, once or never, and must not throw.
   */
  handlePush(push: ReceivedPush, onTaken: () => void = () => undefined): Promise<PushOutcome> {
    return this.#track(this.#take(push, onTaken));
  }

  /** `taken` is called when the push is the device's: remembered, signed by its server, or waiting for the user. */
  async #take(push: ReceivedPush, taken: () => void): Promise<PushOutcome> {
    this.counters.received += 1;
    const { binding, from } = push;
    this.#report({ event: 'notification-received', binding, from, octets: push.body.length });
    const running = this.#running;
    if (running === undefined || this.#ender.signal.aborted) {
      return this.#ignore({ ignore: 'stopping', detail: 'the device is not running' });
    }
    const { bootstrap } = this.#settings;
    if (bootstrap?.takes(push) ?? isProvisioning(push)) return await this.#bootstrap(push, running, taken);
    if (isDmMessage(push)) return await this.#process(push, running, taken);
    const end = await running.notifications.handle(push, taken);
    return 'ignore' in end ? this.#ignore(end) : end;
  }

  async #process(push: ReceivedPush, { messages }: Running, taken: () => void): Promise<PushOutcome> {
    const result = await messages.handle(push, taken);
    if ('ignore' in result) {
      // SEC makes it a bootstrap, which only a policy takes; had it been signed as well, it would have been processed.
      const unasked = this.#settings.bootstrap === undefined && push.parameters.SEC !== undefined;
      return this.#ignore(unasked && result.ignore === 'message-not-signed' ? withoutPolicy : result);
    }
    this.counters.processed += 1;
    this.#report({ event: 'message-processed', ...result });
    return { outcome: 'processed', ...result };
  }

  async #bootstrap(push: ReceivedPush, { bootstraps }: Running, taken: () => void): Promise<PushOutcome> {
    const { bootstrap } = this.#settings;
    if (bootstrap === undefined) return this.#ignore(withoutPolicy);
    const verdict = await bootstraps.handle(push, bootstrap, taken);
    if (verdict.verdict === 'refused') {
      const { detail, serverId } = verdict;
      return this.#ignore({
        ignore: 'bootstrap-refused',
        detail,
        ...(serverId === undefined ? {} : { serverId }),
      });
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

  #courier({ tree }: DeviceState): OwedAlerts {
    const owes = (serverId: string): boolean => owedAlerts(tree, serverId).length > 0;
    return new OwedAlerts({
      ...this.#settings,
      signal: this.#ender.signal,
      owes,
      runSession: async (serverId) => (await this.#connect(serverId, () => !owes(serverId))).outcome,
    });
  }

  #ignore({ ignore: reason, detail, ...names }: IgnoredPush & { readonly remedy?: string }): PushOutcome {
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

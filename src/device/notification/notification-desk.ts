// Notifications on their way through the device: decided when they come, remembered on disk, then seen through to the end of
// their last session.
import type { MoIndexRegistry } from '../../codec/notification/index.ts';
import { type Logger, Places } from '../../core/index.ts';
import type { ReceivedPush } from '../../push/index.ts';
import { deviceAccounts } from '../account/account.ts';
import type { DeviceCounters, DeviceEvent } from '../report/events.ts';
import type { PushOutcome } from '../report/push-outcome.ts';
import type { RunResult, SessionTask } from '../session/run-session.ts';
import { outcomeOf, reasonOf } from '../session/session-outcome.ts';
import type { SessionQueue } from '../session/session-queue.ts';
import type { DeviceState } from '../state/device-state.ts';
import { noteResynchronisation, type RememberedNotification, remember } from '../state/replay-memory.ts';
import type { BearerPool } from '../transport/bearer-pool.ts';
import type { QuestionDesk } from '../user/question-desk.ts';
import { type ActingHost, actOn, type PursuitEnd, type SessionOrder } from './act-on.ts';
import { type ClockTrust, deviceTime } from './age.ts';
import { type Circumstances, type Decision, decideNotification, type IgnoredPush } from './decide.ts';
import { purposeOf, reasonOf as reasonOfMessage, type SessionPurpose } from './session-purpose.ts';
import { vendorInformationOf } from './vendor-information.ts';

/** What the device's owner chose about notifications. */
export interface NotificationSettings
  extends ClockTrust,
    Omit<Circumstances, 'accounts' | 'time' | 'memoryOf' | 'pending'>,
    Pick<ActingHost, 'user' | 'bearerWaitMs' | 'backOff' | 'random'> {
  readonly logger: Logger;
  /** Notifications of one server that may wait for their session or be in it. */
  readonly maxPendingPerServer: number;
  /** `true`, or why the device cannot be managed now. */
  readonly mayStart?: ((purpose: SessionPurpose) => true | string | Promise<true | string>) | undefined;
  readonly moIndexes: MoIndexRegistry;
}

/** What a desk works with. */
export interface NotificationDeskHost {
  readonly settings: NotificationSettings;
  readonly state: DeviceState;
  readonly desk: SessionQueue;
  readonly questions: QuestionDesk;
  readonly bearers: BearerPool;
  readonly counters: DeviceCounters;
  readonly signal: AbortSignal;
  readonly report: (event: DeviceEvent) => void;
}

/** A session that a notification led to. */
type SessionOutcomeOfPush = Exclude<
  PushOutcome,
  { readonly outcome: 'ignored' | 'processed' | 'bootstrapped' }
>;

/** Takes notifications. */
export class NotificationDesk {
  readonly #host: NotificationDeskHost;
  readonly #places: Places;

  constructor(host: NotificationDeskHost) {
    const { maxPending: total, maxPendingPerServer: perSource } = host.settings;
    this.#host = host;
    this.#places = new Places({ total, perSource });
  }

  /** Notifications that wait for their session or are in it. */
  get pending(): number {
    return this.#places.held;
  }

  /** Decides about a push and sees it through. `taken` is called once it is remembered on disk. Never rejects. */
  async handle(push: ReceivedPush, taken: () => void): Promise<IgnoredPush | SessionOutcomeOfPush> {
    this.#host.state.followClock();
    // Nothing waits between the decision and remembering it, so two copies of a notification cannot both pass.
    const verdict = decideNotification(push, this.#circumstances());
    if ('ignore' in verdict) return verdict;
    const decision = verdict.act;
    const { serverId, sessionId } = decision.message;
    const { settings, state } = this.#host;
    const place = this.#places.take(serverId, nothing);
    if (place === undefined) {
      const detail = `${settings.maxPendingPerServer} notifications of this server wait already`;
      return { ignore: 'too-many', detail, serverId, sessionId };
    }
    // Its digest holds: no other takes its place.
    place.finish();
    try {
      const { clock, replay } = settings;
      const memory = state.memory(serverId);
      const entry = remember(memory, decision.identity, clock.now(), replay);
      if (decision.nonce === 'default') noteResynchronisation(memory, entry, clock.now(), replay);
      this.#host.report(verified(decision));
      return await this.#see(decision, entry, taken);
    } finally {
      place.release();
    }
  }

  /** Sees a decision through, and what became of it into the memory. */
  async #see(
    decision: Decision,
    entry: RememberedNotification,
    taken: () => void,
  ): Promise<IgnoredPush | SessionOutcomeOfPush> {
    const { message, nonce } = decision;
    const { state, counters } = this.#host;
    const { logger, clock } = this.#host.settings;
    const names = { serverId: message.serverId, sessionId: message.sessionId };
    for (const note of decision.notes) logger.info(names, note);
    let end: PursuitEnd;
    try {
      await state.save();
      taken();
      end = await actOn(decision, this.#pursuitHost(entry));
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
    if ('ignore' in end) return { ...end, ...names };
    if (completed) counters.completed += 1;
    else counters.failed += 1;
    return { outcome: outcomeOf(end.result), ...names, nonce, ...reasonOf(end.result) };
  }

  #pursuitHost(entry: RememberedNotification): ActingHost {
    const { settings, questions, bearers, signal, report } = this.#host;
    const { mayStart, moIndexes } = settings;
    return {
      ...settings,
      questions,
      bearers,
      signal,
      mayStart: async ({ message }) => (await mayStart?.(purposeOf(message, moIndexes))) ?? true,
      runSession: (decision, order) => this.#runOrder(decision, order, entry),
      report,
    };
  }

  #runOrder(decision: Decision, order: SessionOrder, entry: RememberedNotification): Promise<RunResult> {
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
        entry.changedMs = this.#host.settings.clock.now();
      },
    };
    return this.#host.desk.run(task, { serverId: message.serverId, nonce, attempt, mayRetry });
  }

  #circumstances(): Circumstances {
    const { settings, state } = this.#host;
    return {
      ...settings,
      accounts: deviceAccounts(state.tree),
      time: deviceTime(settings),
      memoryOf: (serverId) => state.peekMemory(serverId),
      pending: this.#places.held,
    };
  }
}

function verified({ message, nonce }: Decision): DeviceEvent {
  const { serverId, sessionId, format, uiMode, initiator } = message;
  return {
    event: 'notification-verified',
    ...{ serverId, sessionId, nonce, format, uiMode, initiator },
    ...reasonOfMessage(message),
    ...vendorInformationOf(message),
  };
}

function nothing(): void {
  // Never called: what holds a place here does not give way.
}

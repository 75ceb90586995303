// Tells push initiators what became of their pushes, from the store, until they have taken it or a bound has passed.
import { papCodeMeaning, papCodes } from '../../codec/pap/index.ts';
import { type Clock, type Logger, PushError, ValueError } from '../../core/index.ts';
import type { NotificationTarget, PapNotifier } from '../../push/pap/index.ts';
import type {
  ClockMoves,
  EventStore,
  MessagePush,
  PushChange,
  PushQueue,
  PushResults,
} from '../../store/index.ts';
import { movedChange, setSince, settingOf } from '../work/clock-setting.ts';
import { persist } from '../work/persist.ts';
import { TroubleLog } from '../work/trouble-log.ts';
import { type Work, WorkLoop } from '../work/work-loop.ts';
import { papWordsOf } from './pap-message-state.ts';

/** What results are told with. */
export interface PapResultsOptions {
  readonly store: PushResults &
    Pick<PushQueue, 'change'> &
    Pick<EventStore, 'timeline' | 'onEvent'> &
    ClockMoves;
  readonly notifier: Pick<PapNotifier, 'notify'>;
  /** What is proved to an initiator that is told a result. Default: nothing. */
  readonly targetOf?: (initiator: string, url: string) => NotificationTarget;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly node: string;
  /** How long after the end of a push its result is still told, in milliseconds. Default 86 400 000. */
  readonly tellForMs?: number;
  /** How long one initiator may take, in milliseconds. Default 30 000. */
  readonly tellTimeoutMs?: number;
}

/** First pause before a result is told again, doubled from one to the next, and the longest. In milliseconds. */
const pauses = { first: 1000, longest: 300_000 };

/** How long a claim lasts, in milliseconds, and how many results are told at once. */
const leaseMs = 60_000;
const mostAtOnce = 32;

/** Works the outbox of results until it is stopped. */
export class PapResults {
  readonly #options: PapResultsOptions;
  readonly #trouble: TroubleLog;
  readonly #loop: WorkLoop;
  readonly #stop = new AbortController();
  #leave: () => void = () => undefined;

  constructor(options: PapResultsOptions) {
    this.#options = options;
    const { store, clock, logger, node } = options;
    this.#trouble = new TroubleLog(clock, logger);
    const work: Work = {
      name: 'outbox of results',
      nextDueAt: () => store.nextResultDueAt(),
      start: async (limit) => {
        const claimed = await store.claimDueResults({ limit, leaseMs, node });
        return claimed.length === 0 ? 'nothing' : claimed.map((push) => this.#tell(push));
      },
    };
    this.#loop = new WorkLoop(work, { clock, logger, batchSize: mostAtOnce, maxInFlight: mostAtOnce });
  }

  /** Begins. */
  start(): void {
    if (this.#loop.running) return;
    const { store } = this.#options;
    const leave = [
      store.onEvent(({ kind }) => {
        if (kind === 'relayed') this.#loop.wake();
      }),
      store.onClockMoved(() => this.#loop.wake()),
    ];
    this.#leave = () => {
      for (const end of leave) end();
    };
    this.#loop.start();
  }

  /** Gives up what is being told, which is told again after the next start; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#leave();
    this.#stop.abort();
    await this.#loop.stop();
    this.#trouble.end();
  }

  async #tell(push: MessagePush): Promise<void> {
    const { store, clock, node } = this.#options;
    const change = await this.#outcomeOf(push);
    // A report that came meanwhile is told too: the store keeps the result due when the state is another one by now.
    const told = { ...change, node, resultOf: push.state };
    const setting = settingOf(clock);
    const tell = () => store.change([{ id: push.id, change: movedChange(told, setSince(clock, setting)) }]);
    await persist(tell, {
      clock,
      trouble: this.#trouble,
      signal: this.#stop.signal,
    });
  }

  async #outcomeOf(push: MessagePush): Promise<PushChange> {
    const { store, notifier, targetOf, clock, logger } = this.#options;
    const { tellForMs = 86_400_000, tellTimeoutMs = 30_000 } = this.#options;
    const { id, initiator: mark, state, reason, resultFailures } = push;
    if (mark?.notifyTo === undefined) return { event: 'note', resultDueAt: null };
    const { initiator, pushId, recipient, notifyTo } = mark;
    const ended = (await store.timeline(id))?.findLast(({ event }) => event === state)?.at;
    const eventTime = ended ?? push.endedAt ?? push.updatedAt;
    const words = papWordsOf(state);
    const code = papCodes[words.code];
    const desc = (reason ?? papCodeMeaning(code))?.slice(0, 200);
    const result = { pushId, address: recipient, messageState: words.state, code, eventTime };
    try {
      await notifier.notify(
        targetOf?.(initiator, notifyTo) ?? { url: notifyTo },
        { ...result, ...(desc === undefined ? {} : { desc }) },
        AbortSignal.any([this.#stop.signal, AbortSignal.timeout(tellTimeoutMs)]),
      );
      return { event: 'result-told', detail: words.state, resultDueAt: null };
    } catch (error) {
      const now = clock.now();
      if (this.#stop.signal.aborted) {
        return { event: 'note', detail: 'the server stopped while it told the result', resultDueAt: now };
      }
      if (!(error instanceof PushError || error instanceof ValueError)) throw error;
      const pauseMs = Math.min(pauses.longest, pauses.first * 2 ** Math.min(resultFailures, 30));
      const detail = `the result was not taken: ${error.message}`;
      if (error instanceof PushError && error.retryable && now + pauseMs <= eventTime + tellForMs) {
        return { event: 'note', detail, resultDueAt: now + pauseMs };
      }
      logger.warn(
        { push: id, initiator, pushId, reason: error.message },
        'an initiator was not told a result',
      );
      return { event: 'result-lost', detail, resultDueAt: null };
    }
  }
}

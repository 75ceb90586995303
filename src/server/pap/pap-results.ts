// Tells push initiators what became of their pushes, from the store, until they have taken it or a bound has passed.
import { papCodeMeaning, papCodes } from '../../codec/pap/index.ts';
import { type Clock, type Logger, PushError, sleep, ValueError } from '../../core/index.ts';
import type { NotificationTarget, PapNotifier } from '../../push/pap/index.ts';
import type {
  ClockMoves,
  PushMessageChange,
  PushMessageQueue,
  PushMessageReader,
  PushMessageRecord,
  PushResults,
} from '../../store/index.ts';
import { persist } from '../work/persist.ts';
import { TroubleLog } from '../work/trouble-log.ts';
import { papWordsOf } from './pap-message-state.ts';

/** What results are told with. */
export interface PapResultsOptions {
  readonly store: PushResults &
    Pick<PushMessageQueue, 'changeMessages'> &
    Pick<PushMessageReader, 'messageTimeline' | 'onMessageEvent'> &
    ClockMoves;
  readonly notifier: Pick<PapNotifier, 'notify'>;
  /** What is proved to an initiator that is told a result. Default: nothing. */
  readonly targetOf?: (initiator: string, url: string) => NotificationTarget;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly node: string;
  /** How long after the end of a message its result is still told, in milliseconds. Default 86 400 000. */
  readonly tellForMs?: number;
  /** How long one initiator may take, in milliseconds. Default 30 000. */
  readonly tellTimeoutMs?: number;
}

/** First pause before a result is told again, doubled from one to the next, and the longest. In milliseconds. */
const pauses = { first: 1000, longest: 300_000 };

/** Longest time between two looks at the store, the pause after it failed, and how long a claim lasts. */
const pollMs = 30_000;
const storePauseMs = 1000;
const leaseMs = 60_000;
const batchSize = 32;

/** Works the outbox of results until it is stopped. */
export class PapResults {
  readonly #options: PapResultsOptions;
  readonly #trouble: TroubleLog;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #wakeUp = new AbortController();
  #leave: () => void = () => undefined;

  constructor(options: PapResultsOptions) {
    this.#options = options;
    this.#trouble = new TroubleLog(options.clock, options.logger);
  }

  /** Begins. */
  start(): void {
    if (this.#running !== undefined) return;
    const { store } = this.#options;
    const leave = [
      store.onMessageEvent(() => this.#wakeUp.abort()),
      store.onClockMoved(() => this.#wakeUp.abort()),
    ];
    this.#leave = () => {
      for (const end of leave) end();
    };
    this.#running = this.#run();
  }

  /** Gives up what is being told, which is told again after the next start; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#leave();
    this.#stop.abort();
    this.#wakeUp.abort();
    await this.#running;
    this.#trouble.end();
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stop.signal.aborted) {
      // Made before looking, so that what comes while looking is not slept through.
      const wakeUp = new AbortController();
      this.#wakeUp = wakeUp;
      try {
        const pauseMs = await this.step();
        if (pauseMs > 0 && !this.#stop.signal.aborted) await sleep(clock, pauseMs, wakeUp.signal);
      } catch (error) {
        this.#trouble.note('results could not be told', error);
        await sleep(clock, storePauseMs, this.#stop.signal);
      }
    }
  }

  /** Tells what is due; gives for how long there is nothing to tell, in milliseconds. */
  async step(): Promise<number> {
    const { store, clock, node } = this.#options;
    const dueAt = await store.nextResultDueAt();
    const now = clock.now();
    if (dueAt === undefined) return pollMs;
    if (dueAt > now) return Math.min(pollMs, dueAt - now);
    const claimed = await store.claimDueResults({ limit: batchSize, leaseMs, node });
    await Promise.all(claimed.map((message) => this.#tell(message)));
    return 0;
  }

  async #tell(message: PushMessageRecord): Promise<void> {
    const { store, clock, node } = this.#options;
    const change = await this.#outcomeOf(message);
    // A report that came meanwhile is told too: the store keeps the result due when the state is another one by now.
    const told = [{ id: message.id, change: { ...change, node, resultOf: message.state } }];
    await persist(() => store.changeMessages(told), {
      clock,
      trouble: this.#trouble,
      signal: this.#stop.signal,
    });
  }

  async #outcomeOf(message: PushMessageRecord): Promise<PushMessageChange> {
    const { store, notifier, targetOf, clock, logger } = this.#options;
    const { tellForMs = 86_400_000, tellTimeoutMs = 30_000 } = this.#options;
    const { id, initiator: mark, state, reason, resultFailures } = message;
    if (mark?.notifyTo === undefined) return { event: 'note', resultDueAt: null };
    const { initiator, pushId, recipient, notifyTo } = mark;
    const ended = (await store.messageTimeline(id))?.findLast(({ event }) => event === state)?.at;
    const eventTime = ended ?? message.updatedAt;
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
        { message: id, initiator, push: pushId, reason: error.message },
        'an initiator was not told a result',
      );
      return { event: 'result-lost', detail, resultDueAt: null };
    }
  }
}

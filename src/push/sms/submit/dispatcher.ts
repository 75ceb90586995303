// Takes the messages of pushes to the centres: one queue for all links, and messages in doubt sent again as they were,
// so that the handset recognises them.
import type { SmppPdu } from '../../../codec/smpp/index.ts';
import { type Clock, PushError, type Timer } from '../../../core/index.ts';
import { expiredError, unwatchAbort, watchAbort } from '../../index.ts';
import type { AcceptedMessage } from '../../short-message/index.ts';
import type { RequestOutcome } from '../link/smpp-connection.ts';
import type { SmppLink } from '../link/smpp-link.ts';
import { statusError, statusMeaning } from '../link/status-error.ts';
import { abortError, closedError, type Job, type Message, noteOut, refusalOf, type Shipment } from './job.ts';
import { type Lane, Lanes, type LanesSettings, type LinkRole, type LinkStatus } from './lanes.ts';

/** Settings of a dispatcher. Times in milliseconds. */
export interface DispatcherSettings extends LanesSettings {
  /** False never connects. */
  readonly connect: boolean;
  /** How long pushes wait for a link that was lost; later ones wait for `backOffMs` of the links. */
  readonly linkWaitMs: number;
  /** How long a push may take in all. */
  readonly pushMs: number;
  /** How long `close` waits for pushes that have begun. */
  readonly closeMs: number;
  /** How often a message in doubt is sent again. */
  readonly maxResends: number;
  /** Messages that may wait for a link. */
  readonly maxQueued: number;
  /** Pushes that are asked for at once (`Dispatcher.room`). */
  readonly places: number;
  readonly onRequest: (link: SmppLink, request: SmppPdu) => void;
  readonly onLink: (smsc: string, error: PushError | undefined, role: LinkRole) => void;
  readonly onWarning: (text: string) => void;
  /** There may be more room. */
  readonly onRoom: () => void;
}

/** What leaves within this time counts as what leaves now, in milliseconds: at a pace of its own, it is not asked for one by one. */
const soonMs = 100;

/** Pushes that find out whether a centre is there again, at once, while none is up. */
const scouts = 16;

/** Sends messages. */
export class Dispatcher {
  readonly #settings: DispatcherSettings;
  readonly #clock: Clock;
  readonly #lanes: Lanes;
  /** Unsettled, oldest first. */
  readonly #jobs = new Set<Job>();
  /** Messages to send again; they go first. */
  readonly #again: Message[] = [];
  #queue: Message[] = [];
  /** Index of the first message of `#queue` that is not taken. */
  #head = 0;
  #pumping = false;
  #closing: Promise<void> | undefined;
  #deadlineTimer: Timer | undefined;
  /** True while no link is up. */
  #down = false;
  /** Ends the wait for a link. */
  #downTimer: Timer | undefined;
  /** Resolves what waits in `close` for the last push. */
  #onEmpty: () => void = () => {};

  /** Connects at once, where it connects at all. */
  constructor(settings: DispatcherSettings) {
    this.#settings = settings;
    this.#clock = settings.timing.clock;
    this.#lanes = new Lanes(settings, {
      onRequest: settings.onRequest,
      onLink: (smsc, error, role) => {
        this.#seeLinks();
        settings.onLink(smsc, error, role);
      },
      onRoom: () => this.#pump(),
      onDeviation: settings.onWarning,
    });
    this.#seeLinks();
    if (settings.connect) this.#lanes.start();
  }

  /**
   * Sends the messages of one push. When all are accepted, `finish` is called with what the centres answered, in order,
   * before any later PDU is looked at; its result is the promise's. `onStart` is called when the first message leaves; it
   * must not throw. `moment` says where an answer stands among what comes.
   * @throws {PushError}
   */
  send<T>(
    { number, pdus, life, mark }: Shipment,
    signal: AbortSignal,
    finish: (accepted: readonly AcceptedMessage[]) => T,
    onStart: () => void = () => {},
    moment: () => number = () => 0,
  ): Promise<T> {
    const { pushMs, maxQueued } = this.#settings;
    return new Promise((resolve, reject) => {
      const now = this.#clock.monotonic();
      if (signal.aborted) {
        reject(abortError(signal, false));
        return;
      }
      if (this.#waiting + pdus.length > maxQueued) {
        reject(
          new PushError('BUSY', `${maxQueued} messages wait for a link already`, true, { notTaken: true }),
        );
        return;
      }
      const onAbort = (): void => job.settle(abortError(signal, mark.out));
      const job: Job = {
        number,
        life,
        mark,
        accepted: [],
        deadline: now + pushMs,
        open: pdus.length,
        inAir: 0,
        refusal: undefined,
        doubtful: false,
        started: false,
        onStart,
        moment,
        settled: false,
        settle: (error) => {
          if (job.settled) return;
          job.settled = true;
          this.#jobs.delete(job);
          unwatchAbort(signal, onAbort);
          endOfLife?.cancel();
          if (error === undefined) resolve(finish(job.accepted));
          else reject(error);
          this.#settings.onRoom();
          if (this.#jobs.size === 0) this.#onEmpty();
        },
      };
      watchAbort(signal, onAbort);
      // Those that live longer end with the wait.
      const endOfLife =
        life.leftMs < pushMs
          ? this.#clock.after(life.leftMs, () =>
              job.settle(expiredError(mark.out ? 'after parts of it were sent' : undefined)),
            )
          : undefined;
      this.#jobs.add(job);
      this.#watchDeadline();
      for (const [index, pdu] of pdus.entries()) {
        this.#queue.push({ job, index, pdu, sentAt: now, throttled: 0, resends: 0 });
      }
      this.#pump();
      // While no link has been up for long, a push waits only a moment: it must not hold up those on other routes.
      if (this.#down && this.#downTimer === undefined) this.#giveUpAfter(this.#settings.timing.backOffMs);
    });
  }

  /** Messages that are not on any link. */
  get #waiting(): number {
    return this.#again.length + this.#queue.length - this.#head;
  }

  /** How many pushes would leave now; while no link is up, a few that find out. Where it is 0, `onRoom` follows. */
  get room(): number {
    if (this.#closing !== undefined) return 0;
    const messages = this.#lanes.room(soonMs);
    const pushes = messages === undefined ? scouts - this.#jobs.size : messages - this.#waiting;
    return Math.max(0, Math.min(this.#settings.places - this.#jobs.size, pushes));
  }

  /** A snapshot of the links, in order of preference. */
  links(): readonly LinkStatus[] {
    return this.#lanes.status();
  }

  /**
   * Pushes of which nothing was sent fail; the others are finished as long as a link is up; then the links are unbound
   * and closed.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#giveUp(closedError, (job) => !job.started || !this.#lanes.standing);
    if (this.#jobs.size > 0) {
      const timer = this.#clock.after(this.#settings.closeMs, () => this.#giveUp(closedError));
      await new Promise<void>((resolve) => {
        this.#onEmpty = resolve;
      });
      timer.cancel();
    }
    await this.#lanes.close();
    this.#deadlineTimer?.cancel();
    this.#downTimer?.cancel();
  }

  #giveUp(error: (out: boolean) => PushError, which: (job: Job) => boolean = () => true): void {
    for (const job of [...this.#jobs]) if (which(job)) job.settle(error(job.mark.out));
  }

  #pump(): void {
    // What is done about an answer may ask for this again.
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (;;) {
        const message = this.#next();
        if (message === undefined) break;
        if (!this.#refresh(message)) continue;
        const lane = this.#lanes.choose();
        if (lane === undefined) {
          this.#again.unshift(message);
          break;
        }
        if (!message.job.started) message.job.onStart();
        message.job.started = true;
        message.sentAt = this.#clock.monotonic();
        message.job.inAir += 1;
        message.job.mark.out = true;
        lane.link.request(message.pdu, (outcome) => this.#answered(message, lane, outcome));
      }
    } finally {
      this.#pumping = false;
    }
    this.#settings.onRoom();
  }

  /** Has a message that waited say what is left of its push. False when nothing is. */
  #refresh({ job, pdu, sentAt }: Message): boolean {
    if (this.#clock.monotonic() - sentAt < 1000) return true;
    try {
      job.life.stamp(pdu);
      return true;
    } catch (error) {
      if (!(error instanceof PushError)) throw error;
      job.settle(error);
      return false;
    }
  }

  /** Takes the next message whose push is not over. */
  #next(): Message | undefined {
    for (;;) {
      const message = this.#again.shift() ?? this.#takeQueued();
      if (message === undefined) return undefined;
      const { settled, refusal } = message.job;
      if (!settled && refusal === undefined) return message;
    }
  }

  #takeQueued(): Message | undefined {
    const message = this.#queue[this.#head];
    if (message !== undefined) this.#head += 1;
    // Taken ones are let go of in large steps, so that taking costs the same however long the queue is.
    if (this.#head === this.#queue.length || (this.#head >= 1024 && this.#head * 2 > this.#queue.length)) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }

  #answered(message: Message, { link, pacer, fullQueues }: Lane, outcome: RequestOutcome): void {
    const { job, sentAt } = message;
    job.inAir -= 1;
    if (outcome instanceof PushError) {
      job.doubtful = true;
      this.#sendAgain(message, outcome);
    } else if (outcome.status === 0 && outcome.command === 'submit_sm_resp') {
      pacer.accepted(sentAt);
      fullQueues.accepted(job.number);
      job.accepted[message.index] = {
        smsc: link.name,
        messageId: outcome.messageId,
        answeredAt: job.moment(),
      };
      job.open -= 1;
      if (job.open === 0) job.settle(undefined);
    } else {
      const meaning = statusMeaning(outcome.status);
      if (meaning === 'slow-down') {
        pacer.throttled(sentAt);
        // One that is refused again and again lets others pass: the centre may mean this message alone.
        message.throttled += 1;
        if (message.throttled === 1) this.#again.push(message);
        else this.#queue.push(message);
      } else if (meaning === 'rebind') {
        link.rebind('says that the session is not bound for messages');
        this.#sendAgain(message, statusError(outcome.status, link.name));
      } else {
        // The push waits for its number's queue elsewhere; those to other numbers do not wait for it.
        if (meaning === 'full-queue' && fullQueues.refused(job.number)) pacer.full(sentAt);
        job.refusal ??= statusError(outcome.status, link.name);
      }
    }
    if (job.open > 0) noteOut(job);
    if (job.refusal !== undefined && job.inAir === 0) job.settle(refusalOf(job, job.refusal));
    this.#pump();
  }

  /** The message may have been taken or not: the same octets again, so that the handset drops one of the two. */
  #sendAgain(message: Message, why: PushError): void {
    message.resends += 1;
    if (message.resends <= this.#settings.maxResends) this.#again.push(message);
    else {
      const text = `sent ${message.resends} times without an answer; last: ${why.message}`;
      message.job.settle(new PushError('UNANSWERED', text, true, { cause: why }));
    }
  }

  /** Notes whether there is a link; without one, pushes wait for a bounded time. */
  #seeLinks(): void {
    const wasDown = this.#down;
    this.#down = !this.#lanes.standing;
    if (!this.#down) {
      this.#downTimer?.cancel();
      this.#downTimer = undefined;
      return;
    }
    if (this.#closing !== undefined) this.#giveUp(closedError);
    else if (!wasDown) this.#giveUpAfter(this.#settings.linkWaitMs);
  }

  #giveUpAfter(delayMs: number): void {
    this.#downTimer = this.#clock.after(delayMs, () => {
      this.#downTimer = undefined;
      this.#giveUp((out) => this.#noLinkError(out));
    });
  }

  #noLinkError(out: boolean): PushError {
    const sending = this.#lanes.status().filter(({ role }) => role !== 'receiver');
    const errors = new Set(sending.map(({ lastError }) => lastError?.message));
    errors.delete(undefined);
    const why = errors.size === 0 ? '' : `: ${[...errors].join('; ')}`;
    return new PushError('NO_LINK', `no message centre can be reached${why}`, true, { notTaken: !out });
  }

  /** One timer, for the oldest push. */
  #watchDeadline(): void {
    if (this.#deadlineTimer !== undefined) return;
    const [oldest] = this.#jobs;
    if (oldest === undefined) return;
    const delayMs = Math.max(oldest.deadline - this.#clock.monotonic(), 0);
    this.#deadlineTimer = this.#clock.after(delayMs, () => {
      this.#deadlineTimer = undefined;
      const now = this.#clock.monotonic();
      const { pushMs } = this.#settings;
      const error = (out: boolean): PushError =>
        new PushError('TIMEOUT', `not taken within ${pushMs} ms`, true, { notTaken: !out });
      this.#giveUp(error, (job) => job.deadline <= now);
      this.#watchDeadline();
    });
  }
}

// What waits at a message centre for one recipient, a handset or a client that is owed receipts, and its delivery over
// the sessions that the recipient has bound.
import type { SmppPdu } from '../../codec/smpp/index.ts';
import { commandStatuses } from '../../codec/smpp/index.ts';
import { type Clock, PushError, type Timer } from '../../core/index.ts';
import type { SmppConnection } from '../../push/sms/index.ts';

/** Something to deliver. */
export interface Mail {
  /** A whole deliver_sm; its sequence number is set for each attempt. */
  readonly pdu: Uint8Array;
  /** Called once: true when the recipient took it, false when it refused it for good or it expired. */
  readonly done: (taken: boolean, expired: boolean) => void;
  /** Called each time that it goes out once more because no answer came: the recipient may have it twice. */
  readonly again?: (() => void) | undefined;
  /** Moment on the clock until which it is tried. */
  readonly expiresAt: number;
}

/** Settings of a mailbox. */
export interface MailboxSettings {
  readonly clock: Clock;
  readonly window: number;
  readonly retryMs: number;
  /** Called for each attempt. */
  readonly onAttempt: () => void;
}

interface Waiting extends Mail {
  /** It went out, and no answer came. */
  doubtful: boolean;
  timer: Timer | undefined;
  over: boolean;
}

/** Mail of one recipient. */
export class Mailbox {
  readonly #settings: MailboxSettings;
  readonly #sessions = new Set<SmppConnection>();
  /** Mail that is not settled. */
  readonly #mail = new Set<Waiting>();
  /** Mail that may be sent now. */
  #queue: Waiting[] = [];

  constructor(settings: MailboxSettings) {
    this.#settings = settings;
  }

  /** Mail that is not settled. */
  get size(): number {
    return this.#mail.size;
  }

  /** True when nothing waits and nobody is there. */
  get idle(): boolean {
    return this.size === 0 && this.#sessions.size === 0;
  }

  /** True when a session of the recipient is bound. */
  get attended(): boolean {
    return this.#sessions.size > 0;
  }

  /** The recipient has bound a session. */
  join(session: SmppConnection): void {
    this.#sessions.add(session);
    this.pump();
  }

  /** A session is gone. */
  leave(session: SmppConnection): void {
    this.#sessions.delete(session);
  }

  /** Takes mail in. */
  add(mail: Mail): void {
    const waiting: Waiting = { doubtful: false, ...mail, timer: undefined, over: false };
    const { clock } = this.#settings;
    waiting.timer = clock.after(mail.expiresAt - clock.now(), () => this.#settle(waiting, false, true));
    this.#mail.add(waiting);
    this.#queue.push(waiting);
    this.pump();
  }

  /** Gives away what waits, unsettled: for a box that nobody attends. */
  takeAll(): readonly Mail[] {
    const mail = [...this.#mail];
    this.close();
    return mail;
  }

  /** Sends what the sessions take. */
  pump(): void {
    while (this.#queue.length > 0) {
      const session = this.#free();
      if (session === undefined) return;
      const mail = this.#queue.shift();
      if (mail === undefined || mail.over) continue;
      this.#settings.onAttempt();
      if (mail.doubtful) mail.again?.();
      mail.doubtful = false;
      session.request(mail.pdu, (outcome) => {
        this.#answered(mail, outcome);
        this.pump();
      });
    }
  }

  /** Forgets everything, without a word. */
  close(): void {
    for (const mail of this.#mail) {
      mail.over = true;
      mail.timer?.cancel();
    }
    this.#mail.clear();
    this.#queue = [];
    this.#sessions.clear();
  }

  #free(): SmppConnection | undefined {
    for (const session of this.#sessions) {
      if (session.open && !session.congested && session.inFlight < this.#settings.window) return session;
    }
    return undefined;
  }

  #answered(mail: Waiting, outcome: SmppPdu | PushError): void {
    if (mail.over) return;
    if (outcome instanceof PushError) {
      // In doubt: once more, on this session or another.
      mail.doubtful = true;
      this.#queue.unshift(mail);
    } else if (outcome.status === 0) {
      this.#settle(mail, true, false);
    } else if (passing.has(outcome.status)) {
      this.#settings.clock.after(this.#settings.retryMs, () => {
        if (mail.over) return;
        this.#queue.push(mail);
        this.pump();
      });
    } else {
      this.#settle(mail, false, false);
    }
  }

  #settle(mail: Waiting, taken: boolean, expired: boolean): void {
    if (mail.over) return;
    mail.over = true;
    mail.timer?.cancel();
    this.#mail.delete(mail);
    if (expired) this.#queue = this.#queue.filter((other) => other !== mail);
    mail.done(taken, expired);
  }
}

/** Refusals after which a delivery is tried again. */
const passing: ReadonlySet<number> = new Set([
  commandStatuses.ESME_RX_T_APPN,
  commandStatuses.ESME_RTHROTTLED,
  commandStatuses.ESME_RMSGQFUL,
  commandStatuses.ESME_RSYSERR,
]);

// The user's attention: one question at a time, each for a limited time, whoever asks in turn. Nothing waits here but who
// asked: a session, a message or a bootstrap with a question holds no other one (spec-notes ruling 21).
import type { Clock } from '../../core/index.ts';
import type { QuestionCounters } from '../report/events.ts';
import { type Answer, answerInTime } from './answer-in-time.ts';

/** What a desk is made with. */
export interface QuestionDeskOptions {
  readonly clock: Clock;
  /** How long a question is shown, in milliseconds; it waits for that twice as long at most. */
  readonly timeoutMs: number;
  /** Ends all questions. */
  readonly signal: AbortSignal;
  /** Questions of servers that are shown or wait, at most. */
  readonly maxQuestions: number;
  /** Of one server. */
  readonly maxQuestionsPerServer: number;
}

/** One question. */
export interface Question<Value> {
  /** Shows it and waits. `unwanted` aborts when the answer is no longer wanted. */
  readonly ask: (unwanted: AbortSignal) => Promise<Value>;
  /** Shows it for less than the desk's time, in milliseconds. */
  readonly timeoutMs?: number;
  /** Takes it back. */
  readonly signal?: AbortSignal;
  /** Called when it is shown, with how long it will be at most, in milliseconds. */
  readonly onShown?: (forMs: number) => void;
}

/** What came of a question; `full` when it was not put to the user, and `detail` says why. */
export type Asked<Value> = Answer<Value> | { readonly silence: 'full'; readonly detail: string };

interface Waiting {
  readonly show: () => void;
}

/** How many questions' time one waits for its turn; then it ends as if nobody had answered. */
const waitsFor = 2;

/** Who asks where no server has proved itself: those who want to make an account. They are one among the servers. */
const nobody = '';

/** Puts questions to the user. */
export class QuestionDesk {
  readonly counters: QuestionCounters = { asked: 0, unanswered: 0, refused: 0 };
  readonly #options: QuestionDeskOptions;
  /** By who asks, in the order of their turns. */
  readonly #waiting = new Map<string, Set<Waiting>>();
  /** Shown or waiting, by who asks. */
  readonly #held = new Map<string, number>();
  #shown = false;
  #lastAsked: string | undefined;

  constructor(options: QuestionDeskOptions) {
    this.#options = options;
  }

  /** Asks for a server that proved itself. Never rejects: a screen that fails is silence. */
  ask<Value>(serverId: string, question: Question<Value>): Promise<Asked<Value>> {
    const { maxQuestions, maxQuestionsPerServer } = this.#options;
    const own = this.#held.get(serverId) ?? 0;
    const all = [...this.#held].reduce((sum, [who, count]) => (who === nobody ? sum : sum + count), 0);
    const why =
      own >= maxQuestionsPerServer
        ? `${own} questions of this server wait for the user already`
        : all >= maxQuestions
          ? `${all} questions wait for the user already`
          : undefined;
    return why === undefined ? this.#hold(serverId, question) : this.#refuse(why);
  }

  /** Asks for somebody unknown, one question at a time in all. Never rejects. */
  askForStranger<Value>(question: Question<Value>): Promise<Asked<Value>> {
    return this.#held.has(nobody)
      ? this.#refuse('another question of an unknown sender waits for the user already')
      : this.#hold(nobody, question);
  }

  async #hold<Value>(who: string, question: Question<Value>): Promise<Asked<Value>> {
    this.#held.set(who, (this.#held.get(who) ?? 0) + 1);
    try {
      const answer = await this.#inTurn(who, question);
      if ('silence' in answer && answer.silence === 'unanswered') this.counters.unanswered += 1;
      return answer;
    } finally {
      const left = (this.#held.get(who) ?? 1) - 1;
      if (left === 0) this.#held.delete(who);
      else this.#held.set(who, left);
    }
  }

  #inTurn<Value>(who: string, question: Question<Value>): Promise<Answer<Value>> {
    const { clock, timeoutMs, signal: stop } = this.#options;
    const signal = question.signal === undefined ? stop : AbortSignal.any([stop, question.signal]);
    if (signal.aborted) return Promise.resolve({ silence: 'stopped' });
    return new Promise((resolve) => {
      const leave = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', giveUp);
        this.#forget(who, waiting);
      };
      const giveUp = (): void => {
        leave();
        resolve({ silence: signal.aborted ? 'stopped' : 'unanswered' });
      };
      const show = (): void => {
        leave();
        resolve(this.#show(question, signal));
      };
      const timer = clock.after(timeoutMs * waitsFor, giveUp);
      signal.addEventListener('abort', giveUp, { once: true });
      const waiting: Waiting = { show };
      const row = this.#waiting.get(who) ?? new Set();
      this.#waiting.set(who, row.add(waiting));
      this.#next();
    });
  }

  async #show<Value>(question: Question<Value>, signal: AbortSignal): Promise<Answer<Value>> {
    const { clock, timeoutMs: longest } = this.#options;
    const timeoutMs = Math.min(question.timeoutMs ?? longest, longest);
    this.#shown = true;
    this.counters.asked += 1;
    try {
      question.onShown?.(timeoutMs);
      return await answerInTime(question.ask, { clock, timeoutMs, signal });
    } finally {
      this.#shown = false;
      this.#next();
    }
  }

  /** Shows the next question of whose turn it is; whoever has more stands behind the others again. */
  #next(): void {
    const rows = [...this.#waiting];
    const turn = rows.find(([name]) => name !== this.#lastAsked) ?? rows[0];
    if (this.#shown || turn === undefined) return;
    const [who, row] = turn;
    this.#lastAsked = who;
    this.#waiting.delete(who);
    this.#waiting.set(who, row);
    const [next] = row;
    next?.show();
  }

  #forget(who: string, waiting: Waiting): void {
    const row = this.#waiting.get(who);
    row?.delete(waiting);
    if (row?.size === 0) this.#waiting.delete(who);
  }

  #refuse(detail: string): Promise<{ readonly silence: 'full'; readonly detail: string }> {
    this.counters.refused += 1;
    return Promise.resolve({ silence: 'full', detail });
  }
}

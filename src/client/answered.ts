// Whether all lines that were sent have been answered. An answer that comes to its end too early is whole to HTTP: a server that
// stops ends it so, and so may a proxy.
import { ReveilleError } from '../core/index.ts';

/** What is known of lines that were not answered. */
export interface UnansweredFields {
  /** Lines that were given to be sent, blank ones not counted. */
  readonly sent: number;
  /** How many of them the server has answered, or has counted. */
  readonly answered: number;
  /** True where the answers ended before all lines were given. */
  readonly cutOff: boolean;
}

/** The answers ended before all lines were answered. What became of the others is not known, unless the last answer says so. */
export class UnansweredError extends ReveilleError implements UnansweredFields {
  readonly sent: number;
  readonly answered: number;
  readonly cutOff: boolean;
  /** Lines that were sent and not answered. */
  readonly missing: number;

  constructor(what: string, { sent, answered, cutOff }: UnansweredFields) {
    super('UNANSWERED', what);
    this.sent = sent;
    this.answered = answered;
    this.cutOff = cutOff;
    this.missing = Math.max(0, sent - answered);
  }
}

/** A line of an answer, as far as it is looked at here. */
interface Answer {
  readonly line?: unknown;
  readonly summary?: { readonly lines?: unknown } | unknown;
}

const lineFeed = 10;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** Counts lines that go out, by the rules that servers count them by: blank ones are none. */
export class SentLines {
  #count = 0;
  #isOver = false;
  /** The line that goes out has been counted. */
  #isCounted = false;
  /** How much of a byte order mark the line began with; all of it too where one can come no more. */
  #mark = 0;

  /** Lines so far. */
  get count(): number {
    return this.#count;
  }

  /** All of them have gone out. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Passes octets on. */
  async *watch(octets: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of octets) {
      this.#read(chunk);
      yield chunk;
    }
    this.#end();
    this.#isOver = true;
  }

  #read(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#isCounted) {
        const end = chunk.indexOf(lineFeed, at);
        if (end < 0) return;
        at = end + 1;
        this.#isCounted = false;
        continue;
      }
      const octet = chunk[at] ?? 0;
      at += 1;
      if (octet === lineFeed) this.#end();
      else if (octet === byteOrderMark[this.#mark]) this.#mark += 1;
      else if (this.#isHalf || (octet !== 0x20 && octet !== 0x09 && octet !== 0x0d)) {
        this.#count += 1;
        this.#isCounted = true;
        this.#mark = 0;
      } else this.#mark = byteOrderMark.length;
    }
  }

  /** Half of a mark is no UTF-8, and so no blank. */
  get #isHalf(): boolean {
    return this.#mark > 0 && this.#mark < byteOrderMark.length;
  }

  /** The end of a line that had nothing to count so far. */
  #end(): void {
    if (this.#isHalf) this.#count += 1;
    this.#mark = 0;
  }
}

/**
 * Passes answers on, and holds them to what was sent. `each`: every line has an answer of its own; else the last answer has a summary,
 * which counts the lines where they are JSON.
 * @throws {UnansweredError} at their end, when some are missing
 */
export async function* allAnswered(
  answers: AsyncIterable<object>,
  how: { readonly each: boolean; readonly sent?: SentLines; readonly countsLines: boolean },
): AsyncGenerator<object, void, undefined> {
  const { each, sent, countsLines } = how;
  let answered = 0;
  let summary: { readonly lines?: unknown } | undefined;
  for await (const answer of answers) {
    const { line, summary: last } = answer as Answer;
    if (typeof line === 'number') answered += 1;
    if (typeof last === 'object' && last !== null) summary = last;
    yield answer;
  }
  const count = sent?.count ?? 0;
  const cutOff = sent !== undefined && !sent.isOver;
  if (each) {
    if (answered >= count && !cutOff) return;
    throw new UnansweredError(wordsOf(count, answered, cutOff), { sent: count, answered, cutOff });
  }
  if (summary === undefined) {
    const what = 'the answer ended without a summary, so not all was done: do it again, it comes to the same';
    throw new UnansweredError(what, { sent: count, answered: 0, cutOff });
  }
  const counted = Number(summary.lines ?? 0);
  if (!countsLines || counted >= count) return;
  throw new UnansweredError(wordsOf(count, counted, cutOff), { sent: count, answered: counted, cutOff });
}

function wordsOf(sent: number, answered: number, cutOff: boolean): string {
  const rest = cutOff ? ', and what comes behind them was not sent' : '';
  const missing = Math.max(0, sent - answered);
  return `the answers ended too early: ${missing} of ${sent} lines that were sent have none${rest}`;
}

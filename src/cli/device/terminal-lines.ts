// Lines that a person types, one question at a time.
import { createInterface, type Interface } from 'node:readline';
import type { Io } from '../io/io.ts';

/** How long a terminal may take to hand over what was typed before the first question, in milliseconds. */
const staleMs = 100;
/** Piped lines that are kept for questions to come; the rest stays in the pipe. */
const mostEarly = 64;

/**
 * Reads answers from standard input. On a terminal a line answers the question that is shown, and what was typed before
 * it was asked is thrown away; piped input answers questions in order. One for each standard input: two would take each
 * other's answers.
 */
export class TerminalLines {
  readonly #io: Io;
  readonly #early: string[] = [];
  #reader: Interface | undefined;
  #ended = false;
  #answer: ((line: string | undefined) => void) | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(io: Io) {
    this.#io = io;
  }

  /** Shows `prompt` once earlier questions are settled; `undefined` at the end of input or when `signal` aborts. */
  ask(prompt: string, signal: AbortSignal): Promise<string | undefined> {
    const turn = this.#last.then(() => this.#ask(prompt, signal));
    this.#last = turn;
    return turn;
  }

  async #ask(prompt: string, signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted) return undefined;
    if (this.#reader === undefined) {
      // Not sooner: a background process that reads its terminal is stopped. What was typed before is let go by.
      this.#open();
      if (this.#io.stdinIsTerminal) await new Promise((resume) => setTimeout(resume, staleMs));
      if (signal.aborted) return undefined;
    }
    this.#io.stderr(prompt);
    const line = this.#early.shift() ?? (this.#ended ? undefined : await this.#next(signal));
    if (line === undefined) this.#io.stderr('\n');
    return line;
  }

  #next(signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
      const done = (line: string | undefined): void => {
        this.#answer = undefined;
        signal.removeEventListener('abort', abort);
        resolve(line);
      };
      const abort = (): void => done(undefined);
      this.#answer = done;
      signal.addEventListener('abort', abort, { once: true });
      this.#reader?.resume();
    });
  }

  #open(): void {
    if (this.#reader !== undefined) return;
    this.#reader = createInterface({ input: this.#io.stdin as NodeJS.ReadableStream, terminal: false });
    this.#reader.on('line', (line) => {
      if (this.#answer !== undefined) this.#answer(line);
      else if (!this.#io.stdinIsTerminal) {
        this.#early.push(line);
        if (this.#early.length >= mostEarly && !this.#ended) this.#reader?.pause();
      }
    });
    this.#reader.on('close', () => {
      this.#ended = true;
      this.#answer?.(undefined);
    });
  }

  /** Lets go of standard input. */
  close(): void {
    this.#reader?.close();
  }
}

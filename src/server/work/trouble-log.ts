// What the log is told while the store is in trouble: the first of its kind, then counts.
import { type Clock, type Logger, LogSummary, ReveilleError } from '../../core/index.ts';

interface Trouble {
  readonly what: string;
  readonly error: string;
}

/** Lines about the store that would come again with each try. */
export class TroubleLog {
  readonly #summary: LogSummary<Trouble>;

  constructor(clock: Clock, logger: Logger) {
    this.#summary = new LogSummary<Trouble>({
      clock,
      intervalMs: 60_000,
      write: ({ what, error }) => logger.error({ error }, what),
      writeSum: ({ count, latest: { what, error }, withinMs }) =>
        logger.error({ error, count, withinMs }, `${what}, again and again`),
    });
  }

  /** `what` in words of our own. */
  note(what: string, error: unknown): void {
    const code = error instanceof ReveilleError ? error.code : 'other';
    this.#summary.note(`${what} ${code}`, {
      what,
      error: error instanceof Error ? error.message : String(error),
    });
  }

  /** Writes the counts that are left. */
  end(): void {
    this.#summary.flush();
  }
}

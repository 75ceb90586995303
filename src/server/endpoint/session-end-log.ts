// Ends of DM sessions in the log: one line each while they are few, counts when they are many.
import { type Clock, type Logger, LogSummary } from '../../core/index.ts';

/** How a session ended. */
export interface EndedSession {
  readonly device: string;
  readonly session: number | string;
  readonly outcome: string;
  /** Why, unless it ended well. */
  readonly reason: string | undefined;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** Lines of one outcome in ten seconds before the rest are counted. */
const burst = 20;

/** Writes how sessions ended, summed up by outcome. */
export class SessionEndLog {
  readonly #summary: LogSummary<EndedSession>;

  constructor(logger: Logger, clock: Clock) {
    this.#summary = new LogSummary<EndedSession>({
      clock,
      burst,
      write: (end) => logger.info({ ...end }, 'DM session over'),
      writeSum: ({ count, latest, withinMs }) =>
        logger.info({ count, withinMs, ...latest }, 'more DM sessions over, the last one like this'),
    });
  }

  note(end: EndedSession): void {
    this.#summary.note(end.outcome, end);
  }

  /** Writes the counts that are due later. */
  flush(): void {
    this.#summary.flush();
  }
}

// Failed attempts in the log: the first of a kind, then counts, however many there are.
import { type Clock, type Logger, LogSummary } from '../../core/index.ts';

interface Entry {
  readonly kind: string;
  readonly peer: string;
  readonly device: string;
}

/** Writes what came of attempts, summed up by kind. */
export class AttemptLog {
  readonly #summary: LogSummary<Entry>;

  constructor(logger: Logger, clock: Clock) {
    this.#summary = new LogSummary<Entry>({
      clock,
      write: ({ kind, peer, device }) => logger.warn({ peer, device }, `DM session refused: ${kind}`),
      writeSum: ({ kind, count, latest: { peer, device }, withinMs }) =>
        logger.warn({ count, peer, device, withinMs }, `DM sessions refused: ${kind}`),
    });
  }

  /** `kind` is made of words of ours; peer and device are those of the example. */
  note(kind: string, peer: string, device: string): void {
    this.#summary.note(kind, { kind, peer, device });
  }

  /** Writes the counts that are due later. */
  flush(): void {
    this.#summary.flush();
  }
}

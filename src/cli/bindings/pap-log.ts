// What the log says of requests that the PAP ports refuse: the first of a kind at once, then counts, however many there are.
import { type Clock, type Logger, LogSummary } from '../../core/index.ts';
import type { DroppedPush } from '../../push/index.ts';
import type { RefusedPapRequest } from '../../push/pap/index.ts';

/** Writes refusals and dropped connections, summed up by what they have in common. */
export class PapLog {
  readonly #refused: LogSummary<RefusedPapRequest>;
  readonly #dropped: LogSummary<DroppedPush>;

  constructor(logger: Logger, clock: Clock) {
    this.#refused = new LogSummary<RefusedPapRequest>({
      clock,
      write: ({ peer, initiator, code, detail }) =>
        logger.warn({ peer, initiator, code }, `refused a PAP request: ${detail}`),
      writeSum: ({ count, withinMs, latest: { peer, initiator, code, detail } }) =>
        logger.warn({ count, withinMs, peer, initiator, code }, `refused PAP requests, such as: ${detail}`),
    });
    this.#dropped = new LogSummary<DroppedPush>({
      clock,
      write: ({ from, reason, detail }) => logger.info({ peer: from, reason }, `PAP port: ${detail}`),
      writeSum: ({ count, withinMs, latest: { from, reason, detail } }) =>
        logger.info({ count, withinMs, peer: from, reason }, `PAP port, such as: ${detail}`),
    });
  }

  /** A request was not carried out. */
  refused(request: RefusedPapRequest): void {
    this.#refused.note(`${request.initiator ?? ''} ${request.code}`, request);
  }

  /** A connection brought no request, or not all of one. */
  dropped(drop: DroppedPush): void {
    this.#dropped.note(drop.reason, drop);
  }

  /** Writes the counts that are due later. */
  flush(): void {
    this.#refused.flush();
    this.#dropped.flush();
  }
}

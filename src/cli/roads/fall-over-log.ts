// What the log is told of pushes that go by another road than their first: the first of its kind at once, then counts.
import { type Clock, LogSummary } from '../../core/index.ts';
import type { FallOver } from '../../push/sms-routes/index.ts';

/** Length of an interval in milliseconds. */
const intervalMs = 60_000;

/** Lines by the two roads and the reason. */
export class FallOverLog {
  readonly #summary: LogSummary<FallOver>;

  constructor(clock: Clock, tell: (line: string) => void) {
    this.#summary = new LogSummary<FallOver>({
      clock,
      intervalMs,
      write: (one) => tell(lineOf(one, 'a push')),
      writeSum: ({ count, latest, withinMs }) =>
        tell(lineOf(latest, `${count} more within ${withinMs / 1000} s`)),
    });
  }

  /** Takes note of one push. */
  note(one: FallOver): void {
    this.#summary.note(`${one.from}>${one.to} ${one.reason}`, one);
  }

  /** Writes the counts that are left. */
  end(): void {
    this.#summary.flush();
  }
}

/** Such as `gw1 > gw2 (down): 7 more within 60 s; …`. */
function lineOf({ from, to, reason, detail }: FallOver, count: string): string {
  return `${from} > ${to} (${reason}): ${count}${detail === undefined ? '' : `; ${detail}`}`;
}

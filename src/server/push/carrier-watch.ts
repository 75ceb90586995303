// Links that come and go: looked at once a second, told to the log and counted.
import { type Clock, type Logger, LogSummary, type Timer } from '../../core/index.ts';
import type { CarrierStatus } from '../../push/index.ts';
import type { NoticeStore } from '../../store/index.ts';
import type { CarrierMetrics } from '../metrics/carrier-metrics.ts';
import type { BindingTable } from './bindings.ts';

/** What links are watched with. */
export interface CarrierWatchOptions {
  readonly bindings: BindingTable;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: CarrierMetrics;
  /** Where changes are noted for who follows the feed. */
  readonly notices: Pick<NoticeStore, 'note'>;
}

/** How often links are looked at, in milliseconds. */
const lookMs = 1000;

/** Changes of one link in a minute that have a line each. */
const burst = 4;
const intervalMs = 60_000;

interface Change {
  readonly binding: string;
  readonly carrier: CarrierStatus;
}

/** Tells of links that changed, until it is stopped. */
export class CarrierWatch {
  readonly #options: CarrierWatchOptions;
  readonly #summary: LogSummary<Change>;
  readonly #seen = new Map<string, Pick<CarrierStatus, 'state' | 'since'>>();
  #timer: Timer | undefined;

  constructor(options: CarrierWatchOptions) {
    this.#options = options;
    const { clock, logger } = options;
    this.#summary = new LogSummary<Change>({
      clock,
      burst,
      intervalMs,
      write: ({ binding, carrier: { name, state, lastError } }) => {
        const about = { binding, carrier: name, state, ...(lastError !== undefined && { lastError }) };
        logger[state === 'down' ? 'warn' : 'info'](about, 'the link of a carrier changed');
      },
      writeSum: ({ count, withinMs, latest: { binding, carrier } }) =>
        logger.warn(
          { count, withinMs, binding, carrier: carrier.name, state: carrier.state },
          'the link of a carrier changed again and again',
        ),
    });
  }

  /** Begins, where there is a link at all. */
  start(): void {
    if (this.#timer !== undefined) return;
    const watched = [...new Set(Object.values(this.#options.bindings))].some(
      ({ status }) => status !== undefined,
    );
    if (watched) this.look();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#summary.flush();
  }

  /** Looks now, and again later. */
  look(): void {
    const { bindings, clock, metrics } = this.#options;
    this.#timer?.cancel();
    for (const binding of new Set(Object.values(bindings))) {
      for (const carrier of binding.status?.() ?? []) {
        const { name, state, since } = carrier;
        const key = `${binding.name} ${name}`;
        const before = this.#seen.get(key);
        this.#seen.set(key, { state, ...(since !== undefined && { since }) });
        // Whoever was away and came back between two looks has been so since another moment.
        const same = before?.state === state && (before.since === since || since === undefined);
        if (same || (before === undefined && state === 'unknown')) continue;
        metrics.changed(binding.name, carrier);
        this.#summary.note(key, { binding: binding.name, carrier });
        if (state !== 'unknown') this.#note({ binding: binding.name, carrier });
      }
    }
    this.#timer = clock.after(lookMs, () => this.look());
  }

  /** Notes a change for the feed. One that cannot be kept stands in the log alone. */
  #note({ binding, carrier: { name, state, lastError } }: Change): void {
    const details = { binding, ...(lastError !== undefined && { lastError }) };
    const noted = this.#options.notices.note([{ kind: 'link', subject: name, event: state, details }]);
    noted.catch((error: unknown) =>
      this.#options.logger.warn(
        { carrier: name, state, error: String(error) },
        'the change of a link could not be noted for the feed',
      ),
    );
  }
}

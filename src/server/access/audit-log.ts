// The audit log as the server writes it: at once, behind an answer, or summed up where strangers could fill it.
import { type Clock, type Logger, LogSummary, sourceOf, type Timer } from '../../core/index.ts';
import type {
  AuditEntry,
  AuditFilter,
  AuditRecord,
  AuditStore,
  Page,
  PageRequest,
} from '../../store/index.ts';

/** What the log works with. */
export interface AuditLogOptions {
  readonly store: AuditStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An entry before the log has given it its time. */
export type NewAuditEntry = Omit<AuditEntry, 'at'>;

/** For how long entries that nobody waits for are gathered, in milliseconds; and how many at most. */
const gathered = Object.freeze({ ms: 1000, entries: 500 });
/** Refused tries: the first of a kind and source by itself, then one entry a minute; so many kinds are told apart. */
const summed = Object.freeze({ intervalMs: 60_000, maxKinds: 32 });

/** Writes and reads the audit log. */
export class AuditLog {
  readonly #store: AuditStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #refusals: LogSummary<NewAuditEntry>;
  #gathered: AuditEntry[] = [];
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor({ store, clock, logger }: AuditLogOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    this.#refusals = new LogSummary<NewAuditEntry>({
      clock,
      ...summed,
      write: (entry) => this.later(entry),
      writeSum: ({ count, latest, withinMs }) =>
        this.later({
          ...latest,
          detail: `${latest.detail ?? ''}: ${count} more within ${withinMs / 1000} s, the last one as here`,
        }),
    });
  }

  /** Adds an entry; it is on disk when the promise resolves. @throws {StoreError} */
  async add(entry: NewAuditEntry): Promise<void> {
    await this.#store.addAudit([{ ...entry, at: this.#clock.now() }]);
  }

  /** Adds an entry within a second: for what is on a timeline anyhow. */
  later(entry: NewAuditEntry): void {
    this.#gathered.push({ ...entry, at: this.#clock.now() });
    if (this.#gathered.length >= gathered.entries) this.#write();
    else {
      this.#timer ??= this.#clock.after(gathered.ms, () => {
        this.#timer = undefined;
        this.#write();
      });
    }
  }

  /** Adds an entry of a try that was refused. Those of one kind and source are summed up. */
  refused(kind: string, peer: string, entry: NewAuditEntry): void {
    const source = sourceOf(peer);
    this.#refusals.note(`${kind} ${source}`, { ...entry, source });
  }

  list(page: PageRequest & AuditFilter): Promise<Page<AuditRecord>> {
    return this.#store.listAudit(page);
  }

  /** Writes what is left. */
  async end(): Promise<void> {
    this.#refusals.flush();
    this.#write();
    await this.#writing;
  }

  #write(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const entries = this.#gathered;
    if (entries.length === 0) return;
    this.#gathered = [];
    this.#writing = this.#writing
      .then(() => this.#store.addAudit(entries))
      .catch((error: unknown) => {
        this.#logger.error(
          { entries: entries.length, error: String(error) },
          'the audit log could not be written',
        );
      });
  }
}

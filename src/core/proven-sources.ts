// Where identities proved themselves lately. Only who proves itself leaves a mark, so no flood of guesses fills the table.
import type { FailureCount } from './failure-rate.ts';

/** Bounds of what is remembered. */
export interface ProvenLimits {
  /** For how long after its last success a source counts as proven for an identity, in milliseconds; above 0. */
  readonly ttlMs: number;
  /** Sources of one identity; that of its longest past success gives way. A whole number above 0. */
  readonly perIdentity: number;
  /** Sources of all identities together; the identity of the longest past success gives way. A whole number above 0. */
  readonly total: number;
}

/** A source that is proven for an identity, and its failures since. */
export interface ProvenMark extends FailureCount {
  untilMs: number;
}

/** Sources by identity, the longest past success first. */
export class ProvenSources {
  readonly #limits: ProvenLimits;
  readonly #identities = new Map<string, Map<string, ProvenMark>>();
  #size = 0;
  /** No mark ends before. */
  #firstEndMs = Number.NEGATIVE_INFINITY;

  constructor(limits: ProvenLimits) {
    this.#limits = limits;
  }

  /** Marks that are held. */
  get size(): number {
    return this.#size;
  }

  /** The mark, while it is good. */
  get(identity: string, source: string, nowMs: number): ProvenMark | undefined {
    const mark = this.#identities.get(identity)?.get(source);
    return mark !== undefined && mark.untilMs > nowMs ? mark : undefined;
  }

  /** The identity proved itself from there: a fresh mark, without failures. */
  put(identity: string, source: string, nowMs: number): void {
    const { ttlMs, perIdentity, total } = this.#limits;
    const sources = this.#identities.get(identity) ?? new Map<string, ProvenMark>();
    if (sources.delete(source)) this.#size -= 1;
    sources.set(source, { untilMs: nowMs + ttlMs, emptyAt: 0, locked: false });
    this.#size += 1;
    this.#identities.delete(identity);
    this.#identities.set(identity, sources);
    if (sources.size > perIdentity) this.#dropOldest(identity, sources);
    if (this.#size <= total && nowMs < this.#firstEndMs) return;
    for (const [oldest, theirs] of this.#identities) {
      const [mark] = theirs.values();
      if (this.#size <= total && mark !== undefined && mark.untilMs > nowMs) {
        this.#firstEndMs = mark.untilMs;
        return;
      }
      this.#dropOldest(oldest, theirs);
    }
  }

  #dropOldest(identity: string, sources: Map<string, ProvenMark>): void {
    const [oldest] = sources.keys();
    if (oldest !== undefined && sources.delete(oldest)) this.#size -= 1;
    if (sources.size === 0) this.#identities.delete(identity);
  }
}

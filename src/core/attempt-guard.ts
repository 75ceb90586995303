// Bounds how often somebody may fail to prove who they are, so that guessing stays slow and nobody is shut out by the
// failures of others: a source from where an identity proved itself lately keeps its way in.
import { bytesToHex, utf8ToBytes } from './bytes.ts';
import { ConfigError } from './errors.ts';
import { type FailureLimits, FailureRate, FailureTable } from './failure-rate.ts';
import { sha256 } from './hash.ts';
import { sourceOf } from './peer-source.ts';
import { type ProvenLimits, ProvenSources } from './proven-sources.ts';

/** What bounds attempts; `attemptGuardDefaults` fills what is left out. `none` counts nothing there. */
export interface AttemptGuardOptions {
  /** Failures from one source in the name of one identity. */
  readonly pair?: Partial<FailureLimits>;
  /** Failures from one source, which may be a gateway of many, whatever the names. */
  readonly source?: Partial<FailureLimits> | 'none';
  /** Failures in the name of one identity, wherever they come from. */
  readonly identity?: Partial<FailureLimits> | 'none';
  /** What is remembered of those who proved themselves. */
  readonly proven?: Partial<ProvenLimits>;
}

const maxKeys = 50_000;

/**
 * 10 failures in 5 minutes for a pair, 2000 for a source, 100 for an identity, 50 000 keys of each. A source is proven for
 * 30 days, 8 of an identity and 100 000 in all.
 */
export const attemptGuardDefaults = Object.freeze({
  pair: Object.freeze({ maxFailures: 10, windowMs: 300_000, maxKeys }),
  source: Object.freeze({ maxFailures: 2000, windowMs: 300_000, maxKeys }),
  identity: Object.freeze({ maxFailures: 100, windowMs: 300_000, maxKeys }),
  proven: Object.freeze({ ttlMs: 30 * 86_400_000, perIdentity: 8, total: 100_000 }),
});

/** Why an attempt is refused: for the failures of this pair, of the source, or in the name of the identity. */
export interface AttemptRefusal {
  readonly because: 'pair' | 'source' | 'identity';
  /** How long it lasts, in milliseconds; above 0. */
  readonly retryAfterMs: number;
}

/** One attempt under way. When it is refused, nothing was counted and its functions do nothing. */
export interface Attempt {
  /** Set when it may not be made. */
  readonly refusal?: AttemptRefusal;
  /** It was none: no credentials were given. */
  withdraw(): void;
  /** As `AttemptGuard.succeeded`; `ownFailures` without this attempt. */
  succeeded(nowMs: number, ownFailures?: number): void;
}

/** Keys longer than this are kept as their digest: whoever fails chooses the length. */
const longestKey = 96;

/**
 * Counts failures for each identity (device, user), for each source (`sourceOf` of the peer's address, which is applied
 * here) and for each pair of them. Call `begin` before credentials are judged, and tell it what came of it; or, where
 * nothing is awaited between asking and judging, `refusal`, then `failed` or `succeeded`.
 *
 * A pair that proved itself is not refused for the failures of others, only for its own. Marks of success are made by
 * success alone, so inventing identities or sources displaces none; of failures, see `FailureTable`. All in constant
 * time and bounded memory. The caller brings the time; when it goes back, it counts as standing still.
 */
export class AttemptGuard {
  readonly #pairRate: FailureRate;
  readonly #pairs: FailureTable;
  readonly #sources: FailureTable | undefined;
  readonly #identities: FailureTable | undefined;
  readonly #proven: ProvenSources;
  #latestMs = Number.NEGATIVE_INFINITY;
  #wentBackMs = 0;

  /** @throws {ConfigError} a bound is not a whole number above 0, or a time not above 0; it names which */
  constructor(options: AttemptGuardOptions = {}) {
    const pair = checked('pair', attemptGuardDefaults.pair, options.pair);
    this.#pairRate = new FailureRate(pair);
    this.#pairs = new FailureTable(pair);
    this.#sources = tableOf('source', attemptGuardDefaults.source, options.source);
    this.#identities = tableOf('identity', attemptGuardDefaults.identity, options.identity);
    this.#proven = new ProvenSources(checked('proven', attemptGuardDefaults.proven, options.proven));
  }

  /**
   * Begins an attempt, unless it is refused. It counts as failed from now on, until it says otherwise: so of many at once
   * no more are judged than may fail.
   */
  begin(identity: string, peer: string, nowMs: number): Attempt {
    const refusal = this.refusal(identity, peer, nowMs);
    if (refusal !== undefined) return { refusal, withdraw: nothing, succeeded: nothing };
    this.failed(identity, peer, nowMs);
    let open = true;
    return {
      withdraw: () => {
        if (open) this.#takeBack(identity, peer);
        open = false;
      },
      succeeded: (now, ownFailures = 0) => {
        if (open) this.succeeded(identity, peer, now, ownFailures + 1);
        open = false;
      },
    };
  }

  /** Whether an attempt is refused now, and why; `undefined` when it may be made. Counts nothing. */
  refusal(identity: string, peer: string, nowMs: number): AttemptRefusal | undefined {
    const now = this.#time(nowMs);
    const [name, source] = [bounded(identity), bounded(sourceOf(peer))];
    const mark = this.#proven.get(name, source, now);
    if (mark !== undefined) return refusalOf('pair', this.#pairRate.refusedForMs(mark, now));
    const refusals = [
      refusalOf('pair', this.#pairs.refusedForMs(pairOf(name, source), now)),
      refusalOf('source', this.#sources?.refusedForMs(source, now) ?? 0),
      refusalOf('identity', this.#identities?.refusedForMs(name, now) ?? 0),
    ];
    let longest: AttemptRefusal | undefined;
    for (const each of refusals) {
      if (each !== undefined && each.retryAfterMs > (longest?.retryAfterMs ?? 0)) longest = each;
    }
    return longest;
  }

  /** True while the source counts as proven for the identity. */
  isProven(identity: string, peer: string, nowMs: number): boolean {
    return this.#proven.get(bounded(identity), bounded(sourceOf(peer)), this.#time(nowMs)) !== undefined;
  }

  /** Records a failure. */
  failed(identity: string, peer: string, nowMs: number): void {
    const now = this.#time(nowMs);
    const [name, source] = [bounded(identity), bounded(sourceOf(peer))];
    const mark = this.#proven.get(name, source, now);
    if (mark === undefined) this.#pairs.failed(pairOf(name, source), now);
    else this.#pairRate.add(mark, now);
    this.#sources?.failed(source, now);
    this.#identities?.failed(name, now);
  }

  /**
   * The identity proved itself from there: the pair is proven, and its failures are forgotten. `ownFailures` of them are
   * taken back from source and identity too: say how many this very peer made on its way to success (one message under
   * an old nonce), as far as that is certain. Only for identities that exist.
   */
  succeeded(identity: string, peer: string, nowMs: number, ownFailures = 0): void {
    const now = this.#time(nowMs);
    const [name, source] = [bounded(identity), bounded(sourceOf(peer))];
    this.#pairs.forget(pairOf(name, source));
    this.#proven.put(name, source, now);
    // What closed a source or an identity were the failures of others.
    this.#sources?.takeBack(source, ownFailures, false);
    this.#identities?.takeBack(name, ownFailures, false);
  }

  #takeBack(identity: string, peer: string): void {
    const [name, source] = [bounded(identity), bounded(sourceOf(peer))];
    const mark = this.#proven.get(name, source, this.#time(this.#latestMs));
    if (mark === undefined) this.#pairs.takeBack(pairOf(name, source), 1, true);
    else this.#pairRate.takeBack(mark, 1);
    this.#sources?.takeBack(source, 1, true);
    this.#identities?.takeBack(name, 1, true);
  }

  #time(nowMs: number): number {
    if (nowMs < this.#latestMs) this.#wentBackMs += this.#latestMs - nowMs;
    this.#latestMs = nowMs;
    return nowMs + this.#wentBackMs;
  }
}

const nothing = (): void => undefined;

function refusalOf(because: AttemptRefusal['because'], retryAfterMs: number): AttemptRefusal | undefined {
  return retryAfterMs > 0 ? { because, retryAfterMs } : undefined;
}

function tableOf(
  name: string,
  defaults: FailureLimits,
  given: Partial<FailureLimits> | 'none' | undefined,
): FailureTable | undefined {
  return given === 'none' ? undefined : new FailureTable(checked(name, defaults, given));
}

function checked<Limits extends { readonly [Name in keyof Limits]: number }>(
  name: string,
  defaults: Limits,
  given: Partial<Limits> | undefined,
): Limits {
  const all = { ...defaults, ...given };
  for (const [field, value] of Object.entries<number>(all)) {
    const isTime = field.endsWith('Ms');
    if (value > 0 && (isTime ? Number.isFinite(value) : Number.isSafeInteger(value))) continue;
    const wanted = isTime ? 'a time above 0' : 'a whole number above 0';
    throw new ConfigError(`${name}.${field} is ${value}; use ${wanted}`);
  }
  return all;
}

function bounded(key: string): string {
  return key.length <= longestKey ? key : bytesToHex(sha256(utf8ToBytes(key)));
}

function pairOf(identity: string, source: string): string {
  return `${source} ${identity}`;
}

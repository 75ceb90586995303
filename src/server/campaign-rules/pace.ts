// How fast devices are begun: tokens that come with time, in all and for single carriers. Reckoned on the monotonic clock, so that
// setting the machine's clock neither gives nor takes any.
import type { CampaignPace } from '../../store/index.ts';

/** What is reckoned in fractions falls short of whole devices by less than this. */
const tolerance = 1e-6;

/** What was left unused is made up for by so many seconds' worth, and by no more. */
const burstSeconds = 1;

/** Tokens of one rate. Begins with one, so that nothing bursts out of a new campaign. */
export class TokenBucket {
  #perSecond: number;
  #tokens = 1;
  #reckonedAt: number;

  /** `perSecond` above 0, or infinite; `now` on the monotonic clock, in milliseconds, as everywhere here. */
  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#reckonedAt = now;
  }

  /** Goes by another rate from now on. */
  change(perSecond: number, now: number): void {
    this.#reckon(now);
    this.#perSecond = perSecond;
    this.#tokens = Math.min(this.#tokens, this.#most());
  }

  /** What was left unused counts no more: nothing was to be begun meanwhile. */
  restart(now: number): void {
    this.#tokens = Math.min(1, this.#tokens);
    this.#reckonedAt = now;
  }

  /** Whole tokens that there are now. */
  available(now: number): number {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    this.#reckon(now);
    return Math.max(0, Math.floor(this.#tokens + tolerance));
  }

  /** Takes tokens; below 0 gives them back. */
  take(count: number, now: number): void {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return;
    this.#reckon(now);
    this.#tokens = Math.min(this.#tokens - count, this.#most());
  }

  /** Milliseconds until there will be so many tokens, or as many as there ever are; 0 where there are. */
  waitMs(count: number, now: number): number {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return 0;
    this.#reckon(now);
    const missing = Math.min(count, this.#most()) - this.#tokens;
    return missing <= tolerance ? 0 : Math.ceil((missing / this.#perSecond) * 1000);
  }

  #most(): number {
    return Math.max(1, this.#perSecond * burstSeconds);
  }

  #reckon(now: number): void {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return;
    const seconds = Math.max(0, now - this.#reckonedAt) / 1000;
    this.#tokens = Math.min(this.#most(), this.#tokens + seconds * this.#perSecond);
    this.#reckonedAt = Math.max(this.#reckonedAt, now);
  }
}

/** Tokens of one campaign. */
export class CampaignTokens {
  readonly #all: TokenBucket;
  readonly #carriers = new Map<string, TokenBucket>();
  #pace: CampaignPace;

  constructor(pace: CampaignPace | undefined, now: number) {
    this.#pace = pace ?? {};
    this.#all = new TokenBucket(this.#pace.perSecond ?? Number.POSITIVE_INFINITY, now);
  }

  /** Goes by another pace from now on. */
  change(pace: CampaignPace | undefined, now: number): void {
    this.#pace = pace ?? {};
    this.#all.change(this.#pace.perSecond ?? Number.POSITIVE_INFINITY, now);
    for (const [name, bucket] of this.#carriers) bucket.change(this.#rateOf(name), now);
  }

  /** Nothing was to be begun until now: it does not make up for that. */
  restart(now: number): void {
    this.#all.restart(now);
    for (const bucket of this.#carriers.values()) bucket.restart(now);
  }

  /** How many devices of a carrier may be begun now; `null`: of no known one. */
  available(carrier: string | null, now: number): number {
    return Math.min(
      this.#all.available(now),
      this.#of(carrier, now)?.available(now) ?? Number.POSITIVE_INFINITY,
    );
  }

  /** So many were begun; below 0: were not, after all. */
  take(carrier: string | null, count: number, now: number): void {
    this.#all.take(count, now);
    this.#of(carrier, now)?.take(count, now);
  }

  /** Milliseconds until so many devices of a carrier may be begun; 0 where they may now. */
  waitMs(carrier: string | null, count: number, now: number): number {
    return Math.max(this.#all.waitMs(count, now), this.#of(carrier, now)?.waitMs(count, now) ?? 0);
  }

  #of(carrier: string | null, now: number): TokenBucket | undefined {
    if (carrier === null) return undefined;
    const known = this.#carriers.get(carrier);
    if (known !== undefined) return known;
    const rate = this.#rateOf(carrier);
    if (rate === Number.POSITIVE_INFINITY) return undefined;
    const bucket = new TokenBucket(rate, now);
    this.#carriers.set(carrier, bucket);
    return bucket;
  }

  #rateOf(carrier: string): number {
    const { carriers } = this.#pace;
    const own = carriers !== undefined && Object.hasOwn(carriers, carrier) ? carriers[carrier] : undefined;
    return own ?? Number.POSITIVE_INFINITY;
  }
}

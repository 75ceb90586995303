// How many requests one token may send in a minute.
import rateLimit, { type FastifyRateLimitStore, type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import { type Clock, wholeNumber } from '../../core/index.ts';
import type { App } from '../host/app.ts';
import { ApiError } from '../request/problem.ts';
import { type Caller, hasScope } from './caller.ts';

const windowMs = 60_000;
/** Callers that are counted at once; when more come, those are forgotten that came first. */
const mostCallers = 10_000;

interface Count {
  count: number;
  /** On the monotonic clock. */
  until: number;
}

/** Counts by a clock that nobody sets: the library's own counts by that of the wall. */
function countsBy(clock: Clock): FastifyRateLimitStoreCtor {
  return class Counts implements FastifyRateLimitStore {
    readonly #counts = new Map<string, Count>();

    incr(
      key: string,
      callback: (error: Error | null, result?: { current: number; ttl: number }) => void,
    ): void {
      const now = clock.monotonic();
      let found = this.#counts.get(key);
      if (found === undefined || found.until <= now) {
        this.#counts.delete(key);
        const [oldest] = this.#counts.size >= mostCallers ? this.#counts.keys() : [];
        if (oldest !== undefined) this.#counts.delete(oldest);
        found = { count: 0, until: now + windowMs };
        this.#counts.set(key, found);
      }
      found.count += 1;
      callback(null, { current: found.count, ttl: found.until - now });
    }

    child(): FastifyRateLimitStore {
      return this;
    }
  };
}

/** How many requests a token may send in a minute, from now on. */
export class RateBound {
  #perMinute: number;

  /** @throws {ValueError} OUT_OF_RANGE for a number that is no whole one; 0: any number of requests */
  constructor(perMinute: number) {
    this.#perMinute = checked(perMinute);
  }

  get perMinute(): number {
    return this.#perMinute;
  }

  /** @throws as the constructor; the number before stays */
  renew(perMinute: number): void {
    this.#perMinute = checked(perMinute);
  }
}

function checked(perMinute: number): number {
  return wholeNumber(perMinute, 0, 100_000_000, 'requestsPerMinute');
}

/**
 * Adds the limit to the routes that come after it: each token without the scope `admin` may send so many requests in a minute, and is
 * told what is left (`ratelimit-limit`, `ratelimit-remaining`, `ratelimit-reset`). A batch is one request.
 */
export async function limitRates(app: App, bound: RateBound, clock: Clock): Promise<void> {
  await app.register(rateLimit, {
    max: () => bound.perMinute,
    timeWindow: windowMs,
    enableDraftSpec: true,
    store: countsBy(clock),
    keyGenerator: (request) => keyOf(request) ?? '',
    allowList: (request) =>
      bound.perMinute === 0 || keyOf(request) === undefined || hasScope(request.caller, 'admin'),
    errorResponseBuilder: (_, { max, ttl }) =>
      new ApiError(
        429,
        'RATE_LIMIT',
        `the token has sent its ${max} requests of this minute: wait, or send many in one (batch)`,
        Math.ceil(ttl / 1000),
      ),
  });
}

/** Whose requests are counted together; `undefined` on open routes, which have no caller. */
function keyOf({ caller }: { readonly caller?: Caller | undefined }): string | undefined {
  return caller?.tokenId ?? caller?.actor;
}

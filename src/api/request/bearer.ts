// Bearer tokens (RFC 6750): who may use the API.
import {
  AttemptGuard,
  type Clock,
  ConfigError,
  equalConstantTime,
  type Logger,
  LogSummary,
  sha256,
  sourceOf,
  utf8ToBytes,
} from '../../core/index.ts';
import { ApiError } from './problem.ts';

/** Characters that a token has at least; 16 random letters and digits are not found by trying. */
const shortestToken = 16;
/** Wrong tokens of one source that are answered 401 in five minutes; further ones are told to wait. */
const wrongTokens = Object.freeze({ maxFailures: 20, windowMs: 300_000 });

/** What tokens are checked with. */
export interface BearerOptions {
  readonly tokens: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Checks the Authorization header; without tokens everybody is let in. Comparison takes the same time whatever is given:
 * digests of equal length are compared, and all of them. Wrong tokens are counted for each source and told to the log in
 * summary; a right one is served whatever else comes from there.
 */
export class BearerCheck {
  readonly #digests: readonly Uint8Array[];
  readonly #clock: Clock;
  readonly #guard = new AttemptGuard({ pair: wrongTokens, source: 'none', identity: 'none' });
  readonly #log: LogSummary<string>;

  /** @throws {ConfigError} for a token that is too short, or that no request can carry */
  constructor({ tokens, clock, logger }: BearerOptions) {
    for (const token of tokens) requireToken(token);
    this.#digests = tokens.map((token) => sha256(utf8ToBytes(token)));
    this.#clock = clock;
    this.#log = new LogSummary<string>({
      clock,
      write: (source) => logger.warn({ source }, 'a wrong API token was refused'),
      writeSum: ({ count, latest: source, withinMs }) =>
        logger.warn(
          { source, count, withinMs },
          'more wrong API tokens were refused, the last one from this source',
        ),
    });
  }

  /** Lets a request in. @throws {ApiError} 401, or 429 after too many wrong tokens from there */
  check(authorization: string | undefined, peer: string): void {
    if (this.#digests.length === 0) return;
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    const digest = sha256(utf8ToBytes(given ?? ''));
    let known = false;
    for (const each of this.#digests) known = equalConstantTime(each, digest) || known;
    if (given !== undefined && known) return;
    const detail = 'send a valid token as Authorization: Bearer TOKEN';
    // Who sends none does not guess.
    if (authorization === undefined) throw new ApiError(401, 'UNAUTHORIZED', detail);
    this.#log.note('wrong token', sourceOf(peer));
    const { refusal } = this.#guard.begin('', peer, this.#clock.monotonic());
    if (refusal === undefined) throw new ApiError(401, 'UNAUTHORIZED', detail);
    const seconds = Math.ceil(refusal.retryAfterMs / 1000);
    throw new ApiError(429, 'TOO_MANY_ATTEMPTS', `too many wrong tokens came from there; ${detail}`, seconds);
  }

  /** Writes the counts that are left to the log. */
  end(): void {
    this.#log.flush();
  }
}

/** @throws {ConfigError} for a token that is too short, or that no request can carry; what it holds is not told */
export function requireToken(token: string): void {
  if (!/^[\x21-\x7e]*$/.test(token)) {
    throw new ConfigError(
      'an API token holds white space or characters beyond ASCII, which no request can carry; make one with: reveille secret',
    );
  }
  if (token.length >= shortestToken) return;
  throw new ConfigError(
    `an API token has ${token.length} characters, at least ${shortestToken} are needed, or it can be found by trying; ` +
      'make one with: reveille secret',
  );
}

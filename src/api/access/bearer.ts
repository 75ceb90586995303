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
import { type TokenService, tokenActor } from '../../server/index.ts';
import type { TokenRecord } from '../../store/index.ts';
import { ApiError } from '../request/problem.ts';
import { anonymous, type Caller, operator } from './caller.ts';

/** Characters that a token has at least; 16 random letters and digits are not found by trying. */
const shortestToken = 16;
/** Wrong tokens of one source that are answered 401 in five minutes; further ones are told to wait. */
const wrongTokens = Object.freeze({ maxFailures: 20, windowMs: 300_000 });

/** Says whose a token is that is none of ours; `undefined` where it opens nothing. */
export interface ForeignTokens {
  /** True for what may be one, by its form. */
  isOne(token: string): boolean;
  /** `refused` is told why it opens nothing, in words of ours. */
  lookUp(token: string, refused?: (why: string) => void): Promise<Caller | undefined>;
}

/** What tokens are checked with. */
export interface BearerOptions {
  /** Those that the server is given at its start. */
  readonly tokens: readonly string[];
  /** Those in the store. */
  readonly issued?: TokenService | undefined;
  /** Those of an identity provider. */
  readonly foreign?: ForeignTokens | undefined;
  /** True where nobody gets in without a token, also while there is none. */
  readonly always?: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Checks the Authorization header; while there are no tokens everybody is let in. Comparison takes the same time whatever is given:
 * digests of equal length are compared, and all of them. Wrong tokens are counted for each source and told to the log in
 * summary; a right one is served whatever else comes from there.
 */
export class BearerCheck {
  #digests: readonly Uint8Array[] = [];
  readonly #issued: TokenService | undefined;
  #foreign: ForeignTokens | undefined;
  readonly #always: boolean;
  readonly #clock: Clock;
  readonly #guard = new AttemptGuard({ pair: wrongTokens, source: 'none', identity: 'none' });
  readonly #log: LogSummary<WrongToken>;

  /** @throws {ConfigError} for a token that is too short, or that no request can carry */
  constructor({ tokens, issued, foreign, always = false, clock, logger }: BearerOptions) {
    this.#issued = issued;
    this.renew(tokens, foreign);
    this.#always = always;
    this.#clock = clock;
    this.#log = new LogSummary<WrongToken>({
      clock,
      write: (wrong) => logger.warn({ ...wrong }, 'a wrong API token was refused'),
      writeSum: ({ count, latest, withinMs }) =>
        logger.warn(
          { ...latest, count, withinMs },
          'more wrong API tokens were refused, the last one from this source',
        ),
    });
  }

  /**
   * Takes other tokens and another identity provider, from the next request on.
   * @throws {ConfigError} for a token that is too short, or that no request can carry; those before stay
   */
  renew(tokens: readonly string[], foreign: ForeignTokens | undefined): void {
    for (const token of tokens) requireToken(token);
    this.#digests = tokens.map((token) => sha256(utf8ToBytes(token)));
    this.#foreign = foreign;
  }

  /** True while nobody needs a token. */
  get isOpen(): boolean {
    return (
      !this.#always &&
      this.#digests.length === 0 &&
      this.#foreign === undefined &&
      this.#issued?.inUse !== true
    );
  }

  /**
   * Says who sends a request: at once, unless it has to be looked up.
   * @throws {ApiError} 401, or 429 after too many wrong tokens from there; the promise rejects with the same, and with {StoreError}
   */
  check(authorization: string | undefined, peer: string): Caller | Promise<Caller> {
    let why: string | undefined;
    const found = this.#find(authorization, (words) => {
      why = words;
    });
    if (found instanceof Promise) return found.then((caller) => caller ?? this.#refuse(peer, why));
    if (found !== undefined) return found;
    // Who sends none does not guess.
    if (authorization === undefined) throw unauthorized();
    return this.#refuse(peer);
  }

  /**
   * True while what a request came with lets it in: for what goes on for long. It counts as no try.
   * @throws {StoreError}, and {ApiError} 503 where the identity provider is away
   */
  async opens(authorization: string | undefined): Promise<boolean> {
    return (await this.#find(authorization)) !== undefined;
  }

  /** Whose what a request came with is; `undefined` where it opens nothing. */
  #find(
    authorization: string | undefined,
    refused?: (why: string) => void,
  ): Caller | undefined | Promise<Caller | undefined> {
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (given === undefined) return this.isOpen ? anonymous : undefined;
    const digest = sha256(utf8ToBytes(given));
    let isOperator = false;
    for (const each of this.#digests) isOperator = equalConstantTime(each, digest) || isOperator;
    if (isOperator) return operator;
    const record = this.#issued?.known(given);
    if (record === 'ask') return this.#issuedCaller(given);
    if (record !== undefined) return callerOf(record);
    if (this.#foreign?.isOne(given) === true) return this.#foreign.lookUp(given, refused);
    // A stale token in somebody's environment keeps nobody out where none is needed.
    return this.isOpen && this.#issued?.isOne(given) !== true ? anonymous : undefined;
  }

  /** Writes the counts that are left to the log. */
  end(): void {
    this.#log.flush();
  }

  async #issuedCaller(given: string): Promise<Caller | undefined> {
    const record = await this.#issued?.lookUp(given);
    return record === undefined ? undefined : callerOf(record);
  }

  #refuse(peer: string, why?: string): never {
    this.#log.note('wrong token', { source: sourceOf(peer), ...(why !== undefined && { why }) });
    const { refusal } = this.#guard.begin('', peer, this.#clock.monotonic());
    if (refusal === undefined) throw unauthorized();
    const seconds = Math.ceil(refusal.retryAfterMs / 1000);
    throw new ApiError(429, 'TOO_MANY_ATTEMPTS', `too many wrong tokens came from there; ${remedy}`, seconds);
  }
}

/** What the log is told of a wrong token. */
interface WrongToken {
  readonly source: string;
  /** Of one of an identity provider: what is wrong with it. */
  readonly why?: string;
}

const remedy = 'send a valid token as Authorization: Bearer TOKEN';

function unauthorized(): ApiError {
  return new ApiError(401, 'UNAUTHORIZED', remedy);
}

/** Callers of records: a record stays the same object for as long as it is remembered. */
const callers = new WeakMap<TokenRecord, Caller>();

function callerOf(record: TokenRecord): Caller {
  const before = callers.get(record);
  if (before !== undefined) return before;
  const { id, owner, scopes, accounts } = record;
  const caller = { tokenId: id, owner, actor: tokenActor(record), scopes, accounts };
  callers.set(record, caller);
  return caller;
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

// Tokens, as callers create, read, replace and end them, and as requests bring them.
import { type Clock, equalConstantTime, type Logger, type Timer } from '../../core/index.ts';
import type { Page, PageRequest, TokenRecord, TokenStore } from '../../store/index.ts';
import { readOverlap, readToken } from './token-input.ts';
import { hashOctets, newToken, newTokenId, tokenHash, tokenIdOf } from './token-text.ts';

/** What the service works with. */
export interface TokenServiceOptions {
  readonly store: TokenStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A token with what is shown once. */
export interface IssuedToken {
  readonly record: TokenRecord;
  /** The token itself: this once, and never again. */
  readonly token: string;
}

/** Tokens whose records are remembered. */
const mostKnown = 1000;
/** For how long a record is taken as it was read, in milliseconds: another node may have ended the token. */
const knownMs = 5000;
/** How often uses are written, in milliseconds. */
const usesMs = 60_000;

interface Known {
  readonly record: TokenRecord;
  /** On the monotonic clock. */
  readonly until: number;
}

/** Keeps tokens, and says whose one is. */
export class TokenService {
  readonly #store: TokenStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #known = new Map<string, Known>();
  /** Uses that are to be written. */
  readonly #uses = new Map<string, number>();
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #inUse = false;

  constructor({ store, clock, logger }: TokenServiceOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  /**
   * True once somebody has used a token, or there is more than the first one that `createFirst` makes: from then on nobody
   * gets in without. Known after `load`.
   */
  get inUse(): boolean {
    return this.#inUse;
  }

  /** Looks whether tokens are in use. @throws {StoreError} */
  async load(): Promise<void> {
    const { items } = await this.#store.listTokens({ limit: 2 });
    this.#inUse =
      items.length > 1 || items.some(({ lastUsedAt, revokedAt }) => (lastUsedAt ?? revokedAt) !== undefined);
  }

  /**
   * Makes a token from `{ owner, name, scopes, accounts?, expiresAt? }`; it is on disk when the promise resolves.
   * @throws {ValueError} for the first thing wrong
   */
  async create(value: unknown): Promise<IssuedToken> {
    const issued = await this.#issue(value);
    this.#inUse = true;
    return issued;
  }

  /**
   * Makes the first token of an empty store, which may do everything; `undefined` where there was one. `tell` is given it before
   * it counts: what breaks off leaves a token that opens nothing, and not one that nobody was told.
   */
  async createFirst(tell: (token: string) => Promise<void>): Promise<IssuedToken | undefined> {
    const { items } = await this.#store.listTokens({ limit: 1 });
    if (items.length > 0) return undefined;
    return await this.#issue({ owner: 'admin', name: 'first', scopes: ['admin'] }, tell);
  }

  get(id: string): Promise<TokenRecord | undefined> {
    return this.#store.token(id);
  }

  /** Tokens in order of creation. */
  list(page: PageRequest): Promise<Page<TokenRecord>> {
    return this.#store.listTokens(page);
  }

  /**
   * Makes a token anew under its id, from `{ overlapSeconds? }`: for so long the one before opens too. `undefined` where there is
   * none that is not revoked.
   * @throws {ValueError} for the first thing wrong
   */
  async rotate(id: string, value: unknown): Promise<IssuedToken | undefined> {
    const overlapMs = readOverlap(value);
    const token = newToken(id);
    const record = await this.#store.rotateToken(id, { hash: tokenHash(token), overlapMs });
    this.#known.delete(id);
    return record === undefined ? undefined : { record, token };
  }

  /** Ends a token at once; `undefined` when there is none. */
  async revoke(id: string): Promise<TokenRecord | undefined> {
    const record = await this.#store.revokeToken(id);
    this.#known.delete(id);
    return record;
  }

  /** True for what may be one of these tokens, by its form. */
  isOne(token: string): boolean {
    return tokenIdOf(token) !== undefined;
  }

  /**
   * The record of a token that opens now, where that is known without a look into the store; `'ask'` where `lookUp` has to look.
   */
  known(token: string): TokenRecord | undefined | 'ask' {
    const id = tokenIdOf(token);
    if (id === undefined) return undefined;
    const known = this.#known.get(id);
    if (known === undefined || known.until <= this.#clock.monotonic()) return 'ask';
    return this.#judge(token, known.record);
  }

  /** The record of a token that opens now; `undefined` for any other. @throws {StoreError} */
  async lookUp(token: string): Promise<TokenRecord | undefined> {
    const id = tokenIdOf(token);
    if (id === undefined) return undefined;
    const record = await this.#store.token(id);
    if (record === undefined) return undefined;
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(id, { record, until: this.#clock.monotonic() + knownMs });
    return this.#judge(token, record);
  }

  /** Writes the uses that are left. */
  async end(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#writeUses();
    await this.#writing;
  }

  async #issue(value: unknown, tell?: (token: string) => Promise<void>): Promise<IssuedToken> {
    const now = this.#clock.now();
    const asked = readToken(value, now);
    const id = newTokenId(now);
    const token = newToken(id);
    await tell?.(token);
    return { record: await this.#store.createToken({ ...asked, id, hash: tokenHash(token) }), token };
  }

  #judge(token: string, record: TokenRecord): TokenRecord | undefined {
    const now = this.#clock.now();
    const given = hashOctets(tokenHash(token));
    const { previous, expiresAt, revokedAt } = record;
    const isNow = equalConstantTime(hashOctets(record.hash), given);
    const wasBefore = previous !== undefined && equalConstantTime(hashOctets(previous.hash), given);
    const opens = isNow || (wasBefore && now < (previous?.until ?? 0));
    if (!opens || revokedAt !== undefined || (expiresAt !== undefined && expiresAt <= now)) return undefined;
    this.#used(record, now);
    return record;
  }

  #used({ id, lastUsedAt }: TokenRecord, at: number): void {
    this.#inUse = true;
    this.#uses.set(id, at);
    // The first use ends the time in which nobody needs a token, so it is written soon.
    this.#timer ??= this.#clock.after(lastUsedAt === undefined ? 1 : usesMs, () => {
      this.#timer = undefined;
      this.#writeUses();
    });
  }

  #writeUses(): void {
    const uses = [...this.#uses].map(([id, at]) => ({ id, at }));
    this.#uses.clear();
    if (uses.length === 0) return;
    this.#writing = this.#writing
      .then(() => this.#store.noteTokenUses(uses))
      .catch((error: unknown) => {
        this.#logger.warn({ error: String(error) }, 'the last uses of tokens could not be written');
      });
  }
}

/** How timelines and the audit log name what is done with a token. */
export function tokenActor({ owner, name }: Pick<TokenRecord, 'owner' | 'name'>): string {
  return `${owner}/${name}`;
}

// Tokens of the REST API: whose they are, what they may do, and until when. The tokens themselves are not kept.
import type { Page, PageRequest } from '../record/page.ts';
import type { Scope, VisibleAccounts } from './scope.ts';

/** A new token, as it is kept. */
export interface TokenInput {
  /** Names the token, and is part of it; in order of creation. */
  readonly id: string;
  /** SHA-256 of the token, 64 lower-case hex digits. */
  readonly hash: string;
  /** Whose it is: a person or a program. */
  readonly owner: string;
  /** What it is for. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly accounts: VisibleAccounts;
  /** Moment from which it opens nothing, milliseconds since the POSIX epoch; absent: never. */
  readonly expiresAt?: number;
}

/** A token as stored. */
export interface TokenRecord extends TokenInput {
  /** What it was before it was replaced, while that still opens. */
  readonly previous?: {
    /** SHA-256, as `hash`. */
    readonly hash: string;
    /** Moment from which it opens nothing, milliseconds since the POSIX epoch. */
    readonly until: number;
  };
  /** Milliseconds since the POSIX epoch, as all times here. */
  readonly createdAt: number;
  readonly rotatedAt?: number;
  /** When it was used last, to the minute or so; absent before the first use. */
  readonly lastUsedAt?: number;
  readonly revokedAt?: number;
}

/** What takes the place of a token. */
export interface TokenRotation {
  /** SHA-256 of the new one. */
  readonly hash: string;
  /** For how long the one before still opens, in milliseconds; 0: not any more. */
  readonly overlapMs: number;
}

/** When a token was used. */
export interface TokenUse {
  readonly id: string;
  readonly at: number;
}

/** Keeps tokens. What a call wrote is on disk when its promise resolves. */
export interface TokenStore {
  /** @throws {StoreError} ALREADY_EXISTS when the id is taken */
  createToken(input: TokenInput): Promise<TokenRecord>;
  /** Whatever became of it: revoked and expired ones too. */
  token(id: string): Promise<TokenRecord | undefined>;
  /** Tokens in order of id, which is that of their creation. */
  listTokens(page: PageRequest): Promise<Page<TokenRecord>>;
  /** Gives a token that is not revoked another hash, and gives it as it is then; `undefined` where there is none. */
  rotateToken(id: string, rotation: TokenRotation): Promise<TokenRecord | undefined>;
  /** Ends a token, and gives it as it is then; `undefined` when there is none. Its first end stays. */
  revokeToken(id: string): Promise<TokenRecord | undefined>;
  /** Notes when tokens were used; an older use than is known changes nothing. */
  noteTokenUses(uses: readonly TokenUse[]): Promise<void>;
}

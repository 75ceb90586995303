// DM accounts: the server identities that devices know (DMAcc, DM-STDOBJ-1.2).
import type { StoredMessageSigning } from './message-keys.ts';
import type { Page, PageRequest } from './page.ts';
import type { RecordVersion } from './record-version.ts';

/** Fields of an account that its owner sets. */
export interface AccountInput {
  /** ServerID of the DMAcc and server identifier of notifications: UTF-8, 1–255 octets. */
  readonly serverId: string;
  /** DM address that devices of this account connect to (DMAcc AppAddr/Addr). */
  readonly url: string;
  /** For people; no protocol carries it. */
  readonly name?: string;
  /** Key of sessionless messages; absent: each device's shared secret signs. */
  readonly messageSigning?: StoredMessageSigning;
}

/** An account as stored. */
export interface AccountRecord extends AccountInput {
  /** How often its owner changed it; absent before the first time. */
  readonly revision?: number;
  /** Milliseconds since the POSIX epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What `updateAccount` changes; an absent field stays as it is, `null` removes an optional one. */
export interface AccountPatch {
  readonly url?: string;
  readonly name?: string | null;
  readonly messageSigning?: StoredMessageSigning | null;
}

/** Keeps accounts. */
export interface AccountStore {
  /**
   * Adds an account; it is on disk when the promise resolves.
   * @throws {StoreError} ALREADY_EXISTS when the ServerID is taken
   */
  createAccount(input: AccountInput): Promise<AccountRecord>;
  account(serverId: string): Promise<AccountRecord | undefined>;
  /**
   * Changes an account, and gives it as it is then; `undefined` when there is none.
   * @param expected versions that it may have
   * @throws {StoreError} VERSION_MISMATCH when it has another
   */
  updateAccount(
    serverId: string,
    patch: AccountPatch,
    expected?: readonly RecordVersion[],
  ): Promise<AccountRecord | undefined>;
  /**
   * Removes an account; false when there is none. Messages to addresses that were made for it stay.
   * @param expected versions that it may have
   * @throws {StoreError} IN_USE while it has devices, VERSION_MISMATCH
   */
  deleteAccount(serverId: string, expected?: readonly RecordVersion[]): Promise<boolean>;
  /** Accounts in order of ServerID, those after `after`. */
  listAccounts(page: PageRequest): Promise<Page<AccountRecord>>;
}

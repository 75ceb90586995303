// Accounts, as callers create and read them.
import { longestServerId, requireServerId, ValueError } from '../../core/index.ts';
import type {
  AccountPatch,
  AccountRecord,
  AccountStore,
  Page,
  PageRequest,
  RecordVersion,
} from '../../store/index.ts';
import { InputReader } from '../input/input-reader.ts';
import { readMessageSigning } from './message-keys-input.ts';

/** Checks what is given and keeps accounts. */
export class AccountService {
  readonly #store: AccountStore;

  constructor(store: AccountStore) {
    this.#store = store;
  }

  /**
   * Creates an account from `{ serverId, url, name?, messageSigning? }`.
   * @throws {ValueError} for the first thing wrong
   * @throws {StoreError} ALREADY_EXISTS
   */
  async create(value: unknown): Promise<AccountRecord> {
    const input = new InputReader(value, 'an account');
    const serverId = requireServerId(input.text('serverId', { max: longestServerId }), 'serverId');
    const url = input.text('url', { max: 2048 });
    const name = input.optionalText('name', { max: 255 });
    const signing = input.take('messageSigning');
    input.end();
    const messageSigning = signing === undefined ? undefined : readMessageSigning(signing, 'messageSigning');
    requireAccountUrl(url);
    return this.#store.createAccount({
      serverId,
      url,
      ...(name !== undefined && { name }),
      ...(messageSigning !== undefined && { messageSigning }),
    });
  }

  /**
   * Changes the fields that are given, `{ url?, name?, messageSigning? }`; `null` removes what is optional. `undefined` when
   * there is no such account. Devices keep the URL that they have: a new one is for those that come.
   * @throws {ValueError} for the first thing wrong
   * @throws {StoreError} VERSION_MISMATCH
   */
  async update(
    serverId: string,
    value: unknown,
    expected?: readonly RecordVersion[],
  ): Promise<AccountRecord | undefined> {
    const input = new InputReader(value, 'a change of an account');
    const url = input.optionalText('url', { max: 2048 });
    const removesName = isNull(value, 'name');
    const name = removesName ? input.take('name') : input.optionalText('name', { max: 255 });
    const signing = input.take('messageSigning');
    input.end();
    if (url !== undefined) requireAccountUrl(url);
    const patch: AccountPatch = {
      ...(url !== undefined && { url }),
      ...(name !== undefined && { name: typeof name === 'string' ? name : null }),
      ...(signing !== undefined && {
        messageSigning: signing === null ? null : readMessageSigning(signing, 'messageSigning'),
      }),
    };
    return this.#store.updateAccount(serverId, patch, expected);
  }

  /** False when there is no such account. @throws {StoreError} IN_USE while it has devices, VERSION_MISMATCH */
  remove(serverId: string, expected?: readonly RecordVersion[]): Promise<boolean> {
    return this.#store.deleteAccount(serverId, expected);
  }

  get(serverId: string): Promise<AccountRecord | undefined> {
    return this.#store.account(serverId);
  }

  list(page: PageRequest): Promise<Page<AccountRecord>> {
    return this.#store.listAccounts(page);
  }
}

/** Returns the URL of an account as it is. @throws {ValueError} for what devices cannot open a session at */
export function requireAccountUrl(url: string): string {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url;
  throw new ValueError('BAD_FORMAT', 'must be a URL such as https://dm.example.com/dm', 'url');
}

function isNull(value: unknown, field: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).some(([name, member]) => name === field && member === null)
  );
}

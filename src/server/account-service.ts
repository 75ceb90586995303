// Accounts, as callers create and read them.
import { ValueError } from '../core/index.ts';
import type { AccountRecord, AccountStore, Page, PageRequest } from '../store/index.ts';
import { InputReader } from './input-reader.ts';

/** Checks what is given and keeps accounts. */
export class AccountService {
  readonly #store: AccountStore;

  constructor(store: AccountStore) {
    this.#store = store;
  }

  /**
   * Creates an account from `{ serverId, url, name? }`.
   * @throws {ValueError} for the first thing wrong
   * @throws {StoreError} ALREADY_EXISTS
   */
  async create(value: unknown): Promise<AccountRecord> {
    const input = new InputReader(value, 'an account');
    // 1–255 octets: the one length that all three formats can carry (spec-notes ruling 5).
    const serverId = input.text('serverId', { max: 255 });
    const url = input.text('url', { max: 2048 });
    const name = input.optionalText('name', { max: 255 });
    input.end();
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      throw new ValueError('BAD_FORMAT', 'must be a URL such as https://dm.example.com/dm', 'url');
    }
    return this.#store.createAccount({ serverId, url, ...(name !== undefined && { name }) });
  }

  get(serverId: string): Promise<AccountRecord | undefined> {
    return this.#store.account(serverId);
  }

  list(page: PageRequest): Promise<Page<AccountRecord>> {
    return this.#store.listAccounts(page);
  }
}

// The address that the server gives for itself before a client has proved who it is: it goes by what the client sent and by
// the accounts there are, never by the record of a device (spec-notes ruling 22).
import type { Clock } from '../../core/index.ts';
import type { AccountRecord, AccountStore } from '../../store/index.ts';

/** How old the list of accounts may be, in milliseconds. */
const maxAgeMs = 10_000;
/** Accounts that are looked at; with more, clients of the others are answered at the address that they used. */
const maxAccounts = 1000;
/** Name of the parameter that carries a session's token. */
const tokenParameter = 's';

/** Chooses addresses, with one look at the accounts for all messages of some seconds. */
export class ServerFaces {
  readonly #store: Pick<AccountStore, 'listAccounts'>;
  readonly #clock: Clock;
  #accounts: Promise<readonly AccountRecord[]> | undefined;
  #readAtMs = 0;

  constructor(store: Pick<AccountStore, 'listAccounts'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * The address of the account that the client's Target names; of the only account, when there is one; else the Target
   * itself, where it is an address of HTTP, so that the client comes back to where it came.
   */
  async of(target: string): Promise<string> {
    const accounts = await this.#list();
    const [first] = accounts;
    const wanted = addressOf(target);
    const named = accounts.find(
      ({ url }) => url === target || (wanted !== undefined && addressOf(url) === wanted),
    );
    if (named !== undefined) return named.url;
    if (first !== undefined && (accounts.length === 1 || wanted === undefined)) return first.url;
    return wanted ?? target;
  }

  #list(): Promise<readonly AccountRecord[]> {
    const now = this.#clock.monotonic();
    if (this.#accounts === undefined || now - this.#readAtMs >= maxAgeMs) {
      this.#readAtMs = now;
      this.#accounts = this.#store.listAccounts({ limit: maxAccounts }).then(({ items }) => items);
      this.#accounts.catch(() => {
        this.#accounts = undefined;
      });
    }
    return this.#accounts;
  }
}

/** An address of HTTP without the token of a session; `undefined` for anything else. */
function addressOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  url.searchParams.delete(tokenParameter);
  return url.href;
}

/** The address with the token of a session. */
export function withToken(uri: string, token: string): string {
  return `${uri}${uri.includes('?') ? '&' : '?'}${tokenParameter}=${token}`;
}

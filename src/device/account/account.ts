// What the device reads out of a DM account (DM-STDOBJ-1.2).
import type { Notification } from '../../codec/notification/index.ts';
import type { AuthScheme } from '../../security/index.ts';
import {
  type DmAccount,
  type DmCredential,
  notificationCredentials,
  readAccounts,
  type TreeReader,
} from '../../tree/index.ts';
import { trustsTransportOf } from './account-notes.ts';

/** A DM account of this device. */
export interface DeviceAccount extends DmAccount {
  /** What the MD5 digest of notifications takes instead of the server identifier (spec-notes ruling 1). */
  readonly digestIdentifier?: string;
  /** True when TLS may vouch for the server instead of SRVCRED. */
  readonly trustTransport?: boolean;
}

/** Where that stands below the account. */
export const digestIdentifierLeaf = 'Ext/DigestIdentifier';

/** All accounts of the tree. They hold secrets. */
export function deviceAccounts(tree: TreeReader): readonly DeviceAccount[] {
  return readAccounts(tree).map((account) => {
    const leaf = tree.node(`${account.uri}/${digestIdentifierLeaf}`)?.value;
    return {
      ...account,
      ...(typeof leaf === 'string' && leaf !== '' && { digestIdentifier: leaf }),
      ...(trustsTransportOf(tree, account.uri) && { trustTransport: true }),
    };
  });
}

const schemesOfTypes: Readonly<Record<string, AuthScheme>> = { BASIC: 'basic', DIGEST: 'md5', HMAC: 'hmac' };

/** The scheme of the application layer that an AAuthType names; `undefined` for those of HTTP, TLS and others. */
export function schemeOfEntry(entry: Pick<DmCredential, 'type'>): AuthScheme | undefined {
  return Object.hasOwn(schemesOfTypes, entry.type) ? schemesOfTypes[entry.type] : undefined;
}

/** The AAuthType of a scheme. */
export function typeOfScheme(scheme: AuthScheme): string {
  return Object.keys(schemesOfTypes).find((type) => schemesOfTypes[type] === scheme) ?? '';
}

/**
 * The entry that sessions use: of those of the level that are of the application layer and have a secret, the one of
 * AAuthPref, else the first.
 */
export function sessionEntry(account: DmAccount, level: 'CLCRED' | 'SRVCRED'): DmCredential | undefined {
  const usable = account.credentials.filter(
    (entry) => entry.level === level && entry.secret !== undefined && schemeOfEntry(entry) !== undefined,
  );
  return usable.find((entry) => entry.type === account.authPreference) ?? usable[0];
}

/**
 * The entry whose secret and nonce sign a notification. dm1.3: NOTICRED, else SRVCRED (DM-NOTI-1.3 §6.6). The MD5 forms:
 * the SRVCRED of sessions, which renew its nonce; dm1.3-2010 can name another by its authentication type
 * (DM-NOTI-1.3-2010 §6.2.10), which selects nothing where there is one SRVCRED only.
 */
export function notificationEntry(message: Notification, account: DmAccount): DmCredential | undefined {
  if (message.format === 'dm1.3') {
    return notificationCredentials({ ...account, credentials: sessionFirst(account) }, 'dm1.3');
  }
  const named = message.format === 'dm1.3-2010' && message.authType !== 'not-specified';
  const servers = sessionFirst(account).filter((entry) => entry.level === 'SRVCRED');
  if (!named || servers.length === 1) return servers[0];
  return notificationCredentials(account, message.format, message.authType);
}

function sessionFirst(account: DmAccount): readonly DmCredential[] {
  const usual = sessionEntry(account, 'SRVCRED');
  if (usual === undefined) return account.credentials;
  return [usual, ...account.credentials.filter((entry) => entry !== usual)];
}

/** URLs of the server, in order; a Port of the account counts where the URL names none. */
export function accountAddresses(account: DmAccount): readonly string[] {
  return account.addresses.map(({ addr, addrType, portNumbers }) => {
    const text = addrType === 'URI' ? addr : `http://${addrType === 'IPv6' ? `[${addr}]` : addr}/`;
    const [port] = portNumbers;
    if (port === undefined || !URL.canParse(text)) return text;
    const url = new URL(text);
    if (url.port === '') url.port = String(port);
    return url.href;
  });
}

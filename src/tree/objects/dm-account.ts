// DM accounts: what a DMAcc holds, and which entry answers which question (DM-StdObj-1.2 §5.3.1, DM-NOTI-1.3 §6.6).

/** AAuthLevel: who proves itself to whom. NOTICRED came with 1.3: for notifications only. */
export type AuthLevel = 'CLCRED' | 'SRVCRED' | 'NOTICRED' | 'OBEX' | 'HTTP';

/** All levels. */
export const authLevels: readonly AuthLevel[] = ['CLCRED', 'SRVCRED', 'NOTICRED', 'OBEX', 'HTTP'];

/** One entry below AppAuth. */
export interface DmCredential {
  /** URI of the entry. */
  readonly uri: string;
  /** AAuthLevel. */
  readonly level: AuthLevel;
  /** AAuthType: `BASIC`, `DIGEST`, `HMAC`, `X509`, `HTTP-BASIC`, `HTTP-DIGEST`, `TRANSPORT`, … */
  readonly type: string;
  /** AAuthName. */
  readonly name?: string;
  /** AAuthSecret. Never logged, never gettable. */
  readonly secret?: string;
  /** AAuthData: the nonce octets. */
  readonly data?: Uint8Array;
}

/** One entry below AppAddr. */
export interface DmAddress {
  /** URI of the entry. */
  readonly uri: string;
  /** Addr: URL or address of the server. */
  readonly addr: string;
  /** AddrType. Default `URI`. */
  readonly addrType: 'URI' | 'IPv4' | 'IPv6';
  /** PortNbr of each Port, 0-65535. */
  readonly portNumbers: readonly number[];
}

/** One account. */
export interface DmAccount {
  /** URI of the account: `./DMAcc/Operator`. */
  readonly uri: string;
  /** ServerID: subject of ACLs, sender of notifications and of sessionless messages. */
  readonly serverId: string;
  /** For showing to a person. */
  readonly name?: string;
  /** In order of preference. */
  readonly addresses: readonly DmAddress[];
  /** Preferred connectivity: a URI of the tree, or a name that only the device knows. */
  readonly prefConRef?: string;
  /** Further connectivity (ToConRef). */
  readonly toConRefs: readonly string[];
  /** AAuthPref: an AAuthType. */
  readonly authPreference?: string;
  readonly credentials: readonly DmCredential[];
}

/** What the client proves itself with: CLCRED of the type given, else of AAuthPref, else the first. */
export function clientCredentials(account: DmAccount, type?: string): DmCredential | undefined {
  return credentialsOf(account, 'CLCRED', type);
}

/** What the server proves itself with: SRVCRED of the type given, else of AAuthPref, else the first. */
export function serverCredentials(account: DmAccount, type?: string): DmCredential | undefined {
  return credentialsOf(account, 'SRVCRED', type);
}

/**
 * The entry whose secret, and for the MD5 formats nonce, verifies a notification: `dm1.3` NOTICRED, else SRVCRED
 * (DM-NOTI-1.3 §6.6); `dm1.3-2010` the SRVCRED with the message's `authType` (§6.2.10), any for `not-specified`; `dm1.2`
 * SRVCRED. `undefined` when the account has none, so that the notification cannot be verified.
 */
export function notificationCredentials(
  account: DmAccount,
  format: 'dm1.2' | 'dm1.3-2010' | 'dm1.3',
  authType: 'not-specified' | 'http-digest' | 'digest' | 'hmac' = 'not-specified',
): DmCredential | undefined {
  if (format === 'dm1.3') {
    const usable = (level: AuthLevel): DmCredential | undefined =>
      account.credentials.find((entry) => entry.level === level && entry.secret !== undefined);
    return usable('NOTICRED') ?? usable('SRVCRED');
  }
  if (format === 'dm1.2' || authType === 'not-specified') return serverCredentials(account);
  const type = authType.toUpperCase();
  return account.credentials.find((entry) => entry.level === 'SRVCRED' && entry.type === type);
}

function credentialsOf(account: DmAccount, level: AuthLevel, type?: string): DmCredential | undefined {
  const entries = account.credentials.filter((entry) => entry.level === level);
  if (type !== undefined) return entries.find((entry) => entry.type === type);
  return entries.find((entry) => entry.type === account.authPreference) ?? entries[0];
}

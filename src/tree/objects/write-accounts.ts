// What the device itself does with accounts: provisioning, and the nonces of its sessions. No server command.
import { requireServerId, ValueError } from '../../core/index.ts';
import type { TreeRunner, TreeWriter } from '../access/device-access.ts';
import { isNodeName } from '../node/uri.ts';
import type { AuthLevel, DmAccount, DmAddress, DmCredential } from './dm-account.ts';
import { readAccounts } from './read-accounts.ts';

/** An account to be provisioned. */
export interface NewDmAccount extends Omit<DmAccount, 'uri' | 'addresses' | 'toConRefs' | 'credentials'> {
  /** Name of the account's node. Default: the ServerID as far as it can be one, numbered where it is taken. */
  readonly node?: string;
  readonly addresses: readonly (Pick<DmAddress, 'addr'> & Partial<Omit<DmAddress, 'uri'>>)[];
  readonly toConRefs?: readonly string[];
  readonly credentials: readonly Omit<DmCredential, 'uri'>[];
}

/**
 * Adds an account and makes it durable; returns its URI. Its server gets Delete, Get and Replace on it. Credentials of
 * level NOTICRED give it the identifier of the 1.3 form.
 * @throws {ValueError} when the server has an account already, its id is no ServerID, or the node's name is taken;
 * {StoreError} when it cannot be kept
 */
export function addAccount(tree: TreeRunner, account: NewDmAccount): Promise<string> {
  return tree.run((transaction) => writeAccount(transaction, account));
}

/** As `addAccount`, within a transaction. */
export function writeAccount(tree: TreeWriter, account: NewDmAccount): string {
  const serverId = requireServerId(account.serverId, 'serverId');
  if (readAccounts(tree).some((each) => each.serverId === serverId)) {
    throw new ValueError('OUT_OF_RANGE', `there is an account of ${serverId} already`, 'serverId');
  }
  const uri = freeUri(tree, account);
  const noticred = account.credentials.some((entry) => entry.level === 'NOTICRED');
  tree.set(uri, {
    format: 'node',
    type: `urn:oma:mo:oma-dm-dmacc:${noticred ? '1.1' : '1.0'}`,
    acl: `Delete=${serverId}&Get=${serverId}&Replace=${serverId}`,
  });
  const set = (path: string, value: string | Uint8Array | undefined): void => {
    if (value !== undefined) tree.set(`${uri}/${path}`, { value });
  };
  set('AppID', 'w7');
  set('ServerID', serverId);
  set('Name', account.name);
  set('PrefConRef', account.prefConRef);
  for (const [index, reference] of (account.toConRefs ?? []).entries()) {
    set(`ToConRef/${index + 1}/ConRef`, reference);
  }
  for (const [index, { addr, addrType, portNumbers }] of account.addresses.entries()) {
    const entry = `AppAddr/${index + 1}`;
    set(`${entry}/Addr`, addr);
    set(`${entry}/AddrType`, addrType ?? 'URI');
    for (const [n, port] of (portNumbers ?? []).entries())
      set(`${entry}/Port/${n + 1}/PortNbr`, String(port));
  }
  set('AAuthPref', account.authPreference);
  for (const [index, credential] of account.credentials.entries()) {
    const entry = `AppAuth/${index + 1}`;
    set(`${entry}/AAuthLevel`, credential.level);
    set(`${entry}/AAuthType`, credential.type);
    set(`${entry}/AAuthName`, credential.name);
    set(`${entry}/AAuthSecret`, credential.secret);
    set(`${entry}/AAuthData`, credential.data);
  }
  return uri;
}

/** Removes an account, and its server's id from every ACL; false when there is none at that URI. */
export function removeAccount(tree: TreeRunner, uri: string): Promise<boolean> {
  return tree.run((transaction) => {
    const account = readAccounts(transaction).find((each) => each.uri === uri);
    // The commit takes the server id out of the ACLs.
    return account !== undefined && transaction.remove(uri);
  });
}

/**
 * Keeps a nonce (AAuthData) and makes it durable: for the entry of that level whose AAuthType is `type`, else the one
 * that the account prefers.
 * @throws {ValueError} MISSING when the account has no such entry any more; {StoreError} when it cannot be kept
 */
export function setAuthData(
  tree: TreeRunner,
  account: Pick<DmAccount, 'uri'>,
  level: AuthLevel,
  nonce: Uint8Array,
  type?: string,
): Promise<void> {
  return tree.run((transaction) => writeAuthData(transaction, account, level, nonce, type));
}

/** As `setAuthData`, within a transaction. */
export function writeAuthData(
  tree: TreeWriter,
  account: Pick<DmAccount, 'uri'>,
  level: AuthLevel,
  nonce: Uint8Array,
  type?: string,
): void {
  const now = readAccounts(tree).find((each) => each.uri === account.uri);
  const entries = (now?.credentials ?? []).filter((entry) => entry.level === level);
  const entry =
    type === undefined
      ? (entries.find((each) => each.type === now?.authPreference) ?? entries[0])
      : entries.find((each) => each.type === type);
  if (entry === undefined) {
    const what = type === undefined ? level : `${level} ${type}`;
    throw new ValueError('MISSING', `account ${account.uri} has no ${what}`, 'level');
  }
  tree.set(`${entry.uri}/AAuthData`, { format: 'bin', value: nonce });
}

function freeUri(tree: TreeWriter, account: NewDmAccount): string {
  if (account.node !== undefined) {
    if (!isNodeName(account.node)) {
      throw new ValueError(
        'BAD_FORMAT',
        `${JSON.stringify(account.node)} cannot be the name of a node`,
        'node',
      );
    }
    const uri = `./DMAcc/${account.node}`;
    if (tree.node(uri) !== undefined) throw new ValueError('OUT_OF_RANGE', `${uri} exists`, 'node');
    return uri;
  }
  const name = account.serverId.replace(/[^\w.-]/g, '_').replace(/\.+$/, '') || 'Account';
  let uri = `./DMAcc/${name}`;
  for (let n = 2; tree.node(uri) !== undefined; n += 1) uri = `./DMAcc/${name}_${n}`;
  return uri;
}

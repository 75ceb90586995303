// Reads the accounts below ./DMAcc.
import { base64ToBytes, utf8ToBytes } from '../../core/index.ts';
import type { TreeReader } from '../access/device-access.ts';
import type { TreeNode } from '../node/node.ts';
import { authLevels, type DmAccount, type DmAddress, type DmCredential } from './dm-account.ts';

/** Every account that has a ServerID, in order. Entries without a level that we know are left out. */
export function readAccounts(tree: TreeReader): readonly DmAccount[] {
  const accounts: DmAccount[] = [];
  for (const [name, node] of tree.node('./DMAcc')?.children ?? []) {
    const account = readAccount(`./DMAcc/${name}`, node);
    if (account !== undefined) accounts.push(account);
  }
  return accounts;
}

/**
 * The one account of a server; `undefined` when there is none, or more than one, for then nobody can tell which is meant
 * (DM-SESSIONLESS-1.3 §5.5).
 */
export function findAccount(tree: TreeReader, serverId: string): DmAccount | undefined {
  const found = readAccounts(tree).filter((account) => account.serverId === serverId);
  return found.length === 1 ? found[0] : undefined;
}

function readAccount(uri: string, node: TreeNode): DmAccount | undefined {
  const serverId = textOf(node, 'ServerID');
  if (serverId === undefined || serverId === '') return undefined;
  const name = textOf(node, 'Name');
  const prefConRef = textOf(node, 'PrefConRef');
  const authPreference = textOf(node, 'AAuthPref');
  return {
    uri,
    serverId,
    ...(name === undefined ? {} : { name }),
    addresses: entriesOf(node, 'AppAddr').flatMap(([key, entry]) =>
      readAddress(`${uri}/AppAddr/${key}`, entry),
    ),
    ...(prefConRef === undefined ? {} : { prefConRef }),
    toConRefs: entriesOf(node, 'ToConRef').flatMap(([, entry]) => textOf(entry, 'ConRef') ?? []),
    ...(authPreference === undefined || authPreference === '' ? {} : { authPreference }),
    credentials: entriesOf(node, 'AppAuth').flatMap(([key, entry]) =>
      readCredential(`${uri}/AppAuth/${key}`, entry),
    ),
  };
}

function readAddress(uri: string, entry: TreeNode): DmAddress[] {
  const addr = textOf(entry, 'Addr');
  if (addr === undefined) return [];
  const type = textOf(entry, 'AddrType');
  const portNumbers = entriesOf(entry, 'Port')
    .map(([, port]) => textOf(port, 'PortNbr') ?? '')
    .filter((text) => /^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535)
    .map(Number);
  return [{ uri, addr, addrType: type === 'IPv4' || type === 'IPv6' ? type : 'URI', portNumbers }];
}

function readCredential(uri: string, entry: TreeNode): DmCredential[] {
  const level = authLevels.find((each) => each === textOf(entry, 'AAuthLevel'));
  if (level === undefined) return [];
  const name = textOf(entry, 'AAuthName');
  const secret = textOf(entry, 'AAuthSecret');
  const data = octetsOf(entry.children?.get('AAuthData'));
  return [
    {
      uri,
      level,
      type: textOf(entry, 'AAuthType') ?? '',
      ...(name === undefined ? {} : { name }),
      ...(secret === undefined ? {} : { secret }),
      ...(data === undefined ? {} : { data }),
    },
  ];
}

function entriesOf(node: TreeNode, name: string): (readonly [string, TreeNode])[] {
  return [...(node.children?.get(name)?.children ?? [])];
}

function textOf(node: TreeNode, name: string): string | undefined {
  const leaf = node.children?.get(name);
  return leaf?.children === undefined && typeof leaf?.value === 'string' ? leaf.value : undefined;
}

// AAuthData is octets; a peer that provisioned it as text meant Base64, or else the characters themselves.
function octetsOf(leaf: TreeNode | undefined): Uint8Array | undefined {
  if (leaf === undefined || leaf.children !== undefined) return undefined;
  const { value } = leaf;
  if (typeof value !== 'string') return value;
  try {
    return base64ToBytes(value);
  } catch {
    return utf8ToBytes(value);
  }
}

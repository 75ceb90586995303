// What a bootstrap message brings, applied to the tree within one transaction: in either profile one new account.
import {
  type AccessAuth,
  accessPoints,
  dmApplications,
  logicalProxies,
  type ProvisioningForm,
  readProvisioning,
} from '../../codec/provisioning/index.ts';
import { type DmMessage, readMessage } from '../../codec/syncml/index.ts';
import { DecodeError, requireServerId, ValueError } from '../../core/index.ts';
import { refusalOfVersion } from '../../security/index.ts';
import { runCommands } from '../../session/index.ts';
import {
  accountFromW7,
  type DmAccount,
  readAccounts,
  readDevInfo,
  type TreeTransaction,
  writeAccount,
} from '../../tree/index.ts';
import { treeCommandsWithin } from '../session/tree-commands.ts';
import { beyondScope } from './bootstrap-scope.ts';

/** A bootstrap that cannot be applied. The message is for the log. */
export class BootstrapRefusal extends Error {
  readonly serverId: string | undefined;

  constructor(message: string, serverId?: string) {
    super(message);
    this.name = 'BootstrapRefusal';
    this.serverId = serverId;
  }
}

/** Rules for accounts that are there. */
export type WithAccounts = 'refuse' | 'add' | 'replace';

/** Octets of a bootstrap that are looked at; real ones have some hundreds. */
export const largestBootstrap = 65_536;

/**
 * Applies a verified document, and gives the account that it made. What it throws undoes everything.
 * @throws {BootstrapRefusal}
 */
export async function applyBootstrap(
  transaction: TreeTransaction,
  body: Uint8Array,
  form: ProvisioningForm | 'dm',
  withAccounts: WithAccounts,
): Promise<DmAccount> {
  if (body.length > largestBootstrap) {
    throw new BootstrapRefusal(`${body.length} octets, at most ${largestBootstrap} are read`);
  }
  try {
    return form === 'dm'
      ? await applyMessage(transaction, body, withAccounts)
      : applyDocument(transaction, body, form, withAccounts);
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof ValueError)) throw error;
    throw new BootstrapRefusal(error.message);
  }
}

/** The account of that server as it was is removed where the rules allow it, and nothing else may be there. */
function makeRoom(transaction: TreeTransaction, serverId: string, withAccounts: WithAccounts): void {
  const accounts = readAccounts(transaction);
  if (accounts.length > 0 && withAccounts === 'refuse') {
    throw new BootstrapRefusal('the device has accounts, and the policy allows no further one', serverId);
  }
  const same = accounts.filter((account) => account.serverId === serverId);
  if (same.length > 0 && withAccounts !== 'replace') {
    throw new BootstrapRefusal('there is an account of this server, and the policy keeps it', serverId);
  }
  for (const { uri } of same) transaction.remove(uri);
}

function applyDocument(
  transaction: TreeTransaction,
  body: Uint8Array,
  form: ProvisioningForm,
  withAccounts: WithAccounts,
): DmAccount {
  const document = readProvisioning(body, form);
  const [application, ...others] = dmApplications(document);
  if (application === undefined) throw new BootstrapRefusal('the document has no w7 application');
  if (others.length > 0) throw new BootstrapRefusal('the document has several w7 applications');
  const providerId = requireServerId(application.providerId, 'PROVIDER-ID');
  makeRoom(transaction, providerId, withAccounts);
  const placed = new Map<string, string>();
  for (const { napId, name, bearers, address, addressType, auth } of accessPoints(document)) {
    const uri = freeUri(transaction, './NAP', napId);
    placed.set(`access-point ${napId}`, uri);
    writeObject(transaction, uri, 'urn:oma:mo:oma-connmo-nap:1.0', providerId, {
      NAPID: napId,
      Name: name,
      NapAddr: address,
      NapAddrTy: addressType,
      BearerType: bearers[0],
      ...authLeaves(auth),
    });
  }
  for (const { proxyId, name, physical, ports, auth } of logicalProxies(document)) {
    const uri = freeUri(transaction, './Proxy', proxyId);
    placed.set(`proxy ${proxyId}`, uri);
    const [first] = physical;
    const port = first?.ports[0] ?? ports[0];
    const napId = first?.toNapIds[0];
    writeObject(transaction, uri, 'urn:oma:mo:oma-connmo-proxy:1.0', providerId, {
      ProxyID: proxyId,
      Name: name,
      Addr: first?.addr,
      AddrType: first?.addrType,
      PortNbr: port === undefined ? undefined : String(port.portNumber),
      'ToConRef/1/ConRef': napId === undefined ? undefined : (placed.get(`access-point ${napId}`) ?? napId),
      ...authLeaves(auth),
    });
  }
  const account = accountFromW7(application, {
    connectivity: ({ kind, id }) => placed.get(`${kind} ${id}`) ?? id,
  });
  const uri = writeAccount(transaction, account);
  return madeAccount(transaction, providerId, uri);
}

/** How the device proves itself to a network; there may be one entry for each of several schemes (OMA ProvCont 1.1). */
function authLeaves(auth: readonly AccessAuth[]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    auth.flatMap(({ type, name, secret }, index) => [
      [`AuthInfo/${index + 1}/AuthType`, type],
      [`AuthInfo/${index + 1}/AuthName`, name],
      [`AuthInfo/${index + 1}/AuthSecret`, secret],
    ]),
  );
}

function writeObject(
  transaction: TreeTransaction,
  uri: string,
  type: string,
  serverId: string,
  leaves: Readonly<Record<string, string | undefined>>,
): void {
  const acl = `Delete=${serverId}&Get=${serverId}&Replace=${serverId}`;
  transaction.set(uri, { format: 'node', type, acl });
  for (const [path, value] of Object.entries(leaves)) {
    if (value !== undefined) transaction.set(`${uri}/${path}`, { value });
  }
}

function freeUri(transaction: TreeTransaction, parent: string, id: string): string {
  const name = id.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 32) || 'Access';
  for (let count = 1; ; count += 1) {
    const uri = `${parent}/${count === 1 ? name : `${name}_${count}`}`;
    if (transaction.node(uri) === undefined) return uri;
  }
}

async function applyMessage(
  transaction: TreeTransaction,
  body: Uint8Array,
  withAccounts: WithAccounts,
): Promise<DmAccount> {
  const message = readMessage(body, 'wbxml');
  const serverId = requireServerId(message.header.source.uri, 'SyncHdr/Source/LocURI');
  const refusal = refusalOfVersion(message);
  if (refusal !== undefined) throw new BootstrapRefusal(refusal.detail, serverId);
  requireInboxOnly(message, serverId);
  const { uri: target } = message.header.target;
  if (target !== '' && target !== readDevInfo(transaction).devId) {
    throw new BootstrapRefusal('the message is for another device', serverId);
  }
  makeRoom(transaction, serverId, withAccounts);
  const before = transaction.savepoint().root;
  const known = new Set(readAccounts(transaction).map(({ uri }) => uri));
  const notes: string[] = [];
  const commands = treeCommandsWithin(
    transaction,
    (text) => notes.push(text),
    () => undefined,
  );
  const counts = await runCommands(message, {
    ...commands,
    serverId,
    sessionId: 0,
    maxObjSize: largestBootstrap,
    note: (text) => notes.push(text),
  });
  if (counts.failed > 0) throw new BootstrapRefusal(notes.join('; ').slice(0, 300), serverId);
  const [account, ...others] = readAccounts(transaction).filter(({ uri }) => !known.has(uri));
  if (account === undefined || others.length > 0 || account.serverId !== serverId) {
    throw new BootstrapRefusal('it does not bring exactly the account of its own server', serverId);
  }
  const beyond = beyondScope(before, transaction.savepoint().root, account.uri);
  if (beyond !== undefined) {
    const detail = `it brings more than the account of its server and its connectivity: ${beyond}`;
    throw new BootstrapRefusal(detail, serverId);
  }
  return account;
}

/** Nothing but trees into the Inbox (DM-BOOT-1.2): a bootstrap is no way to do anything else. */
function requireInboxOnly({ commands }: DmMessage, serverId: string): void {
  const allowed = commands.every(
    (command) =>
      command.name === 'Add' &&
      command.items.every(({ target }) => /^\.\/Inbox(\/|$)/.test(target?.uri ?? '')),
  );
  if (!allowed || commands.length === 0) {
    throw new BootstrapRefusal('a bootstrap may only add objects to ./Inbox', serverId);
  }
}

function madeAccount(transaction: TreeTransaction, serverId: string, uri: string): DmAccount {
  const account = readAccounts(transaction).find((each) => each.uri === uri);
  if (account === undefined) throw new BootstrapRefusal('the account is not complete', serverId);
  return account;
}

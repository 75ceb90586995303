// What the device knows of an account by itself, in notes that no server writes: where it came from, whether TLS may vouch for
// its server, and which account it is, whatever its name. An account that is deleted and added again is another one.
import { randomUUID } from 'node:crypto';
import { ValueError } from '../../core/index.ts';
import { readAccounts, type TreeReader, type TreeWriter } from '../../tree/index.ts';

const provisioned = 'provisioned';
const trustTransport = 'trust-transport';
const identity = 'identity';

/** Notes that an account was there when the device was made. */
export function noteProvisioned(tree: TreeWriter, accountUri: string): void {
  tree.setNote(accountUri, provisioned, 'yes');
}

/** True for an account that was there when the device was made; false for one that came later, by whatever way. */
export function isProvisioned(tree: TreeReader, accountUri: string): boolean {
  return tree.node(accountUri)?.notes?.has(provisioned) === true;
}

/** Notes that TLS may vouch for the account's server instead of SRVCRED. */
export function noteTrustTransport(tree: TreeWriter, accountUri: string): void {
  tree.setNote(accountUri, trustTransport, 'yes');
}

/** True when TLS may vouch for the account's server. */
export function trustsTransportOf(tree: TreeReader, accountUri: string): boolean {
  return tree.node(accountUri)?.notes?.has(trustTransport) === true;
}

/** Which account a server has now; `undefined` when it has none, not exactly one, or none that was ever asked for. */
export function identityOf(tree: TreeReader, serverId: string): string | undefined {
  const uri = accountUriOf(tree, serverId);
  return uri === undefined ? undefined : tree.node(uri)?.notes?.get(identity);
}

/** As `identityOf`, given to the account when it has none yet. @throws {ValueError} when the server has not one account */
export function giveIdentity(tree: TreeWriter, serverId: string): string {
  const uri = accountUriOf(tree, serverId);
  if (uri === undefined) throw new ValueError('MISSING', 'the server has not one account', 'serverId');
  const known = tree.node(uri)?.notes?.get(identity);
  if (known !== undefined) return known;
  const made = randomUUID();
  tree.setNote(uri, identity, made);
  return made;
}

/** URI of the one account of a server. */
export function accountUriOf(tree: TreeReader, serverId: string): string | undefined {
  const [account, ...others] = readAccounts(tree).filter((each) => each.serverId === serverId);
  return others.length === 0 ? account?.uri : undefined;
}

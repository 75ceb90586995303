// From state version 1 to 2: what the device knows by itself moves from nodes of the tree into notes, which no server writes.
import { isServerId } from '../../core/index.ts';
import { readAccounts, type TreeReader, type TreeWriter } from '../../tree/index.ts';
import { accountUriOf, giveIdentity, noteProvisioned, noteTrustTransport } from '../account/account-notes.ts';
import {
  addOperation,
  endOperation,
  findOperation,
  firmwareOperations,
  firmwareRoot,
  type PendingOperation,
} from '../firmware/firmware-object.ts';

/**
 * Accounts that are there keep the right to update the firmware, and the word that TLS may vouch for them. An operation goes
 * on, and a report is told, where its server owns the object: version 1 also took objects that brought operations along, in
 * the name of anybody.
 */
export function migrateFromVersion1(tree: TreeWriter): void {
  for (const { uri, serverId } of readAccounts(tree)) {
    if (isServerId(serverId)) noteProvisioned(tree, uri);
    const leaf = `${uri}/Ext/TrustTransport`;
    if (tree.node(leaf)?.value === 'true') noteTrustTransport(tree, uri);
    removeWithExt(tree, leaf);
  }
  for (const name of tree.node(firmwareRoot)?.children?.keys() ?? []) {
    const object = `${firmwareRoot}/${name}`;
    const folder = `${object}/Ext/Operations`;
    const operations = [...(tree.node(folder)?.children?.keys() ?? [])];
    for (const each of operations.sort((a, b) => Number(a) - Number(b))) {
      moveOperation(tree, object, `${folder}/${each}`);
    }
    removeWithExt(tree, folder);
  }
}

function moveOperation(tree: TreeWriter, object: string, uri: string): void {
  const text = (name: string): string | undefined => {
    const value = tree.node(`${uri}/${name}`)?.value;
    return typeof value === 'string' ? value : undefined;
  };
  const operation = firmwareOperations.find((each) => each === text('Operation'));
  const serverId = text('ServerID') ?? '';
  if (operation === undefined || accountUriOf(tree, serverId) === undefined) return;
  if (!owns(tree, object, serverId)) return;
  const [correlator, result] = [text('Correlator'), text('Result')];
  const pending: Omit<PendingOperation, 'id'> = {
    object,
    operation,
    serverId,
    account: giveIdentity(tree, serverId),
    ...(correlator !== undefined && { correlator }),
  };
  const moved = findOperation(tree, addOperation(tree, pending));
  if (moved !== undefined && result !== undefined && /^[0-9]{3}$/.test(result)) {
    endOperation(tree, moved, Number(result));
  }
}

/**
 * True for a server that the object's own ACL names for all that its owners may do. Whoever planted an object kept that for
 * itself, and may have given others, or everybody, Exec alone.
 */
function owns(tree: TreeReader, object: string, serverId: string): boolean {
  const acl = tree.node(object)?.acl;
  return (
    acl !== undefined &&
    (['Exec', 'Replace', 'Delete'] as const).every((command) => acl[command]?.includes(serverId))
  );
}

/** Removes what the device had put below an Ext, and the Ext when nothing else is in it. */
function removeWithExt(tree: TreeWriter, uri: string): void {
  if (!tree.remove(uri)) return;
  const ext = uri.slice(0, uri.lastIndexOf('/'));
  if (tree.node(ext)?.children?.size === 0) tree.remove(ext);
}

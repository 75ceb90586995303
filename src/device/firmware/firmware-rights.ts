// Who may update the firmware (spec-notes ruling 20). An ACL alone does not give that: whoever adds a firmware update object
// gives itself every right on it.
import type { TreeReader, TreeWriter } from '../../tree/index.ts';
import { accountUriOf, isProvisioned } from '../account/account-notes.ts';

/** Note on the root: ServerIDs as a JSON list. Absent: the accounts that were there when the device was made. */
const named = 'firmware-servers';

/** Names the servers that may update the firmware; `undefined` goes back to the accounts that the device was made with. */
export function nameFirmwareServers(tree: TreeWriter, serverIds: readonly string[] | undefined): void {
  tree.setNote('.', named, serverIds === undefined ? undefined : JSON.stringify([...new Set(serverIds)]));
}

/** The servers that are named; `undefined` when it is left to the accounts that the device was made with. */
export function namedFirmwareServers(tree: TreeReader): readonly string[] | undefined {
  const text = tree.node('.')?.notes?.get(named);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  } catch {
    // Damaged: nobody, rather than more than were named.
    return [];
  }
}

/** True when the server has an account and may update the firmware, wherever the object is and whatever its ACL says. */
export function mayUpdateFirmware(tree: TreeReader, serverId: string): boolean {
  const uri = accountUriOf(tree, serverId);
  if (uri === undefined) return false;
  return namedFirmwareServers(tree)?.includes(serverId) ?? isProvisioned(tree, uri);
}

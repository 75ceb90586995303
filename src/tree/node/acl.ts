// Access control lists (DM-TND-1.2 §7.7.1; DM-TND-1.2).
import { hasServerIdCharacters, isServerId, ValueError } from '../../core/index.ts';

/** Commands that an ACL speaks of, in the order in which we write them. */
export const aclCommands = ['Add', 'Delete', 'Exec', 'Get', 'Replace'] as const;

/** A command that an ACL speaks of. Copy has none: it needs Get and Replace or Add. */
export type AclCommand = (typeof aclCommands)[number];

/**
 * The server ids that may give each command, sorted, without repetition; `*` stands alone and means every server. A
 * command that nobody may give is absent.
 */
export type Acl = { readonly [Command in AclCommand]?: readonly string[] };

const spec = { doc: 'DM-TND-1.2', section: '7.7.1' } as const;

/** What an ACL can name as a server is what a ServerID is. */
export const isAclServerId = isServerId;

/** Longest ACL that is taken in, in characters. */
const longestAcl = 8192;

/**
 * Reads an ACL. Repeated commands are merged. `undefined` for an empty text: the node inherits. `kept` reads one that was
 * kept by an earlier version, which bounded neither its length nor that of its ids.
 * @throws {ValueError} BAD_FORMAT with what is wrong, TOO_LONG beyond 8192 characters
 */
export function parseAcl(text: string, kept?: 'kept'): Acl | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const isId = kept === undefined ? isServerId : hasServerIdCharacters;
  if (kept === undefined && trimmed.length > longestAcl) {
    throw new ValueError('TOO_LONG', `${trimmed.length} characters, at most ${longestAcl}`, 'ACL', spec);
  }
  const found = new Map<AclCommand, string[]>();
  for (const entry of trimmed.split('&')) {
    const equals = entry.indexOf('=');
    const command = entry.slice(0, Math.max(equals, 0));
    if (!isAclCommand(command)) {
      throw new ValueError(
        'BAD_FORMAT',
        `${JSON.stringify(entry)} does not begin with ${aclCommands.join('=, ')}=`,
        'ACL',
        spec,
      );
    }
    const ids = found.get(command) ?? [];
    found.set(command, ids);
    for (const id of entry.slice(equals + 1).split('+')) {
      if (id !== '*' && !isId(id)) {
        throw new ValueError('BAD_FORMAT', `${JSON.stringify(id)} is not a server id`, 'ACL', spec);
      }
      ids.push(id);
    }
  }
  return makeAcl(found);
}

/** Canonical text: commands in the order Add, Delete, Exec, Get, Replace; ids sorted; `*` alone. Empty for `undefined`. */
export function formatAcl(acl: Acl | undefined): string {
  if (acl === undefined) return '';
  const entries = aclCommands.map((command) => ({ command, ids: acl[command] }));
  return entries
    .flatMap(({ command, ids }) => (ids === undefined ? [] : `${command}=${ids.join('+')}`))
    .join('&');
}

/** An ACL that gives `serverId` each of `commands`. */
export function aclFor(serverId: string, commands: readonly AclCommand[]): Acl {
  const acl: { [Command in AclCommand]?: readonly string[] } = {};
  for (const command of commands) acl[command] = [serverId];
  return acl;
}

/** True when the ACL lets the server give the command. */
export function aclAllows(acl: Acl, command: AclCommand, serverId: string): boolean {
  const ids = acl[command];
  return ids !== undefined && (ids[0] === '*' || ids.includes(serverId));
}

/**
 * The ACL without a server id; the same object when it holds none, `undefined` when nothing is left. With
 * `emptied: 'everyone'`, which the root needs, a command that loses its last id becomes `*`.
 */
export function aclWithout(acl: Acl, serverId: string, emptied?: 'everyone'): Acl | undefined {
  if (!aclCommands.some((command) => acl[command]?.includes(serverId))) return acl;
  const left: { [Command in AclCommand]?: readonly string[] } = {};
  for (const command of aclCommands) {
    const ids = acl[command]?.filter((id) => id !== serverId);
    if (ids === undefined) continue;
    if (ids.length > 0) left[command] = ids;
    else if (emptied === 'everyone') left[command] = ['*'];
  }
  return Object.keys(left).length === 0 ? undefined : left;
}

function isAclCommand(text: string): text is AclCommand {
  return (aclCommands as readonly string[]).includes(text);
}

function makeAcl(found: ReadonlyMap<AclCommand, readonly string[]>): Acl {
  const acl: { [Command in AclCommand]?: readonly string[] } = {};
  for (const [command, ids] of found) {
    acl[command] = ids.includes('*') ? ['*'] : [...new Set(ids)].sort();
  }
  return acl;
}

// What a token may do.

/**
 * Scopes. `read`: see everything but secrets; `push`: wake devices, cancel pushes; `manage`: accounts, devices, and whatever
 * has commands carried out on devices; `secrets`: be shown secrets; `admin`: all of it, tokens and the audit log too.
 */
export const scopes = ['read', 'push', 'manage', 'secrets', 'admin'] as const;

export type Scope = (typeof scopes)[number];

/** Accounts that somebody may see, by ServerID. */
export type VisibleAccounts = readonly string[] | 'all';

/** On whose behalf something is asked. */
export interface Asker {
  /** How timelines and the audit log name who asks; absent: nobody is named. */
  readonly actor?: string;
  /** Whose token it is, where that matters: two of them approve a large campaign. */
  readonly owner?: string;
  readonly accounts: VisibleAccounts;
}

/** True where what belongs to an account may be seen; what belongs to none is for those who may see all. */
export function isVisible(accounts: VisibleAccounts, serverId: string | undefined): boolean {
  return accounts === 'all' || (serverId !== undefined && accounts.includes(serverId));
}

/** True where an asker may see what belongs to an account; without one, the program itself asks, which sees all. */
export function maySee(by: Asker | undefined, serverId: string | undefined): boolean {
  return by === undefined || isVisible(by.accounts, serverId);
}

/** Field of a request that names who asks, where that is known. */
export function actorOf(by: Asker | undefined): { readonly actor?: string } {
  return by?.actor === undefined ? {} : { actor: by.actor };
}

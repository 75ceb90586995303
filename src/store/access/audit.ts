// The audit log: who did what, and who was refused. Entries are added, read, and removed when they are old; none is changed.
import type { Page, PageRequest } from '../record/page.ts';

/** How it went. `failed`: the server could not do it. */
export const auditOutcomes = ['done', 'refused', 'failed'] as const;

export type AuditOutcome = (typeof auditOutcomes)[number];

/** One entry. No field holds a secret. */
export interface AuditEntry {
  /** Milliseconds since the POSIX epoch. */
  readonly at: number;
  /** Who did it: owner and name of the token; absent for strangers. */
  readonly actor?: string;
  readonly tokenId?: string;
  /** Where it came from: an address, or a network of them. */
  readonly source?: string;
  /** What was done: method and path of the route, `POST /v1/devices`, or a command. */
  readonly action: string;
  /** What it was done to: kind, such as `devices`, and id. */
  readonly kind?: string;
  readonly id?: string;
  /** ServerID of the account that it belongs to. */
  readonly account?: string;
  readonly outcome: AuditOutcome;
  /** In words. */
  readonly detail?: string;
}

/** An entry as stored. */
export interface AuditRecord extends AuditEntry {
  /** Grows with every entry; gaps are possible. */
  readonly sequence: number;
}

/** Which entries a list shows; what is absent narrows nothing. */
export interface AuditFilter {
  readonly actor?: string;
  readonly tokenId?: string;
  readonly action?: string;
  readonly kind?: string;
  readonly id?: string;
  readonly account?: string;
  readonly outcome?: AuditOutcome;
  /** From this moment on, milliseconds since the POSIX epoch. */
  readonly since?: number;
  /** Before this moment. */
  readonly until?: number;
}

/** Keeps the audit log. What a call wrote is on disk when its promise resolves. */
export interface AuditStore {
  /** Adds entries, in their order. */
  addAudit(entries: readonly AuditEntry[]): Promise<void>;
  /** Entries, latest first; `after` is the sequence of one. */
  listAudit(page: PageRequest & AuditFilter): Promise<Page<AuditRecord>>;
  /** Removes up to `limit` entries of before a moment, oldest first, and gives how many those were. */
  removeAudit(before: number, limit: number): Promise<number>;
}

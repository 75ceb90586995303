// Looks at a database without changing it: its version, whether a server has it open, and, for a bounded time, whether it is whole.
import { statSync } from 'node:fs';
import { migrations } from '../sql/index.ts';
import type { DatabaseFacts } from './copy/database-facts.ts';
import { readFacts } from './copy/read-facts.ts';
import { holderOf } from './file/file-holder.ts';

/** What is said of a database. */
export interface ExaminedDatabase extends DatabaseFacts {
  /** `missing`: there is none. `empty`: a file without anything in it. */
  readonly state: 'missing' | 'empty' | 'there';
  /** Version that this release writes. */
  readonly newest: number;
  /** Length, in octets. */
  readonly octets: number;
  /** True where a journal of a process that was killed stands beside it. */
  readonly unclosed: boolean;
  /** Process that has it open: its number, 0 where that cannot be told. Absent: none that can be seen. */
  readonly heldBy?: number | undefined;
  /** False where the time was over before all of it was read. */
  readonly whole: boolean;
}

/**
 * Looks at `file`, and changes nothing. While another process reads it beside its journal, a server that starts waits for it, and
 * gives up after a moment.
 * @param limitMs how long it may be read, in milliseconds
 */
export async function examineDatabase(
  file: string,
  limitMs: number,
  stop: AbortSignal,
): Promise<ExaminedDatabase> {
  const newest = migrations.at(-1)?.version ?? 0;
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  const unclosed = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  const known = { newest, octets: size ?? 0, unclosed, whole: true };
  if (size === undefined) return { ...known, state: 'missing' };
  if (size === 0) return { ...known, state: 'empty' };
  const heldBy = holderOf(file);
  const { facts, isWhole } = await readFacts(file, unclosed || heldBy !== undefined, limitMs, stop);
  return { ...known, state: 'there', ...facts, heldBy, whole: isWhole };
}

// Which state of a record somebody has seen: what a change may be made to depend on.
import { StoreError } from '../../core/index.ts';

/** A record as it was between two changes of its owner; one that was removed and made again is another. */
export interface RecordVersion {
  /** As the record has it. */
  readonly createdAt: number;
  /** As the record has it; 0 where that has none. */
  readonly revision: number;
}

/** The version that a record has. */
export function versionOf(record: { readonly createdAt: number; readonly revision?: number }): RecordVersion {
  return { createdAt: record.createdAt, revision: record.revision ?? 0 };
}

/**
 * Holds a record to the versions that somebody expects; without any, all are well.
 * @throws {StoreError} VERSION_MISMATCH
 */
export function requireVersion(
  what: string,
  record: { readonly createdAt: number; readonly revision?: number },
  expected: readonly RecordVersion[] | undefined,
): void {
  if (expected === undefined) return;
  const { createdAt, revision } = versionOf(record);
  if (expected.some((each) => each.createdAt === createdAt && each.revision === revision)) return;
  throw new StoreError(
    'VERSION_MISMATCH',
    `${what} was changed since it was read: read it again, and decide anew`,
  );
}

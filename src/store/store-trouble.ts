// Why a store takes no writes at present: trouble of the machine that passes, apart from refusals and from damage.
import { StoreError } from '../core/index.ts';

/**
 * What keeps a store from taking writes: `full` it has no room, `away` it is locked, read-only, closed, removed, or its
 * disk fails. Nothing of what was to be written is kept, and the same may succeed later.
 */
export type StoreTrouble = 'full' | 'away';

const troubles: Readonly<Record<string, StoreTrouble>> = {
  FULL: 'full',
  BUSY: 'away',
  NOT_WRITABLE: 'away',
  GONE: 'away',
  IO: 'away',
  CLOSED: 'away',
};

/** The trouble that an error tells of; `undefined` for any other error. */
export function storeTroubleOf(error: unknown): StoreTrouble | undefined {
  return error instanceof StoreError && Object.hasOwn(troubles, error.code)
    ? troubles[error.code]
    : undefined;
}

/** When those who were turned away by trouble may come back, in seconds. */
export const storeRetryAfterSeconds = 10;

/** Tells whether a store works. */
export interface StoreHealth {
  /**
   * Writes something, which may be as large as a push, and resolves when that is on disk. After a write has failed it
   * resolves only once there is room again for more than the least.
   * @throws {StoreError} why nothing can be written; `storeTroubleOf` says whether that passes
   */
  check(): Promise<void>;
}

// What SQLite says, in the words of the store.
import { ReveilleError, StoreError } from '../../../core/index.ts';

const causes: Readonly<Record<number, { readonly code: string; readonly say: (file: string) => string }>> = {
  5: {
    code: 'BUSY',
    say: (file) =>
      `${file} is open in another process: stop that process, or choose another folder for the data`,
  },
  6: {
    code: 'BUSY',
    say: (file) => `${file} is locked by another part of this program: try again`,
  },
  8: { code: 'NOT_WRITABLE', say: (file) => `${file} cannot be written: check its owner and permissions` },
  10: { code: 'IO', say: (file) => `reading or writing ${file} failed: check the disk` },
  11: { code: 'DAMAGED', say: (file) => `${file} is damaged: restore it from a copy` },
  13: { code: 'FULL', say: (file) => `${file} cannot grow: the disk or its quota is full` },
  14: {
    code: 'NOT_WRITABLE',
    say: (file) => `${file} cannot be opened: check that its folder exists and is writable`,
  },
  26: {
    code: 'NOT_A_STORE',
    say: (file) => `${file} is not a database of this program: choose another file`,
  },
};

/** A StoreError for what was thrown while working with `file`; errors of ours pass unchanged. */
export function storeErrorOf(error: unknown, file: string): ReveilleError {
  if (error instanceof ReveilleError) return error;
  const errcode =
    typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) : 0;
  // The low octet is the primary result code; the rest only refines it.
  const cause = causes[errcode & 0xff];
  if (cause !== undefined) return new StoreError(cause.code, cause.say(file), { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new StoreError('FAILED', `${file}: ${message}`, { cause: error });
}

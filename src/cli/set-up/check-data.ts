// Whether a server could use a folder for its database, without writing there.
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StoreError } from '../../core/index.ts';
import { databaseName, lookAtDatabase } from '../../store/sqlite/index.ts';
import type { ConfigFault } from '../config/fault.ts';
import { reasonOf } from '../io/input.ts';

/**
 * What is wrong with it; a folder that is not there is fine where it can be made. `keyIds` are those of the keys that secrets are
 * opened with.
 */
export function dataFaults(folder: string, keyIds: readonly string[]): readonly ConfigFault[] {
  const found = entryAt(folder);
  if (found !== undefined && !found.isDirectory()) {
    return [{ where: folder, what: 'it is a file', remedy: 'name a folder for the database' }];
  }
  const reason = found === undefined ? whyNotMade(folder) : whyNotWritten(folder);
  if (reason !== undefined) {
    const what = `the folder cannot be ${found === undefined ? 'made' : 'written'}: ${reason}`;
    return [{ where: folder, what, remedy: 'change its owner, or name another one' }];
  }
  try {
    const { neededKeys = [] } = lookAtDatabase(join(folder, databaseName)) ?? {};
    const missing = neededKeys.filter((id) => !keyIds.includes(id));
    if (missing.length === 0) return [];
    const what = `secrets in its database are sealed under ${missing.join(', ')}, which is not among the keys`;
    return [{ where: folder, what, remedy: 'name the file that has the key with --seal-key' }];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return [{ where: folder, what: error.message }];
  }
}

/** Looks at the nearest of the folders above that is there. */
function whyNotMade(folder: string): string | undefined {
  const above = dirname(resolve(folder));
  const found = entryAt(above);
  if (found === undefined) return above === dirname(above) ? `there is no ${above}` : whyNotMade(above);
  return found.isDirectory() ? whyNotWritten(above) : `${above} is a file`;
}

function whyNotWritten(folder: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** `undefined` where nothing is, also below a file. */
function entryAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

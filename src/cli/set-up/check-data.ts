// Whether a server could use a folder for its database, without writing there.
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StoreError } from '../../core/index.ts';
import { databaseName, lookAtDatabase } from '../../store/sqlite/index.ts';
import type { ConfigFault } from '../config/fault.ts';
import { reasonOf } from '../io/input.ts';

/** What is wrong with it; a folder that is not there is fine where it can be made. */
export function dataFaults(folder: string): readonly ConfigFault[] {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) {
    return [{ where: folder, what: 'it is a file', remedy: 'name a folder for the database' }];
  }
  try {
    accessSync(found === undefined ? nearestFolder(folder) : folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const what = found === undefined ? 'the folder cannot be made' : 'the folder cannot be written';
    return [
      { where: folder, what: `${what}: ${reasonOf(error)}`, remedy: 'change its owner, or name another one' },
    ];
  }
  try {
    lookAtDatabase(join(folder, databaseName));
    return [];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return [{ where: folder, what: error.message }];
  }
}

/** The nearest folder above that is there. */
function nearestFolder(folder: string): string {
  const above = dirname(resolve(folder));
  const isThere = statSync(above, { throwIfNoEntry: false })?.isDirectory() === true;
  return isThere || above === dirname(above) ? above : nearestFolder(above);
}

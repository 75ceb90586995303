// Whether a server could use a folder for its database, without writing there.
import { join } from 'node:path';
import { StoreError } from '../../core/index.ts';
import { databaseName, lookAtDatabase } from '../../store/sqlite/index.ts';
import type { ConfigFault } from '../config/fault.ts';
import { reasonOf } from '../io/input.ts';
import { FaultList } from '../settings/fault-list.ts';
import type { ReadSettings } from '../settings/read-settings.ts';
import { entryAt, nearestAbove, whyNotWritable } from './folder-look.ts';
import { otherUrlFault } from './other-url.ts';
import type { SetUp } from './set-up.ts';

/** What is wrong with it; a folder that is not there is fine where it can be made. */
export function dataFaults({ read, sealKeys }: SetUp): readonly ConfigFault[] {
  const { data: folder, serverId, url } = read.values;
  const entry = entryAt(folder);
  if (entry !== undefined && !entry.isDirectory()) {
    return [{ where: folder, what: 'it is a file', remedy: 'name a folder for the database' }];
  }
  const reason = entry === undefined ? whyNotMade(folder) : whyNotWritten(folder);
  if (reason !== undefined) {
    const what = `the folder cannot be ${entry === undefined ? 'made' : 'written'}: ${reason}`;
    return [{ where: folder, what, remedy: 'change its owner, or name another one' }];
  }
  try {
    const found = lookAtDatabase(join(folder, databaseName), serverId);
    return [
      ...keyFaults(read, found?.neededKeys ?? [], sealKeys),
      ...urlFaults(read, found?.accountUrl, url),
    ];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return [{ where: folder, what: error.message }];
  }
}

function keyFaults(
  read: ReadSettings,
  needed: readonly string[],
  keys: SetUp['sealKeys'],
): readonly ConfigFault[] {
  const missing = needed.filter((id) => keys.every((key) => key.id !== id));
  if (missing.length === 0) return [];
  const what = `secrets in its database are sealed under ${missing.join(', ')}, which is not among the keys`;
  const remedy = `name the file that has the key with ${FaultList.called(read, 'sealKey')}`;
  return [{ where: read.values.data, what, remedy }];
}

function urlFaults(
  read: ReadSettings,
  there: string | undefined,
  url: string | undefined,
): readonly ConfigFault[] {
  if (there === undefined || url === undefined || there === url) return [];
  return [otherUrlFault(read, there)];
}

function whyNotMade(folder: string): string | undefined {
  const above = nearestAbove(folder);
  return entryAt(above)?.isDirectory() === true ? whyNotWritten(above) : `${above} is a file`;
}

function whyNotWritten(folder: string): string | undefined {
  const error = whyNotWritable(folder);
  return error === undefined ? undefined : reasonOf(error);
}

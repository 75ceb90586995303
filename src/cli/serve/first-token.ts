// The first token of an empty store: written into a file for whoever runs the server.
import { randomUUID } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../../core/index.ts';
import { reasonOf } from '../io/input.ts';

/** Name of the file, in the folder of the database. */
export const firstTokenFile = 'first-admin-token';

/**
 * Writes a token into a file that nobody else may read, and gives its path. It is on disk, whole, when the promise resolves.
 * @throws {ConfigError} it cannot be written
 */
export async function writeFirstToken(folder: string, token: string): Promise<string> {
  const file = join(folder, firstTokenFile);
  const beside = `${file}.${randomUUID()}`;
  try {
    // A new file, whatever stands under the name: whoever has that open does not see the token.
    const handle = await open(beside, 'wx', 0o600);
    try {
      await handle.writeFile(`${token}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (cause) {
    throw new ConfigError(`cannot write ${file}: ${reasonOf(cause)}`, { cause });
  }
  return file;
}

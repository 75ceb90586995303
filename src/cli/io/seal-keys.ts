// Keys that secrets in the database are sealed under, as a server and the commands on its database are given them.
import { readSealKeys, type SealKey } from '../../store/index.ts';
import type { Io } from './io.ts';
import { readSecretFile } from './secret-file.ts';

/** The environment variable that has keys where no file is named. */
const variable = 'REVEILLE_SEAL_KEY';

/** Help of `--seal-key`. */
export const sealKeyHelp =
  'keys that secrets in the database are sealed under, one a line: the first seals, all open (see reveille seal new-key); the ' +
  'environment variable REVEILLE_SEAL_KEY works too';

/**
 * Keys of the file that `--seal-key` names, else of the environment; none where neither is there. A file open to others is
 * narrowed, as all files with secrets.
 * @throws {ConfigError} when the file cannot or must not be read, or has a line that is no key
 */
export async function readSealKeyOption(io: Io, file: string | undefined): Promise<readonly SealKey[]> {
  if (file !== undefined) return readSealKeys(await readSecretFile(io, file), file);
  const text = io.env[variable];
  return text === undefined || text === '' ? [] : readSealKeys(text, variable);
}

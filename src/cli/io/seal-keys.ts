// Keys that secrets in the database are sealed under, as a server and the commands on its database are given them.
import { readSealKeys, type SealKey } from '../../store/index.ts';
import { readInput } from './input.ts';
import type { Io } from './io.ts';
import { guardSecretFile } from './secret-file.ts';

/** The environment variable that has keys where no file is named. */
const variable = 'REVEILLE_SEAL_KEY';

/** Help of `--seal-key`. */
export const sealKeyHelp =
  'keys that secrets in the database are sealed under, one a line: the first seals, all open (see reveille seal new-key); the ' +
  'environment variable REVEILLE_SEAL_KEY works too';

/**
 * Keys of the file that `--seal-key` names, else of the environment; none where neither is there. A file open to others is
 * narrowed, as all files with secrets, unless `guard` does otherwise.
 * @throws {ConfigError} when the file cannot or must not be read, or has a line that is no key
 */
export async function readSealKeyOption(
  io: Io,
  file: string | undefined,
  guard: (file: string) => void = (secret) => guardSecretFile(io, secret),
): Promise<readonly SealKey[]> {
  if (file !== undefined) {
    guard(file);
    return readSealKeys(await readInput(io, file), file);
  }
  const text = io.env[variable];
  return text === undefined || text === '' ? [] : readSealKeys(text, variable);
}

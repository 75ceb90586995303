// Files with secrets that the operator gives: keys, passwords, tokens.
import { ConfigError } from '../../core/index.ts';
import { FileRefusal, guardGivenFile, modeOpenToOthers } from '../../files/index.ts';
import { readInput, reasonOf } from './input.ts';
import { type Io, UsageError } from './io.ts';

/** What is needed of the world: where a remark goes. */
export type RemarkIo = Pick<Io, 'stderr'>;

/**
 * Sees to it that nobody else can use what a file holds: a mode open to others is narrowed, with a line on standard error.
 * Standard input (`-`) is left alone.
 * @throws {ConfigError} when it belongs to another user
 */
export function guardSecretFile(io: RemarkIo, file: string): void {
  if (file === '-') return;
  try {
    guardGivenFile(file, (text) => io.stderr(`reveille: ${text}\n`));
  } catch (cause) {
    if (cause instanceof FileRefusal) throw new ConfigError(cause.message, { cause });
    throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
  }
}

/** Text of a file with a secret, or of standard input for `-`. @throws {ConfigError} when it cannot or must not be read */
export async function readSecretFile(io: Io, file: string): Promise<string> {
  guardSecretFile(io, file);
  return await readInput(io, file);
}

/**
 * Text of a file with secrets that another program writes, such as a key log: its mode is that program's and stays as it is. Where
 * others can use what it holds, a line on standard error says so.
 * @throws {ConfigError} when it belongs to another user, or cannot be read
 */
export async function readOthersSecretFile(io: Io, file: string): Promise<string> {
  const mode = file === '-' ? undefined : lookAt(file);
  if (mode !== undefined) {
    io.stderr(`reveille: ${file} has mode ${mode}: others on this machine can use what it holds\n`);
  }
  return await readInput(io, file);
}

function lookAt(file: string): string | undefined {
  try {
    return modeOpenToOthers(file);
  } catch (cause) {
    if (cause instanceof FileRefusal) throw new ConfigError(cause.message, { cause });
    throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
  }
}

/** Where a secret may come from. */
export interface SecretOptions {
  readonly secret?: string;
  readonly secretFile?: string;
}

/**
 * The secret from `--secret`, `--secret-file` (its final line end removed) or the environment variable
 * `REVEILLE_SECRET`, in this order; `undefined` when none is given.
 * @throws {UsageError} when two options are given
 */
export async function readSecret(io: Io, options: SecretOptions): Promise<string | undefined> {
  if (options.secret !== undefined && options.secretFile !== undefined) {
    throw new UsageError('--secret and --secret-file exclude each other');
  }
  if (options.secretFile !== undefined) {
    return (await readSecretFile(io, options.secretFile)).replace(/\r?\n$/, '');
  }
  return options.secret ?? io.env.REVEILLE_SECRET;
}

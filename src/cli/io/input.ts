// Reading what a command works on: arguments, files, standard input, secrets.
import { readFile } from 'node:fs/promises';
import { base64ToBytes, ConfigError, ValueError } from '../../core/index.ts';
import { type Io, UsageError } from './io.ts';

/** Largest file or standard input that is read whole, in octets. */
const inputLimit = 64 * 1024 * 1024;

/** Text of a file, or of standard input for `-`. @throws {ConfigError} when it cannot be read */
export async function readInput(io: Io, file: string): Promise<string> {
  if (file !== '-') {
    try {
      return await readFile(file, 'utf8');
    } catch (cause) {
      throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
    }
  }
  return Buffer.from(await readChunks(io)).toString('utf8');
}

/** Octets of standard input. @throws {ConfigError} when there are too many */
export async function readChunks(io: Io): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of io.stdin) {
    length += chunk.length;
    if (length > inputLimit) throw new ConfigError(`standard input is longer than ${inputLimit} octets`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Lines of standard input as they come in, without their line ends. */
export async function* readLines(io: Io): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  let held = '';
  for await (const chunk of io.stdin) {
    held += decoder.decode(chunk, { stream: true });
    if (held.length > inputLimit)
      throw new ConfigError(`a line of standard input is longer than ${inputLimit} characters`);
    const lines = held.split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) yield line.replace(/\r$/, '');
  }
  held += decoder.decode();
  if (held !== '') yield held;
}

/** Octets of a nonce given in Base64, 0–255 octets. @throws {UsageError} */
export function readNonce(text: string, option = '--nonce'): Uint8Array {
  try {
    const nonce = base64ToBytes(text);
    if (nonce.length > 255) throw new ValueError('TOO_LONG', 'longer than 255 octets');
    return nonce;
  } catch (error) {
    if (error instanceof ValueError) {
      throw new UsageError(
        `${option} ${text}: ${error.detail}`,
        'Give the nonce in Base64, for example AAAAAA==',
      );
    }
    throw error;
  }
}

/** For options that may be given more than once: their values in order. */
export function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** A number option. @throws {UsageError} when it is not an integer from `minimum` to `maximum` */
export function readInteger(text: string, option: string, minimum: number, maximum: number): number {
  const value = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= minimum && value <= maximum)) {
    throw new UsageError(`${option} ${text}: must be a whole number from ${minimum} to ${maximum}`);
  }
  return value;
}

/** A system error in words a user knows, without the stack. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known: Record<string, string> = {
    ENOENT: 'no such file or folder',
    EACCES: 'permission denied',
    EPERM: 'not permitted',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of the path is not a folder',
    EROFS: 'the file system is read-only',
    ENOSPC: 'no space left on the device',
    EADDRINUSE: 'the port is in use; stop what uses it or choose another',
    EADDRNOTAVAIL: 'this machine does not have that address',
    ECONNREFUSED: 'nothing listens there',
  };
  return known[code] ?? (error instanceof Error ? error.message : String(error));
}

// Octets from a file or standard input, as they are or in hex.
import { readFile } from 'node:fs/promises';
import { bytesToUtf8, ConfigError, hexToBytes } from '../../core/index.ts';
import { readChunks, reasonOf } from './input.ts';
import type { Io } from './io.ts';

/** Octets of a file, or of standard input for `-`. @throws {ConfigError} when it cannot be read */
export async function readOctets(io: Io, file: string): Promise<Uint8Array> {
  if (file === '-') return await readChunks(io);
  try {
    return new Uint8Array(await readFile(file));
  } catch (cause) {
    throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * As `readOctets`; hex digits, with white space between them, stand for the octets that they spell. Nothing else is taken
 * for hex: WBXML begins with an octet below 4, XML with `<`.
 * @throws {ConfigError} when it cannot be read; {ValueError} for an odd number of digits
 */
export async function readOctetsOrHex(io: Io, file: string): Promise<Uint8Array> {
  const octets = await readOctets(io, file);
  const text = /^[\s0-9a-fA-F]/.test(String.fromCharCode(octets[0] ?? 0)) ? bytesToUtf8(octets) : undefined;
  if (text === undefined || text.trim() === '' || !/^[\s0-9a-fA-F:-]*$/.test(text)) return octets;
  return hexToBytes(text);
}

// A device's state as few octets: what it differs by from the state that it began with.
import { deflateSync, inflateSync } from 'node:zlib';
import { ConfigError } from '../core/index.ts';

/** Octets as a string of one octet a character: the smallest thing that this runtime keeps them in. */
export type PackedState = string;

/** Octets of a state, unpacked, at most. */
const largestState = 64 * 1024 * 1024;

/** Packs a state; `first` is the state that the device began with. Both are JSON. */
export function packState(text: string, first: string): PackedState {
  // The head of the format names the dictionary and the text by checksums, so that unpacking with another one is noticed.
  return deflateSync(text, { dictionary: Buffer.from(first), level: 9, memLevel: 5 }).toString('latin1');
}

/**
 * Unpacks what `packState` made.
 * @throws {ConfigError} when it is damaged, or `first` is another one
 */
export function unpackState(packed: PackedState, first: string, name: string): string {
  try {
    const octets = Buffer.from(packed, 'latin1');
    return inflateSync(octets, {
      dictionary: Buffer.from(first),
      maxOutputLength: largestState,
    }).toString();
  } catch (cause) {
    throw new ConfigError(
      `the state of ${name} cannot be unpacked: it is damaged, or was made by another version, seed or mix; remove the file`,
      { cause },
    );
  }
}

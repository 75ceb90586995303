// A device's state as few octets: what it differs by from the state that it began with.
import { crc32 } from 'node:zlib';
import { ConfigError } from '../../core/index.ts';
import { appliedDelta, deltaOf } from './delta.ts';

/** Octets as a string of one octet a character: the smallest thing that this runtime keeps them in. */
export type PackedState = string;

/** Checksums of the state and of the one that it began with stand in front. */
const headOctets = 8;

/** Packs a state; `first` is the state that the device began with. Both are JSON. */
export function packState(text: string, first: string): PackedState {
  const [state, base] = [Buffer.from(text), Buffer.from(first)];
  const head = Buffer.alloc(headOctets);
  head.writeUInt32BE(crc32(state), 0);
  head.writeUInt32BE(crc32(base), 4);
  return head.toString('latin1') + deltaOf(state, base).toString('latin1');
}

/**
 * Unpacks what `packState` made.
 * @throws {ConfigError} when it is damaged, or `first` is another one
 */
export function unpackState(packed: PackedState, first: string, name: string): string {
  const [octets, base] = [Buffer.from(packed, 'latin1'), Buffer.from(first)];
  if (octets.length > headOctets && octets.readUInt32BE(4) === crc32(base)) {
    const state = appliedDelta(octets.subarray(headOctets), base);
    if (state !== undefined && crc32(state) === octets.readUInt32BE(0)) return state.toString();
  }
  throw new ConfigError(
    `the state of ${name} cannot be unpacked: it is damaged, or was made by another version, seed or mix; remove the file`,
  );
}

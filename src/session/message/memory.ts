// What a session keeps of a peer's messages: copies that share nothing with them, and how much memory they take.
import { bytesToUtf8, type HeldOctets, utf8ToBytes } from '../../core/index.ts';

/** Counts what a session holds in memory for its peer. A place of `OctetPlaces` is one. */
export type SessionMemory = Pick<HeldOctets, 'take' | 'charge' | 'give'>;

/** Memory without bounds. */
export const unboundedMemory: SessionMemory = {
  take: () => true,
  charge: () => undefined,
  give: () => undefined,
};

/** The engine makes texts of fewer characters a view of no other text. */
const shortText = 13;

/**
 * A copy of plain data. Texts and octets that a reader cuts out of a message may keep the whole message in memory, which a
 * peer can make large around a small value; a copy keeps itself only.
 */
export function detached<Value>(value: Value): Value {
  return copyOf(value) as Value;
}

function copyOf(value: unknown): unknown {
  // A short piece is a copy of its own already.
  if (typeof value === 'string')
    return value.length < shortText ? value : (bytesToUtf8(utf8ToBytes(value)) ?? value);
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member)]));
}

/** What an object or an array takes beside its members, in octets. */
const overhead = 64;
/** Any character that takes two octets in a text. */
const wide = /[\u0100-\uffff]/;

/** Octets that plain data takes in memory, about. */
export function heldOctets(value: unknown): number {
  if (typeof value === 'string') return overhead / 4 + value.length * (wide.test(value) ? 2 : 1);
  if (value instanceof Uint8Array) return overhead + value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let octets = overhead;
  for (const member of Array.isArray(value) ? value : Object.values(value)) octets += heldOctets(member);
  return octets;
}

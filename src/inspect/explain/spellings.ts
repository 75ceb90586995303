// The octets that each field of a layer is spelled in, and those that no field has.
import type { FoundLayer } from '../layers/findings.ts';

/** How a layer is spelled. */
export interface Spellings {
  /** By field, with its number from 2 where it comes again: the octets that belong to no field within it and to no layer within. */
  readonly fields: ReadonlyMap<string, Uint8Array>;
  /** Octets of no field, behind one another. */
  readonly outside: Uint8Array;
  /** Where one of them stands in the message; behind the last one, where the layer ends. */
  outsideAt(index: number): number;
}

const nobody = -1;
/** Fields of bits share their octets: their values say all of them. */
const shared = -2;

/** `layers` are all those of the message. */
export function spellingsOf(layer: FoundLayer, layers: readonly FoundLayer[]): Spellings {
  const { octets, start, base, annotations } = layer;
  const owners = new Int32Array(octets.length).fill(nobody);
  const order = annotations.map((_, index) => index);
  // The innermost field has an octet.
  order.sort((a, b) => (annotations[b]?.length ?? 0) - (annotations[a]?.length ?? 0));
  for (const index of order) {
    const { offset = 0, length = 0, bits } = annotations[index] ?? {};
    owners.fill(bits === undefined ? index : shared, offset, offset + length);
  }
  for (const inner of layers.slice(layers.indexOf(layer) + 1)) {
    if (inner.octets.buffer !== octets.buffer) continue;
    const from = inner.octets.byteOffset + inner.start - octets.byteOffset;
    const end = inner.octets.byteOffset + inner.octets.length - octets.byteOffset;
    if (end > start) owners.fill(shared, Math.max(from, start), end);
  }
  const owned = annotations.map((): number[] => []);
  const outside: number[] = [];
  for (let at = start; at < octets.length; at += 1) {
    const owner = owners[at] ?? nobody;
    if (owner === nobody) outside.push(at);
    else owned[owner]?.push(at);
  }
  const spelled = (places: readonly number[]): Uint8Array => Uint8Array.from(places, (at) => octets[at] ?? 0);
  const numbered = numbering();
  return {
    fields: new Map(annotations.map(({ field }, index) => [numbered(field), spelled(owned[index] ?? [])])),
    outside: spelled(outside),
    outsideAt: (index) => base + (outside[index] ?? octets.length),
  };
}

/** Names with their number, from 2, where they come again. */
export function numbering(): (name: string) => string {
  const seen = new Map<string, number>();
  return (name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  };
}

/** Whether octets are the same. */
export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && firstDifference(a, b) === a.length;
}

/** The first place at which octets differ; where one of them ends, if the other goes on. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a[at] === b[at]) at += 1;
  return at;
}

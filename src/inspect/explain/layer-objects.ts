// Layers as JSON has them (docs/command-line.md): a stable shape, with every offset counted in the whole input.
import { type Annotation, bytesToHex } from '../../core/index.ts';
import type { FoundLayer } from '../layers/findings.ts';

/** A field of a layer. */
export interface FieldObject {
  readonly name: string;
  /** Octet at which it stands. */
  readonly offset: number;
  /** First bit within that octet, 0 = most significant; null for whole octets. */
  readonly bit: number | null;
  readonly bits: number | null;
  /** Octets that it touches; 0 for what is derived from others. */
  readonly length: number;
  /** Those octets in hex, of a long field the first 1024. */
  readonly raw: string;
  readonly value: string;
  readonly meaning: string;
  readonly document: string;
  readonly section: string;
}

/** A layer. */
export interface LayerObject {
  readonly name: string;
  readonly title: string;
  /** What offsets count in: the octets that were given, or those that were put together from several places. */
  readonly within: 'input' | 'reassembled';
  readonly offset: number;
  readonly length: number;
  readonly fields: readonly FieldObject[];
}

const longestRaw = 1024;

/** All layers, outermost first. */
export function layerObjects(layers: readonly FoundLayer[]): readonly LayerObject[] {
  return layers.map((layer) => ({
    name: layer.name,
    title: layer.title,
    within: layer.within,
    offset: layer.base + layer.start,
    length: layer.octets.length - layer.start,
    fields: layer.annotations.map((annotation) => fieldObject(annotation, layer)),
  }));
}

function fieldObject(annotation: Annotation, { octets, base }: FoundLayer): FieldObject {
  const { offset, length, field, value, meaning, section, bit, bits } = annotation;
  const cut = section.indexOf(' §');
  return {
    name: field,
    offset: base + offset,
    bit: bit ?? null,
    bits: bits ?? null,
    length,
    raw: bytesToHex(octets.subarray(offset, offset + Math.min(length, longestRaw))),
    value,
    meaning,
    document: cut < 0 ? section : section.slice(0, cut),
    section: cut < 0 ? '' : section.slice(cut + 2),
  };
}

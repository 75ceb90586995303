// Two messages compared, layer by layer and field by field: by what fields say, and by the octets that say it.
import { bytesToHex } from '../../core/index.ts';
import type { Findings, FoundLayer } from '../layers/findings.ts';
import { firstDifference, numbering, sameOctets, spellingsOf } from './spellings.ts';

/** A field in which two messages differ, or octets outside all fields. */
export interface Difference {
  /** Layer and field: `package0.sessionId`; of a layer or field that comes again, with its number from 2: `ip.option#2`. */
  readonly field: string;
  /** Absent where the first message has no such field. */
  readonly first?: ComparedValue;
  readonly second?: ComparedValue;
  /** Both say the same, in other octets. */
  readonly spelledOtherwise?: true;
  /** Document and section. */
  readonly section: string;
}

/** What a message has in a field. */
export interface ComparedValue {
  readonly value: string;
  readonly meaning: string;
  /** Octet at which it stands. */
  readonly offset: number;
  /** In hex, where the octets are what differs: from the first that does on, of long ones the first 32. */
  readonly octets?: string;
}

interface Named extends ComparedValue {
  readonly section: string;
}

/**
 * The fields in which two messages differ, in order of the first, then what only the second has, then what both say in other
 * octets, and octets outside all fields. `octets` are those of the whole messages; where they differ, this is never empty.
 */
export function compareFindings(
  first: Findings,
  second: Findings,
  octets?: readonly [Uint8Array, Uint8Array],
): readonly Difference[] {
  const found = [...compareValues(first, second), ...compareSpellings(first, second)];
  if (found.length > 0 || octets === undefined || sameOctets(...octets)) return found;
  const at = firstDifference(...octets);
  const [one, other] = octets.map((each) => wholeValue(each, at, 'octets', at));
  return [{ field: 'octets', ...(one && { first: one }), ...(other && { second: other }), section: '' }];
}

function wholeValue(octets: Uint8Array, from: number, meaning: string, offset: number): ComparedValue {
  return { value: String(octets.length), meaning, offset, octets: hexFrom(octets, from) };
}

/** What both say in other octets. */
function compareSpellings(first: Findings, second: Findings): readonly Difference[] {
  const found: Difference[] = [];
  const [ours, theirs] = [layersOf(first.layers), layersOf(second.layers)];
  for (const [name, layer] of ours) {
    const other = theirs.get(name);
    if (other === undefined || sameOctets(contentOf(layer), contentOf(other))) continue;
    const [one, two] = [spellingsOf(layer, first.layers), spellingsOf(other, second.layers)];
    const [values, others] = [valuesOf(layer), valuesOf(other)];
    for (const [field, spelled] of one.fields) {
      const again = two.fields.get(field);
      const [value, same] = [values.get(field), others.get(field)];
      if (again === undefined || value === undefined || sameOctets(spelled, again)) continue;
      if (same?.value !== value.value || same.meaning !== value.meaning) continue;
      const at = firstDifference(spelled, again);
      const { section, ...bareValue } = value;
      found.push({
        field: `${name}.${field}`,
        first: { ...bareValue, octets: hexFrom(spelled, at) },
        second: { ...bare(same), octets: hexFrom(again, at) },
        spelledOtherwise: true,
        section,
      });
    }
    if (sameOctets(one.outside, two.outside)) continue;
    const at = firstDifference(one.outside, two.outside);
    found.push({
      field: `${name}.outside`,
      first: wholeValue(one.outside, at, 'octets outside fields', one.outsideAt(at)),
      second: wholeValue(two.outside, at, 'octets outside fields', two.outsideAt(at)),
      section: '',
    });
  }
  return found;
}

function contentOf({ octets, start }: FoundLayer): Uint8Array {
  return octets.subarray(start);
}

const mostShown = 32;

function hexFrom(octets: Uint8Array, at: number): string {
  const shown = bytesToHex(octets.subarray(at, at + mostShown));
  return octets.length > at + mostShown ? `${shown}…` : shown;
}

function compareValues(first: Findings, second: Findings): readonly Difference[] {
  const [ours, theirs] = [fieldsOf(first.layers), fieldsOf(second.layers)];
  const found: Difference[] = [];
  for (const [field, { section, ...value }] of ours) {
    const other = theirs.get(field);
    if (other?.value === value.value && other.meaning === value.meaning) continue;
    found.push({
      field,
      first: value,
      ...(other === undefined ? {} : { second: bare(other) }),
      section,
    });
  }
  for (const [field, value] of theirs) {
    if (!ours.has(field)) found.push({ field, second: bare(value), section: value.section });
  }
  return found;
}

function bare({ value, meaning, offset }: Named): ComparedValue {
  return { value, meaning, offset };
}

function fieldsOf(layers: readonly FoundLayer[]): ReadonlyMap<string, Named> {
  const fields = new Map<string, Named>();
  for (const [name, layer] of layersOf(layers)) {
    for (const [field, value] of valuesOf(layer)) fields.set(`${name}.${field}`, value);
  }
  return fields;
}

function layersOf(layers: readonly FoundLayer[]): ReadonlyMap<string, FoundLayer> {
  const numbered = numbering();
  return new Map(layers.map((layer) => [numbered(layer.name), layer]));
}

function valuesOf({ annotations, base }: FoundLayer): ReadonlyMap<string, Named> {
  const numbered = numbering();
  return new Map(
    annotations.map(({ field, value, meaning, offset, section }) => [
      numbered(field),
      { value, meaning, offset: base + offset, section },
    ]),
  );
}

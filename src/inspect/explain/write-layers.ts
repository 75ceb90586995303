// Layers as JSON on one line, written straight from what decoders said: `JSON.parse` of it gives `CompactLayer`s. Words that come
// again and again (names, meanings, sections) are made into JSON once.
import type { FoundLayer } from '../layers/findings.ts';
import { type JsonOctets, jsonString } from './json-octets.ts';
import type { LayerObject } from './layer-objects.ts';

/** Words that are kept, of each kind; and the longest of them. */
const mostKept = 4096;
const longestKept = 120;

/** Makes text of text, and keeps what it made. */
function kept(make: (text: string) => string): (text: string) => string {
  const made = new Map<string, string>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    const result = make(text);
    if (text.length <= longestKept) {
      if (made.size >= mostKept) made.clear();
      made.set(text, result);
    }
    return result;
  };
}

const fieldStart = kept((name) => `{"name":${jsonString(name)},"offset":`);
const ruleEnd = kept((section) => `,"rule":${jsonString(section)}}`);
const layerStart = kept((name) => `{"name":${jsonString(name)},"title":`);

/**
 * Writes all layers, outermost first, as a JSON array. Octets stand in the first layer that counts in them, in hex: fields say
 * where they stand in them.
 */
export function writeLayers(out: JsonOctets, layers: readonly FoundLayer[]): void {
  let octets: Uint8Array | undefined;
  let before = '[';
  for (const layer of layers) {
    const { base, start, within } = layer;
    out.ascii(before);
    out.ascii(layerStart(layer.name));
    out.string(layer.title);
    out.ascii(withinStart[within]);
    out.count(base + start);
    out.ascii(',"length":');
    out.count(layer.octets.length - start);
    if (!isWithin(layer.octets, octets)) {
      octets = layer.octets;
      out.ascii(',"octets":');
      out.hex(octets.subarray(0, longestOctets));
    }
    out.ascii(',"fields":[');
    writeFields(out, layer);
    out.ascii(']}');
    before = ',';
  }
  out.ascii(layers.length === 0 ? '[]' : ']');
}

function writeFields(out: JsonOctets, { base, annotations }: FoundLayer): void {
  let first = true;
  for (const { field, offset, bit, bits, length, value, meaning, section } of annotations) {
    if (!first) out.ascii(',');
    first = false;
    out.ascii(fieldStart(field));
    out.count(base + offset);
    if (bit !== undefined) {
      out.ascii(',"bit":');
      out.count(bit);
      out.ascii(',"bits":');
      out.count(bits ?? 0);
    }
    out.ascii(',"length":');
    out.count(length);
    out.ascii(',"value":');
    out.string(value);
    if (meaning !== '') {
      out.ascii(',"meaning":');
      out.string(meaning);
    }
    out.ascii(ruleEnd(section));
  }
}

const withinStart = {
  input: ',"within":"input","offset":',
  reassembled: ',"within":"reassembled","offset":',
} as const;

/** Octets of a message at most that are written out. */
const longestOctets = 65_536;

/** Whether octets are a part of those that were written already: they begin together. */
function isWithin(octets: Uint8Array, written: Uint8Array | undefined): boolean {
  return (
    written !== undefined &&
    octets.buffer === written.buffer &&
    octets.byteOffset === written.byteOffset &&
    octets.length <= written.length
  );
}

/** A field as it is written: without what says nothing, and with document and section in one. */
export interface CompactField {
  readonly name: string;
  /** Octet at which it stands, counted as its layer says. */
  readonly offset: number;
  /** Of fields that are no whole octets: the first bit, 0 = most significant, and how many. */
  readonly bit?: number;
  readonly bits?: number;
  readonly length: number;
  readonly value: string;
  /** Absent where the value says it all. */
  readonly meaning?: string;
  /** Document and section: `DM-NOTI-1.2 §6.2.7`. */
  readonly rule: string;
}

/** A layer with compact fields. */
export interface CompactLayer extends Omit<LayerObject, 'fields'> {
  /** In hex, up to 65,536 of them: in the first layer that counts in these octets. */
  readonly octets?: string;
  readonly fields: readonly CompactField[];
}

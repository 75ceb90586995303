// Fixed headers as tables: one row per field, walked by encode, decode and explain alike.
import type { Annotate, Deviation } from './annotation.ts';
import { ValueError } from './errors.ts';
import type { ByteReader } from './reader.ts';
import type { ByteWriter } from './writer.ts';

/** One field of a table: how many bits, where it is defined, and both directions of its value. */
export interface Field<Value> {
  /** Width in bits, 1–32. */
  readonly bits: number;
  /** Section of the table's document. */
  readonly section: string;
  /** Number on the wire, or a sentence saying why the value cannot be written. */
  toWire(value: Value | undefined): number | string;
  /** What a number on the wire stands for. `value` is `undefined` when the number is an error. */
  fromWire(raw: number): { readonly value: Value | undefined; readonly deviation?: string };
  /** In words, for a person. */
  meaning(raw: number): string;
  /** True for a field that carries no information for the caller. */
  readonly hidden: boolean;
}

/** A number from `minimum` to all ones. */
export function uint(bits: number, section: string, minimum = 0): Field<number> {
  const maximum = 2 ** bits - 1;
  return {
    bits,
    section,
    hidden: false,
    toWire: (value) =>
      value !== undefined && Number.isInteger(value) && value >= minimum && value <= maximum
        ? value
        : `must be an integer from ${minimum} to ${maximum}`,
    fromWire: (raw) => ({ value: raw >= minimum ? raw : undefined }),
    meaning: () => '',
  };
}

/** One bit: true or false. */
export function flag(section: string, whenSet: string, whenClear: string): Field<boolean> {
  return {
    bits: 1,
    section,
    hidden: false,
    toWire: (value) => (typeof value === 'boolean' ? Number(value) : 'must be true or false'),
    fromWire: (raw) => ({ value: raw === 1 }),
    meaning: (raw) => (raw === 1 ? whenSet : whenClear),
  };
}

/**
 * One of `names`, counted from 0. A reserved number reads as the first name, with a deviation
 * (spec-notes ruling 6).
 */
export function oneOf<const Name extends string>(
  bits: number,
  section: string,
  names: readonly Name[],
): Field<Name> {
  return {
    bits,
    section,
    hidden: false,
    toWire: (value) => {
      const number = value === undefined ? -1 : names.indexOf(value);
      return number >= 0 ? number : `must be one of ${names.join(', ')}`;
    },
    fromWire: (raw) =>
      names[raw] === undefined
        ? { value: names[0], deviation: `reserved value ${raw}, read as ${names[0]}` }
        : { value: names[raw] },
    meaning: (raw) => names[raw] ?? `reserved value, read as ${names[0]}`,
  };
}

/** A value that the format fixes. Another one on reading is an error, or with `forgiving` a deviation. */
export function fixed(
  bits: number,
  section: string,
  wanted: number,
  options: { readonly forgiving?: boolean; readonly meaning?: string } = {},
): Field<number> {
  return {
    bits,
    section,
    hidden: true,
    toWire: () => wanted,
    fromWire: (raw) => {
      if (raw === wanted) return { value: raw };
      return options.forgiving === true
        ? { value: raw, deviation: `reserved bits are ${raw}, not ${wanted}` }
        : { value: undefined };
    },
    meaning: (raw) => (raw === wanted ? (options.meaning ?? '') : 'reserved bits that are set'),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a row's value type is inferred from its field, which is invariant in it
type AnyFields = Readonly<Record<string, Field<any>>>;

/** The values of a table's rows. */
export type Row<T extends AnyFields> = {
  -readonly [Name in keyof T]: T[Name] extends Field<infer Value> ? Value : never;
};

/** What reading a table gives. */
export interface DecodedRow<T extends AnyFields> {
  readonly values: Row<T>;
  readonly deviations: readonly Deviation[];
}

/** A fixed header. Its rows fill whole octets. */
export interface BitTable<T extends AnyFields> {
  readonly doc: string;
  /** Octets on the wire. */
  readonly size: number;
  /** Appends the header. Rows that the format fixes need no value. @throws {ValueError} OUT_OF_RANGE */
  encode(writer: ByteWriter, values: Partial<Row<T>>): void;
  /** Reads the header. @throws {DecodeError} TRUNCATED or BAD_VALUE */
  decode(reader: ByteReader, annotate?: Annotate): DecodedRow<T>;
}

/** Makes a table of `fields`, defined by the document `doc`. */
export function bitTable<const T extends AnyFields>(doc: string, fields: T): BitTable<T> {
  const rows = Object.entries(fields);
  const size = rows.reduce((sum, [, field]) => sum + field.bits, 0) / 8;
  return {
    doc,
    size,
    encode(writer, values) {
      // Arithmetic, not shifts: a 32-bit field would turn negative.
      let held = 0;
      let heldBits = 0;
      for (const [name, field] of rows) {
        const raw = field.toWire(values[name]);
        if (typeof raw === 'string') {
          throw new ValueError('OUT_OF_RANGE', raw, name, { doc, section: field.section });
        }
        for (let left = field.bits; left > 0; ) {
          const now = Math.min(8 - heldBits, left);
          left -= now;
          held = held * 2 ** now + (Math.floor(raw / 2 ** left) % 2 ** now);
          heldBits += now;
          if (heldBits === 8) {
            writer.u8(held);
            held = 0;
            heldBits = 0;
          }
        }
      }
    },
    decode(reader, annotate) {
      const start = reader.offset;
      const octets = reader.take(Math.min(size, reader.left), '', '');
      const values: Record<string, unknown> = {};
      const deviations: Deviation[] = [];
      let bitAt = 0;
      for (const [name, field] of rows) {
        const offset = start + (bitAt >> 3);
        const bit = bitAt & 7;
        if (bitAt + field.bits > octets.length * 8) {
          const left = octets.length * 8 - bitAt;
          throw reader.error(
            'TRUNCATED',
            `needs ${field.bits} bits, ${left} left`,
            name,
            field.section,
            offset,
          );
        }
        const raw = readBits(octets, bitAt, field.bits);
        bitAt += field.bits;
        const read = field.fromWire(raw);
        if (read.value === undefined) {
          const wanted = field.toWire(undefined);
          const why = typeof wanted === 'number' ? `is ${raw}, must be ${wanted}` : `${raw} ${wanted}`;
          throw reader.error('BAD_VALUE', why, name, field.section, offset);
        }
        const section = `${doc} §${field.section}`;
        annotate?.({
          offset,
          length: (bit + field.bits + 7) >> 3,
          bit,
          bits: field.bits,
          field: name,
          value: String(raw),
          meaning: field.meaning(raw),
          section,
        });
        if (read.deviation !== undefined) {
          deviations.push({ field: name, offset, bit, value: raw, message: read.deviation, section });
        }
        values[name] = read.value;
      }
      return { values: values as Row<T>, deviations };
    },
  };
}

function readBits(octets: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; ) {
    const now = Math.min(8 - (at & 7), from + count - at);
    const part = ((octets[at >> 3] ?? 0) >> (8 - (at & 7) - now)) & (2 ** now - 1);
    value = value * 2 ** now + part;
    at += now;
  }
  return value;
}

// Fixed headers as tables: one row per field, walked by encode, decode and explain alike.
import type { Annotate, Deviation } from './annotation.ts';
import { ValueError } from './errors.ts';
import type { Field } from './field.ts';
import type { ByteReader } from './reader.ts';
import type { ByteWriter } from './writer.ts';

type AnyFields = Readonly<Record<string, Field<unknown>>>;

/** The values of a table's rows, without those that the format fixes. */
export type Row<T extends AnyFields> = {
  -readonly [Name in keyof T as T[Name]['hidden'] extends true ? never : Name]: T[Name] extends Field<
    infer Value
  >
    ? Value
    : never;
};

/** What reading a table gives. */
export interface DecodedRow<T extends AnyFields> {
  readonly values: Row<T>;
  readonly deviations: readonly Deviation[];
}

/** A fixed header. Its rows fill whole octets. */
export interface BitTable<T extends AnyFields> {
  /** Short name of the document that defines the header. */
  readonly doc: string;
  /** Octets on the wire. */
  readonly size: number;
  readonly fields: T;
  /**
   * Appends the header. A row takes its value from `derived` (what the codec computes itself), else from `values`, else
   * its fallback; rows that the format fixes need none. Other properties are not looked at.
   * @throws {ValueError} MISSING or OUT_OF_RANGE
   */
  encode(writer: ByteWriter, values: Partial<Row<T>>, derived?: Partial<Row<T>>): void;
  /** Reads the header. @throws {DecodeError} TRUNCATED or BAD_VALUE */
  decode(reader: ByteReader, annotate?: Annotate): DecodedRow<T>;
}

const powersOfTwo = Array.from({ length: 40 }, (_, exponent) => 2 ** exponent);
const powerOfTwo = (exponent: number): number => powersOfTwo[exponent] ?? 0;

/** Makes a table of `fields`, defined by the document `doc`. @throws {ValueError} when the rows end within an octet */
export function bitTable<const T extends AnyFields>(doc: string, fields: T): BitTable<T> {
  const rows = Object.entries(fields).map(
    ([name, field]) => [name, field, `${doc} §${field.section}`] as const,
  );
  const bits = rows.reduce((sum, [, field]) => sum + field.bits, 0);
  if (bits % 8 !== 0) throw new ValueError('OUT_OF_RANGE', `${bits} bits are not whole octets`, doc);
  return {
    doc,
    fields,
    size: bits / 8,
    encode(writer, values: Readonly<Record<string, unknown>>, derived?: Readonly<Record<string, unknown>>) {
      // Arithmetic, not shifts: up to 7 bits held and 32 more are beyond what `<<` can do.
      let held = 0;
      let heldBits = 0;
      for (const [name, field] of rows) {
        const given = derived?.[name] ?? values[name];
        const value = given === undefined ? field.fallback : given;
        const raw = field.toWire(value);
        if (raw === undefined) {
          const code = value === undefined ? 'MISSING' : 'OUT_OF_RANGE';
          throw new ValueError(code, field.rule, name, { doc, section: field.section });
        }
        if (heldBits === 0 && field.bits % 8 === 0) {
          writer.uint(raw, field.bits / 8);
          continue;
        }
        held = held * powerOfTwo(field.bits) + raw;
        heldBits += field.bits;
        while (heldBits >= 8) {
          heldBits -= 8;
          const unit = powerOfTwo(heldBits);
          const octet = Math.floor(held / unit);
          writer.u8(octet);
          held -= octet * unit;
        }
      }
    },
    decode(reader, annotate) {
      const start = reader.offset;
      const octets = reader.take(Math.min(bits / 8, reader.left), '', '');
      const values: Record<string, unknown> = {};
      const deviations: Deviation[] = [];
      let bitAt = 0;
      for (const [name, field, section] of rows) {
        const offset = start + (bitAt >> 3);
        const bit = bitAt & 7;
        if (bitAt + field.bits > octets.length * 8) {
          const left = octets.length * 8 - bitAt;
          const detail = `needs ${field.bits} bits, ${left} left`;
          throw reader.error('TRUNCATED', detail, name, field.section, offset, bit);
        }
        const raw = readBits(octets, bitAt, field.bits);
        bitAt += field.bits;
        if (annotate !== undefined) {
          const length = (bit + field.bits + 7) >> 3;
          const value = String(raw);
          const meaning = field.meaning(raw);
          if (bit === 0 && field.bits % 8 === 0) {
            annotate({ offset, length, field: name, value, meaning, section });
          } else annotate({ offset, length, bit, bits: field.bits, field: name, value, meaning, section });
        }
        const value = field.fromWire(raw);
        if (value === undefined) {
          throw reader.error('BAD_VALUE', `is ${raw}, ${field.rule}`, name, field.section, offset, bit);
        }
        const unusual = field.deviation(raw);
        if (unusual !== undefined) {
          deviations.push({ field: name, offset, bit, value: raw, message: unusual, section });
        }
        if (!field.hidden) values[name] = value;
      }
      return { values: values as Row<T>, deviations };
    },
  };
}

function readBits(octets: Uint8Array, from: number, count: number): number {
  let value = 0;
  if (((from | count) & 7) === 0) {
    for (let at = from >> 3; at < (from + count) >> 3; at += 1) value = value * 256 + (octets[at] ?? 0);
    return value;
  }
  for (let at = from; at < from + count; ) {
    const now = Math.min(8 - (at & 7), from + count - at);
    const part = ((octets[at >> 3] ?? 0) >> (8 - (at & 7) - now)) & ((1 << now) - 1);
    value = value * (1 << now) + part;
    at += now;
  }
  return value;
}

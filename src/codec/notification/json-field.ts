// The JSON form, field by field: what a value must be, where it is defined, and its default.
import { type BitTable, bytesToHex, type Field, type SpecReference, ValueError } from '../../core/index.ts';
import { checkHex, checkText, type OctetString } from './octet-string.ts';

/** One field of a format's JSON form. */
export interface JsonField {
  readonly name: string;
  readonly spec: SpecReference;
  /** Whether it must be given. One with a `fallback` need not be and is always there after parsing. */
  readonly required: boolean;
  readonly fallback: unknown;
  /** The value in its canonical form. @throws {ValueError} WRONG_TYPE, OUT_OF_RANGE, TOO_LONG or BAD_FORMAT */
  parse(value: unknown): unknown;
}

/** The field of a header row. */
export function headerField<T extends Readonly<Record<string, Field<unknown>>>>(
  table: BitTable<T>,
  name: keyof T & string,
): JsonField {
  const row: Field<unknown> | undefined = table.fields[name];
  if (row === undefined) throw new ValueError('UNKNOWN_FIELD', 'not a row of the header', name);
  const spec = { doc: table.doc, section: row.section };
  return {
    name,
    spec,
    required: row.fallback === undefined,
    fallback: row.fallback,
    parse(value) {
      if (row.toWire(value) === undefined) {
        const code = typeof value === row.type ? 'OUT_OF_RANGE' : 'WRONG_TYPE';
        throw new ValueError(code, row.rule, name, spec);
      }
      return value;
    },
  };
}

/** A text field, or with `hex` one of octets. */
export function octetStringField(row: OctetString, hex = false): JsonField {
  return {
    name: row.name,
    spec: { doc: row.doc, section: row.section },
    required: row.required,
    fallback: undefined,
    parse(value) {
      if (hex) return bytesToHex(checkHex(row, value));
      checkText(row, value);
      return value;
    },
  };
}

/** A list with at least one entry; `check` throws for an entry that is not allowed. */
export function listField(
  name: string,
  spec: SpecReference,
  required: boolean,
  check: (entry: unknown, position: number) => void,
): JsonField {
  return {
    name,
    spec,
    required,
    fallback: undefined,
    parse(value) {
      const entries = [...checkList(name, spec, required, value)];
      for (const [position, entry] of entries.entries()) check(entry, position);
      return entries;
    },
  };
}

/** The list, or a ValueError when it is none or empty. */
export function checkList(
  name: string,
  spec: SpecReference,
  required: boolean,
  value: unknown,
): readonly unknown[] {
  if (!Array.isArray(value)) throw new ValueError('WRONG_TYPE', 'must be a list', name, spec);
  if (value.length === 0) {
    const detail = required ? 'must have at least one entry' : 'must not be empty: leave it out';
    throw new ValueError('OUT_OF_RANGE', detail, name, spec);
  }
  return value;
}

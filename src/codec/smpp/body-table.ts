// The mandatory part of a PDU as a table: one row per field, walked by both directions.
import type { Annotate, ByteReader, ByteWriter, Deviation } from '../../core/index.ts';
import type { BodyField } from './body-field.ts';
import { smppDocument } from './document.ts';

type AnyFields = Readonly<Record<string, BodyField<unknown>>>;

/** The values of a table's rows. */
export type BodyOf<T extends AnyFields> = {
  readonly [Name in keyof T]: T[Name] extends BodyField<infer Value> ? Value : never;
};

/** What is reported while octets are read. */
export interface ReadObserver {
  /** Called for each field. */
  readonly annotate?: Annotate | undefined;
  /** Called for each value that is let pass although the standard has a rule against it. */
  readonly onDeviation?: ((deviation: Deviation) => void) | undefined;
}

/** Rows with both directions. */
export interface BodyTable<T extends AnyFields> {
  readonly fields: T;
  /**
   * Appends all fields; those that are not given as their fallback. With `onDeviation`, what deployed peers take beyond the
   * standard's rule is written and reported.
   * @throws {ValueError}
   */
  write(
    writer: ByteWriter,
    values: Readonly<Record<string, unknown>>,
    onDeviation?: ReadObserver['onDeviation'],
  ): void;
  /** Reads all fields into `target`. @throws {DecodeError} */
  read(reader: ByteReader, target: Record<string, unknown>, observer: ReadObserver): void;
  /** Sets all fields to their fallback. */
  fill(target: Record<string, unknown>): void;
}

/** Makes a table. */
export function bodyTable<const T extends AnyFields>(fields: T): BodyTable<T> {
  const rows = Object.entries<BodyField<unknown>>(fields);
  return {
    fields,
    write(writer, values, onDeviation) {
      for (const [name, field] of rows) {
        const given = values[name];
        const value = given === undefined ? field.fallback : given;
        if (onDeviation === undefined) {
          field.write(writer, value, name);
          continue;
        }
        const offset = writer.length;
        field.write(writer, value, name, (message) => {
          const section = `${smppDocument} §${field.section}`;
          const shown = field.secret ? '(not shown)' : field.show(value);
          onDeviation({ field: name, offset, bit: 0, value: shown, message, section });
        });
      }
    },
    read(reader, target, { annotate, onDeviation }) {
      for (const [name, field] of rows) {
        const offset = reader.offset;
        const value = field.read(reader, name);
        target[name] = value;
        if (annotate === undefined && onDeviation === undefined) continue;
        const section = `${smppDocument} §${field.section}`;
        const shown = field.secret ? '(not shown)' : field.show(value);
        const unusual = field.deviation(value, reader.offset - offset);
        if (unusual !== undefined) {
          onDeviation?.({ field: name, offset, bit: 0, value: shown, message: unusual, section });
        }
        annotate?.({
          offset,
          length: reader.offset - offset,
          field: name,
          value: shown,
          meaning: unusual ?? '',
          section,
        });
      }
    },
    fill(target) {
      for (const [name, field] of rows) target[name] = field.fallback;
    },
  };
}

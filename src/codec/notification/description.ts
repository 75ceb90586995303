// The formats as data: what their codecs are made of, for programs that are made of the same tables.
import type { BitTable, Field, FieldForm } from '../../core/index.ts';
import type { NotificationFormat } from './message.ts';
import type { OctetString } from './octet-string.ts';
import type { OptionRow } from './options.ts';

/** Where a format has its digest. */
export interface DigestRow {
  /** Before everything that it covers, or behind it. */
  readonly at: 'start' | 'end';
  /** Octets of it. */
  readonly octets: number;
  readonly section: string;
  readonly meaning: string;
}

/** A part of the MD5 forms after the header. */
export interface BodyPart extends OctetString {
  readonly value: 'text' | 'hex';
  /** Its length field as the document prints it; absent for a part that takes what is left. */
  readonly lengthField?: { readonly name: string; readonly section: string; readonly octets: 1 | 2 };
  /** Header flag that says whether the part is there. Without one it always is, or if octets are left. */
  readonly presentFlag?: string;
}

/** A row of a header. */
export interface HeaderRow {
  readonly name: string;
  /** Width, 1–32; rows follow each other from the most significant bit on. */
  readonly bits: number;
  readonly section: string;
  /** What holds for its values, as the end of a sentence. */
  readonly rule: string;
  readonly form: FieldForm;
}

/** One format of Package #0. The MD5 forms have `parts`, dm1.3 has `options`. */
export interface FormatDescription {
  readonly format: NotificationFormat;
  /** Short name of the document that the sections are of. */
  readonly doc: string;
  readonly digest: DigestRow;
  readonly header: readonly HeaderRow[];
  readonly parts: readonly BodyPart[];
  readonly options: readonly OptionRow[];
}

/** The rows of a table as data. */
export function headerRows(table: BitTable<Readonly<Record<string, Field<unknown>>>>): HeaderRow[] {
  return Object.entries(table.fields).map(([name, { bits, section, rule, form }]) => ({
    name,
    bits,
    section,
    rule,
    form,
  }));
}

// The options of dm1.3 as a table (DM-NOTI-1.3 §6.3, §6.5): one row per option, used by both directions and by JSON.
import { ValueError } from '../../core/index.ts';
import { preferredBearers } from './names.ts';
import type { OctetString } from './octet-string.ts';

export const optionsDoc = 'DM-NOTI-1.3';

/** Most options that a message can have: their count has 3 bits (§6.4.2). */
export const maximumOptions = 7;

/** One option. `name` is its field in the JSON form, `minimum` and `maximum` bound its length in octets when writing. */
export interface OptionRow extends OctetString {
  readonly number: number;
  /** As the document prints it. */
  readonly title: string;
  /** How its value is coded: UTF-8, an unsigned integer in 1 or 2 octets, or the number of a bearer. */
  readonly value: 'text' | 'uint' | 'bearer';
  /** True when it may occur more than once; the field is then a list. */
  readonly list: boolean;
  readonly required: boolean;
  /** Longest value that is read. */
  readonly readMaximum: number;
}

// Columns: number, title, field, section, value, list, required, octets from, to, to when reading.
type Columns = readonly [
  number,
  string,
  string,
  string,
  OptionRow['value'],
  boolean,
  boolean,
  number,
  number,
  number,
];
const row = (...columns: Columns): OptionRow => {
  const [number, title, name, section, value, list, required, minimum, maximum, readMaximum] = columns;
  return {
    number,
    title,
    name,
    doc: optionsDoc,
    section,
    value,
    list,
    required,
    minimum,
    maximum,
    readMaximum,
    netUnicode: value === 'text',
  };
};

/** All options, by number (§6.3). Server-ID is written up to 255 octets and read up to 256: spec-notes ruling 5. */
export const optionRows: readonly OptionRow[] = [
  row(1, 'Server-ID', 'serverId', '6.5.1', 'text', false, true, 1, 255, 256),
  row(2, 'Targeted-MO', 'targetedMo', '6.5.2', 'uint', true, false, 1, 2, 2),
  row(3, 'Requested-MO', 'requestedMo', '6.5.4', 'uint', true, true, 1, 2, 2),
  row(4, 'Preferred-Bearer', 'preferredBearer', '6.5.6', 'bearer', true, false, 1, 1, 1),
  row(5, 'Connect-Reason', 'reason', '6.5.5', 'text', false, false, 1, 4095, 4095),
  row(6, 'Vendor-Info', 'vendorInfo', '6.5.3', 'text', false, false, 1, 4095, 4095),
];

/** The option of a number, or `undefined` for 0 and 7–15. */
export const optionOf = (number: number): OptionRow | undefined => optionRows[number - 1];

/**
 * The number on the wire for an entry of a list option.
 * @throws {ValueError} WRONG_TYPE or OUT_OF_RANGE
 */
export function entryNumber(option: OptionRow, entry: unknown, position: number): number {
  if (option.value === 'bearer') {
    const number = (preferredBearers as readonly unknown[]).indexOf(entry);
    if (number >= 0) return number;
    throw entryError(option, position, typeof entry === 'string', `one of ${preferredBearers.join(', ')}`);
  }
  if (typeof entry === 'number' && Number.isInteger(entry) && entry >= 0 && entry <= 0xffff) return entry;
  throw entryError(option, position, typeof entry === 'number', 'an integer from 0 to 65535');
}

function entryError(option: OptionRow, position: number, rightType: boolean, wanted: string): ValueError {
  return new ValueError(
    rightType ? 'OUT_OF_RANGE' : 'WRONG_TYPE',
    `must be ${wanted}`,
    `${option.name}[${position}]`,
    { doc: option.doc, section: option.section },
  );
}

// Reading the options of dm1.3 (DM-NOTI-1.3 §6.2).
import { type ByteReader, bytesToHex, type Deviation } from '../../core/index.ts';
import type { Explain } from './decoded.ts';
import { defaultMoIndexRegistry, type MoIndexRegistry, moIndexWords } from './mo-index.ts';
import { preferredBearers } from './names.ts';
import { strayControl } from './net-unicode.ts';
import { octets } from './octet-string.ts';
import { maximumOptions, type OptionRow, optionOf, optionRows, optionsDoc } from './options.ts';

/** Fields by their JSON names, and what was found beside them. */
export interface ReadOptions {
  readonly values: Readonly<Record<string, unknown>>;
  readonly deviations: readonly Deviation[];
}

/**
 * Reads `count` options, which must fill `reader`.
 * @throws {DecodeError} when they are cut short, out of order, repeated, of a wrong length, or a mandatory one is missing
 */
export function readOptions(reader: ByteReader, count: number, explain: Explain): ReadOptions {
  const values: Record<string, unknown> = {};
  const deviations: Deviation[] = [];
  let previous = 0;
  for (let position = 0; position < count; position += 1) {
    const path = paths[position] ?? '';
    const offset = reader.offset;
    const head = reader.uint(2, path, '6.2');
    const number = head >> 12;
    const length = head & 0xfff;
    const option = optionOf(number);
    annotateHead(explain, offset, number, length, option);
    if (number < previous) {
      const detail = `${titleOf(number)} after ${titleOf(previous)}: options must be in order of their numbers`;
      throw reader.error('BAD_VALUE', detail, `${path}.number`, '6.2', offset);
    }
    previous = number;
    if (option === undefined) {
      deviations.push(readUnknown(reader, explain, path, number, length));
      continue;
    }
    if (!option.list && values[option.name] !== undefined) {
      const detail = `${option.title} must not occur more than once`;
      throw reader.error('BAD_VALUE', detail, `${path}.number`, option.section, offset);
    }
    if (length < option.minimum || length > option.readMaximum) {
      const range =
        option.minimum === option.readMaximum
          ? octets(option.minimum)
          : `${option.minimum} to ${option.readMaximum} octets`;
      const detail = `is ${length}, but ${option.title} takes ${range}`;
      throw reader.error('BAD_VALUE', detail, `${path}.length`, '6.3', offset, 4);
    }
    readValue(reader, explain, option, length, values, deviations);
  }
  if (reader.left > 0) {
    const detail = `${octets(reader.left)} between the last of ${count} options and the digest`;
    throw reader.error('TRAILING', detail, 'options', '6.4.2');
  }
  for (const { name, title, section, required } of optionRows) {
    if (required && values[name] === undefined) {
      throw reader.error('BAD_VALUE', `no ${title} option, which is mandatory`, name, section);
    }
  }
  return { values, deviations };
}

const paths = Array.from({ length: maximumOptions }, (_, position) => `options[${position}]`);

/** As annotations name them, put together once. */
const rules = {
  unknown: `${optionsDoc} §6.2.1`,
  length: `${optionsDoc} §6.2.2`,
  number: `${optionsDoc} §6.3`,
} as const;
const optionRules = new Map(optionRows.map((option) => [option, `${optionsDoc} §${option.section}`]));

const titleOf = (number: number): string => optionOf(number)?.title ?? `option ${number}`;

function annotateHead(
  { annotate }: Explain,
  offset: number,
  number: number,
  length: number,
  option: OptionRow | undefined,
): void {
  annotate?.({
    offset,
    length: 1,
    bit: 0,
    bits: 4,
    field: 'Option-Number',
    value: String(number),
    meaning: option?.title ?? 'unknown option, kept raw',
    section: option === undefined ? rules.unknown : rules.number,
  });
  annotate?.({
    offset,
    length: 2,
    bit: 4,
    bits: 12,
    field: 'Option-Length',
    value: String(length),
    meaning: octets(length),
    section: rules.length,
  });
}

function readUnknown(
  reader: ByteReader,
  { annotate }: Explain,
  path: string,
  number: number,
  length: number,
): Deviation {
  const offset = reader.offset;
  const value = bytesToHex(reader.take(length, `${path}.value`, '6.2.3'));
  const section = `${optionsDoc} §6.3`;
  annotate?.({ offset, length, field: 'Option-Value', value, meaning: 'unknown option, kept raw', section });
  const message = `unknown option ${number} of ${octets(length)}, kept raw`;
  return { field: path, offset: offset - 2, bit: 0, value, message, section };
}

function readValue(
  reader: ByteReader,
  explain: Explain,
  option: OptionRow,
  length: number,
  values: Record<string, unknown>,
  deviations: Deviation[],
): void {
  const { name, section } = option;
  const { annotate } = explain;
  const offset = reader.offset;
  // What an annotation says is put together only for those who ask.
  const note = (value: string, meaning: string): void => {
    annotate?.({ offset, length, field: name, value, meaning, section: optionRules.get(option) ?? '' });
  };
  if (option.value === 'text') {
    const text = reader.utf8(length, name, section);
    values[name] = text;
    if (annotate !== undefined) note(JSON.stringify(text), '');
    // The Server-ID is what the device's account has, octet by octet, whatever that is (spec-notes ruling 14).
    const stray = name === 'serverId' ? undefined : strayControl(text);
    if (stray !== undefined) {
      deviations.push({
        field: name,
        offset: offset + stray.offset,
        bit: 0,
        value: stray.name,
        message: `${option.title} holds the control character ${stray.name}, which is no Net-Unicode; kept as it is`,
        section: `${optionsDoc} §6.2.3`,
      });
    }
    return;
  }
  const number = reader.uint(length, name, section);
  if (option.value === 'uint') {
    entriesOf<number>(values, name).push(number);
    if (annotate !== undefined) {
      note(String(number), objectMeaning(number, explain.moIndexes ?? defaultMoIndexRegistry));
    }
    return;
  }
  const bearer = preferredBearers[number];
  note(String(number), bearer ?? 'unknown bearer, left out');
  if (bearer !== undefined) {
    entriesOf<string>(values, name).push(bearer);
  } else {
    const message = `unknown bearer ${number}, left out`;
    deviations.push({
      field: name,
      offset,
      bit: 0,
      value: number,
      message,
      section: `${optionsDoc} §${section}`,
    });
  }
}

/** The list under `name`, begun when there is none. */
function entriesOf<Entry>(values: Record<string, unknown>, name: string): Entry[] {
  const entries = (values[name] as Entry[] | undefined) ?? [];
  values[name] = entries;
  return entries;
}

function objectMeaning(index: number, registry: MoIndexRegistry): string {
  const { none, vendorFrom, vendor, unnamed } = moIndexWords;
  if (index === 0) return none;
  return registry.nameOf(index) ?? (index >= vendorFrom ? vendor : unnamed);
}

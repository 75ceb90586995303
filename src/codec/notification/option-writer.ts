// Writing the options of dm1.3 (DM-NOTI-1.3 §6.2): measured and checked first, so that the message is allocated once.
import { type ByteWriter, ValueError } from '../../core/index.ts';
import { checkList } from './json-field.ts';
import { checkText } from './octet-string.ts';
import { entryNumber, maximumOptions, type OptionRow, optionRows, optionsDoc } from './options.ts';

type Values = Readonly<Record<string, unknown>>;

const optionHeaderSize = 2;

/**
 * Number of options and the octets that they take together.
 * @throws {ValueError} for a value that cannot be written, a required one that is missing, or more than 7 options
 */
export function measureOptions(values: Values): { readonly count: number; readonly size: number } {
  let count = 0;
  let size = 0;
  for (const option of optionRows) {
    const value = values[option.name];
    if (value === undefined) {
      if (!option.required) continue;
      const spec = { doc: option.doc, section: option.section };
      throw new ValueError('MISSING', `must be given: ${option.title} is mandatory`, option.name, spec);
    }
    if (option.list) {
      const entries = listOf(option, value);
      for (let i = 0; i < entries.length; i += 1) {
        count += 1;
        size += optionHeaderSize + octetsOf(entryNumber(option, entries[i], i));
      }
    } else {
      count += 1;
      size += optionHeaderSize + checkText(option, value);
    }
  }
  if (count > maximumOptions) throw tooMany(values, count);
  return { count, size };
}

/** Writes options that `measureOptions` has passed. */
export function writeOptions(writer: ByteWriter, values: Values): void {
  for (const option of optionRows) {
    const value = values[option.name];
    if (value === undefined) continue;
    if (option.list) {
      const entries = listOf(option, value);
      for (let i = 0; i < entries.length; i += 1) {
        const number = entryNumber(option, entries[i], i);
        const length = octetsOf(number);
        writer.uint(option.number * 0x1000 + length, optionHeaderSize).uint(number, length);
      }
    } else if (typeof value === 'string') {
      const lengthAt = writer.reserve(optionHeaderSize);
      const start = writer.length;
      writer.utf8(value);
      writer.fill(lengthAt, option.number * 0x1000 + writer.length - start, optionHeaderSize);
    }
  }
}

const octetsOf = (number: number): number => (number > 0xff ? 2 : 1);

function listOf(option: OptionRow, value: unknown): readonly unknown[] {
  return checkList(option.name, { doc: option.doc, section: option.section }, option.required, value);
}

// What to leave out first: bearers of low priority, then what a device need not understand, then wishes for more objects.
const dropOrder = ['preferredBearer', 'targetedMo', 'vendorInfo', 'reason', 'requestedMo'];

function tooMany(values: Values, count: number): ValueError {
  let excess = count - maximumOptions;
  const drops: { readonly name: string; readonly phrase: string }[] = [];
  for (const name of dropOrder) {
    const value = values[name];
    if (value === undefined || excess === 0) continue;
    const total = Array.isArray(value) ? value.length : 1;
    const dropped = Math.min(excess, name === 'requestedMo' ? total - 1 : total);
    excess -= dropped;
    if (dropped === total) drops.push({ name, phrase: name });
    else if (dropped > 0)
      drops.push({ name, phrase: `the last ${dropped === 1 ? '' : `${dropped} `}of ${name}` });
  }
  const advice = drops.map((drop) => drop.phrase).join(', ');
  return new ValueError(
    'OUT_OF_RANGE',
    `the message has ${count} options and at most ${maximumOptions} fit: drop ${advice}`,
    drops[0]?.name ?? '',
    { doc: optionsDoc, section: '6.4.2' },
  );
}

// The header of user data (UDH, 3GPP TS 23.040 §9.2.3.24) that stands beside the data: by names, in a table, or with a sign between.
// The two are one short message: neither is read without the other.
import { blank } from '../paste-forms/hex-marks.ts';
import { PasteError } from '../paste-forms/paste-error.ts';
import { kindOfName } from '../paste-forms/value-names.ts';
import { isHeader } from './user-data-header.ts';
import { userDataOfTable } from './user-data-table.ts';

interface Value {
  readonly name: string;
  readonly kind: string | undefined;
  /** Digits alone; `undefined` for a value that is no hex. */
  readonly hex: string | undefined;
  readonly from: number;
  readonly to: number;
  /** Octets that it says it has, as Kannel logs them: `[msg:44:…]`. */
  readonly count: number | undefined;
}

const value =
  /(?<![\w-])([A-Za-z][\w-]*)["'\]]?\s*(?:=>|[=:])\s*["'[({<]*(?:([0-9]{1,7}):(?!(?:[0-9a-f]{2}:)))?(?:0x)?((?:[0-9a-f]{2}[ :]?)*[0-9a-f]{2}(?![\w+/=%\\])|[A-Za-z0-9+/=]{4,}(?![\w%\\'(]))/gi;
const between =
  /^\s*["']?(?:0x)?((?:[0-9a-f]{2}[ :]?)+)["']?\s*(?:\||\/|\+|=>|->|,|;|&|\t)\s*["']?(?:0x)?((?:[0-9a-f]{2}[ :]?)+)["']?[;,]?\s*$/i;
/** Characters that are looked at, at most. */
const longest = 1_000_000;

/**
 * The text with header and data behind one another where it has both; as it is where it has not.
 * @throws {PasteError} where it cannot be told which data the header belongs to, and for a header that is none
 */
export function withUserData(text: string): string {
  if (text.length > longest || /\\x[0-9a-f]{2}/i.test(text)) return text;
  const table = userDataOfTable(text);
  if (table !== undefined) return table;
  const lines = text.split('\n');
  const values = lines.map(valuesOf);
  const hasHeader = values.some((each) => each.some(({ kind }) => kind === 'header'));
  if (!hasHeader) return lines.map((line, at) => withoutNames(line, values[at] ?? [], at + 1)).join('\n');
  const isWhole = values.every((each) => {
    const headers = each.filter(({ kind }) => kind === 'header');
    return headers.length === 0 || dataOf(each).length > 0;
  });
  if (isWhole) return lines.map((line, at) => joined(line, values[at] ?? [], at + 1)).join('\n');
  return joined(text, valuesOf(text), undefined);
}

function valuesOf(text: string): readonly Value[] {
  return [...text.matchAll(value)].map(({ 0: all, 1: name = '', 2: said, 3: found = '', index }) => {
    const digits = found.replace(/[ :]/g, '');
    const to = index + all.length;
    const isHex = /^(?:[0-9a-f]{2})+$/i.test(digits) && !(digits.length < 8 && /^[0-9]+$/.test(digits));
    const hex = isHex ? digits : undefined;
    const count = said === undefined ? undefined : Number(said);
    return { name, kind: kindOfName(name), hex, from: to - found.length, to, count };
  });
}

function dataOf(values: readonly Value[]): readonly Value[] {
  return values.filter(({ kind, hex }) => kind === 'data' && hex !== undefined);
}

/** A text of one message with its two values joined. @throws {PasteError} */
function joined(text: string, values: readonly Value[], line: number | undefined): string {
  const fail = (at: number, detail: string): PasteError =>
    line === undefined ? PasteError.at(text, at, detail) : new PasteError(line, at + 1, detail);
  const headers = values.filter(({ kind }) => kind === 'header');
  const [header, other] = headers;
  if (header === undefined) return withoutNames(text, values, line ?? 1);
  const data = dataOf(values);
  const [one, second] = data;
  const written = values.find(({ kind, hex }) => kind === 'data' && hex === undefined);
  if (one === undefined && written === undefined && other === undefined) {
    const behind = text.slice(header.to).replace(/^["'\])}>]*/, '');
    const hex = /(?:[0-9a-f]{2}[ :-]?){6,}/i.exec(behind);
    if (hex === null || header.hex === undefined) return text;
    const detail = `${header.name} and other hex behind it: give the header and its data one behind the other`;
    throw fail(header.from, detail);
  }
  if (header.hex === undefined || one === undefined) {
    const names = `${header.name} and ${(one ?? written ?? other)?.name ?? 'data'}`;
    throw fail(
      header.from,
      `${names} belong together, and are not both hex: give both in hex, the header first`,
    );
  }
  if (second !== undefined || other !== undefined) {
    const names = [header, ...(other === undefined ? [] : [other]), ...data].map(({ name }) => name);
    throw fail((other ?? second ?? header).from, `${names.join(', ')}: which belong together is not known`);
  }
  for (const { name, hex = '', count, from } of [header, one]) {
    if (count !== undefined && count !== hex.length / 2) throw fail(from, countOf(name, count, hex));
  }
  if (!isHeader(header.hex)) {
    const detail = `${header.name} is no header of user data: its first octet says how many follow, and elements fill it`;
    throw fail(header.from, detail);
  }
  return replaced(text, Math.min(header.from, one.from), `${header.hex}${one.hex ?? ''}`);
}

function countOf(name: string, count: number, hex: string): string {
  return `${name} is said to have ${count} octets, and has ${hex.length / 2}: some are missing, or were added`;
}

/** What has no name of a header: hex on both sides of a sign, or what Kannel logs with its length. @throws {PasteError} */
function withoutNames(line: string, values: readonly Value[], number: number): string {
  const counted = dataOf(values).filter(({ count }) => count !== undefined);
  const [one] = counted;
  if (one !== undefined && counted.length === 1 && /^\s*\]/.test(line.slice(one.to))) {
    const { name, hex = '', count = 0, from, to } = one;
    if (count !== hex.length / 2) throw new PasteError(number, from + 1, countOf(name, count, hex));
    return blank(line.slice(0, from)) + line.slice(from, to) + blank(line.slice(to));
  }
  const [, left = '', right = ''] = between.exec(line) ?? [];
  const [a, b] = [left, right].map((each) => each.replace(/[ :]/g, '')) as [string, string];
  if (a.length < 4 || b.length < 4 || Math.max(a.length, b.length) < 12) return line;
  if (isHeader(a) !== isHeader(b)) return replaced(line, 0, isHeader(a) ? a + b : b + a);
  const detail = `hex on both sides of a sign (${a.slice(0, 12)}… and ${b.slice(0, 12)}…): paste one of them, or both without the sign`;
  throw new PasteError(number, line.search(/\S/) + 1, detail);
}

/** A text with nothing but hex, from a place on; its lines stay as many. */
function replaced(text: string, from: number, hex: string): string {
  const behind = text.slice(from).replace(/[^\r\n]/g, '');
  return blank(text.slice(0, from)) + hex + behind;
}

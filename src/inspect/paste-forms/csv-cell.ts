// Rows of a table, with octets in one of their columns: RFC 4180 with commas, semicolons or tabs. The other columns give way to spaces.
import { isBase64Text } from './base64-text.ts';
import { blank } from './hex-marks.ts';
import { PasteError } from './paste-error.ts';

interface Cell {
  readonly from: number;
  readonly value: string;
}

/** Octets of a message at least: what is shorter may be any number. */
const leastDigits = 16;

/**
 * The text with nothing but the one column that is octets; as it is where it is no table, or has no such column.
 * @throws {PasteError} where several columns may be meant
 */
export function columnOfTable(text: string): string {
  for (const separator of ['\t', ',', ';']) {
    const rows = rowsOf(text, separator);
    if (rows === undefined) continue;
    const [first = []] = rows;
    const holdsOctets = hasNames(rows) ? holdsPairs : holdsOneWord;
    const columns = first.flatMap((_, column) => {
      // The first row may have the names of the columns.
      const cells = rows.map((row) => row[column]?.value ?? '');
      const isOctets = cells.slice(rows.length > 1 ? 1 : 0).every(holdsOctets);
      return isOctets ? [column] : [];
    });
    const [column, other] = columns;
    if (column === undefined) continue;
    if (other !== undefined) {
      const detail = `columns ${column + 1} and ${other + 1} may both be octets: paste one of them`;
      throw PasteError.at(text, first[other]?.from ?? 0, detail);
    }
    return onlyColumn(text, rows, column, holdsOctets);
  }
  return text;
}

function onlyColumn(
  text: string,
  rows: readonly (readonly Cell[])[],
  column: number,
  holdsOctets: (value: string) => boolean,
): string {
  let plain = '';
  for (const row of rows) {
    const { from, value } = row[column] ?? { from: 0, value: '' };
    if (holdsOctets(value)) plain += blank(text.slice(plain.length, from)) + value;
  }
  return plain + blank(text.slice(plain.length));
}

/** Whether the first row has the names of the columns: what has none may be a dump, with its offsets before the octets. */
function hasNames(rows: readonly (readonly Cell[])[]): boolean {
  const [names = [], ...rest] = rows;
  const isName = ({ value }: Cell): boolean =>
    /^\p{L}[\p{L}\p{N} _.()-]*$/u.test(value) && !holdsPairs(value);
  return rest.length > 0 && names.every(isName);
}

function holdsPairs(value: string): boolean {
  const isPairs = /^[0-9a-f]{2}(?:[ :-][0-9a-f]{2})+$/i.test(value) && value.length >= leastDigits;
  return isPairs || holdsOneWord(value);
}

function holdsOneWord(value: string): boolean {
  if (/^(?:0x)?(?:[0-9a-f]{2})+$/i.test(value)) return value.length >= leastDigits;
  return isBase64Text(value);
}

/** Rows of as many cells each, two at least; `undefined` for what is no table, or one of single octets. */
function rowsOf(text: string, separator: string): readonly (readonly Cell[])[] | undefined {
  const rows: Cell[][] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    if (line.trim() !== '') {
      const cells = cellsOf(line.replace(/\r$/, ''), separator, at);
      if (cells === undefined || cells.length < 2 || (rows[0]?.length ?? cells.length) !== cells.length)
        return undefined;
      rows.push(cells);
    }
    at += line.length + 1;
  }
  return rows.length > 0 ? rows : undefined;
}

function cellsOf(line: string, separator: string, start: number): Cell[] | undefined {
  const cells: Cell[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] === '"') {
      const end = line.indexOf('"', at + 1);
      // A quote within a cell is none of octets.
      if (end < 0 || (end + 1 < line.length && line[end + 1] !== separator)) return undefined;
      cells.push({ from: start + at + 1, value: line.slice(at + 1, end) });
      at = end + 2;
    } else {
      const found = line.indexOf(separator, at);
      const end = found < 0 ? line.length : found;
      const value = line.slice(at, end);
      cells.push({ from: start + at + value.length - value.trimStart().length, value: value.trim() });
      at = end + 1;
    }
  }
  return cells;
}

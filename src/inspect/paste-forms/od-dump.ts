// Octets as od prints them in other bases than hex: -c, -b and -t o1, -t u1, -t d1. Offsets say how many octets a line has, and the columns which
// base it is; where both leave two readings, it is refused.
import { checkLength, PasteError } from './paste-error.ts';

type Base = 'octal' | 'unsigned' | 'signed' | 'characters';

interface Row {
  readonly number: number;
  readonly offset: string;
  readonly cells: readonly string[];
}

const row = /^([0-9]{7}|[0-9a-f]{6})( .*)?$/i;
/** Characters of a column: five of `-t d1`, four of all others. */
const widths = [4, 5] as const;
const escapes: Readonly<Record<string, number>> = {
  ...{ '\\\\': 0x5c, '\\0': 0, '\\a': 7, '\\b': 8, '\\t': 9, '\\n': 10, '\\v': 11, '\\f': 12, '\\r': 13 },
};

/** True when each line has an offset and columns of three or four characters that are no pairs of hex. */
export function isOdDump(text: string): boolean {
  return readingsOf(text).length > 0;
}

/** The octets. @throws {PasteError} where bases are several, or offsets do not run on */
export function readOdDump(text: string): Uint8Array {
  const readings = readingsOf(text);
  const [first] = readings;
  const line = first?.rows[0]?.number ?? 1;
  if (first === undefined || new Set(readings.map(({ octets }) => octets.join())).size > 1) {
    throw new PasteError(line, 9, 'numbers in octal, decimal or characters? Use od -A x -t x1');
  }
  checkLength(first.octets.length, line);
  if (![8, 10, 16].some((base) => runsOn(first.rows, base))) {
    throw new PasteError(
      line,
      1,
      'the offsets do not run on: lines are missing, or * repeats them (use od -v)',
    );
  }
  return first.octets;
}

interface Reading {
  readonly rows: readonly Row[];
  readonly octets: Uint8Array;
}

/** The octets in every base that fits each column. */
function readingsOf(text: string): readonly Reading[] {
  if (!/^\s*(?:[0-9]{7}|[0-9a-f]{6}) /i.test(text)) return [];
  return widths.flatMap((width) => {
    const rows = rowsOf(text, width) ?? [];
    const cells = rows.flatMap((each) => each.cells);
    if (cells.length === 0) return [];
    return (['octal', 'unsigned', 'signed', 'characters'] as const).flatMap((base) => {
      const octets = cells.map((cell) => octetOf(cell, base));
      return octets.every((octet) => octet !== undefined) ? [{ rows, octets: Uint8Array.from(octets) }] : [];
    });
  });
}

/** Lines as their columns; `undefined` where one is none. */
function rowsOf(text: string, width: number): readonly Row[] | undefined {
  const rows: Row[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === '') continue;
    const [, offset = '', inner = ''] = row.exec(line) ?? [];
    // The last line has an offset alone.
    if (offset === '' || rows.at(-1)?.cells.length === 0) return undefined;
    const cells = cellsOf(inner.trim() === '' && index > 0 ? '' : inner, width);
    if (cells === undefined) return undefined;
    rows.push({ number: index + 1, offset, cells });
  }
  return rows.map((each, index) => ({ ...each, cells: withoutPadding(each, rows[index + 1]) }));
}

/** hexdump fills its last line up with spaces; the offset behind it says how many octets there are. */
function withoutPadding({ offset, cells }: Row, next: Row | undefined): readonly string[] {
  if (next === undefined || cells.at(-1) !== '') return cells;
  const counts = [8, 10, 16].map(
    (base) => Number.parseInt(next.offset, base) - Number.parseInt(offset, base),
  );
  const count = counts.find(
    (each) => each > 0 && each < cells.length && cells.slice(each).every((cell) => cell === ''),
  );
  return count === undefined ? cells : cells.slice(0, count);
}

function cellsOf(inner: string, width: number): readonly string[] | undefined {
  if (inner.length % width !== 0) return undefined;
  const cells = Array.from({ length: inner.length / width }, (_, at) =>
    inner.slice(at * width, (at + 1) * width),
  );
  // One space at least stands before each; a space itself is shown as one.
  if (!cells.every((cell) => /^ +\S+$/.test(cell) || cell === ' '.repeat(width))) return undefined;
  return cells.map((cell) => cell.trim());
}

function octetOf(cell: string, base: Base): number | undefined {
  if (base === 'octal') return /^[0-3][0-7]{2}$/.test(cell) ? Number.parseInt(cell, 8) : undefined;
  if (base === 'characters') {
    if (cell === '') return 0x20;
    if (/^[!-~]$/.test(cell)) return cell.charCodeAt(0);
    return escapes[cell] ?? (/^[0-3][0-7]{2}$/.test(cell) ? Number.parseInt(cell, 8) : undefined);
  }
  if (!/^(?:0|-?[1-9][0-9]{0,2})$/.test(cell)) return undefined;
  const value = Number(cell);
  const [least, most] = base === 'signed' ? [-128, 127] : [0, 255];
  return value >= least && value <= most ? value & 0xff : undefined;
}

function runsOn(rows: readonly Row[], base: number): boolean {
  return rows.every(({ offset }, index) => {
    const before = rows[index - 1];
    if (base < 16 && offset.length < 7) return false;
    const [at, from] = [Number.parseInt(offset, base), Number.parseInt(before?.offset ?? '', base)];
    return before === undefined || at - from === before.cells.length;
  });
}

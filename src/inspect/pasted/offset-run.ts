// Whether the first words of lines are offsets: they begin with 0 and grow as octets stand between them.
import { type DumpRow, readRow } from './dump-row.ts';

/** Lines at most that are looked at. */
const mostLines = 64;

/** Octets of a line of a dump at most. */
const widest = 256;

/**
 * True when the first line begins with an offset of 0 and the next offset is the number of its octets, or several offsets
 * run in equal steps. Lines between that are no rows (text columns, folds) are passed over where offsets have four digits.
 */
export function offsetsRun(lines: readonly string[]): boolean {
  const looked = lines.slice(0, mostLines);
  const read = looked.map((line, index) => readRow(line, index + 1));
  const [first] = read;
  if (first === undefined || !/^0+$/.test(first.offset)) return false;
  const long = first.digits >= 4;
  const rows = read.filter((row): row is DumpRow => row?.digits === first.digits);
  if (!long && rows.length < Math.min(looked.length, 4)) return false;
  const octets = pairsOf(first);
  if (octets === 0) return false;
  return [16, 10].some((base) => runsIn(rows, base, octets, long));
}

function runsIn(rows: readonly DumpRow[], base: number, octets: number, long: boolean): boolean {
  const values = rows.map(({ offset }) =>
    base === 10 && !/^[0-9]+$/.test(offset) ? -1 : Number.parseInt(offset, base),
  );
  const [, step = 0, third] = values;
  if (step < 1 || step > widest) return false;
  if (step === octets) return true;
  // The first line was folded, or an octet is missing: the other offsets say that they are some.
  if (third === undefined) return long && octets <= step;
  return values.slice(2, 8).every((value, index, all) => {
    const expected = step * (index + 2);
    return value === expected || (index === all.length - 1 && long && value > 0 && value < expected);
  });
}

/** Number of octets in two digits that a row begins with. */
function pairsOf({ rest }: DumpRow): number {
  const pairs = /^(?:\s+[0-9a-fA-F]{2}(?=\s|$))*/.exec(rest)?.[0] ?? '';
  return pairs.trim() === '' ? 0 : pairs.trim().split(/\s+/).length;
}

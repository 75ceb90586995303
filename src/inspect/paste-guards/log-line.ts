// Which of the hex in a line of a log is the octets of a message: names decide, and where they do not, it is refused. What stands
// among octets is never passed over.
import { PasteError } from '../paste-forms/paste-error.ts';
import { kindOfName, type NameKind, nameBefore } from '../paste-forms/value-names.ts';
import { refuseMasks, refuseStray } from './masked-octets.ts';

/** Where hex stands in a line. */
export interface HexPlace {
  readonly from: number;
  readonly to: number;
}

/** Words of hex with a separator between them. */
export interface HexRun extends HexPlace {
  readonly hex: string;
  readonly octets: number;
  readonly name: string | undefined;
  readonly kind: NameKind | undefined;
}

/** Octets at least that are taken for a message. */
const leastOctets = 6;
const run =
  /(?<![0-9A-Za-z_])(?:0x)?(?:[0-9a-f]{2})+(?:(?:[ \t]{1,4}|[:-])(?:0x)?(?:[0-9a-f]{2})+)*(?![0-9A-Za-z_])/gi;
/** Days, times and UUIDs, which no octets are written as. */
const others =
  /(?<![\w:-])(?:[12][0-9]{3}-[01][0-9]-[0-3][0-9](?:[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?)?|[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:[.,][0-9]{1,9})?(?!\s+[0-9a-f]{2}\b)|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![\w:-])/gi;

/**
 * Where the octets of a message stand in a line; `undefined` for a line that is hex alone, or has too little. `stamped` is
 * how much of it is a day and a time.
 * @throws {PasteError} where several may be meant, where only a value of another kind is there, and where octets are left out
 */
export function hexInLine(line: string, stamped: number, number: number): HexPlace | undefined {
  const plain = blankOf(line.slice(0, stamped)) + line.slice(stamped).replace(others, blankOf);
  const runs = runsIn(plain, line);
  const found = runs.filter(({ octets }) => octets >= leastOctets);
  if (found.length === 0) return undefined;
  refuseMasks(plain, number, runs);
  const one = chosen(found, number);
  const before = plain.slice(0, one.from);
  const to = endOf(plain, one);
  if (to === undefined || (before.trim() === '' && to === plain.trimEnd().length)) return undefined;
  refuseGuess(number, one, before);
  refuseDigit(number, before);
  refuseStray(number, runs, one);
  refuseSeveralWords(number, one);
  return { from: one.from, to };
}

function runsIn(plain: string, line: string): readonly HexRun[] {
  return [...plain.matchAll(run)].map(({ 0: hex, index }) => {
    const octets = hex.replace(/0x/gi, '').replace(/[^0-9a-f]/gi, '').length / 2;
    const name = nameBefore(line.slice(Math.max(index - 80, 0), index));
    const said = name === undefined ? undefined : kindOfName(name);
    // A phone number or a card's address is short; what is long behind `from host:` is what came from there.
    const kind = said === 'address' ? (octets < 8 ? 'other' : undefined) : said;
    return { from: index, to: index + hex.length, hex, octets, name, kind };
  });
}

/** @throws {PasteError} */
function chosen(found: readonly HexRun[], number: number): HexRun {
  const named = found.filter(({ kind }) => kind === 'data');
  const may = found.filter(({ kind }) => kind !== 'other');
  const likely = may.filter(({ hex }) => !/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(hex));
  const [one, second] = named.length > 0 ? named : likely.length > 0 ? likely : may;
  if (one === undefined) {
    const [first] = found;
    if (first !== undefined) refuseGuess(number, first, '=');
    const detail = `${first?.name ?? 'this'} names no octets of a message: paste the octets alone`;
    throw new PasteError(number, (first?.from ?? 0) + 1, detail);
  }
  if (second !== undefined) {
    const names = [one, second].map(({ name, from }) => name ?? `the hex at column ${from + 1}`);
    const detail = `${names.join(' and ')} may both be the octets: paste one of them`;
    throw new PasteError(number, second.from + 1, detail);
  }
  return one;
}

/** Where the octets end; `undefined` where what follows may belong to them. */
function endOf(plain: string, { from, to, hex, kind }: HexRun): number | undefined {
  const rest = plain.slice(to);
  if (/^\s*["')\]}>]*\s*[;.,]?\s*$/.test(rest)) return to;
  const isEnclosed = /["'([{<]$/.test(plain.slice(0, from)) && /^["')\]}>]/.test(rest);
  const isWord = kind === 'data' && !/\s/.test(hex) && /^[\s,;]/.test(rest);
  const isNext = /^["')\]}>]*[,;]?\s+["'([{<]*[A-Za-z][\w.-]*(?:["']?\s*[=:]|\s*\[)/.test(rest);
  return isEnclosed || isWord || isNext ? to : undefined;
}

/** Numbers before the hex, and values of other names, may belong to it or not. @throws {PasteError} */
function refuseGuess(number: number, { from, hex, octets, kind }: HexRun, before: string): void {
  const [first = '', second] = hex.split(/\s+/);
  const attached = /[=:\w]["'([{<]?$/.test(before) && kind !== 'data';
  const counts = Number(first) === octets - 1;
  const follows = second !== undefined && first.length === 2;
  if ((attached && second !== undefined && first.length < 16) || (follows && counts)) {
    const detail = `${JSON.stringify(first)} may be an octet, or belong to what is before it: paste the octets alone`;
    throw new PasteError(number, from + 1, detail);
  }
}

/** A digit alone before the hex may be an octet without its zero. @throws {PasteError} */
function refuseDigit(number: number, before: string): void {
  const digit = /(?:^|[\s=:[(<{"'])((?:0x)?[0-9a-f](?:[0-9a-f]{2})?)\s+$/i.exec(before);
  if (digit === null) return;
  const [all, found = ''] = digit;
  const detail = `"${found}" may be an octet or none: write octets in two digits, or paste them alone`;
  throw new PasteError(number, digit.index + all.indexOf(found) + 1, detail);
}

/** Words that are long enough to be a message each, of several lengths. @throws {PasteError} */
function refuseSeveralWords(number: number, { from, hex }: HexRun): void {
  const words = hex.split(/\s+/);
  const [first = ''] = words;
  if (words.length < 2 || !words.every(({ length }) => length >= 16)) return;
  // Segments of one message, of which the last is shorter.
  const alike = words.slice(0, -1).every(({ length }) => length === first.length);
  if (alike && (words.at(-1) ?? '').length <= first.length) return;
  const detail = 'two words of hex, which may be one message or two values: paste the octets alone';
  throw new PasteError(number, from + 1, detail);
}

function blankOf(text: string): string {
  return ' '.repeat(text.length);
}

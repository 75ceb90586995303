// String literals with escapes, and what stands beside them: literals that a language joins are one text, others are another one,
// which is never added to it.
import { lineAndColumn } from '../../core/index.ts';
import type { CutMark } from '../paste-forms/cut-mark.ts';
import { readLiteral } from '../paste-forms/escaped-text.ts';
import { checkLength, PasteError } from '../paste-forms/paste-error.ts';
import { kindOfName, type NameKind, nameBefore } from '../paste-forms/value-names.ts';

/** Octets, and what was said beside them. */
export interface ReadLiterals {
  readonly octets: Uint8Array;
  /** That another text stands beside the one that was taken, and where. */
  readonly note?: CutMark;
  /** That dots follow the text that was taken: it is longer. */
  readonly cut?: CutMark;
}

interface Literal {
  /** Of the opening quote. */
  readonly start: number;
  /** Behind the closing quote. */
  readonly end: number;
  readonly octets: number[];
  /** True where an octet is spelt that is no plain text. */
  readonly spelt: boolean;
  /** A name in quotes before it. */
  readonly name: string | undefined;
  repeated: boolean;
}

/** Literals that a language joins. */
interface Joined {
  readonly start: number;
  end: number;
  readonly octets: number[];
  spelt: boolean;
  readonly kind: NameKind | undefined;
}

/** Alone between two literals, it joins them: white space, or a sign that does so in C, Python, PHP, Lua, SQL or Haskell. */
const joins = /^\s*(?:\+|\.{1,2}|\\|\|\||<>|&)?\s*(?:[bB]|u8|@|\$|[eE])?$/;
/** What a literal has before its quote. */
const prefix = /(?<![\w])(?:[bBuUrRLEe@$]|br|rb|u8|bytes|bytearray)?\(?$/;

/**
 * The octets of the literals in a text.
 * @throws {PasteError} for a second text that may be meant as well, and what `readLiteral` refuses
 */
export function readLiterals(text: string): ReadLiterals {
  const all = joinedOf(text, literalsOf(text));
  const [first] = all;
  if (first === undefined) return { octets: new Uint8Array(0) };
  const taken = all.length === 1 ? first : chosenOf(text, all);
  refuseOctetsBefore(text, taken.start);
  const cut = cutBehind(text, taken.end);
  const octets = { octets: Uint8Array.from(taken.octets), ...(cut === undefined ? {} : { cut }) };
  const beside = all.find((each) => each !== taken);
  if (beside === undefined) return octets;
  const { line, column } = lineAndColumn(text, beside.start);
  const message =
    'another text stands here, which was not read: the one with octets, or named as such, was taken';
  return { ...octets, note: { line, column, message } };
}

/** strace and others print dots behind the quotes of what they have cut. */
function cutBehind(text: string, end: number): CutMark | undefined {
  if (!/^(?:\.{3}(?!\.)|…)/.test(text.slice(end, end + 4))) return undefined;
  const message = 'the text was cut here, where it was printed: octets are missing behind';
  return { ...lineAndColumn(text, end), message };
}

/** The one of several that is meant. @throws {PasteError} */
function chosenOf(text: string, all: readonly Joined[]): Joined {
  const named = all.filter(({ kind }) => kind === 'data');
  const spelt = all.filter(({ spelt: each, kind }) => each && kind !== 'other' && kind !== 'address');
  const [one] = named.length > 0 ? named : spelt;
  const rivals = new Set([...named, ...spelt]);
  if (one !== undefined && rivals.size === 1) return one;
  const second = [...rivals][1] ?? all[1];
  throw PasteError.at(text, second?.start ?? 0, 'a second text: paste one of these values');
}

function literalsOf(text: string): readonly Literal[] {
  const literals: Literal[] = [];
  let key = { name: '', end: 0 };
  let at = 0;
  while (at < text.length) {
    const quote = text.charAt(at);
    const repeats = quote === '<' ? /^<repeats ([0-9]{1,7}) times>/.exec(text.slice(at, at + 40)) : null;
    if (repeats !== null) {
      repeat(text, at, literals.at(-1), Number(repeats[1]));
      at += repeats[0].length;
    } else if (quote === '/' && text.charAt(at + 1) === '*') {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 2;
    } else if (quote === '"' || quote === "'") {
      const start = at;
      const octets: number[] = [];
      at = readLiteral(text, at, quote, octets);
      const inner = text.slice(start + 1, at - 1);
      // The name of a value: {"payload": "…"}.
      if (/^\s*(?::(?!:)|=>)/.test(text.slice(at, at + 16))) key = { name: inner, end: at };
      else {
        const isNamed = /^\s*(?::|=>)\s*[[({]?\s*$/.test(
          text.slice(key.end, start).slice(0, 200).replace(prefix, ''),
        );
        const name = isNamed ? key.name : undefined;
        literals.push({ start, end: at, octets, spelt: isSpelt(inner), name, repeated: false });
      }
    } else {
      if (quote === '\\' && /^\\x[0-9a-fA-F]{2}/.test(text.slice(at, at + 4))) {
        throw PasteError.at(text, at, 'an octet outside the quotes');
      }
      at += 1;
    }
  }
  return literals;
}

function isSpelt(inner: string): boolean {
  return /\\(?:x[0-9a-f]{2}|x\{|[0-7]{1,3}|u00|[abtvfe])/i.test(inner);
}

function repeat(text: string, at: number, last: Literal | undefined, times: number): void {
  if (last === undefined || last.octets.length !== 1) {
    throw PasteError.at(text, at, 'what is repeated is not one character');
  }
  checkLength(times, 1);
  const [octet = 0] = last.octets;
  for (let more = times - 1; more > 0; more -= 1) last.octets.push(octet);
  last.repeated = true;
}

function joinedOf(text: string, literals: readonly Literal[]): readonly Joined[] {
  const all: Joined[] = [];
  let before: Literal | undefined;
  for (const literal of literals) {
    const last = all.at(-1);
    if (before !== undefined && last !== undefined && isJoined(text, before, literal)) {
      for (const octet of literal.octets) last.octets.push(octet);
      checkLength(last.octets.length, 1);
      last.end = literal.end;
      last.spelt ||= literal.spelt;
    } else {
      const { start, end, octets, spelt } = literal;
      all.push({ start, end, octets: [...octets], spelt, kind: kindOf(text, before, literal) });
    }
    before = literal;
  }
  return all;
}

function isJoined(text: string, before: Literal, next: Literal): boolean {
  const between = text
    .slice(before.end, next.start)
    .replace(/\/\*.*?\*\/|\/\/[^\r\n]*/gs, ' ')
    .replace(/<repeats [0-9]+ times>/g, ' ');
  // gdb sets a comma before and behind what is repeated.
  if ((before.repeated || next.repeated || followsRepeat(text, next)) && /^\s*,\s*$/.test(between))
    return true;
  // What a log leaves empty is a value of its own.
  if (isDash(before) || isDash(next)) return false;
  return joins.test(between);
}

function followsRepeat(text: string, next: Literal): boolean {
  return /^\s*<repeats /.test(text.slice(next.end, next.end + 24));
}

function isDash({ octets }: Literal): boolean {
  return octets.length === 1 && octets[0] === 0x2d;
}

function kindOf(text: string, before: Literal | undefined, literal: Literal): NameKind | undefined {
  const { start } = literal;
  if (literal.name !== undefined) return kindOfName(literal.name);
  const lead = text.slice(Math.max(before?.end ?? 0, start - 200), start).replace(prefix, '');
  const name = /[=:]\s*$/.test(lead) ? nameBefore(lead) : undefined;
  return name === undefined ? undefined : kindOfName(name);
}

/** Octets in hex right before the quotes are none of it, and not to be lost. @throws {PasteError} */
function refuseOctetsBefore(text: string, start: number): void {
  const found = /(?<![\w.:-])(?:[0-9a-f]{2}[\s:-]+){2,}(?:[bB]|u8)?$/i.exec(
    text.slice(Math.max(start - 200, 0), start),
  );
  if (found === null) return;
  const at = Math.max(start - 200, 0) + found.index;
  throw PasteError.at(
    text,
    at,
    'octets in hex stand before a text in quotes: paste one of them, or all in hex',
  );
}

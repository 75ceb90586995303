// A filter's text as tokens with their columns.
import { FilterError } from './filter-error.ts';

/** What a token is. `literal`: a number, a moment or a duration, as it stands. */
export type TokenKind = 'word' | 'text' | 'literal' | 'sign' | 'end';

/** One token. */
export interface Token {
  readonly kind: TokenKind;
  /** A word or sign as it stands; a text without its quotes and escapes. */
  readonly text: string;
  /** Where it begins: characters from 1. */
  readonly column: number;
  /** It stands right behind the one before. */
  readonly joined: boolean;
}

const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ['word', /[A-Za-z_][A-Za-z0-9_.-]*/y],
  ['literal', /[0-9][0-9A-Za-z:.+-]*/y],
  ['sign', /!=|<=|>=|[=<>(),]/y],
];

/** Divides a text; the last token is its end. @throws {FilterError} */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    const from = at;
    while (/[ \t\r\n]/.test(text.charAt(at))) at += 1;
    const where = { column: columnOf(text, at), joined: from === at && at > 0 };
    if (at >= text.length) return [...tokens, { kind: 'end', text: '', ...where }];
    if (text.charAt(at) === '"') {
      const { value, end } = quoted(text, at);
      tokens.push({ kind: 'text', text: value, ...where });
      at = end;
      continue;
    }
    const found = tokenAt(text, at);
    if (found === undefined) throw unknown(text, at);
    tokens.push({ ...found, ...where });
    at += found.text.length;
  }
}

function tokenAt(text: string, at: number): Pick<Token, 'kind' | 'text'> | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found };
  }
  return undefined;
}

/** Column of a place: characters, not code units. */
function columnOf(text: string, at: number): number {
  return [...text.slice(0, at)].length + 1;
}

function quoted(text: string, start: number): { readonly value: string; readonly end: number } {
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const each = text.charAt(at);
    if (each === '"') return { value, end: at + 1 };
    if (each !== '\\') {
      value += each;
      continue;
    }
    const escaped = text.charAt(at + 1);
    if (escaped !== '"' && escaped !== '\\') {
      throw new FilterError(columnOf(text, at), 'a backslash alone in a text', '\\" or \\\\');
    }
    value += escaped;
    at += 1;
  }
  throw new FilterError(columnOf(text, start), 'a text that does not end', 'a closing "');
}

function unknown(text: string, at: number): FilterError {
  const [character = ''] = text.slice(at);
  if (character === "'") {
    return new FilterError(columnOf(text, at), "a text in ' quotes", 'texts in " quotes');
  }
  const shown = JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0));
  return new FilterError(columnOf(text, at), `the character ${shown}`, 'a field, a value or a sign');
}

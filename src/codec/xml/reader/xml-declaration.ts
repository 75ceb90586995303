// The XML declaration: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` (XML-1.0 §2.8).

import { isSpace, marks, type XmlInput } from './input.ts';

/** What it says, in this order; only the version has to be there. */
const parts: readonly (readonly [string, RegExp, string])[] = [
  ['version', /^1\.[0-9]+$/, 'version number must be 1 and a minor number, such as 1.0'],
  ['encoding', /^[A-Za-z][A-Za-z0-9._-]*$/, 'encoding must be the name of a charset'],
  ['standalone', /^(?:yes|no)$/, 'standalone must be yes or no'],
];

/**
 * Reads the declaration from behind its `<?xml` to its end. Documents of any version 1.x are read by the rules of 1.0, as
 * its fifth edition has it. @throws {DecodeError} BAD_VALUE, TRUNCATED
 */
export function readXmlDeclaration(input: XmlInput): void {
  const { text } = input;
  let next = 0;
  for (;;) {
    const spaced = input.space();
    if (text.charCodeAt(input.at) === marks.question) break;
    if (!spaced) throw input.unexpected('white space required');
    next = readPart(input, next);
  }
  input.at += 1;
  if (text.charCodeAt(input.at) !== marks.greater) {
    throw input.unexpected('the character ? is not allowed within an XML declaration');
  }
  input.at += 1;
  if (next === 0) throw input.error('BAD_VALUE', 'XML declaration must contain a version');
}

/** Whatever stands where a name has to, up to what ends a name. */
const partName = /[^? \t\n][^=? \t\n]*/y;

/** Reads one part, which must not come before the part `next`; returns which may follow it. */
function readPart(input: XmlInput, next: number): number {
  const { text, at } = input;
  partName.lastIndex = at;
  const spelled = partName.exec(text)?.[0] ?? '';
  const found = parts.findIndex(([name]) => name === spelled);
  input.at = at + spelled.length;
  if (input.at === text.length) throw input.ended();
  const isAllowed = next === 0 ? found === 0 : found >= next;
  const part = isAllowed ? parts[found] : undefined;
  if (part === undefined) {
    const names = parts.slice(next, next === 0 ? 1 : parts.length).map(([name]) => name);
    throw input.unexpected(
      names.length === 0 ? 'nothing more is expected' : `expected ${names.join(' or ')}`,
    );
  }
  input.space();
  if (text.charCodeAt(input.at) !== marks.equals) throw input.unexpected('value required');
  input.at += 1;
  input.space();
  const [, form, wrong] = part;
  if (!form.test(quoted(input))) throw input.error('BAD_VALUE', wrong);
  return found + 1;
}

function quoted(input: XmlInput): string {
  const { text, at } = input;
  const quote = text.charCodeAt(at);
  if (quote !== marks.quote && quote !== marks.apostrophe) throw input.unexpected('value must be quoted');
  let end = at + 1;
  for (let code = text.charCodeAt(end); code !== quote; code = text.charCodeAt(end)) {
    input.at = end;
    // No value has a question mark: the declaration ends here.
    if (code === marks.question) throw input.unexpected('XML declaration is incomplete');
    if (end >= text.length) throw input.ended();
    end += 1;
  }
  input.at = end + 1;
  return text.slice(at + 1, end);
}

/** True when a processing instruction's name ends at `at`. */
export function targetEndsAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === marks.question || isSpace(code);
}

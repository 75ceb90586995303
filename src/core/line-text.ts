// Texts that name something: identifiers, addresses, names. They are shown in logs, lists and terminals, stand in headers
// and messages, and are compared octet by octet, so nothing in them may steer, break or disguise a line.
import { ValueError } from './errors.ts';

/** Controls (C0, DEL, C1), ends of lines, controls of the direction of writing, and halves of surrogate pairs. */
const unfit = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** What makes a text unfit to name something, and where; `undefined` when nothing does. */
export function lineFault(text: string): string | undefined {
  const found = unfit.exec(text);
  return found === null ? undefined : `${describe(found[0])} at character ${found.index + 1}`;
}

/** Passes a text through that may name something. @throws {ValueError} BAD_FORMAT at `path`, with the character */
export function requireLine(text: string, path: string): string {
  const fault = lineFault(text);
  if (fault === undefined) return text;
  throw new ValueError('BAD_FORMAT', `holds ${fault}: leave it out`, path);
}

/**
 * Passes a text through that UTF-8 can carry: without half a surrogate pair, which would turn into another character on
 * its way. Whatever else it holds is the affair of whoever reads it.
 * @throws {ValueError} BAD_FORMAT at `path`
 */
export function requireWellFormed(text: string, path: string): string {
  if (text.isWellFormed()) return text;
  const at = [...text].findIndex((character) => !character.isWellFormed());
  throw new ValueError(
    'BAD_FORMAT',
    `holds half a surrogate pair at character ${at + 1}, which is no text`,
    path,
  );
}

/** A stranger's text as part of a line of ours: what is unfit for one as `?`, and no more than `maxLength` characters. */
export function toLine(text: string, maxLength: number): string {
  let line = '';
  let length = 0;
  for (const character of text) {
    if (length >= maxLength) return `${line}…`;
    line += unfit.test(character) ? '?' : character;
    length += 1;
  }
  return line;
}

/** Characters of a peer's text that `printable` leaves, at most. */
const longestShown = 512;

/** Text of a peer, made safe to print: control and direction-changing characters out, white space in one, cut. */
export function printable(text: string): string {
  const safe = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
  const shown = [...safe];
  return shown.length <= longestShown ? safe : `${shown.slice(0, longestShown).join('')}…`;
}

function describe(character: string): string {
  const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const kind = /\p{Cs}/u.test(character)
    ? 'half a surrogate pair'
    : /[\p{Cc}\p{Zl}\p{Zp}]/u.test(character)
      ? 'a control character'
      : 'a control of the direction of writing';
  return `U+${number}, ${kind},`;
}

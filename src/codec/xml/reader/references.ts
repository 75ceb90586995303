// References: to characters, and to the five entities that XML 1.0 has by itself. Others cannot be defined here.
import { isNcName, isXmlCodePoint } from '../document/characters.ts';
import { nameEnd } from '../document/names.ts';
import { marks, type XmlInput } from './input.ts';

const predefined: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** What the reference at the cursor stands for; afterwards the cursor is behind it (XML-1.0 §4.1). @throws {DecodeError} */
export function readReference(input: XmlInput): string {
  input.at += 1;
  return input.text.charCodeAt(input.at) === marks.hash ? readCharacter(input) : readEntity(input);
}

function readEntity(input: XmlInput): string {
  const { text, at } = input;
  const end = nameEnd(text, at);
  const name = text.slice(at, end);
  toSemicolon(input, end, 'disallowed character in entity name');
  const found = predefined.get(name);
  if (found !== undefined) return found;
  if (name === '') throw input.error('BAD_VALUE', 'empty entity name');
  const detail = isNcName(name) ? 'undefined entity' : 'disallowed character in entity name';
  throw input.error('BAD_VALUE', detail);
}

const decimal = /[0-9]*/y;
const hexadecimal = /[0-9a-fA-F]*/y;

function readCharacter(input: XmlInput): string {
  const { text } = input;
  const isHex = text.startsWith('x', input.at + 1);
  const digits = isHex ? hexadecimal : decimal;
  digits.lastIndex = input.at + (isHex ? 2 : 1);
  const number = digits.exec(text)?.[0] ?? '';
  toSemicolon(input, digits.lastIndex, 'malformed character entity');
  // Without a digit it is no number, and so no character.
  const code = Number.parseInt(number, isHex ? 16 : 10);
  if (!isXmlCodePoint(code)) throw input.error('BAD_VALUE', 'malformed character entity');
  return String.fromCodePoint(code);
}

function toSemicolon(input: XmlInput, end: number, otherwise: string): void {
  input.at = end;
  if (input.text.charCodeAt(end) !== marks.semicolon) throw input.unexpected(otherwise);
  input.at = end + 1;
}

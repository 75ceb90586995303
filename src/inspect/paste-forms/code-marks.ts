// Octets between the backticks of Markdown, in a sentence or alone on a line; and as Swift and Objective-C print them: <06050403 0b>.
import { isBase64Text } from './base64-text.ts';
import { blank } from './hex-marks.ts';
import { PasteError } from './paste-error.ts';

/** Text between backticks, one to three of them, on one line or several. */
const ticks = /(`{1,3})(?!`)((?:[a-z]{1,12}[ \t])?)([^`]+?)\1(?!`)/g;

/** Lines at most of a text with octets in a sentence: what is longer is a document. */
const mostLines = 12;

function linesOf(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '').length;
}

/**
 * The text with nothing but what stands between backticks, where that is octets and nothing else is; several only where each has a line of
 * its own.
 * @throws {PasteError} for several on a line
 */
export function withoutTicks(text: string): string {
  if (!text.includes('`') || linesOf(text) > mostLines) return text;
  const found = [...text.matchAll(ticks)].filter(({ 3: inner = '' }) => holdsOctets(inner.trim()));
  if (found.length === 0) return text;
  let plain = '';
  let line = '\n';
  for (const { 0: all, 1: mark = '', 2: language = '', 3: inner = '', index } of found) {
    const between = text.slice(plain.length, index);
    // A call of a program has backticks as its quotes.
    if (/\(\s*$/.test(between)) return text;
    if (!/\n/.test(line + between)) {
      const detail = 'a second text of octets in this line: give one of them, or each on its own line';
      throw PasteError.at(text, index, detail);
    }
    plain += blank(between) + blank(mark + language) + inner + blank(mark);
    line = text.slice(index + all.length, plain.length);
  }
  return plain + blank(text.slice(plain.length));
}

function holdsOctets(inner: string): boolean {
  const digits = inner.replace(/[^0-9a-fA-F]/g, '').length;
  if (/^(?:0x)?[0-9a-fA-F][0-9a-fA-F\s:.…-]*$/.test(inner)) return digits >= 8;
  return (
    isBase64Text(inner) ||
    /^(?:\\x[0-9a-f]{2}){2}/i.test(inner) ||
    /^[[{(]\s*(?:0x)?[0-9a-f]{1,3}\s*,/i.test(inner)
  );
}

/** `<06050403 0b>` of NSData without its brackets, and `{length = 5, bytes = 0x06050403 0b}` without its words. */
export function withoutDataBrackets(text: string): string {
  const bare =
    /^\s*<(?=[^>]*(?:[0-9]|\s))((?:[0-9a-f]{2}){1,4}(?:\s+(?:[0-9a-f]{2}){1,4})+|[0-9a-f]{8,})>[\s;]*$/i.exec(
      text,
    );
  if (bare !== null) return text.replace(/[<>;]/g, ' ');
  const named = /^(\s*\{\s*length\s*=\s*([0-9]+)\s*,\s*bytes\s*=\s*0x)([0-9a-f\s.…]*)(\}\s*;?\s*)$/i.exec(
    text,
  );
  if (named === null) return text;
  const [, before = '', said = '', inner = '', after = ''] = named;
  const octets = inner.replace(/[^0-9a-f]/gi, '').length / 2;
  if (!/[.…]/.test(inner) && octets !== Number(said)) {
    const detail = `length is ${said}, and ${octets} octets are there: some are missing, or were added`;
    throw PasteError.at(text, before.length, detail);
  }
  return blank(before) + inner + blank(after);
}

// Octets in any form that people paste: the form is found out from the whole text, and no form is a guess among several.
import { bytesToUtf8, utf8ToBytes, ValueError } from '../../core/index.ts';
import { isBase64Text, readBase64Texts } from './base64-text.ts';
import { isEscapedText, readEscapedText } from './escaped-text.ts';
import { isHexDump, readHexDump } from './hex-dump.ts';
import { type HexLineRules, HexLines, isHexLine, type PastedMessage } from './hex-lines.ts';
import { isModemLine } from './modem-line.ts';
import { isNumberList, readNumberLists } from './number-list.ts';
import { checkLength, PasteError } from './paste-error.ts';
import { isPercentText, readPercentText } from './percent-text.ts';
import { unwrappedText } from './unwrapped-text.ts';

/** Lines of a file of hex at most. */
const mostLines = 250_000;

/** Forms that octets are pasted in. */
export const inputForms = ['lines', 'hex', 'dump', 'list', 'escaped', 'percent', 'base64', 'binary'] as const;

/** One of `inputForms`: `lines` is hex with one message a line, `hex` one message, `binary` octets as they are. */
export type InputForm = (typeof inputForms)[number];

/**
 * The form of the octets of a file; `undefined` when they are in none. Text of XML, SIP and MIME is `binary`, for its
 * octets are the message.
 */
export function formOf(octets: Uint8Array): InputForm | undefined {
  const text = textOf(octets);
  return text === undefined ? 'binary' : formOfText(text);
}

/** As `formOf`, of a text. */
export function formOfText(given: string): InputForm | undefined {
  // Controls tell octets from text.
  if (/\p{Cc}/u.test(given.replace(/[\t\n\v\f\r]/g, '').replace(/\u00a0/g, ' '))) return 'binary';
  const text = unwrappedText(given);
  if (/^\s*<Buffer /.test(text)) return 'list';
  if (/^\s*</.test(text) || isProtocolText(text)) return 'binary';
  if (isEscapedText(text)) return 'escaped';
  if (isHexDump(text)) return 'dump';
  const first = text.split(/\r\n|\n|\r/).find((line) => line.trim() !== '') ?? '';
  if (isModemLine(first) || (isHexLine(first) && !isNumberList(first))) return 'lines';
  if (isPercentText(text)) return 'percent';
  if (isNumberList(text)) return 'list';
  return isBase64Text(text) ? 'base64' : undefined;
}

/** SIP messages, HTTP requests and MIME bodies: their text is their octets. */
function isProtocolText(text: string): boolean {
  return /^\s*(?:[A-Z]+ \S+ (?:SIP|HTTP)\/|SIP\/2\.0 |Content-Type:|--[^\s-]\S*\r?\n[\w-]+:)/i.test(text);
}

/** The messages of a file, or of a text. An unreadable one is an error in its place. */
export function readPasted(
  octets: Uint8Array,
  form: InputForm | undefined,
  rules: HexLineRules,
): readonly PastedMessage[] {
  const given = textOf(octets) ?? '';
  const found = form ?? formOf(octets) ?? 'lines';
  const text = found === 'binary' ? given : unwrappedText(given);
  try {
    switch (found) {
      case 'binary':
        return [{ parts: [asWritten(octets, text)] }];
      case 'dump':
        return readHexDump(text).map((part) => ({ parts: [part] }));
      case 'list':
        return readNumberLists(text).map(checked);
      case 'escaped':
        return [checked(readEscapedText(text))];
      case 'percent':
        return [checked(readPercentText(text))];
      case 'base64':
        return readBase64Texts(text).map(checked);
      case 'hex':
        return readLines([text.replace(/\s+/g, ' ')], { ...rules, oneEach: true });
      case 'lines':
        return readLines(linesOf(text), rules, text === given ? [] : linesOf(given));
    }
  } catch (error) {
    if (error instanceof ValueError) return [{ error }];
    throw error;
  }
}

function checked(octets: Uint8Array): PastedMessage {
  checkLength(octets.length, 1);
  return { parts: [octets] };
}

/** `given` are the lines as they were: those that gave way as a whole are no empty lines. */
function readLines(
  lines: readonly string[],
  rules: HexLineRules,
  given: readonly string[] = [],
): readonly PastedMessage[] {
  const reader = new HexLines(rules);
  const isEmpty = (line: string): boolean => line.trim() === '';
  const [start, end] =
    given.length === 0
      ? [0, lines.length]
      : [lines.findIndex((line) => !isEmpty(line)), lines.findLastIndex((line) => !isEmpty(line)) + 1];
  const read = lines.flatMap((line, index) => {
    const gone = isEmpty(line) && !isEmpty(given[index] ?? '');
    return gone || index < start || index >= end ? [] : reader.push(line, index + 1);
  });
  return [...read, ...reader.end()];
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length > mostLines) {
    const detail = `more than ${mostLines} lines: pipe them in, then they are read one by one`;
    throw new PasteError(mostLines + 1, 1, detail);
  }
  return lines;
}

/** The octets; a protocol's text that lost its CRs in a terminal or an editor has them again. */
function asWritten(octets: Uint8Array, text: string): Uint8Array {
  checkLength(octets.length, 1);
  if (/^\s*</.test(text) || text.includes('\r') || !isProtocolText(text)) return octets;
  return utf8ToBytes(text.trimStart().replace(/\n/g, '\r\n'));
}

/** The text that octets are; UTF-16 with a byte order mark is what PowerShell writes. `undefined` for octets that are none. */
function textOf(octets: Uint8Array): string | undefined {
  const [a, b] = octets;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    const text = new TextDecoder(a === 0xff ? 'utf-16le' : 'utf-16be').decode(octets);
    if (/^[\t\n\r -~]*$/.test(text)) return text;
  }
  return bytesToUtf8(octets)?.replace(/^\ufeff(?!\s*<)/, '');
}

// Octets in any form that people paste: the form is found out from the whole text, and no form is a guess among several.
import { bytesToUtf8, utf8ToBytes, ValueError } from '../../core/index.ts';
import { isBase64Text, readBase64Texts } from '../paste-forms/base64-text.ts';
import { base64InCall } from '../paste-forms/code-call.ts';
import { type CutMark, withoutCutMark } from '../paste-forms/cut-mark.ts';
import { isDebuggerDump, readDebuggerDump } from '../paste-forms/debugger-dump.ts';
import { isEscapedText } from '../paste-forms/escaped-text.ts';
import { isBinaryTerm, isNumberList, readNumberLists } from '../paste-forms/number-list.ts';
import { isOdDump, readOdDump } from '../paste-forms/od-dump.ts';
import { checkLength, PasteError } from '../paste-forms/paste-error.ts';
import { isPem, readPem } from '../paste-forms/pem-text.ts';
import { isPercentText, readPercentText } from '../paste-forms/percent-text.ts';
import { readEscapedText } from '../paste-guards/escaped-texts.ts';
import { heldCounts } from '../paste-tools/declared-count.ts';
import { plainEscapes, plainForm } from '../paste-tools/plain-form.ts';
import { isHexDump, readHexDump } from './hex-dump.ts';
import { type HexLineRules, HexLines, isHexLine, type PastedMessage } from './hex-lines.ts';
import type { InputForm } from './input-forms.ts';
import { isKannelDump, readKannelDumps } from './log-text.ts';
import { isModemLine } from './modem-line.ts';
import { isMarkup, isProtocolText, plainLines, unwrappedText } from './unwrapped-text.ts';
import { refuseTurnedWords } from './word-order.ts';

/** Lines of a file of hex at most. */
const mostLines = 250_000;

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
  try {
    return formFound(given);
  } catch (error) {
    // What is ambiguous is told with its place where it is read.
    if (error instanceof PasteError) return 'lines';
    throw error;
  }
}

/** @throws {PasteError} */
function formFound(asGiven: string): InputForm | undefined {
  const given = plainForm(asGiven);
  // Controls tell octets from text.
  if (/\p{Cc}/u.test(given.replace(/[\t\n\v\f\r]/g, '').replace(/\u00a0/g, ' '))) return 'binary';
  if (isKannelDump(given)) return 'dump';
  const lines = plainLines(given);
  if (isPem(lines)) return 'base64';
  if (isDebuggerDump(lines) || isOdDump(lines)) return 'dump';
  const { text, form } = unwrapped(given);
  if (form !== undefined) return form;
  if (/^\s*<Buffer /.test(text) || isBinaryTerm(text)) return 'list';
  if (isMarkup(text) || isProtocolText(text)) return 'binary';
  // A text column may look like escapes.
  if (isHexDump(text)) return 'dump';
  if (isEscapedText(text)) return 'escaped';
  const first = text.split(/\r\n|\n|\r/).find((line) => line.trim() !== '') ?? '';
  if (isModemLine(first) || (isHexLine(first) && !isNumberList(first))) return 'lines';
  if (isPercentText(text)) return 'percent';
  if (isNumberList(text)) return 'list';
  return isBase64Text(text) ? 'base64' : undefined;
}

/** The messages of a file, or of a text. An unreadable one is an error in its place. */
export function readPasted(
  octets: Uint8Array,
  form: InputForm | undefined,
  rules: HexLineRules,
): readonly PastedMessage[] {
  const asGiven = textOf(octets) ?? '';
  const found = form ?? formOf(octets) ?? 'lines';
  try {
    const messages = readForm(octets, asGiven, found, form, rules);
    if (messages.length > 0 || asGiven.trim() === '') return messages;
    throw new PasteError(1, 1, 'no octets stand in this text where they are looked for: paste them alone');
  } catch (error) {
    if (error instanceof ValueError) return [{ error }];
    throw error;
  }
}

/** `form` is the one that was asked for. @throws {PasteError} {ValueError} */
function readForm(
  octets: Uint8Array,
  asGiven: string,
  found: InputForm,
  form: InputForm | undefined,
  rules: HexLineRules,
): readonly PastedMessage[] {
  if (found === 'binary') return [{ parts: [asWritten(octets, asGiven)] }];
  const given = form === 'hex' || form === 'lines' ? asGiven : plainForm(asGiven);
  if (found === 'dump') return readDumps(given).map((part) => ({ parts: [part] }));
  const lines = plainLines(given);
  if (found === 'base64' && isPem(lines)) return readPem(lines).map(checked);
  const { text, cut } = unwrapped(given);
  const messages = readText(text, found, rules, text === given ? [] : linesOf(given));
  if (cut !== undefined) return withCut(messages, cut);
  return found === 'list' ? withCounts(messages, given) : messages;
}

function readDumps(given: string): readonly Uint8Array[] {
  if (isKannelDump(given)) return readKannelDumps(given);
  const lines = plainLines(given);
  if (isDebuggerDump(lines)) return [readDebuggerDump(lines)];
  return isOdDump(lines) ? [readOdDump(lines)] : readHexDump(unwrappedText(given));
}

/** Lists held against the lengths that they are declared with. @throws {PasteError} */
function withCounts(messages: readonly PastedMessage[], text: string): readonly PastedMessage[] {
  const lengths = messages.map((each) => ('parts' in each ? (each.parts[0]?.length ?? 0) : 0));
  const note = heldCounts(text, lengths);
  if (note === undefined) return messages;
  return messages.map((each) => ('parts' in each ? { ...each, notes: [note] } : each));
}

/** Octets that were cut where they were printed are missing from the last message. */
function withCut(messages: readonly PastedMessage[], cut: CutMark): readonly PastedMessage[] {
  return messages.map((message, index) =>
    'parts' in message && index === messages.length - 1 ? { ...message, cut } : message,
  );
}

/** A text without what stands around its octets, and the form that this says they are in. */
function unwrapped(given: string): {
  readonly text: string;
  readonly form?: InputForm;
  readonly cut?: CutMark;
} {
  if (given.length > longestCut) return { text: unwrappedText(given) };
  const lines = plainLines(given);
  const call = base64InCall(lines);
  if (call !== undefined) return { text: call, form: 'base64' };
  const isText = /^\s*<(?!Buffer |[0-9a-f\s]+[.…])/i.test(given) || isProtocolText(lines) || isHexDump(lines);
  if (isText) return { text: unwrappedText(given) };
  const { text, cut } = withoutCutMark(lines);
  return cut === undefined ? { text: unwrappedText(given) } : { text: unwrappedText(text), cut };
}

/** Characters of a text at most of which it is asked whether it was cut. */
const longestCut = 1_000_000;

function readText(
  text: string,
  form: Exclude<InputForm, 'binary' | 'dump'>,
  rules: HexLineRules,
  given: readonly string[],
): readonly PastedMessage[] {
  switch (form) {
    case 'list':
      return readNumberLists(text).map(checked);
    case 'escaped':
      return [escaped(plainEscapes(text))];
    case 'percent':
      return [checked(readPercentText(text))];
    case 'base64':
      return readBase64Texts(text).map(checked);
    case 'hex':
      return readLines([text.replace(/\s+/g, ' ')], { ...rules, oneEach: true, folded: true });
    case 'lines':
      refuseTurnedWords(text, rules);
      return readLines(linesOf(text), rules, given);
  }
}

function checked(octets: Uint8Array): PastedMessage {
  checkLength(octets.length, 1);
  return { parts: [octets] };
}

function escaped(text: string): PastedMessage {
  const { octets, note, cut } = readEscapedText(text);
  const said = { ...(note === undefined ? {} : { notes: [note] }), ...(cut === undefined ? {} : { cut }) };
  return { ...checked(octets), ...said };
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

// The messages that `reveille decode` is given: as arguments, in a file, or on standard input.
import { stat } from 'node:fs/promises';
import { ConfigError, utf8ToBytes } from '../../core/index.ts';
import {
  type HexLineRules,
  HexLines,
  type InputForm,
  isHexDump,
  isHexLine,
  isModemLine,
  isNumberList,
  type PastedMessage,
} from '../../inspect/index.ts';
import { type Io, UsageError } from '../io/io.ts';
import { readOctets } from '../io/read-octets.ts';

/** Octets of input that are read whole: all forms but hex with one message a line on standard input. */
const largestInput = 16 * 1024 * 1024;

/** Messages in order, each as soon as it is there. @throws {UsageError} {ConfigError} */
export async function* messagesOf(
  io: Io,
  given: readonly string[],
  form: InputForm | undefined,
  rules: HexLineRules,
): AsyncGenerator<PastedMessage> {
  const [first] = given;
  if (first === undefined || (first === '-' && given.length === 1)) {
    if (first === undefined && io.stdinIsTerminal) {
      throw new UsageError('no hex given and nothing on standard input', 'See: reveille decode --help');
    }
    yield* messagesOfStream(io, form, rules);
    return;
  }
  if (given.length === 1 && (await isFile(first))) {
    const { size } = await stat(first);
    if (size > largestInput) throw new ConfigError(`${first} is longer than ${largestInput} octets`);
    yield* (await pasted()).readPasted(await readOctets(io, first), form, rules);
    return;
  }
  yield* await messagesOfArguments(given, form, rules);
}

/** What knows all forms: a sixth of what `decode` would load otherwise, and hex needs none of it. */
const pasted = () => import('./pasted-forms.ts');

async function messagesOfArguments(
  given: readonly string[],
  form: InputForm | undefined,
  rules: HexLineRules,
): Promise<readonly PastedMessage[]> {
  const text = given.join(' ');
  if (form !== undefined) return (await pasted()).readPasted(utf8ToBytes(text), form, rules);
  if (given.every(isHexArgument) && !isHexDump(text) && !isNumberList(text)) {
    const reader = new HexLines({ ...rules, oneEach: true });
    // Segments of one SMS, as `encode --as sms` prints them: each starts with a header that has a concatenation element.
    const segments = given.length > 1 && given.every((each) => /^0[bc](00|08)0[34]/i.test(each));
    const whole = !segments && given.every((each) => each.length >= 48);
    const lines = whole ? given : [text.replace(/[\r\n]+/g, ' ')];
    return [...lines.flatMap((line) => reader.push(line, 1)), ...reader.end()];
  }
  const { formOfText, readPasted } = await pasted();
  const found = formOfText(text);
  if (found === undefined) {
    throw new UsageError(
      `"${shorten(text)}" is neither hex nor a file`,
      'Other forms are read too; see: reveille decode --help',
    );
  }
  return readPasted(utf8ToBytes(text), found, rules);
}

function isHexArgument(text: string): boolean {
  return /^(0[xX])?[0-9a-fA-F\s:-]*$/.test(text) || isHexLine(text);
}

/** Lines of hex as they come in; where the first line is none, everything at its end. */
async function* messagesOfStream(
  io: Io,
  form: InputForm | undefined,
  rules: HexLineRules,
): AsyncGenerator<PastedMessage> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let lines: LineStream | undefined;
  let whole = form !== undefined && form !== 'lines';
  for await (const chunk of io.stdin) {
    if (lines !== undefined) {
      yield* lines.push(chunk);
      continue;
    }
    length += chunk.length;
    if (length > largestInput) throw new ConfigError(`standard input is longer than ${largestInput} octets`);
    chunks.push(chunk);
    if (whole || !chunk.includes(0x0a)) continue;
    const first = firstLine(chunks);
    // A beginning without a line end is no line that somebody waits for.
    if (first === undefined) whole = length > longestBlank;
    else if (!isModemLine(first)) {
      whole = form !== 'lines' && !(isHexLine(first) && !isNumberList(first) && !isDumpLine(first));
    }
    if (whole || (first === undefined && form !== 'lines')) continue;
    // Whether 00 is an offset, the line behind it tells.
    if (first !== undefined && mayBeShortOffset(first)) {
      const both = firstLines(chunks, 2);
      if (both.length < 2) continue;
      whole = isHexDump(both.join('\n'));
      if (whole) continue;
    }
    lines = new LineStream(rules);
    for (const each of chunks.splice(0)) yield* lines.push(each);
  }
  if (lines !== undefined) yield* lines.end();
  else if (length > 0) yield* (await pasted()).readPasted(new Uint8Array(Buffer.concat(chunks)), form, rules);
}

/** Octets of empty lines before it is no longer asked how the first line begins. */
const longestBlank = 65_536;

/** The first line with something in it, once it is whole. */
function firstLine(chunks: readonly Uint8Array[]): string | undefined {
  return firstLines(chunks, 1)[0];
}

/** The first lines with something in them, as many of them as are whole. */
function firstLines(chunks: readonly Uint8Array[], count: number): readonly string[] {
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  return text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.trim() !== '')
    .slice(0, count);
}

/** What may be an offset of two or three digits, or a message that begins with 00. */
function mayBeShortOffset(line: string): boolean {
  return /^\s*(?:0x)?0{2,3}h?:?\s+[0-9a-f]{2}(?:\s|$)/i.test(line);
}

/** What may have an offset before it waits for the line behind it. */
function isDumpLine(line: string): boolean {
  // The ruler above a dump, as PowerShell prints it, is no message.
  if (/^\s*00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\s*$/i.test(line)) return true;
  return /^\s*(?:0x)?[0-9a-f]{4,16}:?\s+[0-9a-f]/i.test(line) && !/^\s*[0-9a-f]{12,}\s/i.test(line);
}

/** Cuts octets into lines of text. */
class LineStream {
  readonly #decoder = new TextDecoder('utf-8');
  readonly #reader: HexLines;
  #held = '';
  #number = 0;

  constructor(rules: HexLineRules) {
    this.#reader = new HexLines(rules);
  }

  *push(chunk: Uint8Array): Generator<PastedMessage> {
    this.#held += this.#decoder.decode(chunk, { stream: true });
    if (this.#held.length > largestInput) {
      throw new ConfigError(`a line of standard input is longer than ${largestInput} characters`);
    }
    const lines = this.#held.split('\n');
    this.#held = lines.pop() ?? '';
    for (const line of lines) {
      this.#number += 1;
      yield* this.#reader.push(line.replace(/\r$/, ''), this.#number);
    }
  }

  *end(): Generator<PastedMessage> {
    this.#held += this.#decoder.decode();
    if (this.#held !== '') yield* this.#reader.push(this.#held, this.#number + 1);
    yield* this.#reader.end();
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

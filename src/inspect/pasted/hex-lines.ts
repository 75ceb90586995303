// Hex, one message a line, as it comes in; and hex of one message that a tool broke into lines of one width.
import { hexToBytes, type ReveilleError, ValueError } from '../../core/index.ts';
import type { CutMark } from '../paste-forms/cut-mark.ts';
import { checkLength, largestMessage, PasteError } from '../paste-forms/paste-error.ts';
import { foldedGroupsOf, groupsOf } from '../paste-guards/hex-groups.ts';
import { withoutStamp } from './log-text.ts';
import { isModemLine, isModemText } from './modem-line.ts';
import { refuseStrayBefore } from './stray-words.ts';

/** A message that was pasted: its octets, in several parts where it is the segments of one short message; or an error. */
export type PastedMessage =
  | {
      readonly parts: readonly Uint8Array[];
      /** Where the text was cut that the last octets stand in: more are missing behind. */
      readonly cut?: CutMark;
      /** What else stands in the text and was not read, and how octets were taken that may surprise. */
      readonly notes?: readonly CutMark[];
    }
  | { readonly error: ReveilleError };

/** What a reader of lines is told about octets. */
export interface HexLineRules {
  /** Whether the octets are a message by themselves. */
  readonly isMessage: (parts: readonly Uint8Array[]) => boolean;
  /** Whether each of these is a segment of a short message. */
  readonly areSegments: (parts: readonly Uint8Array[]) => boolean;
  /** True when each line is a message whatever stands in it. */
  readonly oneEach: boolean;
  /** True when the octets may be broken anywhere, also within one. */
  readonly folded?: boolean;
}

/** Empty lines at the beginning that wait for the first other one, at most. */
const mostBlanks = 16;

interface HeldLine {
  readonly text: string;
  readonly number: number;
}

/** True for a line that holds hex only, maybe with 0x before it, quotes around it, spaces, `:` or `-` between octets. */
export function isHexLine(line: string): boolean {
  return /^["']?(?:0[xX])?[0-9a-fA-F][0-9a-fA-F\s:-]*["']?[;,]?$/.test(line.trim());
}

/** Takes lines and gives messages. */
export class HexLines {
  readonly #rules: HexLineRules;
  /** Lines of one width of which none is a message, until it is known whether they are one together. */
  #held: HeldLine[] = [];
  #heldLength = 0;
  /** True once a modem speaks: then what it says around TPDUs, and its empty lines, are passed over. */
  #modem = false;
  /** Numbers of empty lines at the beginning, until it is known who speaks. */
  #blanks: number[] | undefined = [];

  constructor(rules: HexLineRules) {
    this.#rules = rules;
  }

  /** The messages that are whole with this line. */
  push(text: string, number: number): readonly PastedMessage[] {
    const blank = text.trim() === '';
    if (blank && this.#blanks !== undefined && this.#blanks.length < mostBlanks) {
      this.#blanks.push(number);
      return [];
    }
    if (isModemLine(text)) {
      this.#modem = true;
      this.#blanks = undefined;
    }
    if (this.#modem && (blank || isModemText(text))) return this.#whole();
    const before = this.#takeBlanks();
    const read = this.#read(text, number);
    return before.length === 0 ? read : [...before, ...read];
  }

  #takeBlanks(): readonly PastedMessage[] {
    const blanks = this.#blanks ?? [];
    this.#blanks = undefined;
    return blanks.map((number) => this.#message('', number));
  }

  #read(text: string, number: number): readonly PastedMessage[] {
    const width = digitsOf(text);
    const first = this.#held[0];
    if (first === undefined) return this.#first(text, number, width);
    const widest = digitsOf(first.text);
    const last = digitsOf(this.#held.at(-1)?.text ?? '');
    const fits =
      last === widest && width !== undefined && widest !== undefined && width > 0 && width <= widest;
    if (fits && this.#heldLength <= largestMessage * 2) {
      this.#hold(text, number);
      return [];
    }
    return text.trim() === '' ? this.#whole() : [...this.#each(), ...this.#first(text, number, width)];
  }

  /** What is held at the end, or at an empty line. */
  end(): readonly PastedMessage[] {
    return [...this.#takeBlanks(), ...this.#whole()];
  }

  #whole(): readonly PastedMessage[] {
    const held = this.#held;
    const [first] = held;
    if (first === undefined) return [];
    // A digit alone is an octet, and none of the next line's.
    const apart = held.some(({ text }) => /\s[0-9a-f]\s/i.test(text.trim())) ? ' ' : '';
    const together = this.#parts(held.map(({ text }) => text.trim()).join(apart));
    const whole = isParts(together) && this.#rules.isMessage(together);
    // What dumpers without an offset column print: lines of 30 octets (xxd -p), or 16 apart (od -An).
    const dumped =
      held.length > 1 &&
      (digitsOf(first.text) === 60 || /^(?:[0-9a-f]{2} ){15}[0-9a-f]{2}$/i.test(first.text.trim()));
    // Where the first of many are none, the others are not asked.
    const none = held.slice(0, 32).every(({ text }) => !this.#isMessage(text));
    if (held.length > 1 && none && isParts(together) && (whole || dumped)) {
      this.#clear();
      return [{ parts: together }];
    }
    return this.#each();
  }

  #first(text: string, number: number, width: number | undefined): readonly PastedMessage[] {
    const wraps = !this.#rules.oneEach && width !== undefined && width >= 16 && width % 2 === 0;
    if (!wraps || this.#isMessage(text)) return [this.#message(text, number)];
    this.#hold(text, number);
    return [];
  }

  #hold(text: string, number: number): void {
    this.#held.push({ text, number });
    this.#heldLength += text.length;
  }

  #each(): readonly PastedMessage[] {
    const messages = this.#held.map(({ text, number }) => this.#message(text, number));
    this.#clear();
    return messages;
  }

  #clear(): void {
    this.#held = [];
    this.#heldLength = 0;
  }

  #isMessage(text: string): boolean {
    const parts = this.#parts(text);
    return isParts(parts) && this.#rules.isMessage(parts);
  }

  #message(text: string, number: number): PastedMessage {
    try {
      if (text.trim() === '') throw new PasteError(number, 1, 'empty line: hex was expected');
      checkLength(text.length / 2, number);
      const line = withoutStamp(text, number);
      const parts = this.#parts(line);
      if (!isParts(parts)) throw faultOf(text, number, parts);
      if (parts.every(({ length }) => length === 0)) {
        throw new PasteError(number, 1, 'no octets in this line: hex was expected');
      }
      if (parts.length === 1 && this.#rules.folded !== true) {
        refuseStrayBefore(line, number, (hex) => this.#isMessage(hex));
      }
      return { parts };
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      return { error };
    }
  }

  /** Segments separated by spaces are several parts, spaces between octets mean nothing; otherwise what is wrong. */
  #parts(text: string): readonly Uint8Array[] | Fault {
    const line = bare(text);
    const folded = this.#rules.folded === true;
    const doubt = folded ? undefined : doubtOf(line.split(/[\s:]+|(?<=\w)-/).map(withoutPrefix));
    if (doubt !== undefined) return { detail: doubt };
    const groups = folded ? foldedGroupsOf(line) : groupsOf(line);
    if ('detail' in groups) return { detail: groups.detail, at: text.indexOf(line) + groups.at };
    const { words } = groups;
    try {
      if (words.length > 1 && words.every((word) => word.length >= 14 && word.length % 2 === 0)) {
        const parts = words.map((word) => hexToBytes(word));
        if (this.#rules.areSegments(parts)) return parts;
      }
      return [hexToBytes(words.join(' '))];
    } catch (error) {
      if (error instanceof ValueError) return { detail: error.detail };
      throw error;
    }
  }
}

/** What is wrong with a line, and at which of its characters where that is known. */
interface Fault {
  readonly detail: string;
  readonly at?: number;
}

function isParts(read: readonly Uint8Array[] | Fault): read is readonly Uint8Array[] {
  return !('detail' in read);
}

function withoutPrefix(word: string): string {
  return word.replace(/^0x/i, '');
}

/** What words may be instead of octets in hex; `undefined` where nothing says so. */
function doubtOf(words: readonly string[]): string | undefined {
  if (words.length < 2) return undefined;
  if (words.every((word) => /^[01]{8}$/.test(word))) {
    return 'binary digits, or words of four octets? Binary digits are not read: give hex, with 0x before words';
  }
  const numbers = words.every((word) => /^-?[0-9]{1,3}$/.test(word));
  if (!numbers || words.every((word) => word.length === 2)) return undefined;
  return 'hex, octal or decimal? Put brackets around decimal numbers, and write hex in two digits';
}

function faultOf(text: string, number: number, { detail, at: place }: Fault): PasteError {
  if (place !== undefined) return new PasteError(number, place + 1, detail);
  const quote = text.search(/[^0-9a-fA-F\s:xX"'-]/);
  const x = text.search(/(?<!\b0)[xX]/);
  const at = quote < 0 ? x : quote;
  const found = /^("(?:[^"\\]|\\.)*") at character/.exec(detail)?.[1];
  return new PasteError(
    number,
    Math.max(at + 1, 1),
    found === undefined ? detail : `${found} is not a hex digit`,
  );
}

/** Without what stands around hex that was copied from a program. */
function bare(text: string): string {
  return text.trim().replace(/^["']|["']?[;,]?$/g, '');
}

/** Number of hex digits of a line that holds nothing else but colons; `undefined` for another line. */
function digitsOf(line: string): number | undefined {
  return /^[0-9a-fA-F\s:]*$/.test(line) ? line.replace(/[\s:]+/g, '').length : undefined;
}

// Three dots where a program or a person has cut octets short: at the end, what stands before them is read, and said to be cut;
// between octets, nothing says how many are missing.
import { lineAndColumn } from '../../core/index.ts';
import { blank } from './hex-marks.ts';
import { PasteError } from './paste-error.ts';

/** Where a text was cut. */
export interface CutMark {
  /** Of the mark, from 1. */
  readonly line: number;
  readonly column: number;
  /** What is said about it. */
  readonly message: string;
}

const dots = '(?:\\[ ?(?:\\.{3}|…) ?\\]|(?<!\\.)\\.{3,}(?!\\.)|…)';
const rest =
  '\\(?\\+? ?[0-9]+ (?:more ?|other ?|further ?)?(?:bytes?|octets?|items?|elements?|chars?|characters?)?(?: more)?\\)?';
/** The mark at the end of a text, with what says how much is missing, before quotes and brackets that are closed. */
const atEnd = new RegExp(
  `${dots}(?: ?(?:${rest}|\\(?(?:cut|truncated|snip)\\)?))?(?=[\\s;"'\`>\\]})]*$)`,
  'i',
);
/** Octets on both sides of a mark. */
const between = new RegExp(
  `(?<![0-9A-Za-z])(?:0x)?(?:[0-9a-f]{2})+["',;]*\\s*${dots}\\s*(?:\\[?[0-9]+ more\\]?\\s*)?["',;]*(?:0x)?(?:[0-9a-f]{2})+(?![0-9A-Za-z])`,
  'i',
);

/**
 * The text without a mark at its end, and the mark. Half an octet before it is left out too.
 * @throws {PasteError} for a mark between octets, and for one behind a number that may be cut itself
 */
export function withoutCutMark(text: string): { readonly text: string; readonly cut?: CutMark } {
  if (!/\.{3}|…/.test(text)) return { text };
  const found = atEnd.exec(text);
  const before = found === null ? text : text.slice(0, found.index);
  const middle = between.exec(before);
  if (middle !== null) {
    const detail =
      'octets are left out here, and nothing says how many: give them whole, or only those before the dots';
    throw PasteError.at(text, middle.index + middle[0].search(/\.{3}|…/), detail);
  }
  if (found === null) return { text };
  const end = before.trimEnd();
  const isSpelled = /\\(?:x[0-9a-f]{2}|[0-7]{3})/i.test(text);
  // Within quotes they are octets like any others.
  if (isSpelled && /^\s*["']/.test(text.slice(found.index + found[0].length))) return { text };
  if (/\\x[0-9a-f]{2}$|\\[0-7]{3}$/i.test(end) && !/["']\s*$/.test(before)) {
    const detail =
      'dots may be octets here or say that the text is cut: leave them out, or put quotes around the octets';
    throw PasteError.at(text, found.index, detail);
  }
  if (!/[0-9A-Za-z+/=_][\s,;:"'`-]*$/.test(before)) return { text };
  const { line, column } = lineAndColumn(text, found.index);
  const cut = {
    line,
    column,
    message: 'the text was cut here, where it was printed: octets are missing behind',
  };
  const marked = blank(found[0]);
  const after = text.slice(found.index + found[0].length);
  const word = /(?<![0-9A-Za-z])(?:0x)?([0-9a-f]+)$/i.exec(before)?.[1];
  if (/^\s*[[{(]/.test(before) || /,/.test(before)) {
    if (word !== undefined && /,\s*-?[0-9]{1,2}$|,\s*0x[0-9a-f]$/i.test(before)) {
      throw PasteError.at(
        text,
        found.index - word.length,
        'the number before the dots may be cut itself: leave it out',
      );
    }
    return { text: before.replace(/,\s*$/, blank) + marked + after, cut };
  }
  if (word !== undefined && word.length % 2 !== 0) {
    const whole = `${before.slice(0, -1)} `;
    return {
      text: whole + marked + after,
      cut: { ...cut, message: `${cut.message}, and half an octet before` },
    };
  }
  return { text: before + marked + after, cut };
}

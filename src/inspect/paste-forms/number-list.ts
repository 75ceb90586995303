// Lists of numbers: `0x06, 0x05`, arrays of C, Java, Go, Python and JavaScript, binaries of Erlang and Elixir, `xxd -i`, Wireshark's
// C arrays.
import { blank } from './hex-marks.ts';
import { checkLength, PasteError } from './paste-error.ts';

/** `<<1,6>>` of Erlang, `<<0x01, 0x06>>` of Elixir. */
const binary =
  /^\s*<<\s*((?:16#|0[xX])?[0-9a-fA-F]{1,3}(?:\s*,\s*(?:16#|0[xX])?[0-9a-fA-F]{1,3})*)\s*>>[\s.;]*$/;

/** True when a text is a binary of Erlang or Elixir, whose brackets may be taken for those of a document. */
export function isBinaryTerm(text: string): boolean {
  return binary.test(text);
}

/** True when a text is a list: it has commas between numbers, brackets around them, or 0x before each octet. */
export function isNumberList(text: string): boolean {
  const bare = plainList(text);
  return (
    hasNumbersInBrackets(bare) ||
    /(?:^|[\s,;{[(])(?:0[xX])?[0-9a-fA-F]{1,3}(?:[uU]8?)?\s*,/.test(bare) ||
    (single.test(bare) && !hasOctets(withoutSingles(bare))) ||
    /^\s*<Buffer /.test(bare) ||
    /^\s*0[xX][0-9a-fA-F]{1,2}(?:\s+0[xX][0-9a-fA-F]{1,2})*\s*$/.test(bare)
  );
}

/**
 * The octets of each list in the text, in order.
 * @throws {PasteError} for items that are no octet, and for lists that may be hex or decimal
 */
export function readNumberLists(text: string): readonly Uint8Array[] {
  const bare = plainList(text);
  const buffer = /<Buffer ([^>]*)>/.exec(bare);
  if (buffer !== null) return [readItems(text, buffer[1] ?? '', buffer.index + 8, 'pairs')];
  const term = binary.exec(bare);
  if (term !== null) {
    const inner = (term[1] ?? '').replaceAll('16#', ' 0x');
    return [readItems(text, inner, bare.indexOf('<<') + 2, 'bracketed')];
  }
  const lists: Uint8Array[] = [];
  // What Node makes JSON of: {"type":"Buffer","data":[6,5]}.
  const brackets =
    bare.includes('{') && !/\{\s*"type"\s*:\s*"Buffer"/.test(bare)
      ? /\{([^{}]*)(\}|$)/g
      : /(?<![\w$\]])\[([^[\]]*)(\]|$)|\(([^()[\]]*)(\)|$)/g;
  // A count, a prompt or an id between brackets is no list where the octets stand elsewhere.
  const isBeside = hasOctets(withoutSingles(bare));
  for (const found of bare.matchAll(brackets)) {
    const inner = found[1] ?? found[3] ?? '';
    if (isBeside && single.test(found[0])) continue;
    if ((found[2] ?? found[4]) === '' && /[0-9]/.test(inner))
      throw PasteError.at(text, found.index, 'the bracket is not closed');
    if (/[0-9]/.test(inner) && !/^\s*byte\s*$/.test(inner)) {
      lists.push(readItems(text, inner, found.index + 1, 'bracketed'));
    }
  }
  return lists.length > 0 ? lists : [readItems(text, bare, 0, 'bare')];
}

/** What stands around octets in a program, as spaces, so that places hold: comments, the types of lists, quotes of `'0x6'`. */
function plainList(text: string): string {
  return withoutComments(text)
    .replace(/\b(?:[A-Z]\w*Array|Buffer|Array)\([0-9]+\)(?=\s*\[)/g, blank)
    .replace(/\[\s*(?:UInt8|Int8|u8|i8|byte|uint8|int8)\s*(?:;\s*[0-9]+\s*)?\](?=\s*[=:([{])/gi, blank)
    .replace(/\.to(?:UByte|Byte)\(\)/g, blank)
    .replace(/(["'])(-?0[xX][0-9a-fA-F]{1,2})\1/g, ' $2 ');
}

/** `[1 6 196]` as Go prints it: numbers of one to three digits between spaces, which no pairs of hex are. */
function hasNumbersInBrackets(bare: string): boolean {
  return /^\s*(?:\[\s*[0-9]{1,3}(?:\s+[0-9]{1,3})+\s*\]\s*)+$/.test(bare) && !/\b0[0-9]\b/.test(bare);
}

/** One number between brackets. */
const single = /[{[(]\s*(?:\(byte\)\s*)?(?:0[xX])?-?[0-9a-fA-F]{1,8}[uU]?8?\s*[)\]}]/;

function withoutSingles(bare: string): string {
  return bare.replace(new RegExp(single, 'g'), blank);
}

/** Whether a text has numbers in a list, or hex of several octets. */
function hasOctets(text: string): boolean {
  return /(?:(?:0x)?[0-9a-f]{1,3}\s*[,;]\s*){3}|(?:\b[0-9a-f]{2}[\s:-]+){3}[0-9a-f]{2}\b|\b[0-9a-f]{8}(?:[0-9a-f]{2}|:)/i.test(
    text,
  );
}

/** A cast of C, Java or C#: beside it, numbers without 0x are decimal. */
const cast = /\(\s*(?:byte|Byte|sbyte|u?int8_t|u_char|unsigned char|signed char|char)\s*\)\s*/;

type Way = 'bare' | 'bracketed' | 'pairs';

function readItems(text: string, inner: string, start: number, way: Way): Uint8Array {
  const item = new RegExp(`(?:${cast.source})?([^\\s,;]+)(?:\\s*<repeats ([0-9]{1,7}) times>)?`, 'g');
  const items = [...inner.matchAll(item)].map((found) => ({
    word: (found[1] ?? '').replace(/(?<=^0[xX][0-9a-fA-F]+)(?:u8?|U)$/, ''),
    at: start + found.index,
    times: Number(found[2] ?? 1),
  }));
  const isCast = cast.test(inner);
  const plain = items.filter(({ word }) => !/^-?0[xX]/.test(word));
  const asHex =
    way === 'pairs' || plain.some(({ word }) => /^(?:0[0-9]|[0-9]?[a-fA-F][0-9a-fA-F]?)$/.test(word));
  // `[6, 5, c4]` of Rust's {:x?}: where no octet has a zero before it, a digit alone is one.
  const isShort = asHex && plain.length === items.length && plain.some(({ word }) => word.length === 1);
  const asDigits = isShort && !plain.some(({ word }) => /^0[0-9a-f]$/i.test(word));
  const [ambiguous] = plain;
  const hasSign = plain.some(({ word }) => /^-[0-9]{1,3}$/.test(word));
  if (ambiguous !== undefined && plain.length < items.length && !isCast) {
    throw PasteError.at(text, ambiguous.at, `${short(ambiguous.word)} is without 0x, others have it`);
  }
  const spaced = way === 'bracketed' && !/[,;]/.test(inner) && items.length > 1;
  if (ambiguous !== undefined && spaced && !asHex && plain.every(({ word }) => /^[0-9]{2}$/.test(word))) {
    throw PasteError.at(
      text,
      ambiguous.at,
      'hex or decimal? Write 0x before hex, or commas between decimal numbers',
    );
  }
  if (ambiguous !== undefined && way === 'bare' && !asHex && !hasSign) {
    throw PasteError.at(
      text,
      ambiguous.at,
      'hex or decimal? Write 0x before hex, or brackets around decimal numbers',
    );
  }
  refuseSlips(text, inner, start, items);
  checkLength(
    items.reduce((sum, { times }) => sum + times, 0),
    1,
  );
  return Uint8Array.from(
    items.flatMap(({ word, at, times }) => {
      const value = octetOf(asDigits ? word.padStart(2, '0') : word, asHex);
      if (value === undefined) throw PasteError.at(text, at, `${short(word)} is no octet`);
      return times === 1 ? value : Array<number>(times).fill(value);
    }),
  );
}

/** What is left of a number where a digit or a comma is missing, or a line was broken. @throws {PasteError} */
function refuseSlips(
  text: string,
  inner: string,
  start: number,
  items: readonly { readonly word: string; readonly at: number }[],
): void {
  const single = items.find(({ word }) => /^0x[1-9a-f]$/i.test(word));
  const [singles, padded] = [/^0x[0-9a-f]$/i, /^0x0[0-9a-f]$/i].map(
    (form) => items.filter(({ word }) => form.test(word)).length,
  );
  if (single !== undefined && (padded ?? 0) > (singles ?? 0)) {
    throw PasteError.at(
      text,
      single.at,
      `${single.word} has one digit, and others have their zero: a digit is missing`,
    );
  }
  if (items.every(({ word }) => /^-?0x/i.test(word))) return;
  const isList = (inner.match(/[,;]/g)?.length ?? 0) > 2;
  const broken = isList ? /[0-9a-f]\s+[0-9a-f-]/i.exec(inner) : /[0-9]\r?\n[0-9]/.exec(inner);
  if (broken !== null && !/\(|<repeats/.test(inner)) {
    const detail = isList
      ? 'a comma is missing here, or a number was broken'
      : 'a line ends here, maybe within a number';
    throw PasteError.at(text, start + broken.index, detail);
  }
}

function octetOf(word: string, asHex: boolean): number | undefined {
  const [, sign = '', digits] =
    /^(-?)0[xX]([0-9a-fA-F]{1,2})$/.exec(word) ??
    (asHex ? /^()([0-9a-fA-F]{2})$/.exec(word) : undefined) ??
    [];
  const decimal = !asHex && /^-?[0-9]{1,3}$/.test(word) ? Number(word) : Number.NaN;
  const value = digits === undefined ? decimal : Number.parseInt(`${sign}${digits}`, 16);
  return value >= -128 && value <= 255 ? value & 0xff : undefined;
}

/** Comments as spaces, so that places hold. */
function withoutComments(text: string): string {
  return text.replace(/\/\*.*?(?:\*\/|$)|\/\/[^\r\n]*/gs, (comment) => comment.replace(/[^\r\n]/g, ' '));
}

function short(word: string): string {
  return JSON.stringify(word.length > 24 ? `${word.slice(0, 24)}…` : word);
}

// Lists of numbers: `0x06, 0x05`, arrays of C, Java, Go, Python and JavaScript, `xxd -i`, Wireshark's C arrays.
import { PasteError } from './paste-error.ts';

/** True when a text is a list: it has commas between numbers, brackets around them, or 0x before each octet. */
export function isNumberList(text: string): boolean {
  const bare = withoutComments(text);
  return (
    /(?:^|[\s,;{[(])(?:0[xX])?[0-9a-fA-F]{1,3}(?:[uU]8?)?\s*,/.test(bare) ||
    /[{[(]\s*(?:\(byte\)\s*)?(?:0[xX])?-?[0-9a-fA-F]+[uU]?8?\s*[)\]}]/.test(bare) ||
    /^\s*<Buffer /.test(bare) ||
    /^\s*0[xX][0-9a-fA-F]{1,2}(?:\s+0[xX][0-9a-fA-F]{1,2})*\s*$/.test(bare)
  );
}

/**
 * The octets of each list in the text, in order.
 * @throws {PasteError} for items that are no octet, and for lists that may be hex or decimal
 */
export function readNumberLists(text: string): readonly Uint8Array[] {
  const bare = withoutComments(text);
  const cut = /\.\.\.\s*[0-9]+ more/.exec(bare);
  if (cut !== null) throw PasteError.at(text, cut.index, 'the list was cut short where it was printed');
  const buffer = /<Buffer ([^>]*)>/.exec(bare);
  if (buffer !== null) return [readItems(text, buffer[1] ?? '', buffer.index + 8, 'pairs')];
  const lists: Uint8Array[] = [];
  // What Node makes JSON of: {"type":"Buffer","data":[6,5]}.
  const brackets =
    bare.includes('{') && !/\{\s*"type"\s*:\s*"Buffer"/.test(bare)
      ? /\{([^{}]*)(\}|$)/g
      : /(?<![\w$\]])\[([^[\]]*)(\]|$)|\(([^()[\]]*)(\)|$)/g;
  for (const found of bare.matchAll(brackets)) {
    const inner = found[1] ?? found[3] ?? '';
    if ((found[2] ?? found[4]) === '' && /[0-9]/.test(inner))
      throw PasteError.at(text, found.index, 'the bracket is not closed');
    if (/[0-9]/.test(inner) && !/^\s*byte\s*$/.test(inner)) {
      lists.push(readItems(text, inner, found.index + 1, 'bracketed'));
    }
  }
  return lists.length > 0 ? lists : [readItems(text, bare, 0, 'bare')];
}

type Way = 'bare' | 'bracketed' | 'pairs';

function readItems(text: string, inner: string, start: number, way: Way): Uint8Array {
  const items = [...inner.matchAll(/(?:\(byte\)\s*)?([^\s,;]+)/g)].map((found) => ({
    word: (found[1] ?? '').replace(/(?<=^0[xX][0-9a-fA-F]+)(?:u8?|U|\.toByte\(\))$/, ''),
    at: start + found.index,
  }));
  const plain = items.filter(({ word }) => !/^-?0[xX]/.test(word));
  const asHex =
    way === 'pairs' || plain.some(({ word }) => /^(?:0[0-9]|[0-9]?[a-fA-F][0-9a-fA-F]?)$/.test(word));
  const [ambiguous] = plain;
  if (ambiguous !== undefined && plain.length < items.length) {
    throw PasteError.at(text, ambiguous.at, `${short(ambiguous.word)} is without 0x, others have it`);
  }
  if (ambiguous !== undefined && way === 'bare' && !asHex) {
    throw PasteError.at(
      text,
      ambiguous.at,
      'hex or decimal? Write 0x before hex, or brackets around decimal numbers',
    );
  }
  return Uint8Array.from(items, ({ word, at }) => {
    const digits =
      /^0[xX]([0-9a-fA-F]{1,2})$/.exec(word)?.[1] ?? (asHex ? /^[0-9a-fA-F]{2}$/.exec(word)?.[0] : undefined);
    if (digits !== undefined) return Number.parseInt(digits, 16);
    const value = !asHex && /^-?[0-9]{1,3}$/.test(word) ? Number(word) : Number.NaN;
    if (value >= -128 && value <= 255) return value & 0xff;
    throw PasteError.at(text, at, `${short(word)} is no octet`);
  });
}

/** Comments as spaces, so that places hold. */
function withoutComments(text: string): string {
  return text.replace(/\/\*.*?(?:\*\/|$)|\/\/[^\r\n]*/gs, (comment) => comment.replace(/[^\r\n]/g, ' '));
}

function short(word: string): string {
  return JSON.stringify(word.length > 24 ? `${word.slice(0, 24)}…` : word);
}

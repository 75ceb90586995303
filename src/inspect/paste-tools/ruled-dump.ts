// Dumps with a ruler above, or with signs of their own between offset, octets and text: HxD, Format-Hex of PowerShell, px of radare2,
// 010 Editor, db of WinDbg, openssl, ngrep -x, hexyl. The ruler is no octets, and offsets are held against the octets of each row.
import { PasteError } from '../paste-forms/paste-error.ts';
import { dumpsOf, pairsOf } from './octets-text.ts';

const ruler = /^\s*(?:Offset\(h\)|- offset -|Offset)?\s*(?:00 +01 +02 +03 +04|0 +1 +2 +3 +4)\b.*$/i;
const heads = /^\s*(?:(?:Label|Path): .*|Offset\s+Bytes\b.*|[-─ ]{6,}|[┌└├].*[┐┘┤])\s*$/;
const signs =
  /^\s*(?:[0-9a-f]{8}`[0-9a-f]{8} {2}|[0-9a-f]{4,8} - [0-9a-f]{2}|[0-9a-f]{8} {2}(?:[0-9a-f]{2} ){7}[0-9a-f]{2}-|│[0-9a-f]{8}│)/i;
const row = /^\s*(?:0x)?([0-9a-f`]{4,17})h?:?(?:\s-)?\s+(\S.*)$/i;
const packet = /^[UTI#](?:\([^)\n]*\))? \S+ -> \S+/;

/** The octets as a plain dump; `undefined` for other text. @throws {PasteError} for offsets that do not run on, and lines that are no row */
export function ruledDump(text: string): string | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  const filled = lines.filter((line) => line.trim() !== '' && !heads.test(line));
  const [first = '', second = ''] = filled;
  if (packet.test(first) && /^ {2}[0-9a-f]{2} /i.test(second)) return packetsOf(lines);
  const isRuled = ruler.test(first) && row.test(second);
  if (!isRuled && !signs.test(first)) return undefined;
  const isWords = isRuled && /- offset -/.test(first);
  const octets: number[] = [];
  let start: number | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || heads.test(line) || ruler.test(line)) continue;
    const [, offset = '', rest = ''] = /^\s*│/.test(line) ? celled(line) : (row.exec(line) ?? []);
    if (offset === '') throw new PasteError(index + 1, 1, 'an offset and octets were expected');
    const at = Number.parseInt(offset.replace('`', '').slice(-12), 16);
    start ??= at;
    if (at !== start + octets.length) {
      const detail = `offset ${offset} does not follow: the lines before have ${octets.length} octets`;
      throw new PasteError(index + 1, 1, detail);
    }
    const found = isWords ? pairsOf(rest.split(/ {2,}/)[0] ?? '') : octetsOf(rest);
    if (found.length === 0 || found.length > 16) {
      throw new PasteError(index + 1, 1, 'octets in two digits were expected behind the offset');
    }
    for (const octet of found) octets.push(octet);
  }
  return dumpsOf([octets]);
}

/** Pairs, sixteen at most, with one separator between them, or two in the middle. */
function octetsOf(rest: string): readonly number[] {
  const found: number[] = [];
  const pair = /([0-9a-f]{2})(?=[\s-]|$)(?: {1,2}|-| - )?/iy;
  while (found.length < 16) {
    const each = pair.exec(rest);
    if (each === null) break;
    found.push(Number.parseInt(each[1] ?? '', 16));
  }
  return found;
}

/** A row of hexyl: offset, two halves, two halves of text. */
function celled(line: string): readonly string[] {
  const [, offset = '', left = '', right = ''] = line.trim().split(/[│┊]/);
  return /^[0-9a-f]{8}$/i.test(offset) ? ['', offset, `${left.trim()} ${right.trim()}`.trim()] : [];
}

/** Packets of ngrep -x, in columns of two times eight octets. @throws {PasteError} */
function packetsOf(lines: readonly string[]): string {
  const messages: number[][] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || /^#+$/.test(line)) continue;
    if (packet.test(line)) {
      messages.push([]);
      continue;
    }
    const [left, right] = [line.slice(2, 26), line.slice(29, 53)];
    const message = messages.at(-1);
    const isRow =
      /^(?:[0-9a-f]{2} )+ *$/i.test(left.padEnd(24)) && /^(?:[0-9a-f]{2} )* *$/i.test(right.padEnd(24));
    if (!isRow || message === undefined || message.length % 16 !== 0) {
      throw new PasteError(index + 1, 1, 'a row of sixteen octets was expected');
    }
    message.push(...pairsOf(left), ...pairsOf(right));
  }
  return dumpsOf(messages.filter(({ length }) => length > 0));
}

// What tools print around octets when they trace them: curl --trace, libqmi, terminals of serial ports, terms of Erlang and
// Elixir, a count behind the octets, the mark of an end of file.
import { blank } from '../paste-forms/hex-marks.ts';
import { PasteError } from '../paste-forms/paste-error.ts';
import { dumpsOf, holdCount, pairsOf } from './octets-text.ts';

const hex = '(?:0x)?(?:[0-9a-f]{2}[ \\t:-]?)*[0-9a-f]{2}';

/** Hex without a Ctrl-Z or NUL behind it, as DOS, terminals and programs in C end a text. */
export function withoutEnd(text: string): string {
  const whole = text.trimEnd();
  const last = whole.charCodeAt(whole.length - 1);
  const rest = whole.slice(0, -1);
  return (last === 0 || last === 0x1a) && /^[0-9a-f\s:x,-]{12,}$/i.test(rest) ? rest : text;
}

/** `=> Send data, 38 bytes (0x26)` of curl, each as a dump held against its count; `undefined` for other text. @throws {PasteError} */
export function curlTrace(text: string): string | undefined {
  const head = /^(?:[0-9:.]+ )?(?:=>|<=) (?:Send|Recv) [^,\n]+, ([0-9]{1,9}) bytes \(0x[0-9a-f]+\)\s*$/;
  if (!/(?:=>|<=) (?:Send|Recv) /.test(text)) return undefined;
  const messages: number[][] = [];
  let left = 0;
  let headLine = 0;
  let count = 0;
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const said = head.exec(line)?.[1];
    if (said !== undefined) {
      holdCount(count, count - left, headLine);
      [left, count, headLine] = [Number(said), Number(said), index + 1];
      messages.push([]);
      continue;
    }
    const [, offset = '', row] = /^([0-9a-f]{4,}): ((?:[0-9a-f]{2} ){1,16})/i.exec(`${line} `) ?? [];
    if (row === undefined || headLine === 0) continue;
    if (Number.parseInt(offset, 16) !== count - left) {
      const detail = `offset ${offset} does not follow: ${count - left} octets are before it`;
      throw new PasteError(index + 1, 1, detail);
    }
    const octets = pairsOf(row).slice(0, left);
    messages.at(-1)?.push(...octets);
    left -= octets.length;
  }
  if (headLine === 0) return undefined;
  holdCount(count, count - left, headLine);
  return dumpsOf(messages.filter(({ length }) => length > 0));
}

/** Arrows of a direction before hex, and what libqmi prints: `<<<<<<   data = 06:05`. @throws {PasteError} for a length that differs */
export function withoutArrows(text: string): string {
  const arrow = /^(\s*(?:[0-9:.]+\s+)?(?:[<>]{6}|<<?|>>?|<[-=]+|[-=]+>)\s*(?:data\s*=\s*)?)(?=\S)/i;
  const value = new RegExp(`${arrow.source}${hex}\\s*$`, 'i');
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const filled = lines.filter((line) => line.trim() !== '');
  if (!filled.some((line) => value.test(line)) || !filled.every((line) => arrow.test(line))) return text;
  const isQmi = filled.some((line) => /^\s*[<>]{6}/.test(line));
  if (!isQmi && !filled.every((line) => value.test(line))) return text;
  let said: number | undefined;
  const plain = lines.map((line, index) => {
    const length = /^\s*[<>]{6}\s*length\s*=\s*([0-9]+)\s*$/.exec(line)?.[1];
    if (length !== undefined) said = Number(length);
    if (!value.test(line)) return '';
    const octets = line.replace(arrow, blank);
    if (isQmi) holdCount(said, pairsOf(octets).length, index + 1);
    said = undefined;
    return octets;
  });
  return (isQmi ? plain.filter((line) => line !== '') : plain).join('\n');
}

/** `06 05 04 [3]`: the count behind octets, held against them. @throws {PasteError} where it differs */
export function withoutCount(text: string): string {
  const counted =
    /^(\s*(?:[0-9a-f]{2}[ :-]?)+)\s*(?:\[\s*([0-9]{1,7})\s*\]|[[(]\s*([0-9]{1,7}) (?:bytes?|octets?)\s*[\])])\s*$/i;
  const lines = text.split('\n');
  // What has an offset has a text column, which may look like a count.
  const isCounted = (line: string): boolean => counted.test(line) && !/^\s*[0-9a-f]{4,} {2}/i.test(line);
  if (!lines.every((line) => line.trim() === '' || isCounted(line))) return text;
  return lines
    .map((line, index) => {
      const [, octets, one, other] = counted.exec(line) ?? [];
      if (octets === undefined) return line;
      holdCount(Number(one ?? other), pairsOf(octets).length, index + 1);
      return octets;
    })
    .join('\n');
}

/** The binary in a tuple of Erlang or Elixir, alone. @throws {PasteError} for several */
export function binaryOfTerm(text: string): string {
  const whole = text.trim();
  if (!/^[{[]/.test(whole) || !/[}\]]\.?$/.test(whole.slice(-2)) || whole.includes('"')) return text;
  const all = [...text.matchAll(/<<\s*[^<>]*>>/g)];
  const [one, second] = all;
  if (one === undefined) return text;
  if (second !== undefined) {
    throw PasteError.at(text, second.index, 'a second binary: paste one of them');
  }
  return blank(text.slice(0, one.index)) + one[0] + blank(text.slice(one.index + one[0].length));
}

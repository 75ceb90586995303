// Dumps whose rows stand in a log: behind a day, a name or a sign on each line (`kernel: pdu: 00000000: 06 05`, `< 00000000 06 05` of
// nc -o, `[0000]   06 05` of ncat), and in the frame that Netty draws. What stands before the rows gives way.
import { blank } from '../paste-forms/hex-marks.ts';
import { PasteError } from '../paste-forms/paste-error.ts';
import { dumpsOf, holdCount, pairsOf } from './octets-text.ts';

const row = /(?<![0-9a-z])([0-9a-f]{4,8})(?:\]|:)? {1,3}(?=[0-9a-f]{2}(?: |[0-9a-f]{2} |$))/i;
const octets = /(?:[0-9a-f]{2} ){4}|[0-9a-f]{12}/i;

/** Rows of a dump without what a log puts before each; the text as it is where there is no such dump. */
export function withoutRowPrefix(text: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => octets.test(line));
  const found = row.exec(lines[first] ?? '');
  const [, offset = ''] = found ?? [];
  const prefix = (lines[first] ?? '').slice(0, found?.index ?? 0);
  if (!/^0+$/.test(offset) || !/[\p{L}<>[\]]/u.test(prefix)) return text;
  const shape = shapeOf(prefix);
  const plain = lines.map((line) => {
    const each = row.exec(line);
    const index = each?.index ?? 0;
    if (each !== null && (each[1] ?? '').length >= offset.length && shapeOf(line.slice(0, index)) === shape) {
      return blank(line.slice(0, index)) + withoutBracket(line.slice(index));
    }
    return octets.test(line) ? undefined : blank(line);
  });
  return plain.includes(undefined) ? text : plain.join('\n');
}

/** `0000]   06 05` of ncat, whose octets take fifty characters, as a plain row. */
function withoutBracket(line: string): string {
  const [all, offset = ''] = /^([0-9a-f]+)\] {1,3}/i.exec(line) ?? [];
  if (all === undefined) return line;
  const pairs = line.slice(all.length, all.length + 50).match(/[0-9a-f]{2}(?![^ ])/gi) ?? [];
  return `${offset}  ${pairs.join(' ')}`;
}

/** What stands before rows, without what counts on from line to line. */
function shapeOf(prefix: string): string {
  return prefix.replace(/[0-9]+/g, '0').replace(/\s+/g, ' ');
}

const nettyRow = /^\s*\|([0-9a-f]{8})\| ((?:[0-9a-f]{2} ){1,16}) *\|.*\|\s*$/i;
const nettyFrame = /^\s*(?:\+[-+]{8,}\+|\| +0 +1 +2 .*\|)\s*$/;

/** Dumps of Netty's LoggingHandler, held against the length that stands above; `undefined` for other text. @throws {PasteError} */
export function nettyDumps(text: string): string | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  if (!lines.some((line) => nettyFrame.test(line)) || !lines.some((line) => nettyRow.test(line)))
    return undefined;
  const messages: number[][] = [];
  let [said, saidAt] = [undefined as number | undefined, 0];
  const close = (): void => holdCount(said, messages.at(-1)?.length ?? 0, saidAt);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || nettyFrame.test(line)) continue;
    const [, offset, pairs = ''] = nettyRow.exec(line) ?? [];
    if (offset === undefined) {
      close();
      const count = /\b([0-9]{1,9})B\s*$/.exec(line)?.[1];
      [said, saidAt] = [count === undefined ? undefined : Number(count), index + 1];
      if (count !== undefined) messages.push([]);
      continue;
    }
    const at = Number.parseInt(offset, 16);
    if (at === 0 && (messages.at(-1)?.length ?? 1) > 0) messages.push([]);
    const message = messages.at(-1);
    if (message === undefined || message.length !== at) {
      throw new PasteError(
        index + 1,
        1,
        `offset ${offset} does not follow: ${message?.length ?? 0} octets are before it`,
      );
    }
    message.push(...pairsOf(pairs));
  }
  close();
  return dumpsOf(messages.filter(({ length }) => length > 0));
}

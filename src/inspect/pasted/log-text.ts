// Octets as logs print them: behind a time and words in a line of hex, and as the dump of a string by Kannel.
import { hexToBytes } from '../../core/index.ts';
import { blank } from '../paste-forms/hex-marks.ts';
import { checkLength, PasteError } from '../paste-forms/paste-error.ts';
import { type HexPlace, hexInLine } from '../paste-guards/log-line.ts';
import { isModemLine } from './modem-line.ts';

/** A day and a time, as no octets are written. */
const stamp =
  /^\s*\[?(?:[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[ T,]\s*[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,:][0-9]{1,9})?(?:\s?Z|\s?[+-][0-9]{2}:?[0-9]{2})?|[A-Z][a-z]{2}\s+[0-9]{1,2} [0-9]{2}:[0-9]{2}:[0-9]{2}|[0-9]{2}:[0-9]{2}:[0-9]{2}[.,][0-9]{1,9})\]?(?=[\s:]|$)/;
/** A time alone, which may be three octets. */
const bareTime = /^\s*(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\s+(?=[0-9a-f]{2})/i;
/** A line of hex without the day and time before it. @throws {PasteError} for a time that may be octets */
export function withoutStamp(line: string, number: number): string {
  const found = stamp.exec(line)?.[0];
  if (found !== undefined) return blank(found) + line.slice(found.length);
  const time = bareTime.exec(line)?.[0];
  const rest = line.slice(time?.length ?? 0).trim();
  if (time !== undefined && !/^[0-9a-f]{2}:/i.test(rest)) {
    const detail = `${time.trim()} may be a time or octets: leave the time away, or write all octets alike`;
    throw new PasteError(number, line.length - line.trimStart().length + 1, detail);
  }
  return line;
}

/** Lines of a log with hex in them, without what else stands there; any other text as it is. @throws {PasteError} */
export function withoutLogText(text: string): string {
  const lines = text.split('\n');
  const first = lines.find((line) => line.trim() !== '') ?? '';
  if (isModemLine(first) || hexOf(first, 1) === undefined) return text;
  return lines
    .map((line, index) => {
      const found = hexOf(line, index + 1);
      return found === undefined ? line : blank(line.slice(0, found.from)) + line.slice(found.from, found.to);
    })
    .join('\n');
}

function hexOf(line: string, number: number): HexPlace | undefined {
  return hexInLine(line, stamp.exec(line)?.[0].length ?? 0, number);
}

const kannelHead = /\bOctet string at (?:0x)?[0-9a-f]+:/i;
const kannelRow = /\bdata: ((?:[0-9a-f]{2} ){1,16})/i;
const kannelLength = /\blen: +([0-9]{1,9})\b/;

/** Whether a text has a dump of Kannel's `octstr_dump`. */
export function isKannelDump(text: string): boolean {
  return kannelHead.test(text) && kannelRow.test(`${text} `);
}

/** The octets of each string that Kannel has dumped. @throws {PasteError} where its length and its octets differ */
export function readKannelDumps(text: string): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  let hex = '';
  let rows = 0;
  let length: number | undefined;
  let headLine = 0;
  const close = (): void => {
    if (headLine === 0) return;
    const octets = hexToBytes(hex);
    // A row that came twice fills up what another one lacks.
    if (length !== undefined && (octets.length !== length || rows !== Math.ceil(length / 16))) {
      const detail = `Kannel says len ${length}, and its data are ${octets.length} octets in ${rows} lines: one is missing, stands twice, or was changed`;
      throw new PasteError(headLine, 1, detail);
    }
    checkLength(octets.length, headLine);
    if (octets.length > 0) found.push(octets);
    hex = '';
    rows = 0;
    length = undefined;
    headLine = 0;
  };
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (kannelHead.test(line)) {
      close();
      headLine = index + 1;
    }
    if (headLine === 0) continue;
    const said = kannelLength.exec(line)?.[1];
    if (said !== undefined) length ??= Number(said);
    const left = length === undefined ? 16 : length - hex.length / 2;
    const row = kannelRow.exec(`${line} `)?.[1];
    // A short row is followed by its text, which may look like hex.
    if (row === undefined) continue;
    rows += 1;
    hex += row.replaceAll(' ', '').slice(0, Math.max(Math.min(left, 16), 0) * 2);
  }
  close();
  return found;
}

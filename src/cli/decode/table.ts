// Decoded octets as an annotated table: offset, octets, bits, field, value, meaning, section.
import { type Annotation, bytesToHex } from '../../core/index.ts';

/** ANSI styles; empty strings when colour is off. */
export interface Style {
  readonly heading: string;
  readonly faint: string;
  readonly strong: string;
  readonly good: string;
  readonly bad: string;
  readonly end: string;
}

/** The styles for a terminal with or without colour. */
export function styleFor(colour: boolean): Style {
  return colour
    ? {
        heading: '\x1b[1;36m',
        faint: '\x1b[2m',
        strong: '\x1b[1m',
        good: '\x1b[32m',
        bad: '\x1b[1;31m',
        end: '\x1b[0m',
      }
    : { heading: '', faint: '', strong: '', good: '', bad: '', end: '' };
}

const columns = ['offset', 'octets', 'bits', 'field', 'value', 'meaning', 'section'] as const;
const octetsPerLine = 8;
/** Lines of octets that one field takes at most: what is longer is content, and the others want to be seen. */
const linesPerField = 32;
/** Characters of one cell at most. */
const longestCell = 400;

/**
 * The table as lines. `octets` is the whole input that the annotations' offsets refer to. Bits of an octet that belong
 * to another field are shown as dots.
 */
export function renderTable(annotations: readonly Annotation[], octets: Uint8Array, style: Style): string[] {
  const rows = annotations.flatMap((annotation) => rowsOf(annotation, octets));
  const widths = columns.map((name, column) =>
    rows.reduce((widest, row) => Math.max(widest, [...(row[column] ?? '')].length), name.length),
  );
  const line = (cells: readonly string[], paint: (text: string, column: number) => string): string =>
    cells
      .map((cell, column) => paint(cell + ' '.repeat((widths[column] ?? 0) - [...cell].length), column))
      .join('  ')
      .trimEnd();
  const header = line(columns, (text) => `${style.faint}${text}${style.end}`);
  const body = rows.map((row) =>
    line(row, (text, column) => {
      if (column === 3) return `${style.strong}${text}${style.end}`;
      return column === 0 || column === 6 ? `${style.faint}${text}${style.end}` : text;
    }),
  );
  return [header, ...body];
}

/** Text of a peer as one line: what would steer a terminal is shown by its number, and what is too long is cut. */
function visible(text: string): string {
  const whole = text.length <= longestCell;
  const shown = whole ? text : `${text.slice(0, longestCell)}… (${text.length} characters)`;
  return shown.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `\\u{${number}}`;
  });
}

function rowsOf(annotation: Annotation, octets: Uint8Array): string[][] {
  const most = linesPerField * octetsPerLine;
  const part = octets.subarray(annotation.offset, annotation.offset + Math.min(annotation.length, most));
  const hex = bytesToHex(part).replace(/../g, '$& ').trimEnd();
  const perLine = octetsPerLine * 3;
  const lines: string[] = [];
  for (let at = 0; at < hex.length || at === 0; at += perLine)
    lines.push(hex.slice(at, at + perLine).trimEnd());
  if (annotation.length > most) lines.push(`… ${annotation.length - most} more`);
  const first = [
    String(annotation.offset),
    lines[0] ?? '',
    bitsOf(annotation, part),
    visible(annotation.field),
    visible(annotation.value),
    visible(annotation.meaning),
    annotation.section,
  ];
  return [first, ...lines.slice(1).map((text) => ['', text, '', '', '', '', ''])];
}

/** The octets in binary, with a dot for every bit outside the field; empty for fields of whole octets. */
function bitsOf(annotation: Annotation, part: Uint8Array): string {
  const { bit, bits } = annotation;
  if (bit === undefined || bits === undefined) return '';
  if (bit === 0 && bits % 8 === 0) return '';
  let text = '';
  for (let i = 0; i < part.length * 8; i += 1) {
    if (i > 0 && i % 8 === 0) text += ' ';
    const inside = i >= bit && i < bit + bits;
    text += inside ? String(((part[i >> 3] ?? 0) >> (7 - (i & 7))) & 1) : '·';
  }
  return text;
}

// Rows of a table with the header of user data in one column and the data in another.
import { PasteError } from '../paste-forms/paste-error.ts';
import { kindOfName } from '../paste-forms/value-names.ts';
import { isHeader } from './user-data-header.ts';

/** The rows as hex, header and data joined; `undefined` for what is no such table. @throws {PasteError} where columns cannot be told */
export function userDataOfTable(text: string): string | undefined {
  for (const separator of [',', ';', '\t', '|']) {
    const lines = text.split('\n');
    const rows = lines.map((line) => cellsOf(line, separator));
    const first = rows.findIndex((row) => row.length > 0);
    const names = rows[first] ?? [];
    if (names.length < 2 || rows.some(({ length }) => length !== 0 && length !== names.length)) continue;
    const kinds = names.map((name) => (/^[A-Za-z][\w -]*$/.test(name) ? kindOfName(name) : undefined));
    const header = kinds.indexOf('header');
    if (header < 0) {
      refuseUnnamed(rows);
      continue;
    }
    const column = kinds.indexOf('data');
    const isOther = kinds.lastIndexOf('header') !== header || kinds.lastIndexOf('data') !== column;
    if (isOther || column < 0) {
      throw new PasteError(first + 1, 1, 'the column of the header and that of its data cannot be told');
    }
    const found = rows.map((row, index) =>
      index === first || row.length === 0 ? '' : rowOf(row[header] ?? '', row[column] ?? '', index + 1),
    );
    // What is too long for a header is another column of octets.
    return found.includes(undefined) ? undefined : found.join('\n');
  }
  return undefined;
}

function rowOf(header: string, data: string, number: number): string | undefined {
  if (!/^(?:[0-9a-f]{2})+$/i.test(data)) {
    throw new PasteError(number, 1, 'the data beside a header of user data is no hex: give both in hex');
  }
  if (header === '') return data;
  if (isHeader(header)) return header + data;
  if (header.length >= 16) return undefined;
  throw new PasteError(
    number,
    1,
    `${header} is no header of user data: its first octet says how many follow`,
  );
}

/** A header among cells without names is not dropped. @throws {PasteError} */
function refuseUnnamed(rows: readonly (readonly string[])[]): void {
  for (const [index, row] of rows.entries()) {
    if (row.length < 3) continue;
    const at = row.findIndex((cell) => /^[0-9a-f]{8,}$/i.test(cell) && isHeader(cell));
    const data = row.findIndex((cell, other) => other !== at && /^(?:[0-9a-f]{2}){8,}$/i.test(cell));
    if (at < 0 || data < 0) continue;
    const detail = `column ${at + 1} may be the header of the user data in column ${data + 1}: paste both one behind the other, or one of them`;
    throw new PasteError(index + 1, 1, detail);
  }
}

function cellsOf(line: string, separator: string): readonly string[] {
  if (line.trim() === '') return [];
  return line.split(separator).map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .replace(/^0x/i, ''),
  );
}

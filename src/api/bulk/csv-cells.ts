// Cells of comma-separated values as they are written (RFC 4180): no spreadsheet computes them.

/** What spreadsheets take for the beginning of a formula. */
const formula = /^'*[=+\-@\t\r]/;

/** A value as a cell. */
export function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return safe(value.join(' '));
  return safe(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** No spreadsheet computes it, and it comes back as it was. */
function safe(text: string): string {
  if (formula.test(text)) return `'${text}`;
  return /^\\+N$/.test(text) ? `\\${text}` : text;
}

/** Cells as a record, with its end. */
export function csvRecord(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}

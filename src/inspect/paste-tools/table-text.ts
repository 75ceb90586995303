// Tables as clients of databases print them, with borders or lines below the names: psql, mysql, sqlite3, Markdown. The cells of a row
// are set apart by tabs, for the reader of tables.

/** A line of nothing but border, or the line below the names. */
const border = /^\s*(?=.*[-─═━]{2})[-─═━+|│┼┬┴├┤┌┐└┘:╭╮╰╯╞╡╪ =]+\s*$/;
const footer = /^\s*(?:\([0-9]+ rows?\)|[0-9]+ rows? in set.*|Time: .*)\s*$/;

/** The rows of a table, cells between tabs; as it is where it is none. */
export function tableText(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (!lines.some((line) => border.test(line))) return text;
  const rows = lines.filter((line) => line.trim() !== '' && !border.test(line) && !footer.test(line));
  const isFramed = lines.some((line) => border.test(line) && /[|+│┼┬]/.test(line));
  const cells = rows.map((line) =>
    isFramed
      ? line
          .trim()
          .replace(/^[|│]|[|│]$/g, '')
          .split(/[|│]/)
      : line.trim().split(/\s{2,}/),
  );
  const [names = [], ...rest] = cells;
  if (rest.length === 0 || cells.some(({ length }) => length !== names.length)) return text;
  // Names are words: what has none is a dump or a drawing.
  if (!names.every((name) => /^\s*[\p{L}_?][\p{L}\p{N} _.?()-]*\s*$/u.test(name)) || names.some(isHex))
    return text;
  const shown = names.length === 1 ? rest : cells;
  return shown.map((row) => row.map((cell) => cell.trim()).join('\t')).join('\n');
}

function isHex(name: string): boolean {
  return /^\s*[0-9a-f]{2}(?:\s+[0-9a-f]{2})+\s*$/i.test(name);
}

// Where a character stands in a text, as editors count.

/** Line and column, both from 1, of the character at `index`. Lines end with LF, CR LF, or CR. */
export function lineAndColumn(
  text: string,
  index: number,
): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  const before = text.slice(0, index);
  for (const end of before.matchAll(/\r\n|\n|\r(?!\n)/g)) {
    const behind = end.index + end[0].length;
    // A CR that is cut off from its LF ends no line yet.
    if (end[0] === '\r' && text[behind] === '\n') continue;
    line += 1;
    start = behind;
  }
  return { line, column: [...before.slice(start)].length + 1 };
}

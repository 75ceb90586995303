// Texts in the languages of shells.

/** One word of any of the shells, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The same for fish, where a backslash stands for itself before others than a quote and a backslash. */
export function quotedForFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A description as one short line: its first sentence or clause. */
export function shortLine(text: string): string {
  const first = text.replaceAll(/\s+/g, ' ').split(/[;:.](?= )| \(/, 1)[0] ?? '';
  return first.length <= 80 ? first : `${first.slice(0, 79)}…`;
}

/** Path of a command as one word. */
export function pathWord(path: readonly string[]): string {
  return path.join(' ');
}

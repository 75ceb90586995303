// Where in a document something stands.
import { type Place, utf8Length } from '../../../core/index.ts';

/** A text with LF at the end of its lines, as XML reads any text (XML-1.0 §2.11). */
export function withLineFeeds(source: string): string {
  return source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source;
}

/**
 * The place of a character, with line and column as its path, both from 1.
 * @param before what was passed over in front of the document
 * @param source the document as it came
 * @param index of the character in `withLineFeeds(source)`
 */
export function placeOf(before: string, source: string, index: number): Place {
  const read = withLineFeeds(source).slice(0, index);
  const line = read.split('\n').length;
  const column = read.length - read.lastIndexOf('\n');
  const offset = utf8Length(before) + utf8Length(source.slice(0, sourceIndex(source, index)));
  return { path: `line ${line}, column ${column}`, offset, bit: 0 };
}

/** Where in `source` the character at `index` of `withLineFeeds(source)` stands. */
function sourceIndex(source: string, index: number): number {
  let shorter = 0;
  for (const { index: at } of source.matchAll(/\r\n/g)) {
    if (at - shorter >= index) break;
    shorter += 1;
  }
  return index + shorter;
}

// A text of a tool as a form that is read: what it lists beside octets is held against them first.
import { refuseWords, withoutBytea, withoutDecimals } from './decimal-escapes.ts';
import { indexedList } from './indexed-list.ts';
import { withoutOctetMarks } from './octet-marks.ts';
import { recordFile } from './record-file.ts';
import { ruledDump } from './ruled-dump.ts';
import { tableText } from './table-text.ts';
import { binaryOfTerm, curlTrace, withoutArrows, withoutCount, withoutEnd } from './traces.ts';

/** Characters of a text at most that a tool is looked for in. */
const longest = 4_000_000;

/** The text in a form that is read; as it is where no tool is known in it. @throws {PasteError} where counts and octets differ */
export function plainForm(given: string): string {
  if (given.length > longest) return given;
  const text = withoutEnd(given);
  const listed = curlTrace(text) ?? indexedList(text) ?? recordFile(text) ?? ruledDump(text);
  if (listed !== undefined) return listed;
  const traced = withoutBytea(binaryOfTerm(withoutCount(withoutArrows(text))));
  return withoutOctetMarks(tableText(traced));
}

/** A text with escapes, decimal ones as `\x06`. @throws {PasteError} where words or digits may be meant otherwise */
export function plainEscapes(text: string): string {
  refuseWords(text);
  return withoutDecimals(text);
}

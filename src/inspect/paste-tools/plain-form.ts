// A text of a tool as a form that is read: what it lists beside octets is held against them first.
import { binaryTerms } from './binary-terms.ts';
import { refuseWords, withoutBytea, withoutDecimals } from './decimal-escapes.ts';
import { goLists } from './go-list.ts';
import { indexedList, rawOfR } from './indexed-list.ts';
import { withoutOctetMarks } from './octet-marks.ts';
import { nettyDumps, withoutRowPrefix } from './prefixed-dump.ts';
import { recordFile } from './record-file.ts';
import { ruledDump } from './ruled-dump.ts';
import { socatTrace } from './socat-trace.ts';
import { tableText } from './table-text.ts';
import { withoutInvisible } from './ticket-tags.ts';
import { binaryOfTerm, curlTrace, withoutArrows, withoutCount, withoutEnd } from './traces.ts';

/** Characters of a text at most that a tool is looked for in. */
const longest = 4_000_000;

/** The text in a form that is read; as it is where no tool is known in it. @throws {PasteError} where counts and octets differ */
export function plainForm(given: string): string {
  if (given.length > longest) return given;
  const text = withoutInvisible(withoutEnd(given));
  const traced = curlTrace(text) ?? socatTrace(text) ?? nettyDumps(text);
  const listed = traced ?? indexedList(text) ?? rawOfR(text) ?? recordFile(text) ?? ruledDump(text);
  if (listed !== undefined) return listed;
  const plain = withoutRowPrefix(withoutCount(withoutArrows(text)));
  return withoutOctetMarks(tableText(goLists(withoutBytea(binaryTerms(binaryOfTerm(plain))))));
}

/** A text with escapes, decimal ones as `\x06`. @throws {PasteError} where words or digits may be meant otherwise */
export function plainEscapes(text: string): string {
  refuseWords(text);
  return withoutDecimals(text);
}

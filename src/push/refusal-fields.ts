// What a refusal says beside its status: the header fields of SIP and HTTP that tell what would be taken instead (RFC 3261
// §21.4, §20.43; RFC 9110 §15.5). Whoever reads the error or the timeline need not trace the wire.
import { toLine } from '../core/index.ts';

/** Fields by the status that brings them, and what they say. `Warning` may come with any (RFC 3261 §20.43). */
const fieldsOf: ReadonlyMap<number, readonly (readonly [name: string, meaning: string])[]> = new Map([
  [405, [['Allow', 'methods that it takes']]],
  [406, [['Accept', 'it takes']]],
  [
    415,
    [
      ['Accept', 'it takes'],
      ['Accept-Encoding', 'encodings that it takes'],
      ['Accept-Language', 'languages that it takes'],
    ],
  ],
  [420, [['Unsupported', 'extensions that it lacks']]],
  [421, [['Require', 'extensions that it wants']]],
  [488, [['Accept', 'it takes']]],
  [606, [['Accept', 'it takes']]],
]);
const warning = ['Warning', 'its warning'] as const;

/** Statuses of which one wants to know what would be taken, so that its absence is told too. */
const silent: ReadonlyMap<number, string> = new Map([[415, 'Accept']]);

/** Characters of one field that are told, at most, and elements of a list that are looked at. */
const maxCharacters = 200;
const maxValues = 16;

/**
 * What the fields of a refusal say, one text each; empty when nothing is said. The values are a stranger's: they are cut,
 * and fit for one line.
 * @param valuesOf the values of all fields of a name, in order; a field that is there and empty is an empty text
 * @param unreadable names of fields that were there and could not be read
 */
export function refusalDetails(
  status: number,
  valuesOf: (name: string) => readonly string[],
  unreadable: readonly string[] = [],
): readonly string[] {
  const details: string[] = [];
  for (const [name, meaning] of [...(fieldsOf.get(status) ?? []), warning]) {
    const values = valuesOf(name).slice(0, maxValues);
    if (values.length === 0) {
      if (silent.get(status) === name && !unreadable.includes(name))
        details.push('it does not say which it takes');
      continue;
    }
    const text = values
      .map((value) => toLine(value.trim(), maxCharacters))
      .filter((value) => value !== '')
      .join(', ');
    details.push(`${meaning}: ${text === '' ? 'none' : toLine(text, maxCharacters)}`);
  }
  return details;
}

// Words before the octets of a line that are hex by chance: a day, a number of a phone or a line, an id. Octets are never joined to them
// where the message tells that they are none of it, or the signs between them do.
import { PasteError } from '../paste-forms/paste-error.ts';

/** Groups at most that may stand before the octets. */
const mostStray = 7;
/** Characters of a line at most that are looked at. */
const longest = 100_000;

/**
 * `isMessage` says whether hex is a message by itself.
 * @throws {PasteError} where it is one only without what stands before it, or signs stand between some octets and not between others
 */
export function refuseStrayBefore(text: string, number: number, isMessage: (hex: string) => boolean): void {
  if (text.length > longest) return;
  const groups = [...text.matchAll(/[^\s:-]+/g)];
  const alike = isUniform(text);
  if ((alike && !isCount(groups)) || isMessage(text)) return;
  for (const { index } of groups.slice(1, alike ? 2 : mostStray + 1)) {
    if (!isMessage(text.slice(index))) continue;
    const before = text.slice(0, index).trim();
    const detail = `${JSON.stringify(before)} may be octets or none: with it this is no message that is known, and without it it is one`;
    throw new PasteError(number, text.search(/\S/) + 1, detail);
  }
  const place = alike ? undefined : mixedAt(text);
  if (place === undefined) return;
  const detail =
    'signs stand between some octets here, and not between others: a day, an id or octets? Write all octets alike, or paste them alone';
  throw new PasteError(number, place + 1, detail);
}

/** Whether octets have one form from the first to the last: groups of one width, of which the last may be shorter, and one separator. */
function isUniform(text: string): boolean {
  let end = text.length;
  while (end > 0 && /[;,:'"\s-]/.test(text.charAt(end - 1))) end -= 1;
  const line = text.slice(0, end).trimStart();
  const [width = 0] = line.split(/[\s:-]/, 1).map(({ length }) => length);
  const separator = line.slice(width).match(/^[\s:-]+/)?.[0];
  if (separator === undefined) return true;
  const groups = line.split(separator);
  return groups.every((group, index) =>
    index === groups.length - 1 ? group.length <= width && !/[\s:-]/.test(group) : group.length === width,
  );
}

/** Whether the first of these is how many octets follow it, in hex or decimal. */
function isCount(groups: readonly RegExpMatchArray[]): boolean {
  const [first = ''] = groups[0] ?? [];
  const octets = groups.slice(1).reduce((sum, [group]) => sum + group.length, 0) / 2;
  return octets >= 8 && (Number.parseInt(first, 16) === octets || Number(first) === octets);
}

/** Where words have signs within them, and others beside them have none; the last one may be what is left over. */
function mixedAt(text: string): number | undefined {
  const words = [...text.matchAll(/[^\s]+/g)].map(({ 0: word, index }) => ({ word, index }));
  const signed = words.filter(({ word }) => /\w[:-]+\w/.test(word));
  const [first] = signed;
  const width = first?.word.split(/[:-]/, 1)[0]?.length ?? 0;
  const plain = words.filter(
    ({ word }, index) =>
      /^\w+[:-]?$/.test(word) && !(index === words.length - 1 && word.replace(/[:-]$/, '').length <= width),
  );
  // A label, as nothing else has a sign behind it.
  const [label, ...rest] = words;
  if (first === undefined && label !== undefined && /\w[:-]$/.test(label.word) && rest.length > 0) {
    return rest.some(({ word }) => /[:-]/.test(word)) ? undefined : label.index;
  }
  return first === undefined || plain.length === 0 ? undefined : first.index;
}

// Groups of hex digits with separators between them, as `printf` prints octets: without their zeros (`%x`), or with the sign of a
// char before them (`%02x`). Digits are never joined over a separator where the groups are no octets.

/** A line of hex as octets of two digits each, or what is wrong with it, and with which of its characters. */
export type Groups = { readonly words: readonly string[] } | { readonly detail: string; readonly at: number };

const signed = /^ffffff[89a-f][0-9a-f]$/i;

/** The groups of `line`, in pairs where they were printed without zeros or with a sign. */
export function groupsOf(line: string): Groups {
  const groups = [...line.matchAll(/[^\s:-]+/g)].map(({ 0: group, index }) => ({ group, index }));
  const plain = groups.map(({ group }) => group.replace(/^0x(?=.)/i, ''));
  const [first] = groups;
  if (first === undefined || !plain.every((group) => /^[0-9a-f]+$/i.test(group)))
    return { words: wordsOf(line) };
  if (groups.length === 1) return signsWithin(first.group, first.index) ?? { words: wordsOf(line) };
  const isSigned = plain.filter((group) => signed.test(group)).length;
  const isShort = plain.filter((group) => group.length <= 2).length;
  if (isSigned > 0 && isSigned + isShort === plain.length) {
    if (isShort > 0 || isSigned > 8) return { words: plain.map((group) => group.slice(-2).padStart(2, '0')) };
    const detail =
      'octets with the sign of a char before them (%x of a signed char), or words? Print them as unsigned char';
    return { detail, at: first.index };
  }
  const odd = plain.findIndex((group) => group.length % 2 !== 0);
  if (odd < 0) return { words: wordsOf(line) };
  const { group = '', index = 0 } = groups[odd] ?? {};
  if (isShort === plain.length) {
    const padded = plain.filter((each) => /^0[0-9a-f]$/i.test(each)).length;
    const single = plain.filter((each) => each.length === 1).length;
    if (padded < single) return { words: plain.map((each) => each.padStart(2, '0')) };
    const detail = `"${group}" is one digit, and other octets have their zero: a digit is missing, or this is no octet`;
    return { detail, at: index };
  }
  const detail = `"${group.slice(0, 24)}" has an odd number of digits (${group.length}): a digit is missing, or a separator stands in an octet`;
  return { detail, at: index };
}

/** As `groupsOf`, of hex that may be broken anywhere: two digits alone beside one another are an octet that was. */
export function foldedGroupsOf(line: string): { readonly words: readonly string[] } {
  const read = groupsOf(line);
  const isBroken = !/(?:^|[\s:-])[0-9a-f](?=[\s:-]|$)/i.test(
    line.replace(/(^|[\s:-])[0-9a-f][\s:-]+[0-9a-f](?=[\s:-]|$)/gi, '$1'),
  );
  const isPrinted = 'words' in read && (/ffffff[89a-f]/i.test(line) || !isBroken);
  return isPrinted ? read : { words: wordsOf(line) };
}

/** `010603ffffffc4`, where nothing separates octets: each from 80 on has a sign before it, and none has none. */
function signsWithin(group: string, at: number): Groups | undefined {
  if (!/^(?:[0-7][0-9a-f]|ffffff[89a-f][0-9a-f])+$/i.test(group)) return undefined;
  const signs = group.match(/ffffff[89a-f][0-9a-f]/gi)?.length ?? 0;
  if (signs < 2 || signs * 8 === group.length) return undefined;
  const detail = `ffffff stands before each octet from 80 on (${signs} times), as %02x prints a signed char: print octets as unsigned char`;
  return { detail, at };
}

function wordsOf(line: string): readonly string[] {
  return line.split(/\s+/).map((word) => word.replace(/^0x/i, ''));
}

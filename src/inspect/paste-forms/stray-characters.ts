// Characters among octets that are all spelt: who writes c as \x63 writes no 3 beside it, so that one is left of an escape that was
// damaged.
import { PasteError } from './paste-error.ts';

/** Printable octets that are spelt, at least. */
const leastSpelt = 8;

/**
 * `inner` begins at `start` of the text; `spelling` is how it spells octets, with their digits of the base as its first group; `most` characters may
 * be left of one that was damaged.
 * @throws {PasteError} where next to nothing stands for itself
 */
export function refuseStrayCharacters(
  text: string,
  start: number,
  inner: string,
  spelling: RegExp,
  base: 8 | 16,
  most = 4,
): void {
  let printable = 0;
  const plain = inner.replace(spelling, (all: string, digits?: string) => {
    const octet = Number.parseInt(digits ?? '', base);
    if (octet > 0x20 && octet < 0x7f) printable += 1;
    return ' '.repeat(all.length);
  });
  const others = plain.match(/\S/g)?.length ?? 0;
  if (others === 0 || others > most || printable < leastSpelt) return;
  const at = start + plain.search(/\S/);
  const detail = `${JSON.stringify(text.charAt(at))} stands for itself where all other octets are spelt: is it left of one?`;
  throw PasteError.at(text, at, detail);
}

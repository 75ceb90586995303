// What stands among octets and is none: masks (`??`, `xx`, `<port>`), slips (`cO`), words. The octets before it are not to be lost.
import { PasteError } from '../paste-forms/paste-error.ts';

interface Run {
  readonly from: number;
  readonly to: number;
  readonly hex: string;
  readonly octets: number;
  readonly kind: string | undefined;
}

const mask = /^[\s,:-]*(?:(?:[?#_*.]+|x+|n+|y+|z+)[\s,:-]*)+$/i;
const bracket = /^[\s,:-]*[<[({][^<>[\](){}=]{0,60}[>\])}][\s,:-]*$/;

/**
 * Holds what stands between runs of hex in a line against what octets are masked with.
 * @throws {PasteError} where octets stand on both sides of what is none
 */
export function refuseMasks(line: string, number: number, runs: readonly Run[]): void {
  for (const [index, right] of runs.entries()) {
    const left = runs[index - 1];
    if (left !== undefined) refuseGap(line, number, left, right);
  }
}

/** Octets elsewhere in the line that no name explains are not dropped. @throws {PasteError} */
export function refuseStray(number: number, runs: readonly Run[], one: Run): void {
  // Six are the address of a network card.
  const stray = runs.find((each) => each !== one && each.octets >= 3 && each.octets !== 6 && isPairs(each));
  if (stray === undefined || stray.kind !== undefined || !/\s|:|-/.test(stray.hex)) return;
  const detail =
    'octets stand here too, apart from those of the message: paste all of them in hex, or one run alone';
  throw new PasteError(number, stray.from + 1, detail);
}

/** @throws {PasteError} */
function refuseGap(line: string, number: number, left: Run, right: Run): void {
  const gap = line.slice(left.to, right.from);
  const shown = gap.trim().replace(/^[,:-]+|[,:-]+$/g, '');
  const place = left.to + gap.indexOf(shown.charAt(0)) + 1;
  if (shown === '') return;
  if (mask.test(gap)) {
    const detail = `octets are masked here (${shown.slice(0, 24)}): put the octets themselves in their place`;
    throw new PasteError(number, place, detail);
  }
  if (
    !isPairs(left) ||
    !isPairs(right) ||
    left.octets < 2 ||
    left.kind === 'other' ||
    right.kind !== undefined
  )
    return;
  if (bracket.test(gap)) {
    const detail = `${shown.slice(0, 24)} stands where octets were expected: put the octets themselves in its place`;
    throw new PasteError(number, place, detail);
  }
  if (/^\S{1,3}$/.test(shown) && !/[=:]/.test(gap)) {
    const detail = `${JSON.stringify(shown)} is no octet, and octets stand before it and behind: a slip?`;
    throw new PasteError(number, place, detail);
  }
}

/** Whether hex is written in octets apart, as a person would before a mask. */
function isPairs({ hex, octets }: Run): boolean {
  return (
    octets < 2 ||
    /^[0-9a-f]{2}(?:[\s:-]+[0-9a-f]{2})+$/i.test(hex) ||
    (/^\S+$/.test(hex) && /[a-f]|^0/i.test(hex))
  );
}

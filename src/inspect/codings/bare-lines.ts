// Heads of HTTP and SIP whose lines end with LF alone: editors, scripts and some peers write them. They are read as if the CRs were there, and it
// is said; places are those of the octets as they are.
import { concatBytes, DecodeError } from '../../core/index.ts';

/** Octets of a head at most in which line ends are looked for. */
const longestHead = 65_536;

/** A message whose head has its CRs. */
export interface MendedHead {
  /** The message, with CRs before line ends that had none. */
  readonly octets: Uint8Array;
  /** How many were missing, and where the first one was in the octets as they are. */
  readonly missing: number;
  readonly first: number;
  /** Where an octet of the mended message stands in the octets as they are. */
  place(offset: number): number;
}

/** The message with its CRs; `undefined` where no line end of its head is without one. */
export function mendedHead(octets: Uint8Array, start = 0): MendedHead | undefined {
  const bare: number[] = [];
  let lineAt = start;
  let end = -1;
  const limit = Math.min(octets.length, start + longestHead);
  let began = false;
  for (let at = octets.indexOf(0x0a, start); at >= 0 && at < limit; at = octets.indexOf(0x0a, at + 1)) {
    const hasReturn = at > lineAt && octets[at - 1] === 0x0d;
    if (!hasReturn) bare.push(at);
    const isEmpty = at - lineAt === (hasReturn ? 1 : 0);
    lineAt = at + 1;
    if (isEmpty && began) {
      end = at + 1;
      break;
    }
    began ||= !isEmpty;
  }
  const [first] = bare;
  if (first === undefined || end < 0) return undefined;
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const at of bare) {
    pieces.push(octets.subarray(from, at), Uint8Array.of(0x0d));
    from = at;
  }
  pieces.push(octets.subarray(from));
  // Where the CRs were put in.
  const put = bare.map((at, index) => at + index);
  return {
    octets: concatBytes(...pieces),
    missing: bare.length,
    first,
    place: (offset) => offset - countBelow(put, offset),
  };
}

function countBelow(sorted: readonly number[], offset: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Runs a decoder of a mended message; its errors say the place in the octets as they are. */
export function placed<T>(mended: MendedHead | undefined, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError) || mended === undefined) throw error;
    throw new DecodeError(
      error.code,
      error.detail,
      { ...error.at, offset: mended.place(error.at.offset) },
      error.spec,
    );
  }
}

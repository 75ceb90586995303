// What a seed decides: the same for the same names, whenever and in whatever order it is asked.
import { createHash } from 'node:crypto';

/**
 * 32 octets that a seed gives a name. They are good for simulated devices only: whoever knows the seed knows their secrets.
 */
export function seededOctets(seed: number, ...name: readonly (string | number)[]): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(['reveille-fleet', seed, ...name]))
    .digest();
}

/** A number from 0 up to, not including, 1. */
export function seededNumber(seed: number, ...name: readonly (string | number)[]): number {
  return seededOctets(seed, ...name).readUIntBE(0, 6) / 2 ** 48;
}

/** One name of a table of shares, by a number from 0 up to 1. Shares count in relation to their sum, which is above 0. */
export function chosenShare<Name extends string>(
  shares: Readonly<Partial<Record<Name, number>>>,
  at: number,
): Name {
  const entries = Object.entries(shares) as [Name, number | undefined][];
  const wanted = entries.flatMap(([name, share = 0]) => (share > 0 ? [{ name, share }] : []));
  const sum = wanted.reduce((total, { share }) => total + share, 0);
  let left = at * sum;
  for (const { name, share } of wanted) {
    left -= share;
    if (left < 0) return name;
  }
  const last = wanted.at(-1);
  if (last === undefined) throw new RangeError('no share is above 0');
  return last.name;
}

// What is told of receipts that may be about several pushes: bounded, so that a centre cannot fill timelines.

/** Why nobody can tell: several pushes have or had the id, or it fits several when it is read in different ways. */
export type WhyUnclear = 'shared' | 'readings';

/** What has been told of a push's unclear receipts. */
export interface UnclearSoFar {
  /** Such receipts so far. */
  count: number;
  /** The state that was told last. */
  state: string | undefined;
  /** How often a note was due to another state. */
  changes: number;
}

/** Notes of a push, at most, that are due to another state than the last one. */
const maxChanges = 20;

/** Nothing so far. */
export function nothingUnclear(): UnclearSoFar {
  return { count: 0, state: undefined, changes: 0 };
}

/** True for the first such receipt of a push, the tenth, the hundredth and so on, and where the state is another one. */
export function worthANote({ count, state, changes }: UnclearSoFar, now: string): boolean {
  return /^10*$/.test(String(count)) || (state !== now && changes < maxChanges);
}

const reasons: Readonly<Record<WhyUnclear, string>> = {
  shared: 'an id that several pushes have or had',
  readings: 'an id that fits several pushes, read as decimal or as hexadecimal (`receiptIds` says how)',
};

/** The words of a note; `count` receipts may have been about the push so far. */
export function unclearDetail(
  { smsc, ids, state }: { readonly smsc: string; readonly ids: readonly string[]; readonly state: string },
  count: number,
  why: WhyUnclear = 'shared',
): string {
  const named = ids.map((id) => id.slice(0, 64)).join(', ');
  const what = `${smsc}: ${state} for message ${named}, ${reasons[why]}: whose it is, nobody can tell`;
  return count === 1 ? what : `${what} (${count} such receipts)`;
}

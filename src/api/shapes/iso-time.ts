// Times as the API shows them.

interface Shown {
  readonly time: number;
  readonly text: string;
}

/** Those of the last two times: records that came together have two between them, as a rule, a beginning and an end. */
let last: Shown = { time: 0, text: new Date(0).toISOString() };
let before = last;

/** The last moment that a Date can hold stands for all later ones. */
export function isoTime(time: number): string {
  if (time === last.time) return last.text;
  const known = time === before.time ? before : shown(time);
  before = last;
  last = known;
  return known.text;
}

function shown(time: number): Shown {
  return { time, text: new Date(Math.min(time, 8.64e15)).toISOString() };
}

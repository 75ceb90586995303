// Times as the API shows them.

let last = { time: Number.NaN, text: '' };

/** The last moment that a Date can hold stands for all later ones. The text is kept: a record has most of its times alike. */
export function isoTime(time: number): string {
  if (time !== last.time) last = { time, text: new Date(Math.min(time, 8.64e15)).toISOString() };
  return last.text;
}

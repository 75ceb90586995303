// Times as the API shows them.

/** The last moment that a Date can hold stands for all later ones. */
export function isoTime(time: number): string {
  return new Date(Math.min(time, 8.64e15)).toISOString();
}

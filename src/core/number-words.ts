// How numbers of a header are put in words, as data: decoders say it with them, and other programs can be made of them.

/** One way to put a number in words. */
export type NumberWords =
  /** `1 day`, `2 days`; `zero`, where there is one, stands for 0. */
  | { readonly kind: 'count'; readonly one: string; readonly many: string; readonly zero?: string }
  /** In hex, upper case, without leading zeros; `zero` stands for 0. */
  | { readonly kind: 'hex'; readonly before: string; readonly after: string; readonly zero: string }
  /** Seconds since 1970 as ISO 8601 in UTC. */
  | { readonly kind: 'time' };

/** A number in words. */
export function numberInWords(words: NumberWords, raw: number): string {
  if (words.kind === 'time') return `${new Date(raw * 1000).toISOString().slice(0, -5)}Z`;
  if (raw === 0 && words.zero !== undefined) return words.zero;
  if (words.kind === 'hex') return `${words.before}${raw.toString(16).toUpperCase()}${words.after}`;
  return `${raw} ${raw === 1 ? words.one : words.many}`;
}

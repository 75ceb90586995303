// Lists, a page at a time.

/** Which part of a list is wanted. */
export interface PageRequest {
  /** Largest number of items, 1–1000. */
  readonly limit: number;
  /** `next` of the page before; absent for the first page. */
  readonly after?: string;
}

/** One part of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Give it as `after` to get the next page; absent on the last one. */
  readonly next?: string;
}

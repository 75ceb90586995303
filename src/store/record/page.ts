// Lists, a page at a time.

/** Which part of a list is wanted. */
export interface PageRequest {
  /** Largest number of items, 1–1000. */
  readonly limit: number;
  /** `next` of the page before; absent for the first page. */
  readonly after?: string;
}

/** When what a list shows was created, by its id; milliseconds since the POSIX epoch. */
export interface CreatedBetween {
  /** At this moment or later. */
  readonly createdFrom?: number;
  /** Earlier than this moment. */
  readonly createdBefore?: number;
}

/** One part of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Give it as `after` to get the next page; absent on the last one. */
  readonly next?: string;
}

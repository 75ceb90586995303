// A page from one item more than it holds.
import type { Page } from '../../index.ts';

/** The first `limit` items; the extra one, if there, only tells that the list goes on. */
export function pageOf<T>(items: readonly T[], limit: number, keyOf: (item: T) => string): Page<T> {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return items.length > limit && last !== undefined ? { items: shown, next: keyOf(last) } : { items: shown };
}

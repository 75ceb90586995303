// A page from one item more than it holds.
import type { CreatedBetween, Page, PageRequest } from '../../index.ts';
import { firstIdentifier } from './identifier.ts';

/** The first `limit` items; the extra one, if there, only tells that the list goes on. */
export function pageOf<T>(items: readonly T[], limit: number, keyOf: (item: T) => string): Page<T> {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return items.length > limit && last !== undefined ? { items: shown, next: keyOf(last) } : { items: shown };
}

/** Between which identifiers the rest of a list lies that shows the newest first. */
export interface IdentifierBounds {
  /** Less than this one. */
  readonly before?: string;
  /** This one or more. */
  readonly from?: string;
}

/** The bounds that a page and the moments of creation set. */
export function boundsOf({
  after,
  createdFrom,
  createdBefore,
}: Pick<PageRequest, 'after'> & CreatedBetween): IdentifierBounds {
  const end = createdBefore === undefined ? undefined : firstIdentifier(createdBefore);
  const before = end === undefined || (after !== undefined && after < end) ? after : end;
  return {
    ...(before !== undefined && { before }),
    ...(createdFrom !== undefined && { from: firstIdentifier(createdFrom) }),
  };
}

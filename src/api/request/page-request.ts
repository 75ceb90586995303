// Paging parameters.
import type { PageRequest } from '../../store/index.ts';

/** The page that a query asks for: 100 items when it does not say. */
export function pageRequest(query: {
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}): PageRequest {
  return { limit: query.limit ?? 100, ...(query.after !== undefined && { after: query.after }) };
}

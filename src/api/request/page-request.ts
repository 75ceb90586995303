// Paging parameters.
import { ValueError } from '../../core/index.ts';
import type { PageRequest } from '../../store/index.ts';

/** How the items of a list are named, which is what its pages go on after. */
const marks = {
  /** By what their owners call them. */
  name: /^/,
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  number: /^[0-9]{1,15}$/,
  /** Of a token. */
  token: /^[0-9a-z]{16}$/,
} as const;

/**
 * The page that a query asks for: 100 items when it does not say.
 * @throws {ValueError} BAD_FORMAT where it goes on after what names no item: nothing would come after that, as after the last page
 */
export function pageRequest(
  query: { readonly limit?: number | undefined; readonly after?: string | undefined },
  mark: keyof typeof marks = 'name',
): PageRequest {
  const { limit = 100, after } = query;
  if (after !== undefined && !marks[mark].test(after)) {
    throw new ValueError('BAD_FORMAT', 'is no `next` of a page of this list', 'after');
  }
  return { limit, ...(after !== undefined && { after }) };
}

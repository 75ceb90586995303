// What a caller may see. What belongs to another account is not there for him: 404, and in no list.
import type { FastifyRequest } from 'fastify';
import { isVisible, type Page, type PageRequest } from '../../store/index.ts';
import { notFound } from '../request/problem.ts';
import type { Caller } from './caller.ts';

/** What belongs to an account, or to none. */
interface Owned {
  readonly serverId?: string | undefined;
}

/**
 * Passes a record through that the caller may see, and names its account to the audit log.
 * @param what its name, for the refusal: `device IMEI:1`
 * @throws {ApiError} 404 where there is none, and where it is of an account that the caller may not see
 */
export function requireVisible<Item extends Owned>(
  request: FastifyRequest,
  item: Item | undefined,
  what: string,
): Item {
  if (item === undefined) throw notFound(what);
  if (item.serverId !== undefined) request.audited.account = item.serverId;
  if (isVisible(request.caller.accounts, item.serverId)) return item;
  request.audited.isHidden = true;
  // It names what there is, so that nobody fills the log with it.
  const [named] = Object.values((request.params ?? {}) as Readonly<Record<string, string>>);
  if (named !== undefined) request.audited.id = named;
  throw notFound(what);
}

/** Rows that are looked through for one page of a caller that may see few of them. */
const mostLookedAt = 5000;

/**
 * One page of a list, of what the caller may see. Where that is little among much the page is shorter than asked for, and `next`
 * goes on all the same.
 */
export async function visiblePage<Item extends Owned>(
  { accounts }: Pick<Caller, 'accounts'>,
  page: PageRequest,
  list: (page: PageRequest) => Promise<Page<Item>>,
): Promise<Page<Item>> {
  if (accounts === 'all') return await list(page);
  const items: Item[] = [];
  let { after } = page;
  for (let looked = 0; looked < mostLookedAt; ) {
    const limit = page.limit - items.length;
    const part = await list({ limit, ...(after !== undefined && { after }) });
    looked += limit;
    items.push(...part.items.filter(({ serverId }) => isVisible(accounts, serverId)));
    if (part.next === undefined) return { items };
    after = part.next;
    if (items.length >= page.limit) break;
  }
  return { items, ...(after !== undefined && { next: after }) };
}

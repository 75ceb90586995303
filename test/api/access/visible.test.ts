// Pages of lists, for callers that may see some accounts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visiblePage } from '../../../src/api/access/visible.ts';
import type { Page, PageRequest } from '../../../src/store/index.ts';

interface Item {
  readonly id: number;
  readonly serverId?: string;
}

/** A list of so many items, of which `serverIdOf` says whose each is. */
function listOf(count: number, serverIdOf: (id: number) => string | undefined) {
  const asked: PageRequest[] = [];
  const list = async (page: PageRequest): Promise<Page<Item>> => {
    asked.push(page);
    const from = Number(page.after ?? -1) + 1;
    const items: Item[] = [];
    for (let id = from; id < Math.min(count, from + page.limit); id += 1) {
      const serverId = serverIdOf(id);
      items.push({ id, ...(serverId !== undefined && { serverId }) });
    }
    const last = items.at(-1)?.id ?? 0;
    return { items, ...(last + 1 < count && { next: String(last) }) };
  };
  return { asked, list };
}

const ids = ({ items }: Page<Item>): readonly number[] => items.map(({ id }) => id);

test('who sees all gets the page as it is', async () => {
  const { asked, list } = listOf(10, () => undefined);
  const page = await visiblePage({ accounts: 'all' }, { limit: 3, after: '1' }, list);
  assert.deepEqual([ids(page), page.next], [[2, 3, 4], '4']);
  assert.deepEqual(asked, [{ limit: 3, after: '1' }]);
});

test('others get what is of their accounts, each once, in order, however the pages fall', async () => {
  const serverIdOf = (id: number) =>
    id % 7 === 0 ? 'a' : id % 11 === 0 ? 'b' : id % 5 === 0 ? undefined : 'c';
  const expected = Array.from({ length: 300 }, (_, id) => id).filter((id) =>
    ['a', 'b'].includes(serverIdOf(id) ?? ''),
  );
  for (const limit of [1, 2, 3, 10, 299, 1000]) {
    const { list } = listOf(300, serverIdOf);
    const found: number[] = [];
    let after: string | undefined;
    do {
      const page = await visiblePage(
        { accounts: ['a', 'b'] },
        { limit, ...(after !== undefined && { after }) },
        list,
      );
      assert.ok(page.items.length <= limit);
      found.push(...ids(page));
      after = page.next;
    } while (after !== undefined);
    assert.deepEqual(found, expected, String(limit));
  }
});

test('where there is little among much, a page ends after so many rows, and its mark goes on', async () => {
  const { asked, list } = listOf(20_000, (id) => (id === 12_345 ? 'a' : 'b'));
  const first = await visiblePage({ accounts: ['a'] }, { limit: 100 }, list);
  assert.deepEqual([ids(first), first.next], [[], '4999']);
  assert.equal(asked.length, 50);
  const found: number[] = [];
  let { next } = first;
  for (; next !== undefined; ) {
    const page = await visiblePage({ accounts: ['a'] }, { limit: 100, after: next }, list);
    found.push(...ids(page));
    ({ next } = page);
  }
  assert.deepEqual(found, [12_345]);
});

test('who may see no account sees nothing', async () => {
  const { list } = listOf(3, (id) => (id === 1 ? undefined : 'a'));
  assert.deepEqual(await visiblePage({ accounts: [] }, { limit: 10 }, list), { items: [] });
});

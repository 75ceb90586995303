// Transactions side by side that change the same interior node, each in its own way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManagementTree, type TreeNode, type TreeTransaction } from '../../../src/tree/index.ts';
import { manualClock } from '../tools.ts';

/** A tree with the interior node ./V, which has a child ./V/A. */
function open(verNo = 0) {
  const clock = manualClock();
  const node = { name: 'V', format: 'node', acl: 'Get=*', type: 'org.example/1.0/V', title: 'before' };
  const children = [{ ...node, tstamp: 0, verNo, children: [{ name: 'A', tstamp: 0, text: 'a' }] }];
  const tree = new ManagementTree({
    clock,
    snapshot: { kind: 'reveille-tree', version: 2, root: { format: 'node', tstamp: 0, children } },
  });
  return { tree, clock };
}

type Change = (transaction: TreeTransaction) => void;

/** ./V after two transactions that were begun side by side. */
async function merged(first: Change, second: Change): Promise<TreeNode> {
  const { tree } = open();
  const [one, two] = [tree.transaction(), tree.transaction()];
  first(one);
  second(two);
  await one.commit();
  await two.commit();
  return tree.node('./V') ?? assert.fail('./V is gone');
}

/** What may change on a node, and whether it has. No two of one property. */
const changes: readonly {
  readonly what: string;
  readonly change: Change;
  readonly shows: (node: TreeNode) => boolean;
}[] = [
  {
    what: 'the ACL',
    change: (own) => own.set('./V', { acl: 'Get=s' }),
    shows: ({ acl }) => acl?.Get?.join() === 's',
  },
  {
    what: 'the Title',
    change: (own) => own.set('./V', { title: 'after' }),
    shows: ({ title }) => title === 'after',
  },
  {
    what: 'the Type',
    change: (own) => own.set('./V', { type: 'other' }),
    shows: ({ type }) => type === 'other',
  },
  {
    what: 'a note',
    change: (own) => own.setNote('./V', 'name', 'text'),
    shows: ({ notes }) => notes?.get('name') === 'text',
  },
  {
    what: 'a new child',
    change: (own) => own.set('./V/B', { value: 'b' }),
    shows: ({ children }) => children?.has('B') === true,
  },
  {
    what: 'a child that goes',
    change: (own) => void own.remove('./V/A'),
    shows: ({ children }) => children?.has('A') === false,
  },
];

for (const one of changes) {
  test(`${one.what} and each other change meet, whichever is committed first, and nothing else changes`, async () => {
    for (const two of changes) {
      if (two === one) continue;
      const node = await merged(one.change, two.change);
      assert.deepEqual(
        changes.filter(({ shows }) => shows(node)).map(({ what }) => what),
        changes.filter((each) => each === one || each === two).map(({ what }) => what),
      );
    }
  });
}

test('an ACL that goes stays gone beside another change', async () => {
  const gone: Change = (own) => own.set('./V', { acl: '' });
  const other: Change = (own) => own.set('./V/B', { value: 'b' });
  assert.equal((await merged(gone, other)).acl, undefined);
  assert.equal((await merged(other, gone)).acl, undefined);
});

test('two different changes of one property conflict, and twice the same change does not', async () => {
  for (const property of ['acl', 'title', 'type'] as const) {
    const set =
      (text: string): Change =>
      (own) =>
        own.set('./V', { [property]: text });
    await assert.rejects(merged(set('Get=s'), set('Get=t')), { code: 'TREE_CONFLICT' }, property);
    assert.ok(await merged(set('Get=s'), set('Get=s')));
  }
});

test('§7.7.8, §7.7.6: VerNo counts the changes of both, beyond 65535 from 0 on, and TStamp is that of the later', async () => {
  for (const [before, after] of [
    [7, 9],
    [65_534, 0],
    [65_535, 1],
  ] as const) {
    for (const seconds of [10, -10]) {
      const { tree, clock } = open(before);
      const start = Math.floor(clock.now() / 1000);
      const [one, two] = [tree.transaction(), tree.transaction()];
      one.set('./V/One', { value: '1' });
      clock.tick(seconds);
      two.set('./V/Two', { value: '2' });
      await one.commit();
      await two.commit();
      const { verNo, tstamp } = tree.node('./V') ?? {};
      assert.deepEqual([verNo, tstamp], [after, start + Math.max(0, seconds)]);
    }
  }
});

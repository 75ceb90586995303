// Trees as they were kept: what is read back, and what is damaged.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManagementTree, type NodeSnapshot } from '../../../src/tree/index.ts';
import { manualClock } from '../tools.ts';

/** A tree of one leaf ./L. */
function read(leaf: object): ManagementTree {
  const children = [{ name: 'L', tstamp: 0, ...leaf }] as readonly NodeSnapshot[];
  const root = { format: 'node', acl: 'Add=*&Get=*&Replace=s', tstamp: 0, children };
  return new ManagementTree({
    clock: manualClock(),
    snapshot: { kind: 'reveille-tree', version: 2, root },
  });
}

test('TStamp and VerNo are whole numbers within their bounds, and VerNo may be left out', () => {
  for (const tstamp of [0, 1, 2 ** 40]) assert.equal(read({ tstamp }).node('./L')?.tstamp, tstamp);
  for (const verNo of [0, 1, 65_535]) assert.equal(read({ verNo }).node('./L')?.verNo, verNo);
  assert.equal(read({}).node('./L')?.verNo, 0);
  for (const [key, values] of [
    ['tstamp', [undefined, null, '1', -1, 1.5, 2 ** 40 + 1, true, [1]]],
    ['verNo', ['1', -1, 0.5, 65_536, true, {}]],
  ] as const) {
    for (const value of values) {
      assert.throws(
        () => read({ [key]: value }),
        { code: 'TREE_CORRUPT', message: new RegExp(`damaged at \\./L: ${key} is no number`) },
        `${key} ${JSON.stringify(value)}`,
      );
    }
  }
});

test('texts are texts, and what is left out has its default', () => {
  const { type, title, acl, format, value } = read({}).node('./L') ?? {};
  assert.deepEqual([type, title, acl, format, value], ['text/plain', '', undefined, 'chr', '']);
  for (const key of ['type', 'title', 'acl', 'format', 'text', 'name']) {
    assert.throws(
      () => read({ [key]: 1 }),
      { code: 'TREE_CORRUPT', message: new RegExp(`${key} is no text`) },
      key,
    );
  }
  for (const format of ['b64', 'strange']) {
    assert.throws(() => read({ format }), { code: 'TREE_CORRUPT', message: /unknown format/ });
  }
});

test('an ACL that an earlier version kept is read as it is, and a server may set no such one', () => {
  const ids = Array.from({ length: 50 }, (_, index) => `${String(index).padStart(3, '0')}${'a'.repeat(300)}`);
  const acl = `Get=${ids.join('+')}`;
  const tree = read({ acl });
  assert.equal(tree.transaction().aclOf('./L'), acl);
  assert.equal(tree.snapshot().root.children?.[0]?.acl, acl);
  assert.equal(tree.transaction().replace('s', { uri: './L?prop=ACL', data: acl }).status, 400);
});

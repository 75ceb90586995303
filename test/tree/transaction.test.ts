import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addAccount, ManagementTree, type TreeSnapshot, type TreeStorage } from '../../src/tree/index.ts';
import { deviceTree, manualClock } from './tools.ts';

/** A storage whose saves wait to be let through, or refused. */
class HeldStorage implements TreeStorage {
  readonly waiting: { snapshot: TreeSnapshot; done: () => void; fail: (error: Error) => void }[] = [];

  save(snapshot: TreeSnapshot): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ snapshot, done: resolve, fail: reject });
    });
  }
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('nothing of a transaction is visible before it is stored', async () => {
  const storage = new HeldStorage();
  const tree = new ManagementTree({ storage, clock: manualClock() });
  const transaction = tree.transaction();
  transaction.add('s', { uri: './A', data: '1' });
  assert.equal(transaction.node('./A')?.value, '1', 'but the transaction sees it');
  const commit = transaction.commit();
  await settled();
  assert.equal(tree.node('./A'), undefined);
  assert.match(JSON.stringify(storage.waiting[0]?.snapshot), /"name":"A"/);
  storage.waiting[0]?.done();
  await commit;
  assert.equal(tree.node('./A')?.value, '1');
});

test('what the storage refuses has not been, and the next transaction goes through', async () => {
  const storage = new HeldStorage();
  const tree = new ManagementTree({ storage, clock: manualClock() });
  const first = tree.run((transaction) => transaction.set('./A', { value: '1' }));
  const second = tree.run((transaction) => transaction.set('./B', { value: '2' }));
  await settled();
  assert.equal(storage.waiting.length, 1, 'one at a time');
  storage.waiting[0]?.fail(new Error('disk'));
  await assert.rejects(first, /disk/);
  await settled();
  storage.waiting[1]?.done();
  await second;
  assert.equal(tree.node('./A'), undefined);
  assert.equal(tree.node('./B')?.value, '2');
});

test('a roll back leaves no trace, and ends the transaction', async () => {
  const { tree, storage } = await deviceTree();
  const before = storage.snapshot;
  const transaction = tree.transaction();
  transaction.add('s', { uri: './A', data: '1' });
  assert.equal(transaction.changed, true);
  transaction.rollback();
  for (const use of [
    () => transaction.add('s', { uri: './B', data: '1' }),
    () => transaction.get('s', './DevInfo'),
    () => transaction.set('./B', { value: '1' }),
    () => transaction.remove('./DevInfo'),
    () => transaction.setNote('./DevInfo', 'name', 'text'),
    () => transaction.removeServerId('s'),
    () => transaction.replace('s', { uri: './DevInfo/Man', data: '1' }),
    () => transaction.delete('s', './DevInfo/Man'),
    () => transaction.copy('s', './DevInfo/Man', './B'),
    () => transaction.rollbackTo({ root: transaction.savepoint().root }),
  ]) {
    assert.throws(use, { code: 'TRANSACTION_OVER' });
  }
  await assert.rejects(transaction.exec('s', { uri: './DevInfo' }), { code: 'TRANSACTION_OVER' });
  await assert.rejects(transaction.commit(), { code: 'TRANSACTION_OVER' });
  assert.equal(storage.snapshot, before);
});

test('an Atomic inside a larger transaction goes back to its savepoint', async () => {
  const { tree } = await deviceTree();
  const transaction = tree.transaction();
  transaction.add('s', { uri: './A', data: '1' });
  const savepoint = transaction.savepoint();
  transaction.add('s', { uri: './B', data: '2' });
  transaction.delete('s', './A');
  transaction.rollbackTo(savepoint);
  await transaction.commit();
  assert.equal(tree.node('./A')?.value, '1');
  assert.equal(tree.node('./B'), undefined);
});

test('run rolls back when its work throws', async () => {
  const { tree } = await deviceTree();
  await assert.rejects(
    tree.run((transaction) => {
      transaction.set('./A', { value: '1' });
      throw new Error('no');
    }),
    /no/,
  );
  assert.equal(tree.node('./A'), undefined);
});

test('transactions side by side: changes of different nodes meet, of the same node conflict', async () => {
  const { tree } = await deviceTree({}, (transaction) => {
    transaction.set('./V/A', { value: 'a' });
    transaction.set('./V/B', { value: 'b' });
    transaction.set('./W/C', { value: 'c' });
  });
  const one = tree.transaction();
  const two = tree.transaction();
  const three = tree.transaction();
  one.set('./V/A', { value: 'one' });
  one.set('./V/New1', { value: '1' });
  one.remove('./W');
  two.set('./V/B', { value: 'two' });
  two.set('./V/New2', { value: '2' });
  two.set('./V', { title: 'V' });
  three.set('./V/A', { value: 'three' });
  await one.commit();
  await two.commit();
  assert.deepEqual(
    tree.leaves('./V').map(({ uri, data }) => [uri, data]),
    [
      ['./V/A', 'one'],
      ['./V/B', 'two'],
      ['./V/New1', '1'],
      ['./V/New2', '2'],
    ],
  );
  assert.equal(tree.node('./V')?.title, 'V');
  assert.equal(tree.node('./W'), undefined);
  await assert.rejects(three.commit(), { code: 'TREE_CONFLICT' });
  const four = tree.transaction();
  four.set('./V/A', { value: 'four' });
  await tree.run((transaction) => transaction.remove('./V/A'));
  await assert.rejects(four.commit(), { code: 'TREE_CONFLICT' });
});

test('two transactions cannot each add an account for the same server', async () => {
  const { tree } = await deviceTree();
  const transaction = tree.transaction();
  assert.equal(transaction.add('s', { uri: './DMAcc/Mine/ServerID', data: 'op' }).status, 200);
  await addAccount(tree, { serverId: 'op', addresses: [], credentials: [] });
  await assert.rejects(transaction.commit(), { code: 'TREE_CONFLICT' });
});

test('a commit that changes nothing writes nothing', async () => {
  const { tree, storage } = await deviceTree();
  const before = storage.snapshot;
  await tree.run((transaction) => {
    transaction.get('s', './DevInfo');
    transaction.add('s', { uri: './DevInfo', data: 'x' });
  });
  assert.equal(storage.snapshot, before);
});

test('the device’s own changes: parents are made, kinds may change, mistakes are ours', async () => {
  const { tree } = await deviceTree();
  const transaction = tree.transaction();
  transaction.set('./A/B/C', { value: '1' });
  assert.equal(transaction.node('./A/B')?.format, 'node');
  transaction.set('./A/B', { title: 'kept' });
  assert.equal(transaction.node('./A/B/C')?.value, '1');
  transaction.set('./A/B', { format: 'chr', value: 'leaf now' });
  assert.equal(transaction.node('./A/B/C'), undefined);
  assert.equal(transaction.remove('./A'), true);
  assert.equal(transaction.remove('./A'), false);
  assert.throws(() => transaction.remove('.'), { code: 'OUT_OF_RANGE' });
  assert.throws(() => transaction.set('./A/', { value: '1' }), { code: 'BAD_FORMAT' });
  assert.throws(() => transaction.set('./A', { acl: 'x' }), { code: 'BAD_FORMAT' });
  assert.throws(() => transaction.set('./A', { format: 'bin', value: 'text' }), { code: 'WRONG_TYPE' });
  assert.throws(() => transaction.set('.', { format: 'chr' }), { code: 'OUT_OF_RANGE' });
  transaction.set('./Bin', { format: 'bin' });
  assert.deepEqual(transaction.node('./Bin')?.value, new Uint8Array());
  transaction.set('./Bin', { value: Uint8Array.of(1), format: 'bin' });
  transaction.set('./Bin', { format: 'chr' });
  assert.equal(transaction.node('./Bin')?.value, '', 'octets are no text');
  assert.throws(() => transaction.set('./DevInfo/Man/Below', { value: '1' }), { code: 'OUT_OF_RANGE' });
});

test('the counts of nodes and octets stay true whatever is done', () => {
  const uri = fc
    .array(fc.constantFrom('A', 'B', 'C'), { minLength: 1, maxLength: 4 })
    .map((names) => `./${names.join('/')}`);
  const step = fc.tuple(fc.constantFrom('add', 'addNode', 'replace', 'delete', 'copy', 'rename'), uri, uri);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const transaction = new ManagementTree({ clock: manualClock() }).transaction();
      transaction.set('.', { acl: 'Add=*&Delete=*&Get=*&Replace=*' });
      for (const [name, first, second] of steps) {
        if (name === 'add') transaction.add('s', { uri: first, data: second });
        if (name === 'addNode') transaction.add('s', { uri: first, format: 'node' });
        if (name === 'replace') transaction.replace('s', { uri: first, data: second });
        if (name === 'delete') transaction.delete('s', first);
        if (name === 'copy') transaction.copy('s', first, second);
        if (name === 'rename') transaction.replace('s', { uri: `${first}?prop=Name`, data: 'C' });
      }
      const list = transaction.get('s', '.?list=StructData').results ?? [];
      const root = transaction.node('.');
      assert.equal(root?.nodeCount, list.length);
      const octets = list.map(({ uri: each, data }) => (data?.length ?? 0) + (each === '.' ? 0 : 1));
      assert.equal(
        root?.octets,
        octets.reduce((sum, n) => sum + n, 0),
      );
    }),
  );
});

test('any tree → snapshot → JSON → the same tree, and unchanged parts of a snapshot are shared', async () => {
  const { tree, storage } = await deviceTree({}, (transaction) => {
    transaction.set('./V/Bin', {
      format: 'bin',
      type: 'a/b',
      value: Uint8Array.of(0, 255),
      acl: 'Get=*',
      title: 'T',
    });
    transaction.set('./V/__proto__', { value: 'odd 💩 name' });
    transaction.set('./V/Null', { format: 'null' });
  });
  const before = storage.snapshot;
  const again = new ManagementTree({ snapshot: JSON.parse(JSON.stringify(tree.snapshot())) });
  assert.deepEqual(again.snapshot(), tree.snapshot());
  assert.equal(again.node('./V/__proto__')?.value, 'odd 💩 name');
  await tree.run((transaction) => transaction.set('./V/Null', { title: 'changed' }));
  assert.equal(storage.snapshot?.root.children?.[0], before?.root.children?.[0]);
  assert.notEqual(storage.snapshot?.root.children?.[4], before?.root.children?.[4]);
});

// What the device notes on nodes: no server reads or writes it; it goes where the node goes, and ends with it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tndsMediaTypes } from '../../src/codec/tnds/index.ts';
import { ManagementTree, type TreeTransaction } from '../../src/tree/index.ts';
import { leaf, node, tnds } from '../device/signed-server.ts';
import { deviceTree } from './tools.ts';

const everything = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';
const open = async (options = {}) =>
  deviceTree(options, (own) => {
    own.set('.', { acl: everything });
    own.set('./A', { format: 'node' });
    own.set('./A/B', { value: 'b' });
    own.setNote('./A', 'one', '1');
    own.setNote('./A/B', 'two', '2');
  });
const noteOf = (tree: Pick<ManagementTree | TreeTransaction, 'node'>, uri: string, name: string) =>
  tree.node(uri)?.notes?.get(name);

test('a note stays with its node through values, rights, types and names, and a copy has none', async () => {
  const { tree } = await open();
  const transaction = tree.transaction();
  for (const { status } of [
    transaction.replace('s', { uri: './A/B', data: 'c' }),
    transaction.replace('s', { uri: './A/B', format: 'bin', data: Uint8Array.of(1) }),
    transaction.replace('s', { uri: './A/B?prop=ACL', data: 'Get=*' }),
    transaction.replace('s', { uri: './A', format: 'node', type: 'org.example/1.0/A' }),
    transaction.replace('s', { uri: './A?prop=Name', data: 'Z' }),
    transaction.copy('s', './Z/B', './Copy'),
    transaction.replace('s', {
      uri: './Z',
      format: 'xml',
      type: tndsMediaTypes.xml,
      data: tnds(node('Z', leaf('B', 'anew'))),
    }),
  ]) {
    assert.equal(status, 200);
  }
  assert.equal(noteOf(transaction, './Z', 'one'), '1');
  assert.equal(noteOf(transaction, './Z/B', 'two'), undefined, 'the tree below was made anew');
  assert.equal(transaction.node('./Copy')?.notes, undefined);
});

test('a node that is deleted and added again has no notes, whatever the document says', async () => {
  const { tree } = await open();
  await tree.run((transaction) => {
    assert.equal(transaction.delete('s', './A').status, 200);
    const data = tnds(node('A', leaf('one', '1') + node('notes', leaf('one', '1'))));
    assert.equal(
      transaction.add('s', { uri: './A', format: 'xml', type: tndsMediaTypes.xml, data }).status,
      200,
    );
  });
  assert.equal(tree.node('./A')?.notes, undefined);
});

test('a server sees nothing of notes: neither values nor properties, lists and counts', async () => {
  const { tree } = await open();
  const look = (): string =>
    JSON.stringify(
      [
        './A',
        './A?list=Struct',
        './A?list=StructData',
        './A?list=TNDS',
        './A?prop=VerNo',
        './A?prop=TStamp',
      ].map((uri) => tree.get('s', uri)),
    );
  const before = look();
  await tree.run((own) => {
    own.setNote('./A', 'one', undefined);
    own.setNote('./A', 'more', 'x');
    own.setNote('./A/B', 'more', 'x');
  });
  assert.equal(look(), before);
  assert.equal(tree.get('s', './A?prop=notes').status, 406);
});

test('notes are durable with the commit, undone with it, and put together from two transactions', async () => {
  const { tree, storage } = await open();
  const one = tree.transaction();
  const two = tree.transaction();
  const three = tree.transaction();
  one.setNote('./A', 'from one', 'x');
  one.setNote('./A', 'one', undefined);
  two.setNote('./A', 'from two', 'x');
  three.setNote('./A', 'from two', 'y');
  await one.commit();
  await two.commit();
  await assert.rejects(three.commit(), { code: 'TREE_CONFLICT' });
  const undone = tree.transaction();
  undone.setNote('./A', 'undone', 'x');
  undone.rollback();
  const again = new ManagementTree({ snapshot: JSON.parse(JSON.stringify(storage.snapshot)) });
  for (const each of [tree, again]) {
    assert.deepEqual([...(each.node('./A')?.notes?.keys() ?? [])].sort(), ['from one', 'from two']);
  }
  assert.throws(() => tree.transaction().setNote('./None', 'x', 'y'), { code: 'OUT_OF_RANGE' });
});

test('of an account deleted and added anew beside another change of the old one, no note comes back', async () => {
  const { tree } = await open();
  const anew = tree.transaction();
  anew.delete('s', './A');
  anew.add('s', { uri: './A', format: 'node' });
  await tree.run((other) => other.set('./A/C', { value: 'c' }));
  await anew.commit();
  assert.equal(noteOf(tree, './A', 'one'), undefined);
});

test('notes count for the room that the device has', async () => {
  const { tree } = await open({ maxOctets: 2000 });
  await assert.rejects(
    tree.run((own) => own.setNote('.', 'long', 'x'.repeat(2300))),
    { code: 'TREE_FULL' },
  );
});

test('a damaged note is an error with its place', () => {
  for (const notes of [[], 'x', { a: 1 }]) {
    const root = { format: 'node', tstamp: 0, children: [], notes };
    const snapshot = { kind: 'reveille-tree', version: 2, root } as never;
    assert.throws(() => new ManagementTree({ snapshot }), { code: 'TREE_CORRUPT', message: /damaged at \./ });
  }
});

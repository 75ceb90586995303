// Properties (DM-TND-1.2 §7; DM-TND-1.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManagementTree, type TreeTransaction } from '../../../src/tree/index.ts';
import { deviceTree, manualClock } from '../tools.ts';

async function open(): Promise<{ tree: TreeTransaction; clock: ReturnType<typeof manualClock> }> {
  const { tree, clock } = await deviceTree({}, (transaction) => {
    transaction.set('.', { acl: 'Add=*&Delete=s&Get=*&Replace=s' });
    transaction.set('./V', { format: 'node', type: 'com.example/1.0/V', acl: 'Get=*&Replace=s&Add=s' });
    transaction.set('./V/Leaf', { value: 'ä' });
    transaction.set('./V/Other', { value: '' });
  });
  return { tree: tree.transaction(), clock };
}
const prop = (tree: TreeTransaction, uri: string): unknown => {
  const result = tree.get('s', uri);
  return result.status === 200 ? result.results?.[0]?.data : result.status;
};

test('every property of a leaf and of an interior node', async () => {
  const { tree } = await open();
  const read = (uri: string): unknown =>
    ['ACL', 'Format', 'Name', 'Size', 'Title', 'TStamp', 'Type', 'VerNo'].map((name) =>
      prop(tree, `${uri}?prop=${name}`),
    );
  assert.deepEqual(read('./V/Leaf'), ['', 'chr', 'Leaf', '2', '', '20010711T163817Z', 'text/plain', '0']);
  const ofInterior = [
    'Add=s&Get=*&Replace=s',
    'node',
    'V',
    406,
    '',
    '20010711T163817Z',
    'com.example/1.0/V',
    '2',
  ];
  assert.deepEqual(read('./V'), ofInterior);
});

test('§7.5: only ACL, Name and Title can be replaced; no property is added, deleted or copied', async () => {
  const { tree } = await open();
  for (const name of ['Format', 'Size', 'TStamp', 'Type', 'VerNo']) {
    assert.equal(tree.replace('s', { uri: `./V/Leaf?prop=${name}`, data: '1' }).status, 405, name);
  }
  assert.equal(tree.replace('s', { uri: './V/Leaf?prop=Other', data: '1' }).status, 406);
  assert.equal(tree.add('s', { uri: './V/Leaf?prop=Title', data: 'x' }).status, 405);
  assert.equal(tree.delete('s', './V/Leaf?prop=Title').status, 405);
  assert.equal(tree.copy('s', './V/Leaf?prop=Title', './V/Other').status, 405);
  assert.equal(tree.replace('s', { uri: './None?prop=Title', data: 'x' }).status, 404);
  assert.equal(tree.replace('s', { uri: './V/Leaf?prop=Title' }).status, 412);
});

test('§7.7.5: Title is at most 255 octets', async () => {
  const { tree } = await open();
  assert.equal(tree.replace('s', { uri: './V/Leaf?prop=Title', data: `ä${'x'.repeat(253)}` }).status, 200);
  assert.equal(prop(tree, './V/Leaf?prop=Title'), `ä${'x'.repeat(253)}`);
  assert.equal(tree.replace('s', { uri: './V/Leaf?prop=Title', data: `ä${'x'.repeat(254)}` }).status, 413);
  assert.equal(tree.replace('other', { uri: './V/Leaf?prop=Title', data: 'x' }).status, 425);
});

test('§7.7.3: a Replace of Name renames the node in its place', async () => {
  const { tree } = await open();
  assert.equal(tree.replace('s', { uri: './V/Leaf?prop=Name', data: 'Blatt' }).status, 200);
  assert.equal(prop(tree, './V'), 'Blatt/Other');
  assert.equal(prop(tree, './V/Blatt'), 'ä');
  assert.equal(prop(tree, './V/Blatt?prop=Name'), 'Blatt');
  assert.equal(tree.get('s', './V/Leaf').status, 404);
});

test('§7.7.3: a rename refuses a sibling’s name, what is no name, and permanent nodes', async () => {
  const { tree } = await open();
  const rename = (uri: string, data: string, server = 's'): number =>
    tree.replace(server, { uri: `${uri}?prop=Name`, data }).status;
  assert.equal(rename('./V/Leaf', 'Other'), 418);
  assert.equal(rename('./V/Leaf', 'Leaf'), 200, 'its own name');
  for (const name of ['', '.', '..', 'a/b', 'a?b', 'a\nb']) assert.equal(rename('./V/Leaf', name), 400, name);
  assert.equal(rename('./DevInfo', 'Info'), 405);
  assert.equal(rename('./DevInfo/Lang', 'Language'), 405);
  assert.equal(rename('.', 'Root'), 405);
  assert.equal(rename('./V/Leaf', 'New', 'other'), 425);
});

test('a rename does not bring a node under another row of the description', async () => {
  const { tree } = await open();
  tree.add('s', { uri: './DMAcc/X/AppAuth/1/AAuthSecret', data: 'secret' });
  const rename = (uri: string, data: string): number =>
    tree.replace('s', { uri: `${uri}?prop=Name`, data }).status;
  assert.equal(rename('./DMAcc/X/AppAuth/1/AAuthSecret', 'Open'), 405);
  assert.equal(rename('./V', 'FwUpdate'), 405);
  assert.equal(rename('./DMAcc/X/AppAuth', 'Ext'), 405, 'for the secret below');
  assert.equal(rename('./DMAcc/X/AppAuth/1', 'First'), 200);
  assert.equal(rename('./DMAcc/X', 'Y'), 200);
  assert.equal(tree.get('s', './DMAcc/Y/AppAuth/First/AAuthSecret').status, 405);
});

test('§7.7.8, §7.7.6: VerNo counts changes and wraps, TStamp tells the last', async () => {
  const { tree, clock } = await open();
  clock.tick(10);
  tree.replace('s', { uri: './V/Leaf', data: 'b' });
  assert.equal(prop(tree, './V/Leaf?prop=VerNo'), '1');
  assert.equal(prop(tree, './V/Leaf?prop=TStamp'), '20010711T163827Z');
  assert.equal(prop(tree, './V?prop=VerNo'), '2', 'a child’s value is not its own');
  clock.tick(10);
  tree.replace('s', { uri: './V/Leaf?prop=ACL', data: 'Get=*&Replace=s' });
  tree.add('s', { uri: './V/Third', data: 'x' });
  assert.equal(prop(tree, './V/Leaf?prop=VerNo'), '2');
  assert.equal(prop(tree, './V?prop=VerNo'), '3', 'its list of children is');
  assert.equal(prop(tree, './V?prop=TStamp'), '20010711T163837Z');
});

test('§7.7.8: VerNo goes from 65535 to 0', () => {
  const leaf = { name: 'L', tstamp: 0, verNo: 65_535, text: 'x' };
  const tree = new ManagementTree({
    clock: manualClock(),
    snapshot: {
      kind: 'reveille-tree',
      version: 1,
      root: { format: 'node', acl: 'Add=*&Get=*&Replace=s', tstamp: 0, children: [leaf] },
    },
  }).transaction();
  tree.replace('s', { uri: './L', data: 'y' });
  assert.equal(prop(tree, './L?prop=VerNo'), '0');
});

test('§7.7.1: an ACL that does not parse is 400, and the text that comes back is canonical', async () => {
  const { tree } = await open();
  assert.equal(tree.replace('s', { uri: './V?prop=ACL', data: 'Get' }).status, 400);
  assert.equal(tree.replace('s', { uri: './V?prop=ACL', data: 'Replace=s+*&Get=b+a' }).status, 200);
  assert.equal(prop(tree, './V?prop=ACL'), 425, 's can no longer Get');
  assert.equal(tree.aclOf('./V'), 'Get=a+b&Replace=*');
  assert.equal(tree.replace('s', { uri: './V?prop=ACL', data: '' }).status, 200);
  assert.equal(prop(tree, './V?prop=ACL'), '');
});

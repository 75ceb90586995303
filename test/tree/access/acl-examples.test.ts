// The examples of DM-TND-1.2 §7.7.1.6 and of DM-TND-1.2, one test each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAccount, type TreeTransaction } from '../../../src/tree/index.ts';
import { deviceTree, figureTree } from '../tools.ts';

async function figure(): Promise<TreeTransaction> {
  const tree = figureTree();
  // What was begun before this is committed by now.
  await tree.run(() => undefined);
  return tree.transaction();
}
const servers = ['ServerA', 'ServerB', 'ServerC', 'ServerX'];

test('DM-TND-1.2 §7.7.1.6: any server can Get the value of ./NodeA/Node1', async () => {
  const tree = await figure();
  for (const server of servers) {
    const result = tree.get(server, './NodeA/Node1');
    assert.equal(result.status, 200);
    assert.equal(result.results?.[0]?.data, '1');
  }
});

test('DM-TND-1.2 §7.7.1.6: only ServerC can Replace ./NodeA/Node1?prop=ACL', async () => {
  for (const server of servers) {
    const tree = await figure();
    const result = tree.replace(server, { uri: './NodeA/Node1?prop=ACL', data: 'Get=ServerX' });
    assert.equal(result.status, server === 'ServerC' ? 200 : 425, server);
    assert.equal(tree.aclOf('./NodeA/Node1'), server === 'ServerC' ? 'Get=ServerX' : 'Get=*');
  }
});

test('DM-TND-1.2 §7.7.1.6: no server can Delete ./NodeA/Node1', async () => {
  const tree = await figure();
  for (const server of servers) assert.equal(tree.delete(server, './NodeA/Node1').status, 425);
});

test('DM-TND-1.2 §7.7.1.6: no server can Replace the value of ./NodeA/Node1', async () => {
  const tree = await figure();
  for (const server of servers) {
    assert.equal(tree.replace(server, { uri: './NodeA/Node1', data: 'x' }).status, 425);
  }
});

test('DM-TND-1.2 §7.7.1.6: Get ./NodeA/Node1?prop=ACL returns Get=*', async () => {
  const tree = await figure();
  for (const server of servers) {
    assert.equal(tree.get(server, './NodeA/Node1?prop=ACL').results?.[0]?.data, 'Get=*');
  }
});

test('DM-TND-1.2 §7.7.1.6: Get ./NodeB/Node3/Node4?prop=ACL returns no value', async () => {
  const tree = await figure();
  const result = tree.get('ServerB', './NodeB/Node3/Node4?prop=ACL');
  assert.equal(result.status, 200);
  assert.deepEqual(result.results, [{ uri: './NodeB/Node3/Node4?prop=ACL', data: '' }]);
});

test('DM-TND-1.2 §7.7.1.6: ServerA can Replace the value of ./NodeB/Node3/Node5', async () => {
  const tree = await figure();
  assert.equal(tree.replace('ServerA', { uri: './NodeB/Node3/Node5', data: 'new' }).status, 200);
  assert.equal(tree.node('./NodeB/Node3/Node5')?.value, 'new');
});

test('DM-TND-1.2 §7.7.1.6: ServerB cannot Replace the value of ./NodeB/Node3/Node5', async () => {
  const tree = await figure();
  assert.equal(tree.replace('ServerB', { uri: './NodeB/Node3/Node5', data: 'new' }).status, 425);
  assert.equal(tree.node('./NodeB/Node3/Node5')?.value, '5');
});

test('DM-TND-1.2 §7.7.1.6: two Get entries of one ACL are one: both servers Get ./NodeB/Node3/Node5', async () => {
  const tree = await figure();
  assert.equal(tree.get('ServerA', './NodeB/Node3/Node5').status, 200);
  assert.equal(tree.get('ServerB', './NodeB/Node3/Node5').status, 200);
  assert.equal(tree.get('ServerC', './NodeB/Node3/Node5').status, 425);
  assert.equal(tree.aclOf('./NodeB/Node3/Node5'), 'Get=ServerA+ServerB&Replace=ServerA');
});

test('DM-TND-1.2 §7.7.1.1: a node without an ACL has that of the nearest ancestor with one', async () => {
  const tree = await figure();
  assert.equal(tree.get('ServerB', './NodeB/Node3/Node4').status, 200);
  assert.equal(tree.get('ServerA', './NodeB/Node3/Node4').status, 425);
  assert.equal(tree.get('ServerA', './NodeB/Node2').status, 200);
  assert.equal(tree.get('ServerB', './NodeB/Node2').status, 425);
});

test('DM-TND-1.2 §7.7.1.1: an ACL is never completed by that of an ancestor, command by command', async () => {
  const tree = await figure();
  // The root gives Add to everyone; NodeC and NodeA speak of other commands only.
  assert.equal(tree.add('ServerC', { uri: './NodeA/New', data: 'x' }).status, 425);
  assert.equal(tree.add('ServerC', { uri: './New', data: 'x' }).status, 200);
});

test('DM-TND-1.2 §7.7.1.3: an interior node’s ACL is replaced with Replace on the node', async () => {
  const tree = await figure();
  assert.equal(tree.replace('ServerB', { uri: './NodeB/Node3?prop=ACL', data: 'Get=ServerB' }).status, 200);
  assert.equal(tree.aclOf('./NodeB/Node3'), 'Get=ServerB');
});

test('DM-TND-1.2 §7.7.1.3: an interior node’s ACL is replaced with Replace on the parent', async () => {
  const tree = await figure();
  assert.equal(tree.replace('ServerA', { uri: './NodeB/Node3?prop=ACL', data: 'Get=ServerA' }).status, 200);
  assert.equal(tree.replace('ServerC', { uri: './NodeB/Node3?prop=ACL', data: 'Get=ServerC' }).status, 425);
});

test('DM-TND-1.2 §7.7.1.3: a leaf’s ACL is replaced with Replace on the parent only', async () => {
  const tree = await figure();
  // ServerA may Replace the value of Node5, and ServerB everything of its parent.
  const acl = { uri: './NodeB/Node3/Node5?prop=ACL', data: 'Get=ServerA' };
  assert.equal(tree.replace('ServerA', acl).status, 425);
  assert.equal(tree.replace('ServerB', acl).status, 200);
});

test('DM-TND-1.2 §7.7.1.3: control of the parent takes two steps to reach the child’s value', async () => {
  const tree = await figure();
  assert.equal(tree.replace('ServerC', { uri: './NodeA/Node1', data: 'x' }).status, 425);
  assert.equal(
    tree.replace('ServerC', { uri: './NodeA/Node1?prop=ACL', data: 'Replace=ServerC' }).status,
    200,
  );
  assert.equal(tree.replace('ServerC', { uri: './NodeA/Node1', data: 'x' }).status, 200);
});

test('DM-TND-1.2 §7.7.1.3: a Replace sets the complete ACL', async () => {
  const tree = await figure();
  tree.replace('ServerA', { uri: './NodeB/Node3?prop=ACL', data: 'Delete=ServerA' });
  assert.equal(tree.aclOf('./NodeB/Node3'), 'Delete=ServerA');
  assert.equal(tree.get('ServerB', './NodeB/Node3').status, 425);
});

test('DM-TND-1.2 §7.7.1.3: a new interior node belongs to its creator where it may not Replace the parent', async () => {
  const tree = await figure();
  assert.equal(tree.add('ServerX', { uri: './Own', format: 'node' }).status, 200);
  assert.equal(tree.aclOf('./Own'), 'Add=ServerX&Delete=ServerX&Replace=ServerX');
  // Below it the server has Replace, so what follows inherits.
  assert.equal(tree.add('ServerX', { uri: './Own/Below', format: 'node' }).status, 200);
  assert.equal(tree.aclOf('./Own/Below'), '');
});

test('DM-TND-1.2 §7.7.1.3: a new leaf, and a node below a parent that one may Replace, have no ACL', async () => {
  const tree = await figure();
  assert.equal(tree.add('ServerX', { uri: './Leaf', data: 'x' }).status, 200);
  assert.equal(tree.aclOf('./Leaf'), '');
});

test('DM-RepPro-1.2 §6.6.1: the creator’s ACL goes to parents that are made on the way, too', async () => {
  const tree = await figure();
  assert.equal(tree.add('ServerX', { uri: './One/Two/Leaf', data: 'x' }).status, 200);
  assert.equal(tree.aclOf('./One'), 'Add=ServerX&Delete=ServerX&Replace=ServerX');
  assert.equal(tree.aclOf('./One/Two'), '');
  assert.equal(tree.node('./One/Two')?.format, 'node');
});

test('DM-TND-1.2 §7.7.1.3: creatorRights may give Get as well', async () => {
  const { tree } = await deviceTree({ creatorRights: ['Add', 'Delete', 'Get', 'Replace'] });
  const transaction = tree.transaction();
  transaction.add('S', { uri: './Own', format: 'node' });
  assert.equal(transaction.aclOf('./Own'), 'Add=S&Delete=S&Get=S&Replace=S');
});

test('DM-TND-1.2 §7.7.1.2: the root keeps Add=*', async () => {
  const tree = await figure();
  tree.set('.', { acl: 'Add=*&Get=*&Replace=ServerA' });
  assert.equal(tree.replace('ServerA', { uri: '.?prop=ACL', data: 'Get=ServerA' }).status, 405);
  assert.equal(tree.replace('ServerA', { uri: '.?prop=ACL', data: '' }).status, 405);
  assert.equal(tree.replace('ServerB', { uri: '.?prop=ACL', data: 'Add=*' }).status, 425);
  assert.equal(tree.replace('ServerA', { uri: '.?prop=ACL', data: 'Add=*&Get=ServerA' }).status, 200);
});

test('DM-TND-1.2 §7.7.1.4: removing a server id strips it everywhere, and empty commands with it', async () => {
  const tree = await figure();
  tree.set('.', { acl: 'Add=*&Get=ServerA' });
  tree.removeServerId('ServerA');
  assert.equal(tree.aclOf('.'), 'Add=*&Get=*', 'a command of the root falls to everyone');
  assert.equal(tree.aclOf('./NodeB'), '', 'nothing left: inherits');
  assert.equal(tree.aclOf('./NodeB/Node3/Node5'), 'Get=ServerB');
  assert.equal(tree.aclOf('./NodeA'), 'Get=ServerC&Replace=ServerC');
});

test('DM-TND-1.2 §7.7.1.4: deleting an account removes its server from every ACL', async () => {
  const { tree } = await deviceTree();
  const uri = await addAccount(tree, { serverId: 'srv.example', addresses: [], credentials: [] });
  await tree.run((transaction) => {
    transaction.set('./Vendor', { format: 'node', acl: 'Get=srv.example+other&Replace=srv.example' });
  });
  await tree.run((transaction) => assert.equal(transaction.delete('srv.example', uri).status, 200));
  assert.equal(tree.transaction().aclOf('./Vendor'), 'Get=other');
});

test('DM-TND-1.2 §7.7.1: Copy needs Get at the source, and Replace or Add at the target', async () => {
  const tree = await figure();
  assert.equal(tree.copy('ServerB', './NodeB/Node3/Node5', './Copied').status, 200);
  assert.equal(tree.node('./Copied')?.value, '5');
  assert.equal(tree.copy('ServerB', './NodeB/Node2', './Other').status, 425, 'no Get');
  assert.equal(tree.copy('ServerB', './NodeB/Node3/Node5', './NodeC').status, 425, 'no Replace');
  assert.equal(tree.copy('ServerC', './NodeA/Node1', './NodeA/Copied').status, 425, 'no Add');
  assert.equal(tree.copy('ServerA', './NodeA/Node1', './NodeC').status, 200);
});

test('DM-TND-1.2 §7.7.1: Delete looks at the addressed node only', async () => {
  const tree = await figure();
  // ServerB has no Delete on Node5, but on its parent.
  assert.equal(tree.delete('ServerB', './NodeB/Node3/Node5').status, 425);
  assert.equal(tree.delete('ServerB', './NodeB/Node3').status, 200);
  assert.equal(tree.node('./NodeB/Node3'), undefined);
});

test('DM-TND-1.2 §8: ?list= leaves out what the server may not Get', async () => {
  const tree = await figure();
  const uris = (server: string): unknown =>
    tree.get(server, '.?list=Struct').results?.map((item) => item.uri);
  assert.deepEqual(uris('ServerX'), ['.', './NodeA/Node1']);
  assert.deepEqual(uris('ServerA'), [
    '.',
    './NodeA/Node1',
    './NodeB',
    './NodeB/Node2',
    './NodeB/Node3/Node5',
    './NodeC',
  ]);
});

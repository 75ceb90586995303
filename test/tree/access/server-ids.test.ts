// ServerIDs in the tree: what no ACL can name gets no account, and an account keeps its ServerID (spec-notes ruling 19).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tndsMediaTypes } from '../../../src/codec/tnds/index.ts';
import {
  ManagementTree,
  readAccounts,
  type TreeSnapshot,
  type TreeTransaction,
  type ValueCommand,
} from '../../../src/tree/index.ts';
import { dmAccount, leaf, node, tnds } from '../../device/signed-server.ts';
import { deviceTree } from '../tools.ts';

const refused = ['*', 'a+b', 'a&b', 'a=b', '', ' a', 'a b', 'a\tb', 'a\u00a0b', 'a\u200bb'];
const shown = (id: string): string => JSON.stringify(id);
const escaped = (id: string): string => id.replaceAll('&', '&amp;');
const document = (uri: string, ...objects: readonly string[]): ValueCommand => ({
  uri,
  format: 'xml',
  type: tndsMediaTypes.xml,
  data: tnds(...objects),
});
const open = async (fill?: (transaction: TreeTransaction) => void): Promise<TreeTransaction> =>
  (await deviceTree({}, fill)).tree.transaction();

test('no account under a name that no ACL can name: by Add, by Copy, by TNDS, through the Inbox', async () => {
  const tree = await open((own) => own.set('./DMAcc/New', { format: 'node' }));
  for (const id of refused) {
    tree.set('./Mine', { value: id });
    const before = tree.savepoint();
    const statuses = [
      tree.add('s', { uri: './DMAcc/New/ServerID', data: id }),
      tree.add('s', { uri: './DMAcc/Deep/ServerID', data: id }),
      tree.copy('s', './Mine', './DMAcc/New/ServerID'),
      tree.add('s', document('./DMAcc/Whole', node('Whole', leaf('ServerID', escaped(id))))),
      tree.add('s', document('./DMAcc/New', leaf('ServerID', escaped(id)))),
      tree.add('s', document('./Inbox', dmAccount('In', escaped(id)))),
      tree.add('s', document('./Inbox', dmAccount('Good', 'good'), dmAccount('In', escaped(id)))),
    ].map(({ status }) => status);
    assert.deepEqual(statuses, [400, 400, 400, 400, 400, 400, 400], shown(id));
    assert.deepEqual(tree.savepoint(), before, shown(id));
  }
  for (const id of ['a\u0000b', '\ud800', 'x'.repeat(256)]) {
    const { status } = tree.add('s', { uri: './DMAcc/New/ServerID', data: id });
    assert.equal(status, 400, shown(id));
  }
  assert.equal(
    tree.add('s', { uri: './DMAcc/New/ServerID', format: 'bin', data: Uint8Array.of(65) }).status,
    400,
  );
  assert.equal(tree.add('s', { uri: './DMAcc/New/ServerID', format: 'node' }).status, 400);
  assert.deepEqual(readAccounts(tree), []);
  assert.equal(tree.add('s', { uri: './DMAcc/New/ServerID', data: 'sérvër' }).status, 200);
});

test('nor does the device itself make one', async () => {
  const tree = await open();
  for (const value of refused) {
    assert.throws(() => tree.set('./DMAcc/Own/ServerID', { value }), { code: 'BAD_FORMAT' }, shown(value));
  }
  assert.equal(tree.changed, false);
});

test('an account keeps its ServerID under every command, and the ACLs that name it', async () => {
  const tree = await open((own) => {
    own.set('./DMAcc/Op', { format: 'node', acl: 'Add=op&Delete=op&Get=op&Replace=op' });
    own.set('./DMAcc/Op/ServerID', { value: 'op' });
    own.set('./Vendor', { format: 'node', acl: 'Replace=op' });
    own.set('./Mine', { value: 'other' });
  });
  const before = tree.savepoint();
  const uri = './DMAcc/Op/ServerID';
  for (const { status } of [
    tree.replace('op', document('./DMAcc/Op', node('Op', leaf('ServerID', 'other')))),
    tree.replace('op', document('./DMAcc/Op', node('Op', leaf('Name', 'without one')))),
    tree.replace('op', document('./DMAcc/Op', node('Op', node('ServerID', '')))),
    tree.replace('op', document(uri, leaf('ServerID', 'other'))),
    tree.replace('op', { uri, data: 'other' }),
    tree.replace('op', { uri: `${uri}?prop=Name`, data: 'Former' }),
    tree.copy('op', './Mine', uri),
    tree.delete('op', uri),
  ]) {
    assert.equal(status, 405);
  }
  assert.deepEqual(tree.savepoint(), before);
  assert.throws(() => tree.set(uri, { value: 'other' }), { code: 'BAD_FORMAT' });
  assert.throws(() => tree.remove(uri), { code: 'BAD_FORMAT' });
  // Another name of its node is the server's own business; so is everything else in it.
  assert.equal(tree.replace('op', { uri: './DMAcc/Op?prop=Name', data: 'Operator' }).status, 200);
  const whole = node('Operator', leaf('ServerID', 'op') + leaf('Name', 'anew'));
  assert.equal(tree.replace('op', document('./DMAcc/Operator', whole)).status, 200);
  await tree.commit();
  assert.equal(tree.aclOf('./Vendor'), 'Replace=op');
});

/** A tree as an earlier version left it: it took such accounts. */
function oldTree(ids: readonly string[]): ManagementTree {
  const accounts = ids.map((text, index) => ({
    name: `Old${index}`,
    format: 'node',
    acl: 'Delete=*&Get=*&Replace=*',
    tstamp: 0,
    children: [{ name: 'ServerID', tstamp: 0, text }],
  }));
  const snapshot: TreeSnapshot = {
    kind: 'reveille-tree',
    version: 1,
    root: {
      acl: 'Add=*&Get=*',
      format: 'node',
      tstamp: 0,
      children: [
        { name: 'DMAcc', format: 'node', tstamp: 0, children: accounts },
        { name: 'Vendor', format: 'node', acl: 'Get=*&Replace=*+op', tstamp: 0, children: [] },
      ],
    },
  };
  return new ManagementTree({ snapshot });
}

test('accounts that an earlier version took under such names open, can be changed and renamed, and have no rights of their own', () => {
  const tree = oldTree(['*', 'a+b', 'op']).transaction();
  assert.deepEqual(
    readAccounts(tree).map(({ serverId }) => serverId),
    ['*', 'a+b', 'op'],
  );
  assert.equal(tree.replace('op', { uri: './DMAcc/Old0?prop=Name', data: 'Renamed' }).status, 200);
  assert.equal(tree.replace('op', { uri: './DMAcc/Old1?prop=Title', data: 'Title' }).status, 200);
  assert.equal(tree.replace('op', { uri: './DMAcc/Renamed/ServerID?prop=Title', data: 'Title' }).status, 200);
  tree.set('./Mine', { value: 'x', acl: 'Replace=op' });
  assert.equal(tree.replace('*', { uri: './Mine', data: 'y' }).status, 425);
  assert.equal(tree.add('a+b', { uri: './Theirs', format: 'node' }).status, 403);
  assert.equal(tree.add('op', { uri: './DMAcc/Two/ServerID', data: 'a+b' }).status, 418);
});

test('to delete an account named * takes no * out of any ACL', async () => {
  for (const id of ['*', 'a+b']) {
    const tree = oldTree([id, 'op']);
    await tree.run((transaction) => {
      assert.equal(transaction.delete('op', './DMAcc/Old0').status, 200);
    });
    assert.equal(tree.transaction().aclOf('.'), 'Add=*&Get=*', id);
    assert.equal(tree.transaction().aclOf('./Vendor'), 'Get=*&Replace=*', id);
    assert.equal(tree.transaction().aclOf('./DMAcc/Old1'), 'Delete=*&Get=*&Replace=*', id);
  }
});

test('an ACL that an earlier version kept opens, however long it is', () => {
  const id = 'x'.repeat(5000);
  const acl = `Add=${id}&Delete=${id}&Replace=${id}`;
  const root = {
    format: 'node',
    tstamp: 0,
    children: [{ name: 'A', format: 'node', acl, tstamp: 0, children: [] }],
  };
  const tree = new ManagementTree({ snapshot: { kind: 'reveille-tree', version: 1, root } });
  assert.equal(tree.transaction().aclOf('./A'), acl);
});

// From state version 1 to 2, node by node: what becomes a note, what is left out, and that nothing of the old is left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProvisioned, trustsTransportOf } from '../../../src/device/account/account-notes.ts';
import { pendingOperations, writeFirmwareObject } from '../../../src/device/firmware/firmware-object.ts';
import { migrateFromVersion1 } from '../../../src/device/state/migrate-state.ts';
import { ManagementTree, type TreeTransaction, writeAccount } from '../../../src/tree/index.ts';

const serverId = 'com.example.dm';
const object = './FwUpdate/Main';
type Leaves = Readonly<Record<string, string | Uint8Array>>;

function setOperation(own: TreeTransaction, name: string, leaves: Leaves): void {
  for (const [leaf, value] of Object.entries(leaves)) {
    const format = typeof value === 'string' ? 'chr' : 'bin';
    own.set(`${object}/Ext/Operations/${name}/${leaf}`, { format, value });
  }
}

async function migrated(operations: Readonly<Record<string, Leaves>>, owner = serverId) {
  const tree = new ManagementTree();
  await tree.run((own) => {
    for (const id of [serverId, 'org.other']) {
      writeAccount(own, { serverId: id, addresses: [], credentials: [] });
    }
    writeFirmwareObject(own, 'Main', [owner]);
    for (const [name, leaves] of Object.entries(operations)) setOperation(own, name, leaves);
    migrateFromVersion1(own);
  });
  return tree;
}

const operation = { Operation: 'Update', ServerID: serverId };
const told = (tree: ManagementTree) =>
  pendingOperations(tree).map(({ id: _, account: __, object: ___, serverId: ____, ...rest }) => rest);

test('operations go on in the order of their numbers, reports with their result', async () => {
  const tree = await migrated({
    '10': { ...operation, Operation: 'DownloadAndUpdate', Correlator: 'ten' },
    '2': { ...operation, Result: '200', Correlator: 'two' },
    '1': { ...operation, Operation: 'Download', Result: '411' },
  });
  assert.deepEqual(told(tree), [
    { operation: 'Download', result: 411 },
    { operation: 'Update', correlator: 'two', result: 200 },
    { operation: 'DownloadAndUpdate', correlator: 'ten' },
  ]);
  assert.equal(tree.node(`${object}/Ext`), undefined);
});

test('what is no operation of ours, or of a server without one account, is left out', async () => {
  for (const leaves of [
    { ServerID: serverId },
    { Operation: 'Erase', ServerID: serverId },
    { Operation: 'Update' },
    { Operation: 'Update', ServerID: 'org.gone' },
    { Operation: 'Update', ServerID: 'org.other' },
    { Operation: new TextEncoder().encode('Update'), ServerID: serverId },
  ] as readonly Leaves[]) {
    const tree = await migrated({ '1': leaves });
    assert.deepEqual(told(tree), []);
    assert.equal(tree.node(`${object}/Ext`), undefined);
  }
  assert.deepEqual(told(await migrated({ '1': operation }, 'org.other')), []);
});

test('a result that is none, and octets where a text belongs, are not taken over', async () => {
  for (const more of [
    { Result: '20' },
    { Result: '2000' },
    { Result: 'done' },
    { Result: Uint8Array.of(50, 48, 48) },
    { Correlator: Uint8Array.of(1) },
  ] as readonly Leaves[]) {
    assert.deepEqual(told(await migrated({ '1': { ...operation, ...more } })), [{ operation: 'Update' }]);
  }
});

test('accounts keep their rights and the trust in TLS; what else stands in an Ext stays', async () => {
  const tree = new ManagementTree();
  await tree.run((own) => {
    for (const id of ['a', 'b', 'c']) writeAccount(own, { serverId: id, addresses: [], credentials: [] });
    own.set('./DMAcc/a/Ext/TrustTransport', { value: 'true' });
    own.set('./DMAcc/b/Ext/TrustTransport', { value: 'false' });
    own.set('./DMAcc/b/Ext/Own', { value: 'x' });
    own.set('./DMAcc/c/Ext/Own', { value: 'x' });
    migrateFromVersion1(own);
  });
  const uris = ['./DMAcc/a', './DMAcc/b', './DMAcc/c'];
  assert.deepEqual(
    uris.map((uri) => [isProvisioned(tree, uri), trustsTransportOf(tree, uri)]),
    [
      [true, true],
      [true, false],
      [true, false],
    ],
  );
  assert.equal(tree.node('./DMAcc/a/Ext'), undefined);
  for (const uri of uris.slice(1)) {
    assert.deepEqual([...(tree.node(`${uri}/Ext`)?.children?.keys() ?? [])], ['Own']);
  }
});

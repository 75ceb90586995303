import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDevInfo, writeDevDetail, writeStandardObjects } from '../../../src/tree/index.ts';
import { devDetail, devInfo, deviceTree } from '../tools.ts';

test('DM-StdObj-1.2 §5.3.2: the leaves of DevInfo, for package #1', async () => {
  const { tree } = await deviceTree();
  assert.deepEqual(tree.leaves('./DevInfo'), [
    { uri: './DevInfo/DevId', data: 'IMEI:493005100592800' },
    { uri: './DevInfo/Man', data: 'Acme' },
    { uri: './DevInfo/Mod', data: 'One' },
    { uri: './DevInfo/DmV', data: '1.2' },
    { uri: './DevInfo/Lang', data: 'en' },
  ]);
  assert.deepEqual(readDevInfo(tree), devInfo);
});

test('DM-StdObj-1.2 §5.3.3: the leaves of DevDetail, with their formats', async () => {
  const { tree } = await deviceTree();
  assert.deepEqual(tree.leaves('./DevDetail'), [
    { uri: './DevDetail/URI/MaxDepth', data: '0' },
    { uri: './DevDetail/URI/MaxTotLen', data: '0' },
    { uri: './DevDetail/URI/MaxSegLen', data: '0' },
    { uri: './DevDetail/DevTyp', data: 'phone' },
    { uri: './DevDetail/OEM', data: 'Acme' },
    { uri: './DevDetail/FwV', data: 'fw1' },
    { uri: './DevDetail/SwV', data: 'sw1' },
    { uri: './DevDetail/HwV', data: 'hw1' },
    { uri: './DevDetail/LrgObj', format: 'bool', data: 'true' },
  ]);
});

test('leaves of one leaf, of nothing, and of a URI that is none', async () => {
  const { tree } = await deviceTree();
  assert.deepEqual(tree.leaves('DevInfo/Lang'), [{ uri: './DevInfo/Lang', data: 'en' }]);
  assert.deepEqual(tree.leaves('./Nothing'), []);
  assert.throws(() => tree.leaves('./DevInfo/'), { code: 'BAD_FORMAT' });
});

test('DM-StdObj-1.2 §5.3.2: servers read DevInfo and DevDetail and cannot change them', async () => {
  const { tree } = await deviceTree({}, (transaction) =>
    transaction.set('.', { acl: 'Add=*&Get=*&Replace=*&Delete=*' }),
  );
  const transaction = tree.transaction();
  for (const uri of ['./DevInfo', './DevInfo/DevId', './DevDetail/URI/MaxDepth']) {
    assert.equal(transaction.get('s', uri).status, 200);
    assert.equal(transaction.replace('s', { uri, data: 'x' }).status, 405, uri);
    assert.equal(transaction.delete('s', uri).status, 405);
    assert.equal(transaction.replace('s', { uri: `${uri}?prop=Name`, data: 'Other' }).status, 405);
    assert.equal(transaction.replace('s', { uri: `${uri}?prop=Title`, data: 'a title' }).status, 200);
  }
  assert.equal(transaction.add('s', { uri: './DevInfo/Extra', data: 'x' }).status, 405);
  assert.equal(transaction.add('s', { uri: './DevInfo/Ext/Vendor/Leaf', data: 'x' }).status, 200);
});

test('setting the same objects again changes and writes nothing', async () => {
  const { tree, storage } = await deviceTree();
  const before = storage.snapshot;
  await tree.run((transaction) => writeStandardObjects(transaction, devInfo, devDetail));
  assert.equal(storage.snapshot, before);
  await tree.run((transaction) => writeStandardObjects(transaction, { ...devInfo, lang: 'de' }, devDetail));
  assert.notEqual(storage.snapshot, before);
  assert.equal(readDevInfo(tree).lang, 'de');
});

test('DM-StdObj-1.2 §5.3.3: limits are 0 to 65535', async () => {
  const { tree } = await deviceTree();
  for (const maxDepth of [-1, 1.5, 65_536]) {
    assert.throws(() => writeDevDetail(tree.transaction(), { ...devDetail, maxDepth }), {
      code: 'OUT_OF_RANGE',
    });
  }
});

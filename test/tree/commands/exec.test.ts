import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExecRequest } from '../../../src/tree/index.ts';
import { deviceTree } from '../tools.ts';

const fumo = './FwUpdate/Pkg';

async function open(): ReturnType<typeof deviceTree> {
  return deviceTree({}, (transaction) => {
    transaction.set(fumo, { format: 'node', acl: 'Exec=s&Get=s&Replace=s', type: 'urn:oma:mo:oma-fumo:1.0' });
    transaction.set(`${fumo}/Download`, { format: 'node' });
    transaction.set(`${fumo}/Download/PkgURL`, { value: '' });
    transaction.set(`${fumo}/Update/PkgData`, { format: 'bin', value: new Uint8Array() });
    transaction.set(`${fumo}/State`, { format: 'int', value: '10' });
  });
}

test('Exec runs the handler of the node and gives its status', async () => {
  const { tree } = await open();
  const seen: ExecRequest[] = [];
  tree.onExec('./FwUpdate/*/Download', (request) => {
    seen.push(request);
    request.tree.set(`${fumo}/State`, { value: '30' });
    return { status: 202 };
  });
  const result = await tree.run((transaction) =>
    transaction.exec('s', { uri: `${fumo}/Download`, data: 'argument', correlator: 'c1' }),
  );
  assert.deepEqual(result, { status: 202 });
  assert.deepEqual(
    seen.map(({ serverId, uri, data, correlator }) => ({ serverId, uri, data, correlator })),
    [{ serverId: 's', uri: `${fumo}/Download`, data: 'argument', correlator: 'c1' }],
  );
  assert.equal(tree.node(`${fumo}/State`)?.value, '30');
});

test('Exec refuses: 404 no node, 425 no right, 405 by the description, 406 nothing to run', async () => {
  const { tree } = await open();
  const remove = tree.onExec('./FwUpdate/*/Download', () => ({ status: 200 }));
  const transaction = tree.transaction();
  const status = async (serverId: string, uri: string): Promise<number> =>
    (await transaction.exec(serverId, { uri })).status;
  assert.equal(await status('s', `${fumo}/Download`), 200);
  assert.equal(await status('s', `${fumo}/None`), 404);
  assert.equal(await status('other', `${fumo}/Download`), 425);
  assert.equal(await status('s', `${fumo}/State`), 405);
  assert.equal(await status('s', `${fumo}/Download?prop=ACL`), 405);
  assert.equal(await status('s', `${fumo}/Update`), 406);
  assert.equal(await status('s', `${fumo}//`), 400);
  remove();
  assert.equal(await status('s', `${fumo}/Download`), 406);
});

test('a handler that fails is status 500, what it set is undone, and the reason tells no value', async () => {
  const { tree } = await open();
  tree.onExec(`${fumo}/Download`, async ({ tree: own }) => {
    own.set(`${fumo}/State`, { value: '20' });
    await Promise.resolve();
    throw new Error('no network');
  });
  const transaction = tree.transaction();
  assert.deepEqual(await transaction.exec('s', { uri: `${fumo}/Download` }), {
    status: 500,
    reason: 'the handler failed: no network',
  });
  assert.equal(transaction.node(`${fumo}/State`)?.value, '10');
});

test('FUMO: State is the device’s own, PkgData can be replaced but not read', async () => {
  const { tree } = await open();
  const transaction = tree.transaction();
  assert.equal(transaction.get('s', `${fumo}/State`).status, 200);
  assert.equal(transaction.replace('s', { uri: `${fumo}/State`, data: '100' }).status, 405);
  assert.equal(
    transaction.replace('s', { uri: `${fumo}/Update/PkgData`, format: 'bin', data: Uint8Array.of(1) }).status,
    200,
  );
  assert.equal(transaction.get('s', `${fumo}/Update/PkgData`).status, 405);
  assert.equal(transaction.replace('s', { uri: `${fumo}/Download/PkgURL`, data: 'https://x/' }).status, 200);
  assert.deepEqual(tree.objects('urn:oma:mo:oma-fumo'), [fumo]);
});

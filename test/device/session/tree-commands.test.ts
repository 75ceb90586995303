import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultMoIndexRegistry } from '../../../src/codec/notification/index.ts';
import { StoreError } from '../../../src/core/index.ts';
import {
  leavesOfObjects,
  objectsThatFit,
  requestedObjects,
} from '../../../src/device/session/requested-objects.ts';
import { treeCommands, treeCommandsWithin } from '../../../src/device/session/tree-commands.ts';
import type { TreeCommand } from '../../../src/session/index.ts';
import { ManagementTree, writeAccount, writeStandardObjects } from '../../../src/tree/index.ts';
import { dm12, dm13, dm2010, serverId } from '../fixtures.ts';

async function treeWith(storage?: { save(): Promise<void> }): Promise<ManagementTree> {
  const tree = new ManagementTree(storage === undefined ? {} : { storage });
  await tree.run((transaction) => {
    writeStandardObjects(
      transaction,
      { devId: 'IMEI:1', man: 'Example', mod: 'One', dmV: '1.3', lang: 'en' },
      { devTyp: 'phone', oem: 'Example', fwV: '1', swV: '2', hwV: '3' },
    );
    for (const id of [serverId, 'com.other']) {
      writeAccount(transaction, {
        serverId: id,
        addresses: [{ addr: 'http://dm.example' }],
        credentials: [{ level: 'SRVCRED', type: 'DIGEST', secret: 'hidden', data: Uint8Array.of(1) }],
      });
    }
    transaction.set('./FwUpdate/A', { format: 'node', type: 'urn:oma:mo:oma-fumo:1.0' });
    transaction.set('./FwUpdate/A/State', { format: 'int', value: '10' });
    transaction.set('./FwUpdate/B', { format: 'node', type: 'urn:oma:mo:oma-fumo:1.0' });
    transaction.set('./FwUpdate/B/State', { format: 'int', value: '20' });
  });
  return tree;
}

const context = { serverId, sessionId: 1, atomic: false };
const command = (name: TreeCommand['name'], uri: string, data?: string): TreeCommand => ({
  name,
  item: { target: { uri }, ...(data === undefined ? {} : { data }) },
});

test('commands are durable one by one; a refused one leaves nothing', async () => {
  let saves = 0;
  const tree = await treeWith({
    save() {
      saves += 1;
      return Promise.resolve();
    },
  });
  const notes: string[] = [];
  const { execute } = treeCommands(tree, 'xml', (text) => notes.push(text));
  const before = saves;
  assert.equal((await execute(command('Add', './A', '1'), context)).status, 200);
  assert.equal(saves, before + 1);
  assert.equal((await execute(command('Add', './A', '2'), context)).status, 418);
  assert.equal(saves, before + 1);
  assert.equal(tree.node('./A')?.value, '1');
  assert.equal(notes.length, 1);
  const got = await execute(command('Get', './A'), context);
  assert.deepEqual(got.results, [{ source: { uri: './A' }, data: '1' }]);
  assert.equal((await execute({ name: 'Get', item: {} }, context)).status, 412);
  assert.equal((await execute(command('Copy', './B'), context)).status, 412);
});

test('what a Get finds is told with format and type, as far as a node has them', async () => {
  const tree = await treeWith();
  await tree.run((own) => {
    own.set('./Typed', { format: 'node' });
    own.set('./Typed/Page', { type: 'text/html', value: '<p>' });
  });
  const { execute } = treeCommands(tree, 'xml', () => undefined);
  for (const [uri, found] of [
    ['./FwUpdate/A/State', { meta: { format: 'int' }, data: '10' }],
    ['./Typed/Page', { meta: { type: 'text/html' }, data: '<p>' }],
    ['./Typed', { meta: { format: 'node' }, data: 'Page' }],
  ] as const) {
    const { results } = await execute(command('Get', uri), context);
    assert.deepEqual(results, [{ source: { uri }, ...found }]);
  }
});

test('within the one transaction of a message: refusals are told and leave the rest, an Atomic goes back to where it began', async () => {
  const tree = await treeWith();
  const notes: string[] = [];
  const own = tree.transaction();
  const { execute, transaction } = treeCommandsWithin(
    own,
    (text) => notes.push(text),
    () => assert.fail(),
  );
  assert.equal((await execute(command('Add', './A', '1'), context)).status, 200);
  assert.deepEqual(notes, []);
  assert.equal((await execute(command('Add', './A', '2'), context)).status, 418);
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? '', /^Add refused with 418: ./);
  const atomic = { ...context, atomic: true };
  for (const [end, there] of [
    ['rollback', undefined],
    ['commit', '1'],
  ] as const) {
    await transaction.begin();
    assert.equal((await execute(command('Add', './B', '1'), atomic)).status, 200);
    await transaction[end]();
    assert.equal(own.node('./B')?.value, there);
  }
  await transaction.rollback();
  assert.equal(own.node('./B')?.value, '1', 'that Atomic is over');
  own.rollback();
  assert.equal(tree.node('./A'), undefined);
});

test('in a rehearsal an Exec counts as accepted and does nothing', async () => {
  const tree = await treeWith();
  let runs = 0;
  tree.onExec('./Run', () => {
    runs += 1;
    return { status: 200 };
  });
  await tree.run((own) => own.set('./Run', { value: '', acl: `Exec=${serverId}` }));
  const nothing = (): void => undefined;
  for (const [rehearsal, status, ran] of [
    [true, 202, 0],
    [false, 200, 1],
  ] as const) {
    const own = tree.transaction();
    const { execute } = treeCommandsWithin(own, nothing, nothing, rehearsal);
    assert.equal((await execute(command('Exec', './Run'), context)).status, status);
    own.rollback();
    assert.equal(runs, ran);
  }
});

test('the commands of an Atomic are durable together, or not at all', async () => {
  const tree = await treeWith();
  const { execute, transaction } = treeCommands(tree, 'xml', () => undefined);
  const atomic = { ...context, atomic: true };
  await transaction.begin();
  await execute(command('Add', './A', '1'), atomic);
  assert.equal(tree.node('./A'), undefined);
  await transaction.rollback();
  assert.equal(tree.node('./A'), undefined);
  await transaction.begin();
  await execute(command('Add', './A', '1'), atomic);
  await execute(command('Add', './B', '2'), atomic);
  await transaction.commit();
  assert.equal(tree.node('./B')?.value, '2');
});

test('a change that cannot be stored is told as 510, and is not there', async () => {
  let broken = false;
  const tree = await treeWith({
    save: () => (broken ? Promise.reject(new StoreError('X', 'disk full')) : Promise.resolve()),
  });
  broken = true;
  const { execute } = treeCommands(tree, 'xml', () => undefined);
  assert.equal((await execute(command('Add', './A', '1'), context)).status, 510);
  assert.equal(tree.node('./A'), undefined);
});

test('DM-NOTI-1.3 §6.5.4, DM-NOTI-1.3-2010 §6.2.11: what a notification asks for', () => {
  const read = (message: Parameters<typeof requestedObjects>[0]) =>
    requestedObjects(message, defaultMoIndexRegistry);
  const base = { initiator: 'server' } as const;
  assert.deepEqual(read({ ...dm12, ...base }), { names: [], unknown: [] });
  const tlv = { ...dm13, ...base, transport: 'http', timeoutMinutes: 0 } as const;
  assert.deepEqual(read({ ...tlv, requestedMo: [0, 1, 2, 2, 5, 700] }), {
    names: ['DevDetail', 'FUMO'],
    unknown: [700],
  });
  const draft = { ...dm2010, ...base, transport: 'http', authType: 'digest', timeoutDays: 0 } as const;
  assert.deepEqual(read({ ...draft, sendDevDetail: true }).names, ['DevDetail']);
  assert.deepEqual(read({ ...draft, sendDevDetail: false }).names, []);
});

test('N13-C-013: the leaves of each object of a kind, wherever it stands', async () => {
  const tree = await treeWith();
  const fumo = leavesOfObjects(tree, serverId, 'FUMO');
  assert.deepEqual(fumo, [
    [{ uri: './FwUpdate/A/State', format: 'int', data: '10' }],
    [{ uri: './FwUpdate/B/State', format: 'int', data: '20' }],
  ]);
  assert.deepEqual(leavesOfObjects(tree, serverId, 'urn:oma:mo:oma-fumo'), fumo);
  assert.deepEqual(leavesOfObjects(tree, serverId, 'SCOMO'), []);
  assert.deepEqual(leavesOfObjects(tree, serverId, 'Inbox'), []);
});

test('of accounts, a server gets its own only, and no secret of it', async () => {
  const tree = await treeWith();
  const uris = leavesOfObjects(tree, serverId, 'DMAcc').flatMap((leaves) => leaves.map(({ uri }) => uri));
  assert.ok(uris.includes(`./DMAcc/${serverId}/ServerID`));
  assert.ok(!uris.some((uri) => uri.includes('com.other')), uris.join());
  assert.ok(!uris.some((uri) => /AAuthSecret|AAuthData/.test(uri)));
});

test('requested objects fit into 64 KiB together, without what stands below Ext where that is too much', () => {
  const object = (name: string, ...leaves: readonly (readonly [string, number])[]) =>
    leaves.map(([path, size]) => ({ uri: `./${name}/${path}`, data: 'x'.repeat(size) }));
  const uris = (objects: ReturnType<typeof objectsThatFit>) =>
    objects.map((each) => each.map(({ uri }) => uri));
  const detail = object('DevDetail', ['FwV', 3], ['Ext/Big', 1_000_000]);
  const large = object('FwUpdate/Guest', ['PkgName', 100_000]);
  const small = object('FwUpdate/Main', ['State', 2], ['Ext/Note', 10]);
  assert.deepEqual(uris(objectsThatFit([detail, large, small])), [
    ['./DevDetail/FwV'],
    ['./FwUpdate/Main/State', './FwUpdate/Main/Ext/Note'],
  ]);
});

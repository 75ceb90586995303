// A state that commit a47cffd wrote (version 1): it opens, goes on with what was under way, and gives nobody more than it had.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pendingOperations } from '../../src/device/firmware/firmware-object.ts';
import { owedAlerts } from '../../src/device/firmware/firmware-report.ts';
import { mayUpdateFirmware, openDeviceTree, openStateFile } from '../../src/device/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { execOf, fumoObject, operator, operatorSecret, withFirmware } from './firmware-bench.ts';
import { dmAccount, toInbox } from './signed-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-old-state-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const text = readFileSync(new URL('old-state/state-1.json', import.meta.url), 'utf8');
const old = (): unknown => JSON.parse(text);
const everything = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';

test('what was under way goes on, what was owed is owed, in order; what a server had planted is not carried out', () =>
  withFirmware({ state: old() }, async ({ device, events }) => {
    const { tree } = device;
    assert.ok(tree);
    await eventually(() => tree.node('./DevDetail/FwV')?.value === '2.0');
    assert.equal(tree.node('./FwUpdate/Main/State')?.value, '100');
    assert.deepEqual(
      owedAlerts(tree, operator).map(({ alert }) => [alert.correlator, alert.items[0]?.data]),
      [
        ['ended', '411'],
        ['under way', '200'],
      ],
    );
    const firmware = events.filter((each) => each.event === 'firmware');
    assert.deepEqual(
      firmware.map(({ object, stage }) => [object, stage]),
      [
        ['./FwUpdate/Main', 'started'],
        ['./FwUpdate/Main', 'ended'],
      ],
    );
    assert.deepEqual(
      pendingOperations(tree).map(({ object }) => object),
      ['./FwUpdate/Main', './FwUpdate/Main'],
    );
  }));

for (const acl of ['Exec=com.example.dm', 'Exec=*']) {
  const planted = 'Add=com.example.dm&Delete=com.example.dm&Replace=com.example.dm';
  const owner = 'Add=com.example.late&Delete=com.example.late&Replace=com.example.late';
  test(`what another server had planted is not carried out either where its ACL says ${acl}`, () => {
    assert.ok(text.includes(planted));
    return withFirmware(
      { state: JSON.parse(text.replace(planted, `${owner}&${acl}`)) },
      async ({ device, events }) => {
        const { tree } = device;
        assert.ok(tree);
        await eventually(() => tree.node('./DevDetail/FwV')?.value === '2.0');
        const objects = events.flatMap((each) => (each.event === 'firmware' ? [each.object] : []));
        assert.deepEqual(objects, ['./FwUpdate/Main', './FwUpdate/Main']);
        assert.equal(owedAlerts(tree, operator).length, 2);
      },
    );
  });
}

test('the device’s own is in no node any more, and the memory of messages is', () =>
  withFirmware({ state: old() }, async ({ device }) => {
    const { tree } = device;
    assert.ok(tree);
    for (const uri of ['./FwUpdate/Main/Ext', './FwUpdate/Planted/Ext', './DMAcc/com.example.tls/Ext']) {
      assert.equal(tree.node(uri), undefined, uri);
    }
    assert.deepEqual(
      device.accounts.filter(({ trustTransport }) => trustTransport).map(({ serverId }) => serverId),
      ['com.example.tls'],
    );
    const [memory] = [...(tree.node('./Reveille/Messages')?.children?.values() ?? [])];
    assert.match(String(memory?.value), /^[0-9a-f]{64}( [0-9a-f]{64}){3}$/);
  }));

test('the accounts that were there may update the firmware, but for those whose names are no ServerIDs; later ones may not', () =>
  withFirmware({ state: old() }, async (bench) => {
    const { device, say, url } = bench;
    const may = (serverId: string): boolean =>
      device.tree !== undefined && mayUpdateFirmware(device.tree, serverId);
    assert.deepEqual(
      device.accounts.map(({ serverId }) => [serverId, may(serverId)]),
      [
        [operator, true],
        ['com.example.tls', true],
        ['com.example.late', true],
        ['*', false],
        ['a+b', false],
      ],
    );
    await eventually(() => device.tree?.node('./FwUpdate/Main/State')?.value === '100');
    const commands = (name: string) => [toInbox(fumoObject(name, url, { acl: everything })), execOf(name)];
    assert.deepEqual(await say('com.example.late', 'a secret of some length', commands('Late')), [2, 0]);
    const guest = dmAccount('Guest', 'com.example.guest');
    assert.deepEqual(await say(operator, operatorSecret, [toInbox(guest)]), [1, 0]);
    assert.deepEqual(await say('com.example.guest', 'a secret of some length', commands('Guest')), [1, 1]);
  }));

test('it is written as version 2, which the programs of version 1 refuse, and not taken for an old one again', async () => {
  let state: unknown;
  await withFirmware({ state: old() }, async ({ device, say, storage }) => {
    await eventually(() => device.tree?.node('./FwUpdate/Main/State')?.value === '100');
    const guest = toInbox(dmAccount('Guest', 'com.example.guest'));
    assert.deepEqual(await say(operator, operatorSecret, [guest]), [1, 0]);
    state = storage.load();
  });
  // They said: has version 2, this program reads 1; use a program that fits.
  assert.equal((state as { version: number }).version, 2);
  await withFirmware({ state }, async ({ device }) => {
    const { tree } = device;
    assert.ok(tree);
    assert.equal(mayUpdateFirmware(tree, operator), true);
    assert.equal(mayUpdateFirmware(tree, 'com.example.guest'), false);
    assert.equal(owedAlerts(tree, operator).length, 2);
  });
});

test('tools read it without changing it, and write it whole', async () => {
  const path = join(folder, 'old.json');
  writeFileSync(path, text, { mode: 0o600 });
  const look = await openDeviceTree(openStateFile(path));
  assert.equal(mayUpdateFirmware(look.tree, operator), true);
  assert.equal(look.tree.node('./FwUpdate/Main/Ext'), undefined);
  await look.close();
  assert.equal(readFileSync(path, 'utf8'), text);
  const edit = await openDeviceTree(openStateFile(path));
  await edit.tree.run((own) => own.set('./Vendor/Note', { value: 'x' }));
  await edit.close();
  const again = await openDeviceTree(openStateFile(path));
  assert.equal(pendingOperations(again.tree).length, 2);
  assert.equal(mayUpdateFirmware(again.tree, operator), true);
  await again.close();
});

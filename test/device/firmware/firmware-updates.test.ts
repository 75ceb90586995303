// Operations on the firmware update object, on a tree alone: what meets other changes, what nobody can be told, what goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../../../src/core/index.ts';
import { noteProvisioned } from '../../../src/device/account/account-notes.ts';
import { pendingOperations, writeFirmwareObject } from '../../../src/device/firmware/firmware-object.ts';
import { FirmwareUpdates } from '../../../src/device/firmware/firmware-updates.ts';
import type { FirmwareInstaller } from '../../../src/device/index.ts';
import type { DeviceEvent } from '../../../src/device/report/events.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import {
  ManagementTree,
  type TreeTransaction,
  writeAccount,
  writeStandardObjects,
} from '../../../src/tree/index.ts';

const serverId = 'com.example.dm';
const object = './FwUpdate/Main';
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function addAccount(own: TreeTransaction): void {
  noteProvisioned(own, writeAccount(own, { serverId, addresses: [], credentials: [] }));
}

async function scene(given?: ManagementTree) {
  const tree = given ?? new ManagementTree();
  if (given === undefined) {
    await tree.run((own) => {
      writeStandardObjects(
        own,
        { devId: 'IMEI:1', man: 'Example', mod: 'E1', dmV: '1.3', lang: 'en' },
        { devTyp: 'phone', oem: 'Example', fwV: '1.0', swV: '2', hwV: '3' },
      );
      addAccount(own);
      writeFirmwareObject(own, 'Main', [serverId]);
    });
  }
  const ender = new AbortController();
  const events: Extract<DeviceEvent, { event: 'firmware' }>[] = [];
  const due: string[] = [];
  const gates: ((installed: Awaited<ReturnType<FirmwareInstaller>>) => void)[] = [];
  const updates = new FirmwareUpdates({
    tree,
    clock: new ManualClock(),
    ...{ maxPackageSize: 1000, downloadTimeoutMs: 1000, signal: ender.signal },
    install: () => new Promise((resolve) => gates.push(resolve)),
    report: (event) => {
      if (event.event === 'firmware') events.push(event);
    },
    due: (id) => due.push(id),
  });
  /** A server puts a package there and begins Update. */
  const update = (correlator?: string): Promise<number> =>
    tree.run(async (own) => {
      own.set(`${object}/Update/PkgData`, { format: 'bin', value: Uint8Array.of(1) });
      const more = correlator === undefined ? {} : { correlator };
      return (await own.exec(serverId, { uri: `${object}/Update`, ...more })).status;
    });
  /** The installation that waits ends. */
  const installed = async (version = '2.0'): Promise<void> => {
    gates.shift()?.({ installed: true, version });
    for (let count = 0; count < 10; count += 1) await turn();
  };
  return { tree, ender, events, due, gates, updates, update, installed };
}

test('an operation is told when it begins and when it ends, its report is due, and the device waits for it', async () => {
  const { tree, events, due, updates, update, installed } = await scene();
  updates.resume();
  assert.equal(await update('c'), 202);
  await turn();
  const about = { event: 'firmware', object, operation: 'Update' } as const;
  assert.deepEqual(events, [{ ...about, stage: 'started' }]);
  let over = false;
  const settled = updates.settled().then(() => {
    over = true;
  });
  await turn();
  assert.equal(over, false);
  await installed();
  await settled;
  assert.deepEqual(events.slice(1), [{ ...about, stage: 'ended', result: 200, version: '2.0' }]);
  assert.deepEqual(due, [serverId]);
  assert.equal(tree.node('./DevDetail/FwV')?.value, '2.0');
  assert.deepEqual(
    pendingOperations(tree).map(({ correlator, result }) => [correlator, result]),
    [['c', 200]],
  );
});

test('its end is stored though others change the same, unless that does not end', async () => {
  for (const [code, failures, stage] of [
    ['TREE_CONFLICT', 4, 'ended'],
    ['TREE_CONFLICT', 5, 'broken'],
    ['TREE_FULL', 1, 'broken'],
  ] as const) {
    const { tree, events, due, updates, update, installed } = await scene();
    updates.resume();
    await update();
    await turn();
    const run = tree.run.bind(tree);
    let left: number = failures;
    tree.run = (work) => {
      if (left === 0) return run(work);
      left -= 1;
      return Promise.reject(new StoreError(code, 'met'));
    };
    await installed();
    await updates.settled();
    assert.equal(left, 0);
    const last = events.at(-1);
    assert.equal(last?.stage, stage, `${code} ${failures}`);
    assert.equal(last?.reason, stage === 'broken' ? 'it could not be stored: met' : undefined);
    assert.deepEqual(due, stage === 'broken' ? [] : [serverId]);
  }
});

test('reports that nobody can be told neither count nor are repeated, and go with the next operation', async () => {
  const { tree, updates, update, installed } = await scene();
  updates.resume();
  for (let count = 0; count < 8; count += 1) {
    assert.equal(await update(`c${count}`), 202);
    await turn();
    await installed();
  }
  assert.equal(await update('c8'), 503);
  await tree.run((own) => {
    own.remove(`./DMAcc/${serverId}`);
    addAccount(own);
  });
  assert.equal(pendingOperations(tree).length, 8);
  assert.equal(await update('c0'), 202);
  await turn();
  assert.deepEqual(
    pendingOperations(tree).map(({ correlator, result }) => [correlator, result]),
    [['c0', undefined]],
    'begun anew for the account that is there now',
  );
  await installed();
  assert.equal(pendingOperations(tree).length, 1);
});

test('a report of an account that went while it was under way goes with its end', async () => {
  const { tree, due, updates, update, installed } = await scene();
  updates.resume();
  await update();
  await turn();
  await tree.run((own) => own.remove(`./DMAcc/${serverId}`));
  await installed();
  await updates.settled();
  assert.deepEqual(pendingOperations(tree), []);
  assert.equal(tree.node('./DevDetail/FwV')?.value, '2.0');
  assert.equal(due.length, 1);
});

test('a correlator has 255 characters at most', async () => {
  const { updates, update } = await scene();
  updates.resume();
  assert.equal(await update('c'.repeat(256)), 400);
  assert.equal(await update('c'.repeat(255)), 202);
});

test('what a device had under way when it stopped begins again, and what it owed is due', async () => {
  const first = await scene();
  await first.update('before');
  assert.equal(first.gates.length, 0, 'nothing begins before the device says so');
  first.updates.resume();
  await turn();
  await first.installed();
  await first.update('under way');
  await turn();
  first.ender.abort();
  await first.installed();
  await first.updates.settled();
  assert.equal(first.events.at(-1)?.stage, 'started', 'it has not ended');
  const second = await scene(first.tree);
  second.updates.resume();
  await turn();
  assert.deepEqual(second.due, [serverId]);
  assert.deepEqual(
    second.events.map(({ stage }) => stage),
    ['started'],
  );
  await second.installed('3.0');
  assert.equal(first.tree.node('./DevDetail/FwV')?.value, '3.0');
  assert.deepEqual(
    pendingOperations(first.tree).map(({ correlator, result }) => [correlator, result]),
    [
      ['before', 200],
      ['under way', 200],
    ],
  );
});

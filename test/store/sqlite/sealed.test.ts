// Secrets at rest: found in the files of a store without a key, never with one; and what a store without its keys, or with values
// that were changed, says.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { StoreError } from '../../../src/core/index.ts';
import { readSealKeys, type SealKey, sealedColumns } from '../../../src/store/index.ts';
import { copyStore, databaseName, openSqliteStore, restoreStore } from '../../../src/store/sqlite/index.ts';
import { rejectsWith, sampleJob } from '../../../src/testing/index.ts';
import { changeMessage } from '../../../src/testing/store/store-contract-base.ts';
import { account, device, fill, foundIn, holdsAll, texts } from './sealed-secrets.ts';

const folder = await mkdtemp(join(tmpdir(), 'reveille-sealed-'));
after(() => rm(folder, { recursive: true }));

const newKey = (): SealKey => readSealKeys(randomBytes(32).toString('hex'), 'a key')[0] as SealKey;
const [one, two] = [newKey(), newKey()];
let count = 0;
const newFolder = (): string => join(folder, `store-${++count}`);
const fileIn = (place: string): string => join(place, databaseName);

/** Runs SQL on a store that nobody has open. */
function alone(place: string, run: (database: DatabaseSync) => unknown): void {
  const database = new DatabaseSync(fileIn(place));
  try {
    run(database);
  } finally {
    database.close();
  }
}

/** A filled store. */
async function filled(sealKeys: readonly SealKey[]): Promise<string> {
  const place = newFolder();
  const store = await openSqliteStore({ file: fileIn(place), sealKeys });
  await fill(store);
  await store.close();
  return place;
}

test('without a key every secret lies open in the files, and the store says how many of which', async () => {
  const place = newFolder();
  const store = await openSqliteStore({ file: fileIn(place) });
  await fill(store);
  await holdsAll(store);
  assert.deepEqual([...foundIn(place)].sort(), [...texts].sort());
  const { open, ...rest } = await store.sealing();
  assert.deepEqual(rest, { needed: [] });
  // Each column has a value: so nothing that is sealed was left untried.
  assert.deepEqual(
    open.map(({ table, column, count: values }) => [`${table}.${column}`, values]),
    sealedColumns.map(({ table, column }) => [
      `${table}.${column}`,
      table === 'devices' && column !== 'rotations' ? 2 : column === 'command' ? 2 : 1,
    ]),
  );
  await store.close();
});

test('with a key no secret stands in the database, its journal or a copy, and all of them are there', async () => {
  const place = newFolder();
  const store = await openSqliteStore({ file: fileIn(place), sealKeys: [one] });
  await fill(store);
  assert.deepEqual(foundIn(place), []);
  await holdsAll(store);
  const copies = newFolder();
  const copy = await store.copy();
  const copied = await openCopy(copy.pieces(), copies);
  assert.deepEqual(foundIn(copies), []);
  assert.deepEqual(await store.sealing(), { keyId: one.id, needed: [one.id], open: [] });
  await store.close();
  assert.deepEqual(foundIn(place), []);
  const again = await openSqliteStore({ file: fileIn(place), sealKeys: [one] });
  await holdsAll(again);
  await again.close();
  const put = newFolder();
  await rejectsWith('SEALED', restoreStore({ file: copied, folder: put }));
  await restoreStore({ file: copied, folder: put, sealKeys: [one], force: true });
  assert.deepEqual(foundIn(put), []);
  const restored = await openSqliteStore({ file: fileIn(put), sealKeys: [one] });
  await holdsAll(restored);
  await restored.close();
});

async function openCopy(pieces: AsyncIterable<Uint8Array>, into: string): Promise<string> {
  await mkdir(into);
  const file = join(into, 'copy');
  await writeFile(file, pieces);
  return file;
}

test('a sealed store opens with its key alone, and says which it needs', async () => {
  const place = await filled([one]);
  const file = fileIn(place);
  for (const sealKeys of [[], [two]]) {
    await assert.rejects(openSqliteStore({ file, sealKeys }), (error) => {
      assert.ok(error instanceof StoreError);
      assert.equal(error.code, 'SEALED');
      assert.ok(error.message.includes(`sealed under the key ${one.id} (`), error.message);
      return true;
    });
  }
  // What was refused has left no trace: neither does the database need the other key now.
  const store = await openSqliteStore({ file, sealKeys: [two, one] });
  await holdsAll(store);
  assert.deepEqual((await store.sealing()).needed, [one.id, two.id]);
  await store.close();
  await rejectsWith('SEALED', openSqliteStore({ file, sealKeys: [two] }));
});

test('where secrets are not needed no key is, and none can be read or written', async () => {
  const place = await filled([one]);
  const store = await openSqliteStore({ file: fileIn(place), sealKeys: 'unused' });
  const found = await store.device(device.id);
  assert.equal(found?.id, device.id);
  assert.throws(() => found.serverCredentials.secret, { code: 'SEALED' });
  await rejectsWith('SEALED', store.createDevice({ ...device, id: 'other' }));
  await store.addAudit([{ at: 1, action: 'x', outcome: 'done' }]);
  await store.close();
});

test('plain values go on opening under a key, and what is written from then on is sealed', async () => {
  const place = await filled([]);
  const store = await openSqliteStore({ file: fileIn(place), sealKeys: [one] });
  await holdsAll(store);
  const before = await store.sealing();
  assert.equal(before.keyId, one.id);
  assert.ok(before.open.length > 0);
  const [unchanged] = await store.importDevices([{ id: device.id, patch: { addresses: device.addresses } }]);
  assert.equal(unchanged?.outcome, 'unchanged');
  assert.deepEqual((await store.sealing()).open, before.open);
  await store.updateDevice(device.id, { family: 'generic' });
  await store.updateAccount(account.serverId, { name: 'another' });
  await holdsAll(store);
  const { open } = await store.sealing();
  const left = (column: string, of = open) => of.find((each) => each.column === column)?.count;
  assert.equal(left('notification_secret'), 1);
  assert.deepEqual([left('message_signing', before.open), left('message_signing')], [1, undefined]);
  assert.equal(left('notification_secret', before.open), 2);
  // All of the device that was written is sealed, nothing of the other one.
  assert.deepEqual(
    ['srv_secret', 'cl_secret', 'message_keys', 'rotations'].map((each) => left(each)),
    [1, 1, 1, undefined],
  );
  await store.close();
});

const places = {
  accounts: account.serverId,
  devices: device.id,
} as const;

test('a secret that was changed names its place; the record is there without it, takes another, and can be removed', async () => {
  const place = await filled([one]);
  alone(place, (database) => {
    database.exec(`update devices set srv_secret = substr(srv_secret, 1, length(srv_secret) - 4) || 'AAAA'`);
    database.exec(`update accounts set message_signing = '$seal$9$x'`);
  });
  const store = await openSqliteStore({ file: fileIn(place), sealKeys: [one] });
  const found = await store.device(places.devices);
  assert.throws(() => found?.serverCredentials.secret, {
    code: 'SEAL_BROKEN',
    message:
      /^devices\.srv_secret of IMEI:493005100592800 does not open: it was changed, or belongs elsewhere\. /,
  });
  assert.equal(found?.clientCredentials?.secret, device.clientCredentials?.secret);
  await assert.rejects(store.account(places.accounts), {
    code: 'SEAL_BROKEN',
    message: /^accounts\.message_signing of com\.example\.dm does not open: it is of a form /,
  });
  assert.equal((await store.listDevices({ limit: 9 })).items.length, 2);
  const { serverCredentials } = device;
  const mended = await store.updateDevice(places.devices, { serverCredentials });
  assert.equal(mended?.serverCredentials.secret, serverCredentials.secret);
  const { device: replaced } = await store.putDevice({ ...device, id: 'imported' });
  assert.equal(replaced.serverCredentials.secret, serverCredentials.secret);
  assert.equal((await store.device('imported'))?.serverCredentials.secret, serverCredentials.secret);
  assert.equal(await store.deleteDevice('imported'), true);
  await store.close();
});

test('a secret opens at no other device, and in no other column', async () => {
  const place = await filled([one]);
  alone(place, (database) => {
    database.exec(`update devices set srv_secret = (select srv_secret from devices where id = 'imported')
      where id <> 'imported'`);
    database.exec(`update devices set cl_secret = notification_secret where id = 'imported'`);
  });
  const store = await openSqliteStore({ file: fileIn(place), sealKeys: [one] });
  const [moved, swapped] = [await store.device(device.id), await store.device('imported')];
  assert.throws(() => moved?.serverCredentials.secret, { code: 'SEAL_BROKEN' });
  assert.throws(() => swapped?.clientCredentials?.secret, { code: 'SEAL_BROKEN' });
  assert.ok(swapped?.serverCredentials.secret);
  await store.close();
});

test('a body that was changed is empty and says why; its push can be ended, and others are claimed with it', async () => {
  const place = await filled([one]);
  alone(place, (database) => {
    database.exec(`update pushes set body = body || 'AAAA' where purpose = 'message'`);
    database.exec(`update devices set srv_secret = srv_secret || 'AAAA'`);
  });
  const store = await openSqliteStore({ file: fileIn(place), sealKeys: [one] });
  const claimed = await store.claimDue({ limit: 9, leaseMs: 1000, node: 'n' }, () => [{ event: 'sending' }]);
  assert.equal(claimed.length, 2);
  const push = claimed.find((each) => each.push.purpose === 'message')?.push;
  assert.ok(push?.purpose === 'message');
  assert.equal(push.body.length, 0);
  assert.match(push.unreadable ?? '', new RegExp(`^pushes\\.body of ${push.id} does not open`));
  await changeMessage(store, push.id, { event: 'failed', detail: 'x' });
  const after = await store.push(push.id);
  assert.ok(after?.purpose === 'message' && after.state === 'failed' && after.unreadable === undefined);
  await store.close();
});

test('a command of a job that was changed names its place, and the job can be cancelled', async () => {
  const place = await filled([one]);
  alone(place, (database) => database.exec(`update job_commands set command = command || 'AAAA'`));
  const store = await openSqliteStore({ file: fileIn(place), sealKeys: [one] });
  const [job] = (await store.listJobs({ limit: 9 })).items;
  await assert.rejects(store.job(job?.id ?? ''), {
    code: 'SEAL_BROKEN',
    message: new RegExp(`^job_commands\\.command of ${job?.id} 0 does not open`),
  });
  assert.equal((await store.cancelJob(job?.id ?? '', 'damaged'))?.verdict, 'cancelled');
  const { job: next } = await store.createJob(sampleJob({ expiresAt: Date.UTC(2100, 0, 1) }));
  const { taken } = await store.advanceJobs({ deviceId: device.id, take: { holder: 's2', held: [] } });
  assert.deepEqual(
    taken.map(({ jobId }) => jobId),
    [next.id],
  );
  await store.close();
});

test('a release that knows no keys may not write the database any more', async () => {
  const place = await filled([]);
  const writer = (): unknown => {
    let found: unknown;
    alone(place, (database) => {
      found = database.prepare('select oldest_writer from schema_version').get()?.oldest_writer;
    });
    return found;
  };
  assert.equal(writer(), 8);
  await (await openSqliteStore({ file: fileIn(place), sealKeys: [one] })).close();
  assert.equal(writer(), 13);
});

test('a copy made by another process is as sealed as the store', async () => {
  const place = await filled([one]);
  const copies = newFolder();
  await mkdir(copies);
  await copyStore(fileIn(place), join(copies, 'copy'));
  assert.deepEqual(foundIn(copies), []);
});

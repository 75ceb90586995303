// A store sealed as a whole, under another key, or laid open: what is in its files then, also when it was killed on the way.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { readSealKeys, type SealKey } from '../../../src/store/index.ts';
import {
  databaseName,
  openSqliteStore,
  type ResealProgress,
  resealStore,
} from '../../../src/store/sqlite/index.ts';
import { rejectsWith, sampleDevice, samplePushMessage } from '../../../src/testing/index.ts';
import { device, fill, foundIn, holdsAll, texts } from './sealed-secrets.ts';

const folder = await mkdtemp(join(tmpdir(), 'reveille-reseal-'));
after(() => rm(folder, { recursive: true }));

const keyTexts = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')] as const;
const [one, two] = keyTexts.map((text) => readSealKeys(text, 'a key')[0]) as [SealKey, SealKey];
let count = 0;

/** A filled store, and its file. */
async function filled(sealKeys: readonly SealKey[], devices = 0): Promise<{ place: string; file: string }> {
  count += 1;
  const place = join(folder, `store-${count}`);
  const file = join(place, databaseName);
  const store = await openSqliteStore({ file, sealKeys });
  await fill(store);
  const { serverCredentials } = device;
  await store.importDevices(
    Array.from({ length: devices }, (_, at) => ({
      input: sampleDevice({ id: `more-${at}`, serverCredentials }),
    })),
  );
  await store.close();
  return { place, file };
}

/** Ids of keys that stand in the files as keys of values. */
async function keysIn(file: string): Promise<ReadonlySet<string>> {
  const found = (await readFile(file)).toString('latin1').matchAll(/\$seal\$1\$([0-9a-f]{16})\$/g);
  return new Set([...found].map(([, id = '']) => id));
}

test('a plain store is sealed: no page and no journal has a secret any more', async () => {
  const { place, file } = await filled([], 1200);
  assert.equal(foundIn(place).length, texts.length);
  const told: string[] = [];
  const done = await resealStore({
    file,
    keys: [one],
    onProgress: ({ table, done: records, of }) => told.push(`${table} ${records}/${of}`),
  });
  assert.deepEqual(foundIn(place), []);
  assert.deepEqual(told, [
    'accounts 1/1',
    'devices 500/1202',
    'devices 1000/1202',
    'devices 1202/1202',
    'pushes 2/2',
    'job_commands 2/2',
    'campaigns 1/1',
    'webhooks 1/1',
  ]);
  // One of the account, of each device two, and of one three more; body, two commands, an answer.
  assert.deepEqual(done, { records: 1209, values: 1 + 2 * 1202 + 5 + 4 + 2 });
  const store = await openSqliteStore({ file, sealKeys: [one] });
  await holdsAll(store);
  assert.deepEqual(await store.sealing(), { keyId: one.id, needed: [one.id], open: [] });
  await store.close();
  assert.deepEqual(await resealStore({ file, keys: [one] }), { records: 1209, values: 0 });
});

test('a key is replaced: afterwards only the new one is needed, and nothing is left under the old one', async () => {
  const { place, file } = await filled([one]);
  await resealStore({ file, keys: [two, one] });
  assert.deepEqual(foundIn(place), []);
  assert.deepEqual(await keysIn(file), new Set([two.id]));
  const store = await openSqliteStore({ file, sealKeys: [two] });
  await holdsAll(store);
  assert.deepEqual((await store.sealing()).needed, [two.id]);
  await store.close();
  await rejectsWith('SEALED', openSqliteStore({ file, sealKeys: [one] }));
});

test('it is laid open again, and no key is needed', async () => {
  const { place, file } = await filled([one]);
  await resealStore({ file, keys: [one], layOpen: true });
  assert.equal(foundIn(place).length, texts.length);
  const store = await openSqliteStore({ file });
  await holdsAll(store);
  assert.deepEqual((await store.sealing()).needed, []);
  await store.close();
});

test('kill -9 on the way: the store opens, and a second run does the rest', async () => {
  const { place, file } = await filled([], 3000);
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'children', 'reseal-and-say.ts'), file, keyTexts[0]],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'devices 1500') child.kill('SIGKILL');
  }
  assert.deepEqual(await ended, [null, 'SIGKILL']);
  await rejectsWith('SEALED', openSqliteStore({ file }));
  const store = await openSqliteStore({ file, sealKeys: [one] });
  await holdsAll(store);
  assert.ok((await store.sealing()).open.length > 0);
  await store.close();
  const { records, values } = await resealStore({ file, keys: [one] });
  assert.equal(records, 3009);
  assert.ok(values > 0 && values < 2 * 3000);
  assert.deepEqual(foundIn(place), []);
  const again = await openSqliteStore({ file, sealKeys: [one] });
  assert.deepEqual(await again.sealing(), { keyId: one.id, needed: [one.id], open: [] });
  assert.equal((await again.device('more-2999'))?.serverCredentials.secret, device.serverCredentials.secret);
  await again.close();
});

test('it is stopped between two sets, and says to go on', async () => {
  const { file } = await filled([], 600);
  const stop = new AbortController();
  const running = resealStore({ file, keys: [one], signal: stop.signal, onProgress: () => stop.abort() });
  await rejectsWith('ABORTED', running);
  assert.ok((await resealStore({ file, keys: [one] })).values > 0);
});

test('values that do not open are named, the others are sealed, and the old key stays needed', async () => {
  const { place, file } = await filled([one], 7);
  const database = new DatabaseSync(file);
  database.exec(`update devices set srv_secret = srv_secret || 'AAAA'`);
  database.close();
  await assert.rejects(resealStore({ file, keys: [two, one] }), {
    code: 'SEAL_BROKEN',
    message:
      /^9 values do not open \(devices\.srv_secret of IMEI:493005100592800, .*and 4 more\), the others are done: /,
  });
  assert.deepEqual(foundIn(place), []);
  await rejectsWith('SEALED', openSqliteStore({ file, sealKeys: [two] }));
  const store = await openSqliteStore({ file, sealKeys: [two, one] });
  assert.equal((await store.device(device.id))?.clientCredentials?.secret, device.clientCredentials?.secret);
  await store.close();
});

test('it needs a database, its keys, and nobody else', async () => {
  await rejectsWith('NOT_A_STORE', resealStore({ file: join(folder, 'none'), keys: [one] }));
  const { file } = await filled([one]);
  await rejectsWith('SEALED', resealStore({ file, keys: [two] }));
  const store = await openSqliteStore({ file, sealKeys: [one] });
  await rejectsWith('BUSY', resealStore({ file, keys: [one] }));
  await store.close();
});

test('large bodies are sealed a few at a time', async () => {
  const { place, file } = await filled([]);
  const store = await openSqliteStore({ file });
  const body = Buffer.alloc(1_500_000, 'a body of a message, ');
  const requests = Array.from({ length: 7 }, () => samplePushMessage({ body }));
  for (const request of requests) await store.enqueue([request]);
  await store.close();
  const told: string[] = [];
  const onProgress = ({ table, done, of }: ResealProgress) => told.push(`${table} ${done}/${of}`);
  await resealStore({ file, keys: [one], onProgress });
  // Three bodies of three million characters are a set.
  assert.deepEqual(told.slice(2, 5), ['pushes 5/9', 'pushes 8/9', 'pushes 9/9']);
  assert.deepEqual(foundIn(place), []);
  const again = await openSqliteStore({ file, sealKeys: [one] });
  const { items } = await again.listPushes({ limit: 1 });
  assert.ok(items[0]?.purpose === 'message' && Buffer.from(items[0].body).equals(body));
  await again.close();
});

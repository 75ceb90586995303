// Imports that come at the same time are one set, in the order of their ids, and each hears of itself alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImportedDevice, ImportedOutcome } from '../../../src/store/index.ts';
import type { ProgramRunner } from '../../../src/store/sql/index.ts';
import { JoinedImport } from '../../../src/store/sql/joined-import.ts';
import { inSlices, PackedDevices } from '../../../src/store/sql/packed-devices.ts';
import type { deviceImport } from '../../../src/store/sql/record/device-import.ts';
import { sampleAccount, sampleDevice } from '../../../src/testing/index.ts';
import { memoryStore } from './in-memory.ts';

const id = (number: number): string => `IMEI:${String(number).padStart(6, '0')}`;
const device = (number: number, changes: Parameters<typeof sampleDevice>[0] = {}): ImportedDevice => ({
  input: sampleDevice({ id: id(number), ...changes }),
});
const several = (from: number, count: number): readonly ImportedDevice[] =>
  Array.from({ length: count }, (_, index) => device(from + index));
const wordsOf = (outcomes: readonly ImportedOutcome[]) =>
  outcomes.map((each) => (each.outcome === 'refused' ? each.error.code : each.outcome));

async function withAccount() {
  const memory = memoryStore();
  await memory.store.createAccount(sampleAccount);
  memory.log.length = 0;
  const inserts = () => memory.log.filter((sql) => /^insert into "devices"/.test(sql)).length;
  return { ...memory, inserts };
}

test('the first call is taken at once, those that come meanwhile are one set, written some at a time', async () => {
  const { store, inserts } = await withAccount();
  const calls = await Promise.all(
    [0, 1, 2, 3, 4].map((call) => store.importDevices(several(call * 500, 500))),
  );
  assert.ok(calls.every((outcomes) => outcomes.length === 500));
  assert.ok(calls.flat().every(({ outcome }) => outcome === 'created'));
  assert.equal(inserts(), 3 + 10, 'five hundred, and two thousand');
  assert.equal(await store.countDevices({}), 2500);
  const again = await Promise.all([1, 0].map((call) => store.importDevices(several(call * 500, 500))));
  assert.ok(again.flat().every(({ outcome }) => outcome === 'unchanged'));
});

test('a device in several calls is taken in their order, as if each came when the one before was over', async () => {
  const { store } = await withAccount();
  const calls = await Promise.all([
    store.importDevices([device(1)]),
    store.importDevices([device(2), device(3)]),
    store.importDevices([device(3, { family: 'samsung' }), device(4)]),
    store.importDevices([{ id: id(4), patch: { family: 'samsung' } }]),
    store.importDevices([
      { id: id(5), patch: { family: 'samsung' } },
      device(0, { serverId: 'nobody' }),
      device(4),
    ]),
  ]);
  assert.deepEqual(calls.map(wordsOf), [
    ['created'],
    ['created', 'created'],
    ['ALREADY_EXISTS', 'created'],
    ['changed'],
    ['UNKNOWN_DEVICE', 'UNKNOWN_ACCOUNT', 'ALREADY_EXISTS'],
  ]);
  assert.equal((await store.device(id(4)))?.family, 'samsung');
});

test('devices that wait come back as they were, in the order of their ids', () => {
  const nonce = new Uint8Array([1, 2]);
  const credentials = { scheme: 'md5', name: 'x', secret: 'y', nonce } as const;
  const one = device(7, { serverCredentials: credentials, labels: { a: '1' } });
  const calls = [[...several(300, 100), one], [{ id: id(350.5), patch: { labels: null } }], []].map(
    (devices) => new PackedDevices(devices),
  );
  const slices = [...inSlices(calls, 100)];
  assert.deepEqual(
    slices.map(({ devices, isLast }) => [devices.length, isLast]),
    [
      [100, false],
      [2, true],
    ],
  );
  const [first, ...others] = slices.flatMap(({ devices }) => devices);
  assert.deepEqual(first, one);
  const ids = others.map((each) => ('input' in each ? each.input.id : each.id));
  assert.deepEqual(ids, ids.toSorted());
  assert.deepEqual([...inSlices([], 100)], []);
});

/** Transactions of a runner that says whether others wait, as sizes. */
function sizesOf(waited: readonly boolean[], fail?: (size: number) => unknown) {
  const sizes: number[] = [];
  const runner = {
    isWaitedFor: false,
    async writeAlone(program: Parameters<ProgramRunner['writeAlone']>[0]) {
      await new Promise(setImmediate);
      runner.isWaitedFor = waited[sizes.length] === true;
      const taken = program({ now: 0, events: [], endedJobs: [], notices: [] }).next([]).value as ReadonlyMap<
        string,
        unknown
      >;
      sizes.push(taken.size);
      const error = fail?.(taken.size);
      if (error !== undefined) throw error;
      return taken;
    },
  };
  const take: ReturnType<typeof deviceImport> = function* (_, slices) {
    const devices = [...slices].flatMap((slice) => slice.devices);
    const created: ImportedOutcome = { outcome: 'created' };
    return new Map(devices.map((each) => ['input' in each ? each.input.id : each.id, created]));
  };
  return { sizes, joined: new JoinedImport(runner as unknown as ProgramRunner, take) };
}

test('sets are large while nobody else writes, and smaller for as long as somebody waits for them', async () => {
  const { sizes, joined } = sizesOf([false, false, true, true, false, false]);
  const calls = Array.from({ length: 40 }, (_, call) => joined.take(several(call * 1000, 1000)));
  assert.ok((await Promise.all(calls)).flat().every(({ outcome }) => outcome === 'created'));
  assert.deepEqual(sizes, [1000, 16_000, 16_000, 4000, 1000, 2000]);
});

test('where a set fails, each call of it is tried by itself; where the disk does, all of them have failed', async () => {
  const broken = sizesOf([], (size) => (size === 3 || size === 6 ? new Error('one of them') : undefined));
  const calls = [1, 1, 2, 3].map((count, call) => broken.joined.take(several(call * 10, count)));
  const ends = await Promise.allSettled(calls);
  assert.deepEqual(
    ends.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'rejected'],
  );
  assert.deepEqual(broken.sizes, [1, 6, 1, 2, 3]);
});

// Devices by the thousand where the sealed secret of one of them was damaged: it is refused, by its name, and holds up no other.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { problemOf } from '../../../src/api/request/problem.ts';
import { DeviceBulk } from '../../../src/server/index.ts';
import { readSealKeys } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { sampleDevice } from '../../../src/testing/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'reveille-bulk-sealed-'));
after(() => rm(folder, { recursive: true }));

const sealKeys = readSealKeys(randomBytes(32).toString('hex'), 'a key');
const damages = {
  'at its end': 'substr(srv_secret, 1, 60)',
  'in its head': 'substr(srv_secret, 1, 20)',
};

for (const [where, damaged] of Object.entries(damages)) {
  test(`a secret damaged ${where} refuses its device alone, and another one takes its place`, async () => {
    const file = join(folder, `${where.replaceAll(' ', '-')}.sqlite`);
    const filled = await openSqliteStore({ file, sealKeys });
    const { serverId } = sampleDevice();
    await filled.createAccount({ serverId, url: 'https://dm.example.com/dm' });
    for (const id of ['a', 'b', 'c']) await filled.createDevice(sampleDevice({ id }));
    await filled.close();
    const database = new DatabaseSync(file);
    database.exec(`update devices set srv_secret = ${damaged} where id = 'b'`);
    database.close();

    const store = await openSqliteStore({ file, sealKeys });
    const bulk = new DeviceBulk(store, {});
    const took = async (values: readonly object[]) => {
      const outcomes = await bulk.importSet(values, { mode: 'upsert', dryRun: false });
      return outcomes.map((each) => (each.outcome === 'refused' ? problemOf(each.error).code : each.outcome));
    };
    const labels = { region: 'north' };
    assert.deepEqual(await took(['a', 'b', 'c'].map((id) => ({ id, labels }))), [
      'changed',
      'SEAL_BROKEN',
      'changed',
    ]);
    const told: string[] = [];
    for await (const { outcomes } of bulk.change({ serverId }, { suspended: true }, { dryRun: false })) {
      for (const each of outcomes) {
        told.push(each.outcome === 'refused' ? problemOf(each.error).detail : each.outcome);
      }
    }
    assert.deepEqual([told[0], told[2]], ['changed', 'changed']);
    assert.match(told[1] ?? '', /^devices\.srv_secret of b does not open: .*, set it anew/);

    const { scheme, name } = sampleDevice().serverCredentials;
    const serverCredentials = { scheme, name, secret: 'another-secret-of-the-server' };
    assert.deepEqual(await took([{ id: 'b', serverCredentials }]), ['changed']);
    assert.equal((await store.device('b'))?.serverCredentials.secret, serverCredentials.secret);
    await store.close();
  });
}

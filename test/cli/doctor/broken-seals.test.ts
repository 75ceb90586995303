// reveille doctor: databases whose secrets lie open, or whose key a server would not have; while a server runs on them too.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSealKeys } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { addSamples } from '../../../src/testing/index.ts';
import { runCli } from '../run-cli.ts';
import { findings, linesOf, put, soundSetUp } from './set-up.ts';

/** A set-up whose store has a device, and a file with a key. */
async function withDevice(sealed: boolean) {
  const sound = await soundSetUp();
  const key = (await runCli(['seal', 'new-key'])).stdout;
  const keyFile = put(sound.folder, 'key', key);
  const keys = readSealKeys(key, 'key');
  const file = join(sound.data, 'reveille.sqlite');
  const open = () => openSqliteStore({ file, sealKeys: sealed ? keys : [] });
  const store = await open();
  await addSamples(store);
  await store.close();
  return { sound, keyFile, key, id: keys[0]?.id ?? '', open };
}

test('secrets that lie open are counted, whether a server runs or not; with a key the remedy is the same', async () => {
  const { sound, keyFile, open } = await withDevice(false);
  const line =
    'warning /data/reveille.sqlite: secrets lie open in it (secrets of the server at devices: 1, secrets of devices: 1): ' +
    'whoever has a copy of it has them';
  for (const key of [undefined, keyFile]) {
    const found = await findings(sound, { 'seal-key': key });
    assert.deepEqual(linesOf(found, sound), [line]);
    assert.match(found[0]?.remedy ?? '', /reveille seal apply/);
  }
  const store = await open();
  try {
    const found = linesOf(await findings(sound), sound);
    assert.ok(found.includes(line), found.join('\n'));
  } finally {
    await store.close();
  }
});

test('a sealed database is well with its key, and an error without it', async () => {
  const { sound, keyFile, key, id } = await withDevice(true);
  const env = { REVEILLE_SEAL_KEY: key };
  assert.deepEqual((await runCli(['seal', 'apply', '--data', sound.data], { env })).status, 0);
  assert.deepEqual(await findings(sound, { 'seal-key': keyFile }), []);
  assert.deepEqual(await findings(sound, {}, { env }), []);
  assert.deepEqual(linesOf(await findings(sound), sound), [
    `error /data/reveille.sqlite: secrets in it are sealed under ${id}, which this set-up, for want of --seal-key, does not have: the server does not start`,
  ]);
  const other = put(sound.folder, 'other', (await runCli(['seal', 'new-key'])).stdout);
  assert.deepEqual(linesOf(await findings(sound, { 'seal-key': other }), sound), [
    `error /data/reveille.sqlite: secrets in it are sealed under ${id}, which /other does not have: the server does not start`,
  ]);
});

test('files of keys: without one, with a weak one, not there, open to others; none of them is shown or changed', async () => {
  const sound = await soundSetUp();
  const only = async (file: string, line: RegExp): Promise<void> => {
    const found = linesOf(await findings(sound, { 'seal-key': file }), sound);
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', line);
  };
  await only(put(sound.folder, 'none', '# nothing\n'), /^error \/none: .* has no key/);
  await only(put(sound.folder, 'weak', 'ab'.repeat(32)), /^error \/weak: .*, line 1: its octets repeat/);
  await only(join(sound.folder, 'gone'), /^error \/gone: it cannot be read/);
  const wide = put(sound.folder, 'wide', (await runCli(['seal', 'new-key'])).stdout);
  chmodSync(wide, 0o644);
  const before = readFileSync(wide, 'utf8');
  await only(wide, /^warning \/wide: it has mode 0644/);
  assert.equal(readFileSync(wide, 'utf8'), before);
});

// reveille doctor: folders and databases with one thing wrong each, and it alone is named, with what to do.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { findings, linesOf, put, type SetUp, soundSetUp, startedServer } from './set-up.ts';

async function only(setUp: SetUp, line: RegExp, remedy?: RegExp, data = setUp.data): Promise<void> {
  const found = await findings(setUp, { data });
  assert.equal(found.length, 1, linesOf(found, setUp).join('\n'));
  assert.match(linesOf(found, setUp)[0] ?? '', line);
  if (remedy !== undefined) assert.match(found[0]?.remedy ?? '', remedy);
}

/** Everything in a folder: names, modes, octets. */
function contentOf(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort()
    .map(
      (name) =>
        `${name} ${statSync(join(folder, name)).mode} ${readFileSync(join(folder, name)).toString('base64')}`,
    );
}

test('modes: a folder that others look into, one that they write, a database that they read', async () => {
  const sound = await soundSetUp();
  chmodSync(sound.data, 0o755);
  await only(sound, /^warning \/data: it has mode 0755: others on this machine can look in/, /chmod 700/);
  chmodSync(sound.data, 0o777);
  await only(
    sound,
    /^warning \/data: it has mode 0777: others on this machine can look in/,
    /serve does that/,
  );
  const strange = put(sound.data, 'notes', 'of somebody else');
  await only(sound, /^error \/data: it has mode 0777: everybody can replace/, /chmod 700/);
  rmSync(strange);
  chmodSync(sound.data, 0o700);
  chmodSync(join(sound.data, 'reveille.sqlite'), 0o644);
  await only(sound, /^warning \/data\/reveille\.sqlite: it has mode 0644/, /chmod 600/);
});

test('a folder that cannot be: a file, below a file; one that is not there yet is no fault', async () => {
  const sound = await soundSetUp();
  const file = put(sound.folder, 'file', 'x');
  await only(sound, /^error \/file: it is no folder/, /--data/, file);
  await only(sound, /^error \/file\/data: it cannot be made: .* is no folder/, /--data/, join(file, 'data'));
  assert.deepEqual(await findings(sound, { data: join(sound.folder, 'new', 'data') }), []);
  assert.deepEqual(readdirSync(sound.folder).sort(), ['data', 'file', 'tokens']);
});

test('a folder of another user', {
  skip: process.getuid?.() !== 0 && 'only the superuser gives files away',
}, async () => {
  const sound = await soundSetUp();
  chownSync(sound.data, 12_345, 12_345);
  await only(
    sound,
    /^error \/data: it belongs to another user \(uid 12345, this process is 0\)/,
    /chown -R 0/,
  );
});

test('databases: empty, of another program, none, damaged, newer, older, without its beginning', async () => {
  const sound = await soundSetUp();
  const file = join(sound.data, 'reveille.sqlite');
  const whole = readFileSync(file);
  const withContent = async (content: Uint8Array | string, line: RegExp, remedy?: RegExp): Promise<void> => {
    writeFileSync(file, content);
    const before = contentOf(sound.data);
    await only(sound, line, remedy);
    assert.deepEqual(contentOf(sound.data), before, 'it was changed');
  };
  await withContent('', /^error .*: it is empty/, /restore/);
  await withContent(
    'not a database, and longer than the header of one is\n'.repeat(90),
    /^error .*: it is not a database/,
    /restore/,
  );
  const torn = Uint8Array.from(whole);
  torn.fill(0xff, 4096 * 3, 4096 * 8);
  await withContent(torn, /^error .*: it is damaged/, /reveille restore/);
  writeFileSync(file, whole);
  for (const [version, line] of [
    [
      9999,
      /^error .*: it has version 9999 of the database, and this release knows \d+: the server does not start/,
    ],
    [2, /^note .*: it has version 2 of the database: the next start brings it to \d+/],
  ] as const) {
    const database = new DatabaseSync(file);
    database.prepare('UPDATE schema_version SET version = ?').run(version);
    database.close();
    await only(sound, line, version === 2 ? /reveille backup/ : /release that wrote it/);
  }
  rmSync(file);
  const other = new DatabaseSync(file);
  other.exec('CREATE TABLE other (a)');
  other.close();
  chmodSync(file, 0o600);
  await only(sound, /^error .*: it is a database of another program/, /--data/);
  rmSync(file);
  put(sound.data, 'reveille.sqlite-wal', 'a journal');
  await only(sound, /^error .*: it is not there, and its journal \(-wal\) is/, /put the database back/);
});

test('a database that was not closed is no fault: it is noted, and stays as it is', async () => {
  const sound = await soundSetUp();
  const file = join(sound.data, 'reveille.sqlite');
  const database = new DatabaseSync(file);
  database.exec('CREATE TABLE left_behind (a)');
  // What a process that is killed leaves.
  const left = ['', '-wal'].map((end) => [`${file}${end}`, readFileSync(`${file}${end}`)] as const);
  database.close();
  assert.ok((left[1]?.[1].length ?? 0) > 0);
  for (const [path, content] of left) {
    writeFileSync(path, content);
    chmodSync(path, 0o600);
  }
  await only(sound, /^note .*: it was not closed, as after a loss of power/);
  for (const [path, content] of left) assert.deepEqual(readFileSync(path), content);
});

test('a server that runs on the folder, with its own ports, is no fault: who has it is noted', async (t) => {
  const sound = await soundSetUp();
  const server = await startedServer(sound.data, t);
  const here = { options: { data: sound.data, dm: server.dm, api: server.api } };
  const found = await findings(here);
  assert.deepEqual(linesOf(found, sound), [
    `note /data/reveille.sqlite: process ${server.pid} has it open: a server runs on it`,
  ]);
  // The ports of that server, wanted by another one.
  const other = { ...here.options, data: join(sound.folder, 'other') };
  const taken = await findings({ options: other });
  assert.deepEqual(
    taken.map(({ severity, what }) => `${severity} ${what.replace(/port \d+/, 'port')}`),
    Array.from({ length: 2 }, () => `error process ${server.pid} (node) has the port`),
  );
});

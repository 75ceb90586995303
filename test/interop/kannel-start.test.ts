// What the real bearerbox does not start with, about databases of reports: the doctor names each of it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { kannelConfigFindings } from '../../src/push/sms-kannel/index.ts';
import { freePort } from './child-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-kannel-start-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const columns = 'smsc timestamp source destination service url mask status boxc-id'
  .split(' ')
  .map((name) => `field-${name} = ${name}`);
const place = ['table = dlr', ...columns];
const overNetwork = ['host = 127.0.0.1', 'username = u', 'password = p', 'database = b'];

/** How each database is reached that this package has. Nothing needs to run there: what is missing is found before. */
const connections: Readonly<Record<string, readonly string[]>> = {
  sqlite3: [`database = ${join(folder, 'dlr.db')}`],
  pgsql: overNetwork,
  mysql: overNetwork,
  redis: ['host = 127.0.0.1', 'port = 1'],
};

function configuration(
  storage: string,
  of: readonly string[],
  reached: readonly string[],
  ports: readonly number[],
): string {
  const [admin, smsbox, centre, sendsms] = ports;
  const groups = [
    [
      'core',
      `admin-port = ${admin}`,
      'admin-password = a',
      `smsbox-port = ${smsbox}`,
      `dlr-storage = ${storage}`,
    ],
    [`${storage}-connection`, 'id = d', ...reached],
    ['dlr-db', 'id = d', ...of],
    ['smsc', 'smsc = fake', 'smsc-id = A', `port = ${centre}`],
    ['smsbox', 'bearerbox-host = 127.0.0.1', `sendsms-port = ${sendsms}`],
    ['sendsms-user', 'username = u', 'password = p'],
  ];
  return groups.map((lines) => `group = ${lines.join('\n')}\n`).join('\n');
}

/** Everything bearerbox prints until it ends, or says that it runs. */
async function started(text: string): Promise<string> {
  const file = join(folder, 'kannel.conf');
  writeFileSync(file, text);
  const box = spawn('bearerbox', ['-v', '1', file], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const take = (octets: Buffer): void => {
    output += octets.toString();
    if (output.includes('MAIN: Start-up done')) box.kill('SIGKILL');
  };
  box.stdout.on('data', take);
  box.stderr.on('data', take);
  await new Promise((resolve) => box.once('close', resolve));
  return output;
}

const errorsOf = (text: string): readonly string[] =>
  kannelConfigFindings(text)
    .filter(({ severity }) => severity === 'error')
    .map(({ group, setting }) => `${group}.${setting}`);

for (const [storage, reached] of Object.entries(connections)) {
  test(`${storage}: bearerbox does not start without any of these, and each is found`, async () => {
    const ports = [await freePort(), await freePort(), await freePort(), await freePort()];
    assert.deepEqual(errorsOf(configuration(storage, place, reached, ports)), []);
    for (const line of [...place, ...reached]) {
      const without = (lines: readonly string[]): readonly string[] =>
        lines.filter((other) => other !== line);
      const text = configuration(storage, without(place), without(reached), ports);
      const [setting = ''] = line.split(' ');
      const group = place.includes(line) ? 'dlr-db' : `${storage}-connection`;
      assert.match(
        await started(text),
        storage === 'sqlite3' && setting === 'database'
          ? /connection settings missing for id/
          : new RegExp(`directive '${setting}' is not specified`),
        setting,
      );
      assert.deepEqual(errorsOf(text), [`${group}.${setting}`]);
    }
  });
}

test('with all of it, and a database in a file, it starts', async () => {
  const ports = [await freePort(), await freePort(), await freePort(), await freePort()];
  const text = configuration('sqlite3', place, connections.sqlite3 ?? [], ports);
  assert.match(await started(text), /MAIN: Start-up done/);
});

// `reveille device` at its start: the state file, and the account file that makes one.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-device-'));
after(() => rmSync(folder, { recursive: true, force: true }));

it('is made by --provision once; later the state file counts, and that is said', async () => {
  const state = join(folder, 'state.json');
  const provision = join(folder, 'device.json');
  writeFileSync(provision, JSON.stringify({ deviceId: 'IMEI:1', man: 'E', mod: 'E1', accounts: [] }));
  const device = (...args: string[]) =>
    runCli(['device', '--state', state, '--listen', 'wap:127.0.0.1:0', ...args], {
      stop: AbortSignal.abort(),
    });
  const listens = /^reveille: IMEI:1 listens on wap:127\.0\.0\.1:\d+; stop with Ctrl-C$/;
  const said = async (...args: string[]): Promise<readonly string[]> => {
    const { status, stderr } = await device(...args);
    assert.equal(status, 0, stderr);
    return stderr
      .trimEnd()
      .split('\n')
      .filter((line) => !listens.test(line));
  };
  const missing = await device();
  assert.deepEqual(
    [missing.status, missing.stderr],
    [2, `reveille: ${state} does not exist. Give --provision FILE to create the device.\n`],
  );
  const stopping = 'reveille: stopping';
  assert.deepEqual(await said('--provision', provision), [stopping]);
  assert.deepEqual(await said('--provision', provision), [
    `reveille: ${state} holds a device already; --provision ${provision} is not used`,
    stopping,
  ]);
  assert.deepEqual(await said(), [stopping]);
});

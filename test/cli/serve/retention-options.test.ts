// For how long `serve` keeps what is over: options in seconds, and that the server gets what they say.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import { startServer } from '../../../src/cli/serve/running-server.ts';
import { readSetUp } from '../../../src/cli/set-up/set-up.ts';
import { addSettingOptions, givenFlags } from '../../../src/cli/settings/flags.ts';
import { ConfigError, silentLogger } from '../../../src/core/index.ts';
import { retentionDefaults } from '../../../src/server/index.ts';
import { testIo } from '../run-cli.ts';

const given = async (...args: string[]) => {
  const command = addSettingOptions(new Command().exitOverride());
  command.parse(args, { from: 'user' });
  return (await readSetUp(testIo().io, { flags: givenFlags(command) })).retention;
};

test('retention: without options, what is over stays as long as the server has it by itself', async () => {
  assert.deepEqual(await given(), retentionDefaults);
  assert.deepEqual(retentionDefaults, {
    pushesMs: 30 * 86_400_000,
    jobsMs: 90 * 86_400_000,
    eventsMs: 30 * 86_400_000,
    auditMs: 365 * 86_400_000,
  });
});

test('retention: seconds for each, and 0 for ever', async () => {
  assert.deepEqual(await given('--keep-pushes=86400', '--keep-jobs=0', '--keep-events=1', '--keep-audit=2'), {
    pushesMs: 86_400_000,
    jobsMs: 0,
    eventsMs: 1000,
    auditMs: 2000,
  });
});

test('retention: what is no number of seconds is refused with its option', async () => {
  for (const option of ['--keep-pushes', '--keep-jobs', '--keep-events', '--keep-audit']) {
    for (const text of ['30d', 'never', '1.5', '-1', '', '315360001']) {
      await assert.rejects(
        given(`${option}=${text}`),
        new RegExp(`^ConfigFaults: ${option} ${text}: must be a whole number from 0 to 315360000$`),
        `${option} ${text}`,
      );
    }
  }
});

test('retention: a server is started with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-retention-'));
  const door = { host: '127.0.0.1', port: 0 };
  try {
    const starting = startServer({
      data: folder,
      dm: door,
      api: { ...door, tokens: [] },
      retention: { jobsMs: -1 },
      logger: silentLogger,
    });
    await assert.rejects(
      starting,
      (error) => error instanceof ConfigError && /jobsMs is -1/.test(error.message),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

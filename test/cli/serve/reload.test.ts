// SIGHUP to a real server: what may change is taken up, what needs a restart is named, and a faulty file changes nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CliProcess } from '../long-running.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-reload-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'reveille.yaml');
const tokens = join(folder, 'tokens');
const [first, second] = ['the-first-token-of-all', 'another-token-of-ours'];

interface Said {
  readonly rate?: number;
  readonly level?: string;
  readonly keep?: number;
  readonly attempts?: number;
  readonly node?: string;
  readonly rest?: string;
}

const write = ({ rate = 0, level = 'info', keep = 60, attempts = 3, node = 'a', rest = '' }: Said): void =>
  writeFileSync(
    file,
    `server:
  node: ${node}
  data: { folder: data }
  dm: { listen: "127.0.0.1:0" }
  api: { listen: "127.0.0.1:0", tokenFile: tokens, requestsPerMinute: ${rate} }
  pushes: { attempts: ${attempts} }
  retention: { auditSeconds: ${keep} }
  log: { level: ${level} }
${rest}`,
  );
const writeTokens = (...list: readonly string[]): void =>
  writeFileSync(tokens, `${list.join('\n')}\n`, { mode: 0o600 });

/** Lines of the log, parsed. */
const logOf = ({ stderr }: CliProcess): readonly Record<string, unknown>[] =>
  stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('SIGHUP', { timeout: 120_000 }, () => {
  it('has everything read again, all of it or nothing', async () => {
    write({});
    writeTokens(first);
    const server = new CliProcess(['serve', '--config', file]);
    /** Sends it, and waits until as many have been answered as were sent. */
    let sent = 0;
    const reload = async (answer: RegExp): Promise<Record<string, unknown>> => {
      const answers = () =>
        logOf(server).filter(({ msg }) => /^the configuration was read again/.test(String(msg)));
      sent = answers().length;
      server.hangUp();
      for (;;) {
        const found = answers()[sent];
        if (found !== undefined) {
          assert.match(String(found.msg), answer);
          return found;
        }
        await new Promise((resume) => setTimeout(resume, 20));
      }
    };
    try {
      const [, url] = await server.prints(/REST API (http:\/\/127\.0\.0\.1:\d+)/);
      const status = async (token: string): Promise<number> =>
        (await fetch(`${url}/v1/devices`, { headers: { authorization: `Bearer ${token}` } })).status;
      assert.deepEqual([await status(first), await status(second)], [200, 401]);

      assert.deepEqual((await reload(/again$/)).changed, []);

      writeTokens(second);
      write({ level: 'debug', keep: 120, attempts: 5 });
      assert.deepEqual(
        new Set((await reload(/again$/)).changed as string[]),
        new Set(['api.tokenFile', 'log.level', 'retention.auditSeconds', 'pushes.attempts']),
      );
      assert.deepEqual([await status(first), await status(second)], [401, 200]);

      write({ level: 'debug', keep: 120, attempts: 5, node: 'b', rest: 'wap: { places: 5 }\n' });
      await reload(/again$/);
      const named = () => logOf(server).filter(({ settings }) => settings !== undefined);
      await server.prints(/started again for these settings/);
      assert.deepEqual(named().at(-1)?.settings, ['node', 'wap']);

      writeTokens(first, 'short');
      write({ level: 'error', attempts: 5, keep: 120, rest: 'wap: { places: 0 }\npigeon: {}\n' });
      const faulty = await reload(/is wrong, and stays as it was/);
      assert.match(String(faulty.error), /reveille\.yaml:9:16: wap\.places: must be a whole number/);
      await server.prints(/reveille\.yaml:10:1: pigeon: not a field here/);
      assert.deepEqual([await status(first), await status(second)], [401, 200]);
      // The file is right, a file that it names is not.
      write({ level: 'error', attempts: 5, keep: 120 });
      assert.match(String((await reload(/stays as it was/)).error), /tokens: .*has 5 characters/);
      writeFileSync(file, '');
      assert.match(String((await reload(/stays as it was/)).error), /it is empty/);
      assert.doesNotMatch(server.stderr, /first-token|another-token|"short"/);

      // Several in a row are answered one after the other.
      writeTokens(first, second);
      write({ level: 'debug', keep: 120, attempts: 5, node: 'b' });
      for (let count = 0; count < 3; count += 1) server.hangUp();
      await reload(/again$/);
      assert.deepEqual([await status(first), await status(second)], [200, 200]);
    } finally {
      assert.equal(await server.end('SIGINT'), 0);
    }
  });
});

// `reveille fleet` as a user runs it: processes of its own against a server in this one.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningServer, startServer } from '../../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { idOf } from '../../../src/fleet/index.ts';
import { CliProcess } from '../long-running.ts';
import { runCli } from '../run-cli.ts';

type Json = Readonly<Record<string, unknown>>;

const folder = mkdtempSync(join(tmpdir(), 'reveille-fleet-cli-'));
after(() => rmSync(folder, { recursive: true }));

const linesOf = (file: string): readonly Json[] =>
  readFileSync(join(folder, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);

describe('reveille fleet', { concurrency: false }, () => {
  let server: RunningServer;
  before(async () => {
    server = await startServer({
      data: join(folder, 'data'),
      dm: { host: '127.0.0.1', port: 0 },
      api: { host: '127.0.0.1', port: 0, tokens: [] },
      policy: { answerTimeoutMs: 20_000 },
      logger: silentLogger,
    });
  });
  after(() => server.stop());

  const fleet = (more: readonly string[]): CliProcess =>
    new CliProcess([
      ...['fleet', '--devices', '12', '--seed', '5', '--dm-url', server.dmUrl],
      ...['--state', join(folder, 'fleet.states'), '--journal', join(folder, 'journal.ndjson'), ...more],
    ]);
  const register = (): readonly string[] => ['--register', server.apiUrl];

  it('registers and wakes its devices, writes records, journal and summary, and ends', async () => {
    const records = join(folder, 'records.ndjson');
    const run = fleet([...register(), '--wake', '--records', records, '--json', '--ramp', '100']);
    assert.equal(await run.exited, 0, run.stderr);
    const summary = JSON.parse(run.stdout) as Json & { readonly times: Json; readonly memory: Json };
    assert.equal(summary.woken, 12);
    assert.equal((summary.times.wakeToEnd as Json).count, 12);
    assert.ok(Number(summary.memory.base) > 0);
    assert.match(run.stderr, /12 devices are up/);
    assert.equal(linesOf('records.ndjson').length, 12);
    for (const file of ['records.ndjson', 'journal.ndjson', 'fleet.states']) {
      assert.equal(statSync(join(folder, file)).mode & 0o077, 0, `${file} holds what is nobody's business`);
    }
    const journal = linesOf('journal.ndjson');
    for (const event of ['up', 'push', 'notification-verified', 'session-started', 'session-ended', 'end']) {
      assert.equal(journal.filter((each) => each.event === event).length, 12, event);
    }
    // Secrets stand in the records and nowhere else.
    const [record] = linesOf('records.ndjson');
    assert.ok(record !== undefined);
    const { secret } = record.serverCredentials as { readonly secret: string };
    assert.ok(!readFileSync(join(folder, 'journal.ndjson'), 'utf8').includes(secret));
    assert.ok(!`${run.stdout}${run.stderr}`.includes(secret));
  });

  it('killed and started again with --state, it is known under its addresses and nonces', async () => {
    const first = fleet([]);
    await first.prints(/12 devices are up/);
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    const before = linesOf('journal.ndjson').length;
    const run = fleet([...register(), '--wake']);
    assert.equal(await run.exited, 0, run.stderr);
    assert.match(run.stdout, /^devices +12, up 12, woken 12$/m);
    assert.match(run.stdout, /^sessions +12, of these 0 made the nonces fresh again$/m);
    assert.match(run.stdout, /^push → end +12 /m);
    const later = linesOf('journal.ndjson').slice(before);
    assert.deepEqual(
      later.filter(({ event }) => event === 'push').map(({ push }) => push),
      Array.from({ length: 12 }, () => 2),
    );
  });

  it('rehearses with further devices, which are in no count and no journal, and measures its memory from there', async () => {
    const journal = join(folder, 'rehearsed.ndjson');
    const run = new CliProcess([
      ...['fleet', '--devices', '4', '--first', '200', '--rehearse', '3', '--journal', journal, '--json'],
      ...['--dm-url', server.dmUrl, '--wake', ...register()],
    ]);
    assert.equal(await run.exited, 0, run.stderr);
    assert.match(run.stderr, /rehearsed with 3 devices[\s\S]*4 devices are up/);
    const { woken, pushes, memory, run: times } = JSON.parse(run.stdout);
    assert.deepEqual([woken, pushes, memory.rehearsed], [4, 4, 3]);
    const { base, up, end, peak } = memory;
    assert.ok(base > 0 && up > 0 && end > 0 && peak >= Math.max(base, up), run.stdout);
    assert.equal(memory.perDeviceEnd, Math.max(0, Math.round((end - base) / 4)));
    assert.equal(memory.perDevicePeak, Math.max(0, Math.round((peak - base) / 4)));
    assert.ok(times.elapsedMs > 0 && times.processorMs.user > 0, run.stdout);
    const ids = new Set(linesOf('rehearsed.ndjson').map(({ device }) => device));
    assert.deepEqual([...ids].sort(), [200, 201, 202, 203].map(idOf));
    const answer = await fetch(new URL(`/v1/devices/${idOf(206)}`, server.apiUrl));
    assert.equal(answer.status, 200, 'the last one that was rehearsed with is known to the server');
  });

  it('ends at Ctrl-C with its summary: status 0', async () => {
    const run = fleet([]);
    await run.prints(/12 devices are up/);
    process.kill(run.pid, 'SIGINT');
    assert.equal(await run.exited, 0);
    assert.match(run.stdout, /^devices +12, up 12, woken 0$/m);
  });

  it('ends with status 1 when --wake did not wake all', async () => {
    writeFileSync(join(folder, 'lost.json'), '{ "faults": { "lost": 1 } }');
    const run = new CliProcess([
      ...['fleet', '--devices', '2', '--first', '100', '--mix', join(folder, 'lost.json'), '--for', '4'],
      ...['--dm-url', server.dmUrl, '--wake', ...register()],
    ]);
    assert.equal(await run.exited, 1, run.stderr);
    assert.match(run.stdout, /^missed +lost \d/m);
    const zoned = /^\d{4}-\d\d-\d\dT[\d:.]+Z reveille: /;
    for (const line of run.stderr.trimEnd().split('\n')) assert.match(line, zoned);
    assert.match(run.stderr, /: 2 of 2 devices not woken; --for 4 ended the run$/m);
    assert.equal(run.stderr.match(/: {3}IMEI:[0-9]{15}: push \d+ missed: lost$/gm)?.length, 2, run.stderr);
  });

  it('says what is wrong with its options: status 2', async () => {
    for (const [args, problem] of [
      [['--devices', 'many'], /--devices many: must be a whole number/],
      [['--devices', '0'], /devices/],
      [['--devices', '1', '--wake'], /--wake, --rehearse and --token-file need --register/],
      [['--devices', '1', '--rehearse', '5'], /--wake, --rehearse and --token-file need --register/],
      [['--devices', '1', '--rehearse', '0', '--register', 'http://127.0.0.1:9'], /--rehearse 0/],
      [['--devices', '1', '--dm-url', 'ftp://127.0.0.1'], /dmUrl/],
      [['--devices', '1', '--seed', '-1'], /--seed/],
    ] as const) {
      const { status, stderr } = await runCli(['fleet', ...args]);
      assert.equal(status, 2, stderr);
      assert.match(stderr, problem);
    }
  });

  it('says why it cannot run: status 1', async () => {
    const taken = createSocket('udp4').bind(0, '127.0.0.1');
    await once(taken, 'listening');
    try {
      for (const [args, problem] of [
        [['--journal', join(folder, 'nowhere', 'j.ndjson')], /cannot open the journal/],
        [['--state', join(folder, 'nowhere', 'f.states')], /nowhere/],
        [['--host', '192.0.2.1'], /host: 192\.0\.2\.1 is not on loopback/],
        [['--first-port', String(taken.address().port)], /in use/],
        [['--register', 'http://127.0.0.1:9', '--for', '2'], /does not answer/],
      ] as const) {
        const { status, stderr } = await runCli(['fleet', '--devices', '1', ...args]);
        assert.equal(status, 1, `${args.join(' ')}: ${stderr}`);
        assert.match(stderr, problem);
      }
    } finally {
      taken.close();
    }
  });
});

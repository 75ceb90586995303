// Prometheus of Debian scrapes a whole server that sends pushes: it takes the format, every query of the dashboard and of the
// alerts runs, and what it counted is what the fleet saw. promtool checks and tests the rules.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { eventually } from '../../../src/testing/index.ts';
import { serverId, withFleet } from '../../fleet/fleet-world.ts';
import { freePort, PeerProcess } from '../child-process.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../../..');
const rules = join(root, 'docs/prometheus/reveille.rules.yml');
const folder = mkdtempSync(join(tmpdir(), 'reveille-prometheus-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const alerts = [...readFileSync(rules, 'utf8').matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

const { panels } = JSON.parse(readFileSync(join(root, 'docs/prometheus/dashboard.json'), 'utf8')) as {
  readonly panels: readonly Panel[];
};

/** What nothing in this scene counts. */
const silent = /_modem_|_certificate_|_jobs_|reveille_listener_dropped/;

test('promtool takes the rules, and each alert fires where it should and nowhere else', async () => {
  const text = readFileSync(join(import.meta.dirname, 'alerts.yml'), 'utf8');
  for (const name of alerts) assert.ok(text.includes(`alertname="${name}"`), `${name} is never fired`);
  const file = join(folder, 'alerts.yml');
  writeFileSync(file, text.replace('RULES', rules));
  const checked = await run('promtool', ['check', 'rules', rules]);
  assert.match(checked.stdout, new RegExp(`SUCCESS: ${alerts.length} rules found`));
  await run('promtool', ['test', 'rules', file]);
});

test('promtool finds nothing to say of the metrics, and Prometheus scrapes them', async () => {
  const wrong = createServer((_, response) => response.writeHead(404).end());
  await new Promise<void>((done) => {
    wrong.listen(0, '127.0.0.1', done);
  });
  const policy = { answerTimeoutMs: 1000, attempts: 2, lifetimeMs: 60_000 };
  const mix = { faults: { lost: 0.2, wrongNonce: 0.2 } };
  let prometheus: PeerProcess | undefined;
  try {
    await withFleet({ devices: 40, seed: 11, mix, carriers: true, policy }, async (world) => {
      await world.register();
      const ids = world.fleet.indexes().map((index) => world.fleet.device(index).id);
      const { port: nobody } = wrong.address() as AddressInfo;
      for (let index = 0; index < 10; index += 1) {
        const id = `IMEI:refused-${index}`;
        const credentials = { serverCredentials: { secret: 'server secret' } };
        const client = { clientCredentials: { name: 'c', secret: 'client secret' } };
        const addresses = [`http://127.0.0.1:${nobody}/`];
        await world.post('/v1/devices', { id, serverId, addresses, ...credentials, ...client });
        ids.push(id);
      }
      const port = await freePort();
      const base = `http://127.0.0.1:${port}`;
      const { host } = new URL(world.apiUrl);
      const config = join(folder, 'prometheus.yml');
      writeFileSync(
        config,
        `global: { scrape_interval: 250ms, evaluation_interval: 1s }
rule_files: [${JSON.stringify(rules)}]
scrape_configs: [{ job_name: reveille, static_configs: [{ targets: [${JSON.stringify(host)}] }] }]
`,
      );
      prometheus = new PeerProcess('prometheus', [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
      ]);
      const peer = prometheus;
      const ask = async (
        query: string,
      ): Promise<readonly { readonly value: readonly [number, string] }[]> => {
        peer.expectRunning();
        const url = `${base}/api/v1/query?query=${encodeURIComponent(query)}`;
        const answer = (await (await fetch(url)).json()) as {
          readonly status: string;
          readonly error?: string;
          readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
        };
        assert.equal(answer.status, 'success', `${query}: ${answer.error}`);
        return answer.data.result;
      };
      const numberOf = async (query: string): Promise<number> =>
        Number((await ask(query).catch(() => []))[0]?.value[1] ?? Number.NaN);
      // Rates need a sample from before anything happened.
      await eventually(async () => (await numberOf('up{job="reveille"}')) === 1, 'the first scrape', 60_000);
      for (const device of ids) await world.post('/v1/notifications', { device });
      await eventually(
        async () => (await numberOf('sum(reveille_pushes_ended_total)')) === ids.length,
        'all ends in Prometheus',
        120_000,
      );
      await world.fleet.settled();

      const metrics = await (await fetch(`${world.apiUrl}/metrics`)).text();
      const lint = run('promtool', ['check', 'metrics']);
      lint.child.stdin?.end(metrics);
      const said = await lint.catch((error: { readonly stdout: string; readonly stderr: string }) => error);
      // What prom-client names otherwise than promtool would is not ours.
      const ours = `${said.stdout}${said.stderr}`.split('\n').filter((line) => line.startsWith('reveille_'));
      assert.deepEqual(ours, []);

      const done = world.journal.filter((each) => each.event === 'end' && each.outcome === 'completed');
      assert.equal(await numberOf('sum(reveille_dm_sessions_ended_total{outcome="completed"})'), done.length);
      assert.equal(await numberOf('sum(reveille_push_failures_total{binding="http",reason="rejected"})'), 10);

      for (const { title, targets } of panels) {
        for (const { expr } of targets) {
          const query = expr.replaceAll('$__rate_interval', '2m').replaceAll('$instance', '.*');
          assert.doesNotMatch(query, /\$/, title);
          const found = await ask(query);
          if (!silent.test(query)) assert.ok(found.length > 0, `${title}: ${query} gives nothing`);
        }
      }
      const loaded = (await (await fetch(`${base}/api/v1/rules`)).json()) as {
        readonly data: {
          readonly groups: readonly {
            readonly rules: readonly {
              readonly name: string;
              readonly query: string;
              readonly health: string;
            }[];
          }[];
        };
      };
      const loadedRules = loaded.data.groups.flatMap((group) => group.rules);
      assert.deepEqual(loadedRules.map(({ name }) => name).sort(), [...alerts].sort());
      for (const { name, query, health } of loadedRules) {
        assert.notEqual(health, 'err', name);
        await ask(query);
      }
    });
  } finally {
    await prometheus?.stop();
    wrong.close();
  }
});

// /metrics at the REST API wants a token; at an address of its own it does not, and there is nothing else.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { certificateEndsIn } from '../../../src/cli/serve/certificate-ends.ts';
import { startServer } from '../../../src/cli/serve/running-server.ts';
import { settings } from '../../../src/cli/settings/settings-table.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { readMetrics, sumOf } from './metrics-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-metrics-'));
after(() => rmSync(folder, { recursive: true }));
const pem = (name: string) => readFileSync(new URL(`../../device/tls/${name}.pem`, import.meta.url), 'utf8');
const listen = { host: '127.0.0.1', port: 0 };
const token = 'sixteen letters!!'.replaceAll(' ', '-');

test('two doors, and what they refuse', async () => {
  const running = await startServer({
    data: folder,
    dm: listen,
    api: { ...listen, tokens: [token] },
    metrics: listen,
    logger: silentLogger,
  });
  try {
    const { apiUrl, metricsUrl = '', dmUrl } = running;
    const status = async (url: string, init?: RequestInit) => (await fetch(url, init)).status;
    assert.equal(await status(`${apiUrl}/metrics`), 401);
    assert.equal(
      await status(`${apiUrl}/metrics`, { headers: { authorization: 'Bearer wrong-wrong-wrong-wrong' } }),
      401,
    );
    assert.equal(await status(`${apiUrl}/metrics`, { headers: { authorization: `Bearer ${token}` } }), 200);
    assert.equal(await status(metricsUrl, { method: 'POST', body: 'x' }), 405);
    assert.equal(await status(metricsUrl, { method: 'HEAD' }), 200);
    assert.equal(await status(metricsUrl.replace('/metrics', '/v1/status')), 404);
    assert.equal(await status(dmUrl, { method: 'GET' }), 405);
    assert.equal(await status(dmUrl, { method: 'POST', body: 'no message' }), 415);
    const wbxml = { 'content-type': 'application/vnd.syncml.dm+wbxml' };
    assert.equal(await status(dmUrl, { method: 'POST', headers: wbxml, body: 'no message' }), 400);
    const texts = await Promise.all(
      Array.from({ length: 10 }, async () => await (await fetch(metricsUrl)).text()),
    );
    const metrics = readMetrics(texts[0] ?? '');
    const dropped = (listener: string, reason: string) =>
      sumOf(metrics, 'reveille_listener_dropped_total', { listener, reason });
    assert.equal(dropped('api', 'credentials'), 2);
    assert.equal(dropped('dm', 'not-for-this-door'), 2);
    assert.equal(dropped('dm', 'unreadable'), 1);
    assert.ok(!texts.join('').includes(token));
  } finally {
    await running.stop();
  }
});

test('a port alone is one of the loopback', () => {
  const { ofText } = settings.metrics.kind;
  assert.deepEqual(ofText('9464'), { host: '127.0.0.1', port: 9464 });
  assert.deepEqual(ofText('0.0.0.0:1'), { host: '0.0.0.0', port: 1 });
});

test('certificates of a configuration are found wherever they stand', () => {
  const cert = pem('server');
  const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const ends = certificateEndsIn({
    sms: { smscs: [{ name: 'a' }, { tls: { cert, key } }] },
    pap: { ca: Buffer.from(cert) },
    broken,
  });
  assert.deepEqual([...ends.keys()], ['sms.smscs[1].tls.cert', 'pap.ca']);
  for (const end of ends.values()) assert.ok(end > Date.UTC(2020, 0));
});

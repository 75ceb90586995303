// A server whose disk fills up while it works, and has room again: what it says meanwhile, and that nothing is lost.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DmResponse } from '../../src/server/index.ts';
import { eventually, sampleDevice } from '../../src/testing/index.ts';
import { ScriptedDevice } from '../server/scripted-device.ts';
import { freePort } from './processes.ts';
import { serveOnSmallDisk } from './small-disk.ts';

const serverId = 'com.example.dm';
const { id, clientCredentials, serverCredentials } = sampleDevice();

/** A push of another initiator, as octets of our own making. */
const papPush = [
  '--edge',
  'Content-Type: application/xml',
  '',
  '<?xml version="1.0"?>',
  '<!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 2.0//EN" "http://www.openmobilealliance.org/tech/DTD/pap_2.0.dtd">',
  '<pap><push-message push-id="1@partner"><address address-value="WAPPUSH=127.0.0.1/TYPE=IPv4@ppg"/></push-message></pap>',
  '--edge',
  'Content-Type: application/vnd.syncml.dm+wbxml',
  '',
  'x'.repeat(900),
  '--edge--',
  '',
].join('\r\n');

test('disk full: REST, DM, PAP and health say so, what was accepted goes out, and all goes on with room', async () => {
  const [dm, api, pap] = [await freePort(), await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), 'reveille-full-disk-'));
  const config = join(folder, 'config.json');
  const initiator = { name: 'partner', from: ['127.0.0.1'] };
  writeFileSync(
    config,
    JSON.stringify({ wap: {}, papEndpoint: { address: '127.0.0.1', port: pap, initiators: [initiator] } }),
  );
  const phone = createSocket('udp4');
  const heard = new Set<string>();
  phone.on('message', (datagram) => heard.add(datagram.toString('hex')));
  phone.bind(0, '127.0.0.1');
  await once(phone, 'listening');
  const server = await serveOnSmallDisk([
    ...['--dm', `127.0.0.1:${dm}`, '--api', `127.0.0.1:${api}`, '--server-id', serverId],
    ...['--log-level', 'warn', '--config', config],
  ]);
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(`http://127.0.0.1:${api}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    return { status: response.status, answer, retryAfter: response.headers.get('retry-after') };
  };
  const credentials = ({ name, secret, nonce = new Uint8Array() }: typeof clientCredentials) => ({
    name,
    secret,
    nonceBase64: Buffer.from(nonce).toString('base64'),
  });
  const url = `http://127.0.0.1:${dm}/dm`;
  const device = new ScriptedDevice(
    {
      deviceId: id,
      serverId,
      serverUri: url,
      client: { ...clientCredentials, nonce: clientCredentials.nonce ?? new Uint8Array() },
      server: { ...serverCredentials, nonce: serverCredentials.nonce ?? new Uint8Array() },
    },
    async ({ url: to, contentType = '', body }): Promise<DmResponse> => {
      const init = { method: 'POST', headers: { 'content-type': contentType }, body };
      const response = await fetch(to, init);
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: new Uint8Array(await response.arrayBuffer()),
      };
    },
  );
  try {
    const created = await call('POST', '/v1/devices', {
      id,
      serverId,
      addresses: [`wap:127.0.0.1:${phone.address().port}`],
      format: 'dm1.2',
      clientCredentials: credentials(clientCredentials),
      serverCredentials: credentials(serverCredentials),
    });
    assert.equal(created.status, 201, JSON.stringify(created.answer));
    let accepted = 0;
    const push = async (): Promise<number> => {
      const { status } = await call('POST', '/v1/notifications', { device: id });
      if (status === 202) accepted += 1;
      return status;
    };
    assert.equal(await push(), 202);
    server.fill();
    // What SQLite has set aside may still take some.
    const refused = await eventually(async () => {
      const status = await push();
      return status === 202 ? undefined : status;
    }, 'a refusal');
    assert.equal(refused, server.refusedWith);

    const code = server.refusedWith === 507 ? 'STORE_FULL' : 'STORE_AWAY';
    const ready = await eventually(async () => {
      const answer = await call('GET', '/readyz');
      return answer.status === 503 ? answer : undefined;
    }, 'not ready');
    assert.deepEqual([ready.answer.code, ready.answer.status], [code, 503]);
    assert.ok(Number(ready.retryAfter) > 0);
    assert.equal((await call('GET', '/livez')).status, 200);

    const told = (await device.run({ sessionId: 77, trigger: 'client' })).responses.at(-1);
    assert.deepEqual([told?.status, told?.headers['retry-after']], [503, '10']);
    const submitted = await fetch(`http://127.0.0.1:${pap}/pap`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/related; boundary=edge; type="application/xml"' },
      body: papPush,
    });
    assert.equal(submitted.status, 202);
    assert.match(await submitted.text(), /<response-result code="4001"/);

    server.empty();
    await eventually(async () => (await call('GET', '/readyz')).status === 200, 'ready again');
    assert.equal(await push(), 202);
    const { items } = (await call('GET', '/v1/notifications?limit=1000')).answer as { items: unknown[] };
    assert.equal(items.length, accepted, 'what was refused is not there, what was accepted is');
    const session = await device.run({ sessionId: 78, trigger: 'client' });
    assert.deepEqual(session.end, { outcome: 'completed' });
    // Each has a Session-ID of its own, and its trigger says it in the clear.
    await eventually(() => heard.size >= accepted, `${accepted} pushes, of which ${heard.size} came`);
    assert.ok(server.stderr().split('\n').length < 60, server.stderr());
  } finally {
    await server.end();
    phone.close();
    rmSync(folder, { recursive: true });
  }
});

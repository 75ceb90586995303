import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import {
  type DmHttpOptions,
  type DmResponse,
  dmHttpClient,
} from '../../../src/device/transport/dm-http-client.ts';

const pem = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../tls', `${name}.pem`), 'utf8');
const server = createServer(
  {
    cert: pem('server'),
    key: pem('server.key'),
    ca: pem('ca'),
    requestCert: true,
    rejectUnauthorized: false,
  },
  (request, response) => {
    request.resume();
    const { authorized } = request.socket as TLSSocket;
    request.on('end', () => response.end(authorized ? 'device known' : 'device unknown'));
  },
);
before(async () => {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
after(() => server.close());

async function exchange(options: DmHttpOptions, host = 'localhost'): Promise<DmResponse> {
  const http = dmHttpClient(options);
  const { port } = server.address() as AddressInfo;
  try {
    return await http.exchange({
      url: `https://${host}:${port}/dm`,
      contentType: 'application/vnd.syncml.dm+xml',
      accept: ['application/vnd.syncml.dm+xml'],
      body: Uint8Array.of(1),
    });
  } finally {
    await http.close();
  }
}

function textOf(response: DmResponse): string {
  return response.outcome === 'answered' ? Buffer.from(response.body).toString() : response.outcome;
}

test('DM-HTTP-1.2: a server of a private authority is trusted when that authority is given', async () => {
  assert.equal(textOf(await exchange({ tls: { ca: pem('ca') } })), 'device unknown');
});

test('DM-HTTP-1.2: the device proves itself with its certificate', async () => {
  const tls = { ca: pem('ca'), cert: pem('device'), key: pem('device.key') };
  assert.equal(textOf(await exchange({ tls })), 'device known');
});

test('DM-HTTP-1.2: an unknown authority and a wrong name are refused, and not tried again', async () => {
  const unknown = await exchange({});
  assert.equal(unknown.outcome, 'refused');
  const wrongName = await exchange({ tls: { ca: pem('ca') } }, '127.0.0.1');
  assert.ok(wrongName.outcome === 'refused');
  assert.match(wrongName.reason, /ALTNAME/);
});

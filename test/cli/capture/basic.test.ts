// `reveille capture` around `send` with Basic credentials, over HTTP and through a gateway of PAP, both over real sockets: the
// credentials are masked at equal length, and listed.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readPapEntities, writePapEntities } from '../../../src/codec/pap/index.ts';
import { runCli } from '../run-cli.ts';
import { assertWithout, messagesOf } from './captures.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-capture-basic-'));
const secret = 'server-secret';
const accounts = {
  http: { username: 'dms', password: 'http password' },
  pap: { username: 'initiator', password: 'ppg-password:1' },
} as const;

const basicOf = ({ username, password }: { username: string; password: string }): string =>
  Buffer.from(`${username}:${password}`).toString('base64');

/** What came in as proof, request by request. */
const proofs: (string | undefined)[] = [];

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Uint8Array.from(Buffer.concat(chunks));
}

/** A server that wants Basic, and answers what `answer` makes of the body. */
async function serve(
  wanted: string,
  answer: (body: Uint8Array, contentType: string) => { contentType: string; body: Uint8Array },
): Promise<Server> {
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const { authorization, 'content-type': type = '' } = request.headers;
    proofs.push(authorization);
    if (authorization !== `Basic ${wanted}`) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="push"' }).end();
      return;
    }
    const told = answer(body, type);
    response.writeHead(202, { 'Content-Type': told.contentType }).end(told.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

describe('capture of send with Basic credentials', () => {
  let device: Server;
  let gateway: Server;
  let bindings = '';
  before(async () => {
    device = await serve(basicOf(accounts.http), () => ({
      contentType: 'text/plain',
      body: new Uint8Array(0),
    }));
    gateway = await serve(basicOf(accounts.pap), (body, contentType) => {
      const { message } = readPapEntities(contentType, body).document;
      const pushId = 'pushId' in message ? message.pushId : '';
      const responseResult = { code: 1001 };
      const answered = { element: 'push-response', pushId, progressNotes: [], responseResult } as const;
      return writePapEntities({ document: { message: answered } });
    });
    bindings = join(folder, 'bindings.json');
    const config = {
      http: { credentials: [accounts.http], allowPlainBasic: true, register: 'never', messages: 'any' },
      pap: {
        gateways: [
          {
            ...{ name: 'ppg.example', url: `http://127.0.0.1:${portOf(gateway)}/pap` },
            ...{ credentials: accounts.pap, allowPlainBasic: true },
          },
        ],
      },
    };
    writeFileSync(bindings, JSON.stringify(config), { mode: 0o600 });
  });
  after(() => {
    for (const server of [device, gateway]) {
      server?.closeAllConnections();
      server?.close();
    }
    rmSync(folder, { recursive: true });
  });

  for (const scheme of ['http', 'pap'] as const) {
    it(`${scheme}: masked at equal length, listed, and the push is read to the last layer`, async () => {
      const file = join(folder, `${scheme}.pcapng`);
      const to =
        scheme === 'http'
          ? `http://127.0.0.1:${portOf(device)}/`
          : 'pap:WAPPUSH=+491701234567/TYPE=PLMN@ppg.example';
      proofs.length = 0;
      const { status, stderr } = await runCli(
        [
          ...['capture', file, '--list-masked', '--', 'send', to, '--binding-config', bindings],
          ...['--format', 'dm1.3', '--server-id', 'com.example.dm', '--ui-mode', 'background'],
        ],
        { env: { REVEILLE_SECRET: secret } },
      );
      assert.equal(status, 0, stderr);
      const proof = basicOf(accounts[scheme]);
      // The peer was shown them, so that they went over the wire.
      assert.equal(proofs.at(-1), `Basic ${proof}`);
      assertWithout(file, [accounts.http.password, accounts.pap.password, secret]);
      const text = readFileSync(file).toString('latin1');
      assert.equal(text.includes(proof), false);
      const shown = proofs.filter((each) => each !== undefined).length;
      const masked = text.match(new RegExp(`authorization: Basic x{${proof.length}}\\r\\n`, 'gi')) ?? [];
      assert.equal(masked.length, shown, 'as long as it was');
      const listed = stderr.matchAll(/masked in frame \d+: octets (\d+)-(\d+), Basic credentials$/gm);
      const lengths = [...listed].map(([, from, until]) => Number(until) - Number(from) + 1);
      assert.deepEqual(lengths, Array(shown).fill(proof.length), stderr);
      const read = messagesOf(file).filter(({ format }) => format === 'dm1.3');
      assert.equal(read.length, proofs.length, 'each request has the push');
      assert.ok(read.every(({ error }) => error === undefined));
    });
  }
});

// A device and a server whose messages none of the project's code makes: what deployed servers do differently.
import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { bytesToBase64 } from '../../src/core/index.ts';
import { Device, type DeviceEvent, memoryState, provisionDevice } from '../../src/device/index.ts';
import { ManualClock } from '../../src/testing/index.ts';
import { digest } from '../server/foreign-client.ts';
import { dm12, pushOf, secret, sentAt, serverId, storedNonce } from './fixtures.ts';

const deviceId = 'IMEI:493005100592800';
const prolog =
  '\r\n <?xml version="1.0" encoding="UTF-8"?><!DOCTYPE SyncML PUBLIC "-//SYNCML//DTD SyncML 1.2//EN" "http://127.0.0.1:1/none.dtd">';
const basic = Buffer.from(`${serverId}:${secret}`).toString('base64');
const serverCred = `<Cred><Meta><Type xmlns="syncml:metinf">syncml:auth-basic</Type></Meta><Data>${basic}</Data></Cred>`;
const nextNonce =
  '<Chal><Meta><Format xmlns="syncml:metinf">b64</Format><Type xmlns="syncml:metinf">syncml:auth-MAC</Type><NextNonce xmlns="syncml:metinf">bmV4dA==</NextNonce></Meta></Chal>';

function status(cmdId: number, msgRef: number, cmdRef: number, cmd: string, data: string, more = ''): string {
  return `<Status><CmdID>${cmdId}</CmdID><MsgRef>${msgRef}</MsgRef><CmdRef>${cmdRef}</CmdRef><Cmd>${cmd}</Cmd>${more}<Data>${data}</Data></Status>`;
}

function message(msg: number, body: string, cred = ''): string {
  return (
    `${prolog}<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1234</SessionID>` +
    `<MsgID>${msg}</MsgID><Target><LocURI>${deviceId}</LocURI></Target><Source><LocURI>http://127.0.0.1/dm</LocURI><LocName>${serverId}</LocName></Source>${cred}</SyncHdr>` +
    `<SyncBody>${body}<Final/></SyncBody></SyncML>\0`
  );
}

interface Played {
  readonly ended: Extract<DeviceEvent, { event: 'session-ended' }> | undefined;
  readonly requests: { readonly headers: IncomingHttpHeaders; readonly octets: Buffer }[];
}

/** One session of a device that a notification woke, against these answers in order. */
async function play(
  answers: readonly string[],
  options: { readonly type?: string; readonly client?: 'hmac' | 'md5'; readonly nonce?: string } = {},
): Promise<Played> {
  const requests: Played['requests'] = [];
  const left = [...answers];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      requests.push({ headers: request.headers, octets: Buffer.concat(parts) });
      const { type = 'text/xml' } = options;
      response.writeHead(200, type === '' ? {} : { 'content-type': type });
      response.end(left.shift() ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const storage = memoryState();
  const { client: scheme = 'hmac', nonce } = options;
  await provisionDevice(storage, {
    deviceId,
    man: 'Example',
    mod: 'One',
    accounts: [
      {
        serverId,
        address: `http://127.0.0.1:${port}/dm`,
        client: {
          scheme,
          name: 'Bruce2',
          secret: 'OhBehave',
          ...(nonce !== undefined && { nonceBase64: nonce }),
        },
        server: { scheme: 'basic', name: serverId, secret, nonceBase64: bytesToBase64(storedNonce) },
      },
    ],
  });
  const events: DeviceEvent[] = [];
  const device = new Device({
    storage,
    clock: new ManualClock(sentAt * 1000),
    onEvent: (event) => events.push(event),
  });
  await device.start();
  try {
    await device.handlePush(pushOf(dm12));
    const ended = events.find((event) => event.event === 'session-ended');
    return { ended, requests };
  } finally {
    await device.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const accepted = (word: string, more = ''): string =>
  status(1, 1, 0, 'SyncHdr', word, more) +
  status(2, 1, 1, 'Alert', '200') +
  status(3, 1, 2, 'Replace', '200');

test('a device whose server never proved itself does not end its session as completed', async () => {
  const { ended, requests } = await play([message(1, accepted('212'))]);
  assert.equal(requests.length, 1, 'and it says nothing more (DM-SEC-1.2)');
  assert.equal(ended?.outcome, 'unauthenticated');
  assert.equal(ended.reason, 'the server gave no credentials');
});

test('a server that proves itself and has nothing to do: completed', async () => {
  const { ended } = await play([message(1, accepted('212'), serverCred)]);
  assert.equal(ended?.outcome, 'completed', ended?.reason);
});

for (const type of [
  'text/xml',
  'Application/Vnd.SyncML+XML; charset=utf-8',
  'application/vnd.syncml.dm+wbxml',
  '',
]) {
  test(`a server that answers HMAC with 212, under Content-Type ${JSON.stringify(type)}, is taken, and each message is signed`, async () => {
    const get = '<Get><CmdID>4</CmdID><Item><Target><LocURI>./DevInfo/Man</LocURI></Target></Item></Get>';
    const { ended, requests } = await play(
      [
        message(1, accepted('212', nextNonce) + get, serverCred),
        message(2, status(1, 2, 0, 'SyncHdr', '212')),
      ],
      { type, nonce: 'Zmlyc3Q=' },
    );
    assert.equal(ended?.outcome, 'completed', ended?.reason);
    assert.equal(requests.length, 2);
    for (const [index, nonce] of ['first', 'next'].entries()) {
      const { headers, octets } = requests[index] ?? assert.fail();
      const mac = digest.hmac('Bruce2', 'OhBehave', Buffer.from(nonce), octets);
      assert.equal(headers['x-syncml-hmac'], `algorithm=MD5, username="Bruce2", mac=${mac}`);
    }
    assert.match(requests[1]?.octets.toString('latin1') ?? '', /Example/);
  });
}

test('a server’s Status that is none: nothing to a message without credentials, else it is quoted', async () => {
  // MD5 without a nonce has no credentials to give yet.
  const bare = await play([message(1, accepted('0'), serverCred)], { client: 'md5' });
  assert.equal(bare.ended?.outcome, 'completed', bare.ended?.reason);
  const given = await play([message(1, accepted('0'), serverCred)], { nonce: 'Zmlyc3Q=' });
  assert.equal(given.ended?.outcome, 'failed');
  assert.equal(given.ended.reason, 'the server answers the message with "0", which is no status');
});

test('a server’s answer with an internal subset, or of no type of a message, is refused with the reason', async () => {
  const evil = message(1, accepted('212')).replace('.dtd">', '.dtd" [<!ENTITY lol "x">]>');
  const { ended } = await play([evil]);
  assert.equal(ended?.outcome, 'failed');
  assert.match(ended.reason ?? '', /internal DTD subset is not allowed.*"lol"/);
  const page = await play(['<html></html>'], { type: 'text/html' });
  assert.match(page.ended?.reason ?? '', /the server answered with text\/html/);
});

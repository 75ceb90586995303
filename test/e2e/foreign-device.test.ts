// The whole server over REST, and a device that none of the project's code makes: it reads the notification off UDP by hand,
// proves nothing but the formulas of DM-SEC-1.2, and its messages are text.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { startWholeServer, type WholeServer } from '../interop/whole-server.ts';
import {
  alert,
  chal,
  clientName,
  clientSecret,
  devInfo,
  digest,
  message,
  status,
} from '../server/foreign-client.ts';

const serverId = 'com.example.dm';
const secret = 'tG5_hN8-cY3vJu1KfD0qWb';
const nonce = Buffer.from('00ff3a41', 'hex');
const clientNonce = Buffer.from('client nonce');
const zeros = Buffer.alloc(4);
const fresh = Buffer.from('of the device');

const md5 = (...parts: (string | Uint8Array)[]): Buffer => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The digest of an MD5 form under that nonce (DM-NOTI-1.2 §6.2.2). */
function digestUnder(body: Buffer, given: Uint8Array): Buffer {
  const trigger = md5(body.subarray(16)).toString('base64');
  return md5(md5(`${serverId}:${secret}`).toString('base64'), ':', given, ':', trigger);
}

/** Where the Session-ID stands in each format (§6.1). */
const sessionIdAt = { 'dm1.2': 16 + 5, 'dm1.3-2010': 16 + 5, 'dm1.3': 6 } as const;
type Format = keyof typeof sessionIdAt;

describe('a device of text, woken by the whole server', { concurrency: false, timeout: 240_000 }, () => {
  const datagrams: Buffer[] = [];
  let socket: Socket;
  let server: WholeServer;
  let devices = 0;
  before(async () => {
    socket = createSocket('udp4', (datagram) => datagrams.push(datagram));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    server = await startWholeServer({});
    await server.done('POST', '/v1/accounts', { serverId, url: server.dmUrl });
  });
  after(async () => {
    await server.stop();
    socket.close();
  });

  async function newDevice(format: Format): Promise<string> {
    devices += 1;
    const id = `IMEI:99000044000${String(devices).padStart(4, '0')}`;
    await server.done('POST', '/v1/devices', {
      id,
      serverId,
      addresses: [`wap:127.0.0.1:${socket.address().port}`],
      format,
      clientCredentials: {
        scheme: 'md5',
        name: clientName,
        secret: clientSecret,
        nonceBase64: clientNonce.toString('base64'),
      },
      serverCredentials: { scheme: 'md5', secret, nonceBase64: nonce.toString('base64') },
      firstSessionId: 0xbeef,
    });
    return id;
  }

  /** The notification, without the six octets of WSP. */
  async function nextPush(): Promise<Buffer> {
    while (datagrams.length === 0) await once(socket, 'message');
    return (datagrams.shift() ?? Buffer.alloc(0)).subarray(6);
  }

  /** Posts a message; gives the answer's XML. */
  async function post(to: string, body: string): Promise<string> {
    const headers = { 'content-type': 'application/vnd.syncml.dm+xml' };
    const response = await fetch(to, { method: 'POST', headers, body });
    assert.equal(response.status, 200);
    return response.text();
  }

  const credUnder = (given: Uint8Array): string =>
    `<Cred><Meta><Format xmlns="syncml:metinf">b64</Format><Type xmlns="syncml:metinf">syncml:auth-md5</Type></Meta><Data>${digest.md5(clientName, clientSecret, given)}</Data></Cred>`;
  const element = (xml: string, name: string): string =>
    new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';

  /** The session of that Session-ID under these nonces; gives the nonce that the server wants next. */
  async function session(
    source: string,
    sid: string,
    under: { readonly client: Uint8Array; readonly server: Uint8Array },
  ): Promise<Buffer> {
    const fields = { sid, source, name: clientName };
    const one = message(
      { ...fields, msg: 1, cred: credUnder(under.client) },
      alert(1, 1200) + devInfo(2, source),
    );
    const two = await post(server.dmUrl, one);
    assert.equal(element(two, 'SessionID'), sid);
    assert.match(two, /<Cmd>SyncHdr<\/Cmd>.*?<Data>212<\/Data>/s);
    assert.match(two, /<Cmd>Alert<\/Cmd>.*?<Data>200<\/Data>/s);
    const given = element(/<Cred>.*<\/Cred>/s.exec(two)?.[0] ?? '', 'Data');
    assert.equal(given, digest.md5(serverId, secret, under.server));
    const get = /<Get><CmdID>(\d+)<\/CmdID>/.exec(two)?.[1] ?? assert.fail('a Get of the job');
    const results = `<Results><CmdID>3</CmdID><MsgRef>1</MsgRef><CmdRef>${get}</CmdRef><Item><Source><LocURI>./DevInfo/Man</LocURI></Source><Data>Maker</Data></Item></Results>`;
    const three = message(
      { ...fields, msg: 2 },
      status(1, 1, 0, 'SyncHdr', 212, chal('syncml:auth-md5', fresh.toString('base64'))) +
        status(2, 1, get, 'Get', 200) +
        results,
    );
    const four = await post(element(two, 'RespURI') || server.dmUrl, three);
    assert.match(four, /<Final(?: ?\/|><\/Final)>/);
    assert.doesNotMatch(four, /<(?:Get|Replace|Add)>/);
    return Buffer.from(element(two, 'NextNonce'), 'base64');
  }

  const job = [{ command: 'get', uri: './DevInfo/Man' }];

  for (const [format, row, second] of [
    ['dm1.2', 'N12-S-001', 'N12-S-004'],
    ['dm1.3-2010', 'N10-S-001', 'N10-S-004'],
    ['dm1.3', 'N13-S-001', undefined],
  ] as const) {
    it(`${row} §5: ${format}: the session that it asked for carries its Session-ID, runs the job, and completes it`, async () => {
      const device = await newDevice(format);
      const asked = { device, format, job, uiMode: 'background' };
      const created = await server.done('POST', '/v1/notifications', asked);
      const body = await nextPush();
      const sid = body.readUInt16BE(sessionIdAt[format]).toString(16).toUpperCase();
      await session(device, sid, { client: clientNonce, server: nonce });
      const path = `/v1/notifications/${String(created.id)}`;
      const { sessionId } = await server.reaches(path, 'completed');
      assert.equal(Number(sessionId).toString(16).toUpperCase(), sid);
      const timeline = (await server.done('GET', `${path}/timeline`)) as unknown as {
        readonly items: readonly { readonly event: string; readonly detail?: string }[];
      };
      // Its own session, and no other one that happened to do the job. It may be there before it is written that the push left.
      const [begin, ...rest] = timeline.items.map(({ event, detail }) =>
        event === 'answered' ? detail : event,
      );
      assert.deepEqual(
        [begin, ...rest.toSorted()],
        ['queued', 'authenticated: md5', 'completed', 'sending', 'sent'],
      );
      const { items } = (await server.done('GET', `/v1/jobs?device=${device}`)) as unknown as {
        readonly items: readonly { readonly state: string }[];
      };
      assert.deepEqual(
        items.map((each) => each.state),
        ['completed'],
      );
    });

    if (second === undefined) continue;
    it(`${second} §5.1: ${format}: asked to resynchronise, it signs under the default nonce, takes it once, and both ends get fresh ones`, async () => {
      const device = await newDevice(format);
      const asked = { device, format, job, resynchronise: true };
      const created = await server.done('POST', '/v1/notifications', asked);
      const body = await nextPush();
      assert.deepEqual(body.subarray(0, 16), digestUnder(body, zeros));
      const sid = body.readUInt16BE(sessionIdAt[format]).toString(16).toUpperCase();
      const next = await session(device, sid, { client: zeros, server: zeros });
      assert.ok(next.length > 4 && !next.equals(clientNonce) && !next.equals(zeros));
      await server.reaches(`/v1/notifications/${String(created.id)}`, 'completed');
      await server.done('POST', '/v1/notifications', { device, format, job });
      const later = await nextPush();
      assert.deepEqual(later.subarray(0, 16), digestUnder(later, fresh), 'the nonce that the device gave');
      const again = later.readUInt16BE(sessionIdAt[format]).toString(16).toUpperCase();
      const fields = { sid: again, source: device, name: clientName, msg: 1 };
      const refused = message({ ...fields, cred: credUnder(zeros) }, alert(1, 1200) + devInfo(2, device));
      assert.match(await post(server.dmUrl, refused), /<Cmd>SyncHdr<\/Cmd>.*?<Data>401<\/Data>/s);
    });
  }
});

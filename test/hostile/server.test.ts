// Floods of strangers, and of one enrolled device, against a whole server in a process of its own, while 50 enrolled devices
// have their sessions and an operator works: `reveille serve` with its defaults, and a heap of 256 MiB.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CliProcess } from '../cli/long-running.ts';
import { freePort } from '../e2e/processes.ts';
import { httpCarrier, post } from '../server/dm-http.ts';
import { type DeviceState, ScriptedDevice } from '../server/scripted-device.ts';
import { allServed, honestPeers, startFlood } from './flood.ts';

const serverId = 'com.example.dm';
const token = 'operator-token-of-the-hostile-tests';
const xml = { 'content-type': 'application/vnd.syncml.dm+xml' };
const sessionId = 0x1234;
const base = { sources: 64, seconds: 120 } as const;

interface Server {
  readonly dm: number;
  /** Process of the server. */
  readonly pid: number;
  readonly api: number;
  readonly pap: number;
  call(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly text: string }>;
  /** The enrolled device of this number as it begins: it holds no nonce, so that it is challenged first. */
  device(index: number): ScriptedDevice;
  /** One that knows its name and nothing else. */
  impostor(index: number): ScriptedDevice;
}

const stateOf = (index: number, dm: number, secret = `a secret of device ${index}`): DeviceState => ({
  deviceId: `IMEI:99000077${String(index).padStart(7, '0')}`,
  serverId,
  serverUri: `http://127.0.0.1:${dm}/dm`,
  client: { scheme: 'md5', name: `e${index}`, secret, nonce: new Uint8Array(0) },
  server: { scheme: 'md5', name: serverId, secret: 'server secret', nonce: new Uint8Array(0) },
});

/** Starts a server with `honestPeers` devices and one more; it ends with the test. */
async function startServer(t: TestContext): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-hostile-'));
  const [dm, api, pap] = await Promise.all([freePort(), freePort(), freePort()]);
  writeFileSync(join(folder, 'token'), `${token}\n`, { mode: 0o600 });
  const initiator = { name: 'partner', credentials: { username: 'partner', password: 'partner password' } };
  const config = {
    papEndpoint: {
      address: '127.0.0.1',
      port: pap,
      path: '/pap',
      gatewayNames: ['g'],
      allowPlainBasic: true,
      initiators: [initiator],
    },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  const child = new CliProcess(
    [
      'serve',
      ...['--data', join(folder, 'data'), '--dm', `127.0.0.1:${dm}`, '--api', `127.0.0.1:${api}`],
      ...[
        '--server-id',
        serverId,
        '--token-file',
        join(folder, 'token'),
        '--config',
        join(folder, 'config.json'),
      ],
    ],
    { env: { NODE_OPTIONS: '--max-old-space-size=256' } },
  );
  t.after(async () => {
    await child.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    // One line for each thing that happened would be a flood of its own.
    t.diagnostic(`the server wrote ${child.stderr.split('\n').length} lines`);
    assert.ok(child.stderr.length < 1_000_000, 'the log grew with the flood');
  });
  await child.prints(/DM endpoint/);
  const call: Server['call'] = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${api}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
  for (let index = 0; index <= honestPeers; index += 1) {
    const { deviceId, client, server } = stateOf(index, dm);
    const created = await call('POST', '/v1/devices', {
      id: deviceId,
      serverId,
      addresses: ['wap:127.0.0.1:9'],
      clientCredentials: { name: client.name, secret: client.secret },
      serverCredentials: { secret: server.secret },
    });
    assert.equal(created.status, 201, created.text);
  }
  const at = (state: DeviceState): ScriptedDevice => new ScriptedDevice(state, httpCarrier(dm, '127.0.0.1'));
  return {
    dm,
    pid: child.pid,
    api,
    pap,
    call,
    device: (index) => at(stateOf(index, dm)),
    impostor: (index) => at(stateOf(index, dm, 'a guess')),
  };
}

/** Package #1 of a device, as Base64. */
function packageOne(device: ScriptedDevice, more = ''): string {
  const step = device.open({ sessionId }).start();
  assert.ok(step.send);
  const text = Buffer.from(device.request(step.send).body).toString();
  return Buffer.from(text.replace('<Final/>', `${more}<Final/>`)).toString('base64');
}

/** Every enrolled device has a session, within its own tries. */
async function devicesServed(t: TestContext, server: Server): Promise<void> {
  await allServed(t, async (index) => {
    const device = server.device(index);
    const { end, responses } = await device.run({ sessionId });
    const statuses = responses.map(({ status }) => status).join(' ');
    assert.equal(end?.outcome, 'completed', `${JSON.stringify(end)} after ${statuses}`);
  });
}

/** Posts messages to the DM endpoint, over and over. */
function floodDm(
  t: TestContext,
  { dm }: Server,
  how: {
    readonly bodies: readonly string[];
    readonly lanes: number;
    readonly rate: number;
    readonly from?: string;
  },
): Promise<void> {
  return startFlood(t, { ...base, kind: 'requests', port: dm, path: '/dm', headers: xml, ...how });
}

const others = Array.from({ length: honestPeers }, (_, index) => index);

test("strangers' messages #1 under the names and SessionIDs of the devices", async (t) => {
  const server = await startServer(t);
  const bodies = others.map((index) => packageOne(server.impostor(index)));
  await floodDm(t, server, { bodies, lanes: 16, rate: 200 });
  await devicesServed(t, server);
});

test('wrong secrets for every device, from 64 addresses', async (t) => {
  const server = await startServer(t);
  // Those that come for the first time meanwhile may have to wait: docs/server.md says for how long.
  for (const index of others) await server.device(index).run({ sessionId });
  const bodies = others.map((index) => packageOne(server.impostor(index)));
  await floodDm(t, server, { bodies, lanes: 16, rate: 300 });
  await devicesServed(t, server);
});

test('wrong secrets from the very address that the devices come from', async (t) => {
  const server = await startServer(t);
  for (const index of others) await server.device(index).run({ sessionId });
  const bodies = others.map((index) => packageOne(server.impostor(index + 1000)));
  await floodDm(t, server, { bodies, from: '127.0.0.1', lanes: 32, rate: 1500 });
  await devicesServed(t, server);
});

test('wrong passwords at the PAP port and wrong tokens at the REST API', async (t) => {
  const server = await startServer(t);
  const basic = (password: string) => `Basic ${Buffer.from(`partner:${password}`).toString('base64')}`;
  const query =
    '<?xml version="1.0"?><!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 1.0//EN" "http://www.wapforum.org/DTD/pap_1.0.dtd"><pap><statusquery-message push-id="none@partner"/></pap>';
  const partner = async (): Promise<void> => {
    const { status, body } = await post({
      port: server.pap,
      from: '127.0.0.1',
      path: '/pap',
      body: Buffer.from(query),
      headers: { authorization: basic('partner password'), 'content-type': 'application/xml' },
    });
    assert.equal(status, 202, body.toString());
  };
  // A partner that was here before keeps its way in.
  await partner();
  const pap = {
    ...base,
    kind: 'requests',
    port: server.pap,
    path: '/pap',
    bodies: [''],
    lanes: 16,
    rate: 150,
  } as const;
  await startFlood(t, { ...pap, headers: { authorization: basic('wrong') } });
  await startFlood(t, {
    ...pap,
    port: server.api,
    path: '/v1/devices',
    method: 'GET',
    headers: { authorization: 'Bearer wrong-but-of-some-length' },
  });
  await allServed(t, async () => {
    const { status } = await server.call('GET', '/v1/devices?limit=1');
    assert.equal(status, 200);
  });
  await allServed(t, partner);
});

test('messages of 0.9 MB with 20,000 commands from nobody', async (t) => {
  const server = await startServer(t);
  const command = '<Get><CmdID>9</CmdID><Item><Target><LocURI>./A</LocURI></Target></Item></Get>';
  const big = packageOne(server.impostor(2000), command.repeat(Math.floor(900_000 / command.length)));
  await floodDm(t, server, { bodies: [big], lanes: 16, rate: 40 });
  await devicesServed(t, server);
});

test('one enrolled device leaves large objects unfinished in every session that it gets', async (t) => {
  const server = await startServer(t);
  const hoarder = new Hoarder(server, honestPeers);
  await hoarder.fill(t);
  const memory = residentMiB(server.pid);
  t.diagnostic(`the server holds ${memory ?? '?'} MiB`);
  if (memory !== undefined) assert.ok(memory < 600, `${memory} MiB`);
  await devicesServed(t, server);
  assert.equal((await server.call('GET', '/v1/devices?limit=1')).status, 200);
});

test('1,000 idle connections each at the DM endpoint and the REST API', async (t) => {
  const server = await startServer(t);
  for (const port of [server.dm, server.api]) {
    await startFlood(t, {
      ...base,
      kind: 'connections',
      port,
      connections: 1000,
      rate: 100,
      first: Buffer.from('POST /dm HTTP/1.1\r\nX: ').toString('hex'),
    });
  }
  await devicesServed(t, server);
  await allServed(t, async () => assert.equal((await server.call('GET', '/livez')).status, 200));
});

/** Memory that a process has, in MiB; undefined where the system does not tell. */
function residentMiB(pid: number): number | undefined {
  const file = `/proc/${pid}/status`;
  const kilobytes = existsSync(file) ? /VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
}

/** An enrolled device that begins sessions, proves itself, sends pieces of an object as large as may be, and goes on elsewhere. */
class Hoarder {
  readonly #server: Server;
  readonly #index: number;

  constructor(server: Server, index: number) {
    this.#server = server;
    this.#index = index;
  }

  /** Three hundred sessions, or fewer where the server says that there are enough. */
  async fill(t: TestContext): Promise<void> {
    const seen = new Map<string, number>();
    const note = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
    for (let begun = 1; begun <= 300; begun += 1) {
      const device = this.#server.device(this.#index);
      const session = device.open({ sessionId: begun });
      const carry = httpCarrier(this.#server.dm, '127.0.0.1');
      let step = session.start();
      let last: ReturnType<typeof device.request> | undefined;
      for (let messages = 0; step.send !== undefined && messages < 3; messages += 1) {
        last = device.request(step.send);
        const response = await carry(last);
        if (response.status !== 200) {
          note(`HTTP ${response.status}`);
          break;
        }
        if (/<Data>(200|212)<\/Data>/.test(Buffer.from(response.body).toString())) {
          note(`piece ${await this.#piece(last)}`);
          break;
        }
        step = await session.receive(device.read(response));
      }
    }
    t.diagnostic(JSON.stringify(Object.fromEntries(seen)));
  }

  /** Sends a piece of 900,000 octets of an object of 4 MB in the session of `last`; gives what was answered. */
  async #piece(last: ReturnType<ScriptedDevice['request']>): Promise<string> {
    const text = Buffer.from(last.body).toString();
    const meta =
      '<Meta><Format xmlns="syncml:metinf">chr</Format><Type xmlns="syncml:metinf">text/plain</Type><Size xmlns="syncml:metinf">4000000</Size></Meta>';
    const alert = `<Alert><CmdID>7</CmdID><Data>1226</Data><Item><Source><LocURI>./A</LocURI></Source>${meta}<Data>${'x'.repeat(900_000)}</Data><MoreData/></Item></Alert>`;
    const next = text
      .replace(/<MsgID>(\d+)<\/MsgID>/, (_all, id: string) => `<MsgID>${Number(id) + 1}</MsgID>`)
      .replace(/<Cred>.*?<\/Cred>/s, '')
      .replace(/<SyncBody>.*<\/SyncBody>/s, `<SyncBody>${alert}</SyncBody>`);
    const { status, body } = await httpCarrier(
      this.#server.dm,
      '127.0.0.1',
    )({ ...last, body: Buffer.from(next) });
    return `${status} ${[
      ...Buffer.from(body)
        .toString()
        .matchAll(/<Data>(\d+)<\/Data>/g),
    ]
      .map((match) => match[1])
      .join(',')}`;
  }
}

// SIGTERM to a real server: what is under way comes to its end, nothing new begins, and after a restart nothing is done twice.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { eventually } from '../../src/testing/index.ts';
import { CliProcess } from '../cli/long-running.ts';
import { runCli } from '../cli/run-cli.ts';
import { answerSession, ScriptedSmsc } from '../push/sms/scripted-smsc.ts';
import { HoldingProxy } from './holding-proxy.ts';
import { freePort } from './processes.ts';

const deviceId = 'IMEI:990000880000017';
const serverId = 'com.example.dm';
const patience = 200_000;

interface World {
  readonly proxy: HoldingProxy;
  readonly smsc: ScriptedSmsc;
  readonly dm: number;
  /** URL of the REST API. */
  readonly api: string;
  start(...more: string[]): Promise<CliProcess>;
  call(method: string, path: string, body?: object): Promise<Response>;
  json(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
}

async function withWorld(run: (world: World) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-drain-'));
  const [dm, api, push] = await Promise.all([freePort(), freePort(), freePort()]);
  const proxy = await HoldingProxy.start(dm);
  const smsc = await ScriptedSmsc.open();
  const started: CliProcess[] = [];
  const secrets = { nonceBase64: 'bm9uY2U=' };
  const account = {
    serverId,
    address: proxy.url,
    client: { scheme: 'md5', name: 'e1', secret: 'client secret', ...secrets },
    server: { scheme: 'md5', secret: 'server secret', ...secrets },
  };
  const provision = { deviceId, man: 'Example', mod: 'E1', accounts: [account] };
  writeFileSync(join(folder, 'device.json'), JSON.stringify(provision));
  writeFileSync(
    join(folder, 'reveille.yaml'),
    `server:
  data: { folder: data }
  dm: { listen: "127.0.0.1:${dm}" }
  api: { listen: "127.0.0.1:${api}" }
  account: { serverId: ${serverId}, url: "${proxy.url}" }
  stop: { drainSeconds: 200 }
sms:
  smscs: [{ host: 127.0.0.1, port: ${smsc.port}, systemId: dms, name: centre }]
`,
  );
  const spawn = (...args: string[]): CliProcess => {
    const child = new CliProcess(args);
    started.push(child);
    return child;
  };
  const call: World['call'] = (method, path, body) =>
    fetch(`http://127.0.0.1:${api}${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
  const json: World['json'] = async (method, path, body) => {
    const response = await call(method, path, body);
    const answer = (await response.json()) as Record<string, unknown>;
    assert.ok(response.ok, JSON.stringify(answer));
    return answer;
  };
  const start: World['start'] = async (...more) => {
    const server = spawn('serve', '--config', join(folder, 'reveille.yaml'), ...more);
    await server.prints(/"msg":"DM endpoint/);
    return server;
  };
  try {
    const device = spawn(
      'device',
      ...['--state', join(folder, 'state.json'), '--provision', join(folder, 'device.json')],
      ...['--form', 'xml', '--json', '--listen', `wap:127.0.0.1:${push}`],
    );
    await device.prints(/listens on/);
    const first = await start();
    const credentials = {
      clientCredentials: { name: 'e1', secret: 'client secret', ...secrets },
      serverCredentials: { secret: 'server secret', ...secrets },
    };
    const addresses = [`wap:127.0.0.1:${push}`];
    const device1 = { id: deviceId, serverId, addresses, format: 'dm1.2', ...credentials };
    await json('POST', '/v1/devices', device1);
    await json('POST', '/v1/devices', { ...device1, id: 'phone', addresses: ['sms:+491701234567'] });
    assert.equal(await first.end('SIGINT'), 0);
    await run({ proxy, smsc, dm, api: `http://127.0.0.1:${api}`, start, call, json });
  } finally {
    await Promise.all(started.map((child) => child.end('SIGKILL')));
    proxy.close();
    await smsc.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Asks for a job, and waits until the device is in its session: its second message is held. */
async function inSession({ proxy, json }: World): Promise<string> {
  proxy.bodies.length = 0;
  proxy.holds = (_, before) => before === 1;
  const { id } = await json('POST', '/v1/jobs', {
    device: deviceId,
    commands: [{ command: 'get', uri: './DevDetail/FwV' }],
  });
  await proxy.holding();
  return String(id);
}

describe('SIGTERM', { concurrency: false, timeout: 400_000 }, () => {
  it('lets an open session come to its end, lets nothing new begin, and ends with status 0; nothing is done twice', () =>
    withWorld(async (world) => {
      const { proxy, dm, api, start, call, json } = world;
      const server = await start();
      const job = await inSession(world);
      const exit = server.end('SIGTERM');
      await server.prints(/"sessions":1,"pushes":0,"seconds":200,"msg":"draining/);

      const ready = await call('GET', '/readyz');
      assert.deepEqual([ready.status, Object(await ready.json()).code], [503, 'STOPPING']);
      const write = await call('POST', '/v1/notifications', { device: 'phone' });
      assert.deepEqual([write.status, write.headers.get('retry-after')], [503, '10']);
      assert.equal(Object(await write.json()).code, 'STOPPING');
      assert.equal((await call('GET', '/v1/devices')).status, 200);
      assert.equal((await call('GET', '/livez')).status, 200);
      server.hangUp();
      await server.prints(/"level":40,[^\n]*"msg":"the server stops, so the configuration is not read again/);
      const status = await runCli(['status', '--server', api]);
      assert.match(status.stdout, /^STOPPING: what is under way comes to its end/m);
      const other = (proxy.bodies[0] ?? Buffer.alloc(0))
        .toString('utf8')
        .replace(/<SessionID>[^<]*/, '<SessionID>77');
      const session = await fetch(`http://127.0.0.1:${dm}/dm`, {
        method: 'POST',
        headers: { 'content-type': 'application/vnd.syncml.dm+xml' },
        body: other,
      });
      assert.deepEqual([session.status, session.headers.get('retry-after')], [503, '10']);

      proxy.release();
      assert.equal(await exit, 0);
      assert.match(server.stderr, /"msg":"drained"[\s\S]*"msg":"stopped"/);
      await start();
      const done = await json('GET', `/v1/jobs/${job}`);
      assert.equal(done.state, 'completed', JSON.stringify(done));
      const { items } = (await json('GET', '/v1/notifications')) as {
        items: { state: string; sends: number }[];
      };
      assert.deepEqual(
        items.map(({ state, sends }) => [state, sends]),
        [['completed', 1]],
      );
    }));

  it('settles a push that is under way, which is not sent again after a restart', () =>
    withWorld(async ({ smsc, start, json }) => {
      smsc.onPdu = (pdu, peer) => pdu.command !== 'submit_sm' && answerSession(pdu, peer);
      const server = await start();
      const { id } = await json('POST', '/v1/notifications', { device: 'phone' });
      const peer = await eventually(
        () => smsc.peers.find(({ arrived }) => arrived.some(({ command }) => command === 'submit_sm')),
        'the push at the centre',
        patience,
      );
      const submit = await peer.next('submit_sm');
      const exit = server.end('SIGTERM');
      await server.prints(/"sessions":0,"pushes":1,"seconds":200,"msg":"draining/);
      peer.accept(submit, 'm1');
      assert.equal(await exit, 0);
      await start();
      const push = await json('GET', `/v1/notifications/${id}`);
      assert.deepEqual([push.state, push.sends], ['accepted', 1]);
      const submits = smsc.peers.flatMap(({ arrived }) =>
        arrived.filter(({ command }) => command === 'submit_sm'),
      );
      assert.deepEqual(submits, []);
    }));

  it('ends sessions when the time is over, and their pushes go out again; a second signal ends at once', () =>
    withWorld(async (world) => {
      const { proxy, start, json } = world;
      const server = await start('--drain-timeout', '1');
      await inSession(world);
      assert.equal(await server.end('SIGTERM'), 0);
      assert.match(server.stderr, /"sessions":1,"pushes":0,"msg":"the time for draining is over/);
      proxy.release();
      const next = await start();
      await eventually(
        async () => Object(await json('GET', '/v1/jobs')).items[0].state === 'completed',
        'the job in another session',
        patience,
      );
      await inSession(world);
      let over = false;
      const exit = next.end('SIGTERM').finally(() => {
        over = true;
      });
      await next.prints(/"msg":"draining/);
      // A second one within a second may be the first once more.
      while (!over) {
        void next.end('SIGTERM');
        await new Promise((resume) => setTimeout(resume, 100));
      }
      assert.equal(await exit, 143);
    }));
});

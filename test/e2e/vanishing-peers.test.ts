// Every peer may vanish and return at any moment: the device, and the carrier where there is one, are killed (SIGKILL)
// before, between and during pushes, over each binding. What the server accepted is completed in the end, and nothing is
// said to be delivered that nobody took.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { ServeSections } from '../../src/cli/bindings/serve-shapes.ts';
import { type RunningServer, startServer } from '../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../src/core/index.ts';
import { CliProcess } from '../cli/long-running.ts';
import { freePort } from './processes.ts';

const deviceId = 'IMEI:990000880000017';
const serverId = 'com.example.dm';
const number = '+491701234567';

/** A route to the device, and what stands on it. */
interface Route {
  readonly name: string;
  /** True when the device's own answer, or a receipt for it, makes a push delivered. */
  readonly reports?: boolean;
  readonly sections: ServeSections;
  /** What the device listens on, and its address for the server. */
  readonly listen: string;
  readonly address?: string;
  readonly listenerConfig?: object;
  /** Starts the carrier, and resolves when it is ready. */
  readonly carrier?: () => Promise<Killable>;
}

interface Killable {
  kill(): Promise<void>;
}

const wtls = { identity: 'dms', secret: randomBytes(24).toString('base64') };

const routes: readonly ((port: number, carrierPort: number) => Route)[] = [
  (port) => ({ name: 'wap', sections: {}, listen: `wap:127.0.0.1:${port}` }),
  (port) => ({
    name: 'waps',
    // Ruling 26: it takes the option at both ends.
    sections: { waps: { secrets: [wtls], retransmitMs: 100, tries: 3, notifications: true } },
    listen: `waps:127.0.0.1:${port}`,
    listenerConfig: { waps: { secrets: [wtls], notifications: true } },
  }),
  (port) => ({ name: 'http', reports: true, sections: { http: {} }, listen: `http://127.0.0.1:${port}` }),
  (port) => ({ name: 'obex', reports: true, sections: { obex: {} }, listen: `obex://127.0.0.1:${port}` }),
  (_, carrierPort) => {
    const smsc = { host: '127.0.0.1', port: carrierPort, name: 'centre' };
    return {
      name: 'sms',
      reports: true,
      sections: { sms: { smscs: [{ ...smsc, systemId: 'dms' }], linkWaitMs: 300, maxBackOffMs: 200 } },
      listen: `sms:${number}`,
      listenerConfig: { sms: { smsc: { ...smsc, systemId: 'handset' }, maxBackOffMs: 200 } },
      carrier: async () => {
        const child = new CliProcess(['smsc', '--listen', `127.0.0.1:${carrierPort}`]);
        await child.prints(/message centre on/);
        return { kill: async () => void (await child.end('SIGKILL')) };
      },
    };
  },
  (_, carrierPort) => {
    const outboundProxy = `sip:127.0.0.1:${carrierPort};transport=tcp`;
    return {
      name: 'sip',
      reports: true,
      sections: { sip: { from: 'sip:dms@example.com', outboundProxy } },
      listen: 'sip:device@example.com',
      listenerConfig: {
        sip: {
          instanceId: 'urn:uuid:6f1c9a52-3f0e-4c1b-9c64-0d5a4f1f7c11',
          outboundProxy,
          address: '127.0.0.1',
          credentials: [{ username: 'device', password: 'secret' }],
        },
      },
      carrier: () => startCarrier('sip', String(carrierPort)),
    };
  },
  (port, carrierPort) => ({
    name: 'pap',
    sections: {
      pap: {
        gateways: [
          {
            name: 'ppg',
            url: `http://127.0.0.1:${carrierPort}/pap`,
            credentials: { username: 'dms', password: 'secret' },
          },
        ],
      },
    },
    listen: `wap:127.0.0.1:${port}`,
    address: 'pap:WAPPUSH=+491707654321/TYPE=PLMN@ppg',
    carrier: () => startCarrier('pap', String(carrierPort), String(port)),
  }),
];

async function startCarrier(...args: readonly string[]): Promise<Killable> {
  const script = join(import.meta.dirname, 'children', 'carrier.ts');
  const child: ChildProcess = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.ok(child.stdout);
  await once(child.stdout, 'data');
  return {
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

describe('peers that vanish and return', { concurrency: 3 }, () => {
  for (const makeRoute of routes) {
    it(
      `${makeRoute(1, 1).name}: no accepted push is lost, none delivered that nobody took`,
      {
        timeout: 280_000,
      },
      () => play(makeRoute),
    );
  }
});

async function play(makeRoute: (typeof routes)[number]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-vanish-'));
  const [port, carrierPort] = await Promise.all([freePort(), freePort()]);
  const route = makeRoute(port, carrierPort);
  let server: RunningServer | undefined;
  let carrier: Killable | undefined;
  let device: CliProcess | undefined;
  const lives: CliProcess[] = [];
  try {
    const running = await startServer({
      data: join(folder, 'data'),
      dm: { host: '127.0.0.1', port: 0 },
      api: { host: '127.0.0.1', port: 0, tokens: [] },
      bindings: route.sections,
      policy: {
        attempts: 100,
        answerTimeoutMs: 400,
        backOffBaseMs: 30,
        backOffCapMs: 300,
        sendTimeoutMs: 2000,
        schemes: { sip: { sendTimeoutMs: 2000 }, sms: { sendTimeoutMs: 2000 } },
      },
      // A session whose device was killed is given up soon.
      endpoint: { idleMs: 1500, retryAfterMs: 100 },
      logger: silentLogger,
    });
    server = running;
    const file = (name: string, value: object): string => {
      writeFileSync(join(folder, name), JSON.stringify(value));
      return join(folder, name);
    };
    const credentials = { scheme: 'md5', name: 'd', nonceBase64: 'bm9uY2U=' } as const;
    const provision = file('device.json', {
      deviceId,
      man: 'Example',
      mod: 'E1',
      accounts: [
        {
          serverId,
          address: running.dmUrl,
          client: { ...credentials, secret: 'client secret' },
          server: { ...credentials, secret: 'server secret' },
        },
      ],
    });
    const config =
      route.listenerConfig === undefined
        ? []
        : ['--listener-config', file('listen.json', route.listenerConfig)];
    const startDevice = async (): Promise<CliProcess> => {
      const child = new CliProcess([
        'device',
        ...['--state', join(folder, 'state.json'), '--provision', provision, '--json'],
        ...['--listen', route.listen, ...config],
      ]);
      device = child;
      lives.push(child);
      await child.prints(/listens on/);
      return child;
    };
    await running.server.accounts.create({ serverId, url: running.dmUrl });
    await running.server.devices.create({
      id: deviceId,
      serverId,
      addresses: [route.address ?? route.listen],
      format: 'dm1.3',
      clientCredentials: { ...credentials, secret: 'client secret' },
      serverCredentials: { ...credentials, secret: 'server secret' },
    });
    const { pushes } = running.server;
    const push = async (): Promise<string> => {
      const { push: notification } = await pushes.createNotification({
        device: deviceId,
        uiMode: 'background',
      });
      return notification.id;
    };
    const until = async (id: string, done: (events: readonly string[]) => boolean): Promise<void> => {
      while (!done(((await pushes.timeline(id)) ?? []).map(({ event }) => event))) {
        await new Promise((resume) => setTimeout(resume, 20));
      }
    };
    const completed = (id: string): Promise<void> => until(id, (events) => events.includes('completed'));

    // Nobody is there yet.
    const early = await push();
    await until(early, (events) => events.includes('attempt-failed') || events.includes('sent'));
    const earlyEvents = ((await pushes.timeline(early)) ?? []).map(({ event }) => event);
    assert.ok(!earlyEvents.includes('delivered'), `${route.name}: ${earlyEvents}`);
    carrier = await route.carrier?.();
    let child = await startDevice();
    await completed(early);

    // The device is killed, and then there is none.
    await child.end('SIGKILL');
    const whileDown = [await push(), await push()];
    for (const id of whileDown) await until(id, (events) => events.includes('sending') && events.length > 2);
    for (const id of whileDown) {
      const events = ((await pushes.timeline(id)) ?? []).map(({ event }) => event);
      assert.ok(!events.includes('delivered') && !events.includes('answered'), `${route.name}: ${events}`);
    }
    // The carrier too, and both return while pushes are under way.
    await carrier?.kill();
    const whileAllDown = await push();
    await until(whileAllDown, (events) => events.length > 2);
    carrier = await route.carrier?.();
    child = await startDevice();
    for (const id of [...whileDown, whileAllDown]) await completed(id);

    // Killed at any moment of a push.
    const struck: string[] = [];
    for (const delayMs of [0, 5, 20, 60]) {
      struck.push(await push());
      await new Promise((resume) => setTimeout(resume, delayMs));
      await child.end('SIGKILL');
      if (delayMs === 5) {
        await carrier?.kill();
        carrier = await route.carrier?.();
      }
      child = await startDevice();
    }
    for (const id of struck) await completed(id);

    // Each push said to be delivered is one that a device said it has, in one of its lives.
    await child.end('SIGKILL');
    let delivered = 0;
    for (const id of [early, ...whileDown, whileAllDown, ...struck]) {
      const timeline = (await pushes.timeline(id)) ?? [];
      delivered += timeline.filter(({ event }) => event === 'delivered').length;
    }
    const taken = lives.reduce(
      (sum, life) => sum + life.stdout.split('"notification-received"').length - 1,
      0,
    );
    // A device that is killed between its answer and its line has taken one more than it says.
    const killed = lives.length;
    assert.ok(delivered <= taken + killed, `${route.name}: ${delivered} delivered, ${taken} taken`);
    if (route.reports) assert.ok(delivered > 0, `${route.name}: none delivered, so nothing was compared`);
  } finally {
    await device?.end('SIGKILL');
    await carrier?.kill();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

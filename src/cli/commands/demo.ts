// reveille demo: a server and simulated devices on this machine, each woken once.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { ApiClient, NewDevice, NewNotification } from '../../client/index.ts';
import { sessionIdText } from '../../codec/notification/index.ts';
import { ConfigError } from '../../core/index.ts';
import { Device, openStateFile, provisionDevice } from '../../device/index.ts';
import { startReceiver } from '../bindings/receivers.ts';
import { type DemoCarriers, type DemoRoute, startCarriers } from '../demo/carriers.ts';
import { type DemoDevice, demoDevices, demoDevicesFor, demoServerId } from '../demo/fleet.ts';
import { pushMessage } from '../demo/push-message.ts';
import { type DemoRow, demoTable } from '../demo/report.ts';
import { reasonOf } from '../io/input.ts';
import { AlreadyReported, type Io } from '../io/io.ts';
import { createLogger } from '../io/logger.ts';
import { openApi } from '../remote/api-client.ts';
import { followNotification } from '../remote/watch.ts';
import { type RunningServer, startServer } from '../serve/running-server.ts';

/**
 * How long an unanswered push waits for the next one: short where a device is out of step and needs a second one, so that the
 * demonstration is; else long enough for a machine that has other things to do.
 */
const answerTimeoutMs = { withOneOutOfStep: 2000, allBindings: 15_000 } as const;
/** Life of a notification of the demonstration; what is not answered by then has failed. */
const lifetimeMs = 30_000;

interface DemoOptions {
  readonly json?: boolean;
  readonly keep?: boolean;
  readonly allBindings?: boolean;
}

interface StartedDevice {
  readonly plan: DemoDevice;
  readonly device: Device;
  readonly address: string;
  readonly route?: DemoRoute;
  /** Under which nonce the digest of the session's notification held, once there is one. */
  nonce: string;
  /** When a message was carried out, milliseconds since the POSIX epoch. */
  processedAt?: number;
}

/** The `demo` command. */
export function demoCommand(io: Io): Command {
  return new Command('demo')
    .summary('show the whole way once: server, devices, pushes, sessions')
    .description(
      'Starts a server on a temporary folder and simulated devices: one for each format of Package #0, and one whose ' +
        'nonce is out of step. Wakes each over WAP push on UDP and prints what happened. Everything is on loopback.',
    )
    .option(
      '--all-bindings',
      'one device for each binding instead, with a simulated SMSC, SIP registrar and push gateway; over secure WAP push ' +
        'goes a signed DM message, over the others a notification',
    )
    .option('--keep', 'leave server and devices running afterwards, and print what to try next')
    .option('--json', 'one JSON object for each device in place of the table')
    .addHelpText(
      'after',
      '\nExit status: 0 when every notification was completed and every message processed; 1 otherwise.',
    )
    .action(async (options: DemoOptions) => demo(io, options));
}

async function demo(io: Io, options: DemoOptions): Promise<void> {
  const folder = await temporaryFolder();
  const devices: StartedDevice[] = [];
  let running: RunningServer | undefined;
  let carriers: DemoCarriers | undefined;
  try {
    if (options.allBindings === true) carriers = await startCarriers();
    for (const line of carriers?.lines ?? []) io.stderr(`${line}\n`);
    running = await startServer({
      data: folder,
      dm: { host: '127.0.0.1', port: 0 },
      api: { host: '127.0.0.1', port: 0, tokens: [] },
      policy: {
        answerTimeoutMs: answerTimeoutMs[options.allBindings === true ? 'allBindings' : 'withOneOutOfStep'],
        lifetimeMs,
      },
      ...(carriers === undefined ? {} : { bindings: carriers.sections }),
      node: 'demo',
      logger: createLogger(io, 'error'),
      onApiServer: (server) => io.recording?.apiServer(server),
    });
    io.stderr(`server          DM endpoint ${running.dmUrl}, REST API ${running.apiUrl}\n`);
    const api = await openApi(io, { server: running.apiUrl });
    await api.post('/v1/accounts', { body: { serverId: demoServerId, url: running.dmUrl } });
    const plans = carriers === undefined ? demoDevices() : demoDevicesFor(carriers.routes.length);
    for (const [index, plan] of plans.entries()) {
      const started = await startDevice(io, plan, running.dmUrl, folder, carriers?.routes[index]);
      devices.push(started);
      await api.post('/v1/devices', { body: plan.record(started.address) as unknown as NewDevice });
    }
    const rows = await Promise.all(
      devices.map((started) =>
        started.route?.carries === 'message' ? pushMessage(io, api, started) : wake(io, api, started),
      ),
    );
    io.stderr('\n');
    if (options.json === true) for (const row of rows) io.stdout(`${JSON.stringify(row)}\n`);
    else io.stdout(demoTable(rows));
    const completed = rows.every(({ state }) => state === 'completed' || state === 'processed');
    if (options.keep === true && !io.stop.aborted)
      await keep(options.json === true ? { ...io, stdout: io.stderr } : io, running, devices, folder);
    if (!completed) throw new AlreadyReported();
  } finally {
    await Promise.all(devices.map(({ device }) => device.stop()));
    await running?.stop();
    await carriers?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function temporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'reveille-demo-'));
  } catch (cause) {
    throw new ConfigError(
      `cannot make a folder in ${tmpdir()}: ${reasonOf(cause)}; set TMPDIR to one that you may write to`,
      { cause },
    );
  }
}

async function startDevice(
  io: Io,
  plan: DemoDevice,
  dmUrl: string,
  folder: string,
  route: DemoRoute | undefined,
): Promise<StartedDevice> {
  const storage = openStateFile(join(folder, `${plan.deviceId.replace(/\W/g, '-')}.json`));
  await provisionDevice(storage, plan.provisioning(dmUrl));
  const started: { nonce: string; processedAt?: number } = { nonce: '-' };
  const device = new Device({
    storage,
    form: plan.form,
    accept: 'always',
    logger: createLogger(io, 'silent'),
    onEvent: (event) => {
      if (event.event === 'ignored') {
        io.stderr(`device          ${plan.deviceId} ignored a push: ${event.reason}: ${event.detail}\n`);
      }
      if (event.event === 'session-started') started.nonce = nonceWords[event.nonce];
      if (event.event === 'message-processed') started.processedAt = Date.now();
    },
  });
  await device.start();
  const { receiver, at } = await startReceiver(
    route?.listen ?? 'wap:127.0.0.1:0',
    device,
    route?.listener ?? {},
  );
  device.addReceiver(receiver);
  await route?.ready();
  const format = plan.remark === '' ? plan.format : `${plan.format}, ${plan.remark}`;
  const kind = route?.carries === 'message' ? 'signed DM messages' : format;
  io.stderr(`device          ${plan.deviceId} (${kind}) listens on ${at}\n`);
  const about = { plan, device, address: route?.address(at) ?? at };
  return Object.assign(started, about, route === undefined ? {} : { route });
}

const nonceWords = {
  stored: 'stored nonce',
  default: 'default nonce',
  timestamp: 'time stamp',
  none: '-',
} as const;

async function wake(io: Io, api: ApiClient, started: StartedDevice): Promise<DemoRow> {
  const { plan } = started;
  const created = await api.post('/v1/notifications', {
    body: { device: plan.deviceId, ...plan.message } as NewNotification,
  });
  let pushes = 0;
  let firstPush: number | undefined;
  let answered: number | undefined;
  const state = await followNotification(io, api, created.id, (event) => {
    const at = Date.parse(String(event.at));
    if (event.event === 'sending') {
      pushes += 1;
      firstPush ??= at;
    }
    if (event.event === 'answered') answered ??= at;
    if (event.event !== 'queued' && event.event !== 'sending') {
      io.stderr(
        `${String(event.event).padEnd(15)} ${plan.deviceId} session ${sessionIdText(Number(event.sessionId))}\n`,
      );
    }
  });
  return {
    device: plan.deviceId,
    ...(started.route === undefined ? {} : { binding: started.route.binding }),
    format: plan.remark === '' ? plan.format : `${plan.format}, ${plan.remark}`,
    sessionId: sessionIdText(Number(created.sessionId)),
    digest: started.nonce,
    pushes,
    milliseconds: firstPush === undefined || answered === undefined ? undefined : answered - firstPush,
    state,
  };
}

async function keep(
  io: Io,
  { apiUrl }: RunningServer,
  devices: readonly StartedDevice[],
  folder: string,
): Promise<void> {
  const [first] = devices;
  const id = first?.plan.deviceId ?? '';
  io.stdout(`
Server and devices keep running until Ctrl-C; then ${folder} is removed. In another terminal:

  npm run -s reveille -- send ${id} --server ${apiUrl} --ui-mode informative --watch
  npm run -s reveille -- send ${first?.address} --format dm1.2 --server-id ${demoServerId} --secret wrong
  curl -s ${apiUrl}/v1/notifications
  curl -s ${apiUrl}/v1/devices/${encodeURIComponent(id)}
  curl -N ${apiUrl}/v1/events
  curl -s ${apiUrl}/openapi.json
`);
  await new Promise((resolve) => io.stop.addEventListener('abort', resolve, { once: true }));
  io.stderr('reveille: stopping\n');
}

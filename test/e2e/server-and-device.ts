// The project's server and its device on real UDP and HTTP, in one process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessageForm } from '../../src/codec/syncml/index.ts';
import { type Clock, systemClock } from '../../src/core/index.ts';
import { Device, type DeviceOptions, memoryState, provisionDevice } from '../../src/device/index.ts';
import { createWapSender, WapListener } from '../../src/push/wap/index.ts';
import { forHostAddresses, Server, type ServerOptions, startDmListener } from '../../src/server/index.ts';
import type { JobRecord, Store } from '../../src/store/index.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { startLossyProxy } from './lossy-proxy.ts';

export const deviceId = 'IMEI:493005100592800';
export const serverId = 'com.example.dm';
const nonce = 'bm9uY2U=';

export interface World {
  readonly server: Server;
  readonly store: Store;
  /** The device as it runs now: `restart` makes another one on the same state. */
  device(): Device;
  restart(): Promise<void>;
  /** Closes the server's DM listener, and opens it again on the same port. */
  hangUp(): Promise<void>;
  pickUp(): Promise<void>;
  /** Creates a job and waits for its end, on the device too. */
  run(commands: readonly object[], more?: object): Promise<JobRecord>;
  /** Waits until a job is over. */
  ended(id: string): Promise<JobRecord>;
}

export interface WorldOptions {
  readonly form?: MessageForm;
  readonly clock?: Clock;
  readonly device?: Partial<DeviceOptions>;
  readonly server?: Partial<ServerOptions>;
  /** Messages of the device that never reach the server. */
  readonly lose?: (body: Buffer) => boolean;
}

/** Runs a test with both; everything is closed and removed afterwards. */
export async function withWorld(options: WorldOptions, run: (world: World) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-world-'));
  const clock = options.clock ?? systemClock({ unref: true });
  const store = await openSqliteStore({ file: join(folder, 'store.db'), clock, groupCommitMs: 0 });
  const wap = createWapSender();
  const server = new Server({
    store,
    bindings: { wap: forHostAddresses(wap) },
    clock,
    node: 'test',
    ...options.server,
  });
  let listener = await startDmListener(server.endpoint, { port: 0, host: '127.0.0.1' });
  const { port: dmPort } = listener;
  const proxy = options.lose && (await startLossyProxy(listener.url, options.lose));
  const url = proxy?.url ?? listener.url;
  const storage = memoryState();
  await provisionDevice(storage, {
    deviceId,
    man: 'Example',
    mod: 'E1',
    firmwareUpdate: 'Main',
    accounts: [
      {
        serverId,
        address: url,
        client: { scheme: 'md5', name: 'e1', secret: 'client secret', nonceBase64: nonce },
        server: { scheme: 'md5', secret: 'server secret', nonceBase64: nonce },
      },
    ],
  });
  let device: Device | undefined;
  let port = 0;
  const start = async (): Promise<void> => {
    device = new Device({ storage, clock, form: options.form ?? 'wbxml', ...options.device });
    await device.start();
    const handler = device.receive;
    const push = new WapListener({ port, address: '127.0.0.1', handler, onDrop: device.dropped });
    device.addReceiver(push);
    port = await push.start();
  };
  await start();
  const credentials = { scheme: 'md5', nonce: Buffer.from(nonce, 'base64') } as const;
  await store.createAccount({ serverId, url });
  await store.createDevice({
    id: deviceId,
    serverId,
    addresses: [`wap:127.0.0.1:${port}`],
    format: 'dm1.2',
    serverCredentials: { ...credentials, name: serverId, secret: 'server secret' },
    clientCredentials: { ...credentials, name: 'e1', secret: 'client secret' },
  });
  await server.start();
  const ended = async (id: string): Promise<JobRecord> => {
    // The list has no data: a job that carries megabytes is not read again and again.
    const isOver = async (): Promise<boolean> => {
      const { items } = await store.listJobs({ limit: 100, deviceId });
      return items.some((job) => job.id === id && job.endedAt !== undefined);
    };
    await eventually(isOver, `the end of job ${id}`, 200_000);
    const job = await store.job(id);
    if (job === undefined) throw new Error('the job is gone');
    return job;
  };
  try {
    await run({
      server,
      store,
      ended,
      device: () => device ?? fail(),
      restart: async () => {
        await device?.stop();
        await start();
      },
      hangUp: () => listener.close(),
      pickUp: async () => {
        listener = await startDmListener(server.endpoint, { port: dmPort, host: '127.0.0.1' });
      },
      run: async (commands, more = {}) => {
        const over = await ended((await server.jobs.create({ device: deviceId, commands, ...more })).job.id);
        // What is on disk may be read before the device has its answer; a push that overtakes that is under a nonce to come.
        await eventually(() => device?.pending === 0, 'the end of the session on the device');
        return over;
      },
    });
  } finally {
    await device?.stop();
    await server.stop();
    proxy?.close();
    await listener.close();
    await wap.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function fail(): never {
  throw new Error('the device does not run');
}

/** The overall status of each command of a job. */
export function statusesOf(job: JobRecord): (number | string | undefined)[] {
  return job.commands.map(({ answer }) => answer?.status ?? answer?.problem);
}

/** Data of every result of a job, in order. */
export function dataOf(job: JobRecord): (string | undefined)[] {
  return job.commands.flatMap(({ answer }) =>
    (answer?.results ?? []).map(({ data, dataBase64 }) => data ?? dataBase64),
  );
}

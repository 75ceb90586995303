// A whole server without sockets, a fake binding, and a scripted device, for tests.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessageForm } from '../../src/codec/syncml/index.ts';
import { Server, type ServerOptions } from '../../src/server/index.ts';
import type { DeviceInput, NotificationPush, Store, StoredCredentials } from '../../src/store/index.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import {
  eventually,
  FakeBinding,
  ManualClock,
  sampleAccount,
  sampleDevice,
} from '../../src/testing/index.ts';
import { type DeviceState, ScriptedDevice } from './scripted-device.ts';

export interface ServerBench {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly wap: FakeBinding;
  readonly server: Server;
  readonly device: ScriptedDevice;
  /** Creates a notification and gives its id. */
  push(fields?: Record<string, unknown>): Promise<string>;
  /** Waits for the n-th push (from 0) and lets the device take it. */
  taken(index: number): ReturnType<ScriptedDevice['take']>;
  /** Names of the events of a notification. */
  story(id: string): Promise<string[]>;
  reaches(id: string, state: string): Promise<void>;
  /** A notification as it is kept. */
  notification(id: string): Promise<NotificationPush>;
  /** Another device on the same server. */
  deviceLike(changes: Partial<DeviceState>, options?: { form?: MessageForm; peer?: string }): ScriptedDevice;
}

export interface ServerBenchOptions {
  readonly device?: Partial<DeviceInput>;
  /** What the device itself holds, where it differs from what the server knows. */
  readonly held?: Partial<DeviceState>;
  readonly form?: MessageForm;
  readonly server?: Partial<ServerOptions>;
  readonly wrapStore?: (store: Store) => Store;
}

export async function withServer(
  options: ServerBenchOptions,
  run: (bench: ServerBench) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'reveille-server-'));
  const clock = new ManualClock();
  const opened = await openSqliteStore({ file: join(folder, 'store.db'), clock, groupCommitMs: 0 });
  const store = options.wrapStore?.(opened) ?? opened;
  await store.createAccount(sampleAccount);
  const input = sampleDevice(options.device);
  await store.createDevice(input);
  const wap = new FakeBinding('wap');
  const server = new Server({
    store,
    bindings: { wap },
    clock,
    random: () => 0.5,
    node: 'node-1',
    gatherMs: 0,
    ...options.server,
  });
  const state: DeviceState = {
    deviceId: input.id,
    serverId: input.serverId,
    serverUri: sampleAccount.url,
    client: held(input.clientCredentials),
    server: held(input.serverCredentials),
    ...options.held,
  };
  const carrier: ConstructorParameters<typeof ScriptedDevice>[1] = (request) =>
    server.endpoint.handle(request);
  const device = new ScriptedDevice(state, carrier, options.form === undefined ? {} : { form: options.form });
  await server.start();
  try {
    await run({
      store,
      clock,
      wap,
      server,
      device,
      push: async (fields = {}) =>
        (await server.pushes.createNotification({ device: input.id, ...fields })).push.id,
      taken: async (index) => device.take((await eventually(() => wap.pushes[index], `push ${index}`)).push),
      story: async (id) => ((await store.timeline(id)) ?? []).map(({ event }) => event),
      reaches: async (id, wanted) => {
        await eventually(async () => (await store.push(id))?.state === wanted, wanted);
      },
      notification: async (id) => {
        const push = await store.push(id);
        assert.ok(push?.purpose === 'notification', `${id} is no notification`);
        return push;
      },
      deviceLike: (changes, more = {}) => new ScriptedDevice({ ...state, ...changes }, carrier, more),
    });
  } finally {
    await server.stop();
    await opened.close();
    await rm(folder, { recursive: true });
  }
}

function held({ scheme, name, secret, nonce }: StoredCredentials): DeviceState['client'] {
  return { scheme, name, secret, nonce: nonce ?? new Uint8Array(0) };
}

// A fleet against a whole server in this process, over the carriers that its bindings need, all on loopback.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SenderSections } from '../../src/cli/bindings/sender-shapes.ts';
import { startServer } from '../../src/cli/serve/running-server.ts';
import { type Logger, silentLogger } from '../../src/core/index.ts';
import {
  createFleet,
  type Fleet,
  type FleetEvent,
  type FleetMix,
  type FleetOptions,
} from '../../src/fleet/index.ts';
import type { PushPolicy } from '../../src/server/index.ts';
import {
  eventually,
  SimulatedPushGateway,
  SimulatedRegistrar,
  SmscSimulator,
} from '../../src/testing/index.ts';

export const serverId = 'com.example.fleet';

type Json = Readonly<Record<string, unknown>>;

export interface FleetWorld {
  readonly fleet: Fleet;
  readonly journal: readonly FleetEvent[];
  readonly dmUrl: string;
  readonly apiUrl: string;
  readonly folder: string;
  /** Creates the devices at the server. */
  register(): Promise<void>;
  post(path: string, body: object): Promise<Json>;
  get(path: string): Promise<Json>;
  /** Wakes a device; gives the notification when it is over. */
  wake(id: string, message?: object): Promise<Json>;
  /** What happened to a notification, by the server. */
  timeline(id: string): Promise<readonly Json[]>;
  /** Events of one device in the journal, by name. */
  of(index: number, event?: FleetEvent['event']): readonly FleetEvent[];
  /** Another fleet in the place of this one, with the same options; this one was stopped or crashed. */
  again(options?: Partial<FleetOptions>): Promise<Fleet>;
}

export interface WorldOptions extends Partial<FleetOptions> {
  readonly policy?: Partial<PushPolicy>;
  /** Of the server. Default: says nothing. */
  readonly logger?: Logger;
  /** Starts the carriers and completes the mix with them. */
  readonly carriers?: boolean;
}

/** Runs a test with both; everything is closed and removed afterwards. */
export async function withFleet(
  options: WorldOptions,
  run: (world: FleetWorld) => Promise<void>,
): Promise<void> {
  const { policy, carriers: wanted, logger = silentLogger, ...rest } = options;
  const folder = mkdtempSync(join(tmpdir(), 'reveille-fleet-'));
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const carriers = wanted === true ? await startCarriers(closers) : undefined;
    const server = await startServer({
      data: folder,
      dm: { host: '127.0.0.1', port: 0 },
      api: { host: '127.0.0.1', port: 0, tokens: [] },
      policy: { answerTimeoutMs: 400, lifetimeMs: 60_000, ...policy },
      ...(carriers === undefined ? {} : { bindings: carriers.sections }),
      node: 'fleet-test',
      logger,
    });
    closers.push(() => server.stop());
    const journal: FleetEvent[] = [];
    const errors: unknown[] = [];
    const make = async (more: Partial<FleetOptions> = {}): Promise<Fleet> => {
      const mix: FleetMix = { ...rest.mix, ...(carriers === undefined ? {} : { carriers: carriers.mix }) };
      const made = createFleet({
        devices: 1,
        serverId,
        dmUrl: server.dmUrl,
        onError: (error) => errors.push(error),
        ...rest,
        onEvent: (event) => {
          journal.push(event);
          rest.onEvent?.(event);
        },
        mix,
        ...more,
      });
      closers.push(() => made.stop());
      await made.start();
      for (const index of made.indexes()) {
        const { binding, number, port } = made.device(index);
        if (binding === 'pap') carriers?.gateway.route(number, port);
      }
      await made.ready();
      return made;
    };
    const call = async (method: string, path: string, body?: object): Promise<Json> => {
      const response = await fetch(new URL(path, server.apiUrl), {
        method,
        ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const answer = (await response.json()) as Json;
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
      return answer;
    };
    const get = (path: string): Promise<Json> => call('GET', path);
    const post = (path: string, body: object): Promise<Json> => call('POST', path, body);
    await post('/v1/accounts', { serverId, url: server.dmUrl });
    let fleet = await make();
    const world: FleetWorld = {
      get fleet() {
        return fleet;
      },
      journal,
      folder,
      dmUrl: server.dmUrl,
      apiUrl: server.apiUrl,
      get,
      post,
      register: async () => {
        for (const record of fleet.records()) await post('/v1/devices', record);
      },
      wake: async (id, message = {}) => {
        const { id: made } = await post('/v1/notifications', { device: id, ...message });
        return await eventually(
          async () => {
            const now = await get(`/v1/notifications/${made}`);
            return /^(completed|failed|expired|cancelled)$/.test(String(now.state)) && now;
          },
          `the end of the notification for ${id}`,
          60_000,
        );
      },
      timeline: async (id) =>
        (await get(`/v1/notifications/${id}/timeline`)).items as unknown as readonly Json[],
      of: (index, event) =>
        journal.filter(
          (each) =>
            'device' in each &&
            each.device === fleet.device(index).id &&
            (event === undefined || each.event === event),
        ),
      again: async (more) => {
        fleet = await make(more);
        return fleet;
      },
    };
    await run(world);
    if (errors.length > 0) throw new Error(`errors of the fleet: ${errors.map(String).join('; ')}`);
  } finally {
    for (const close of closers.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startCarriers(closers: (() => Promise<unknown>)[]): Promise<{
  readonly mix: NonNullable<FleetMix['carriers']>;
  readonly sections: SenderSections;
  readonly gateway: SimulatedPushGateway;
}> {
  const smsc = new SmscSimulator();
  const port = await smsc.start();
  const registrar = await SimulatedRegistrar.start({});
  const gateway = await SimulatedPushGateway.start({ username: 'reveille', password: 'secret' });
  closers.push(
    () => smsc.close(),
    () => registrar.close(),
    () => gateway.close(),
  );
  const outboundProxy = `sip:127.0.0.1:${registrar.port};transport=tcp`;
  const wtls = { identity: serverId, secret: 'Zm9ydHkgdHdvIGRldmljZXMgYW5kIG9uZSBzZWNyZXQ=' };
  return {
    gateway,
    mix: {
      sms: { smsc: { host: '127.0.0.1', port, systemId: 'fleet', password: 'pw' } },
      sip: { domain: 'example.com', outboundProxy },
      waps: { ...wtls, notifications: true },
      obex: { password: 'obex' },
      pap: { gateway: 'ppg.example' },
    },
    sections: {
      wap: {},
      waps: { secrets: [wtls], notifications: true },
      sms: { smscs: [{ host: '127.0.0.1', port, name: 'sim', systemId: 'dms', password: 'pw' }] },
      sip: { from: 'sip:dms@example.com', outboundProxy },
      http: {},
      obex: { credentials: [{ password: 'obex' }] },
      pap: {
        gateways: [
          {
            name: 'ppg.example',
            url: gateway.url,
            credentials: { username: 'reveille', password: 'secret' },
          },
        ],
      },
    },
  };
}

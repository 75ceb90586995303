// The processes of a run and what stands between them: server, message centre, registrar, gateway, devices, relay, disk, clock.
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FleetMix } from '../../src/fleet/index.ts';
import type { RelayedDatagram, RunDevice } from './ledgers.ts';
import type { Victim } from './plan.ts';
import { portBlock } from './ports.ts';
import { RunProcess } from './process.ts';
import { Relay } from './relay.ts';
import { ServerClock } from './server-clock.ts';
import { SmallDisk } from './small-disk.ts';

/** The account of all devices. */
export const serverId = 'com.example.faults';
const domain = 'faults.example';
const gatewayName = 'ppg.faults.example';
const gatewayAccount = { username: 'reveille', password: 'not a secret, for trials' };

/** What a world is made with. */
export interface WorldOptions {
  readonly folder: string;
  readonly seed: number;
  readonly devices: number;
  /** How many pushes the disk has to have room for. */
  readonly pushes: number;
  /** Root of the tree that the server runs from; default this one. */
  readonly serverTree?: string | undefined;
  /** False: the data is in `folder`, and the disk cannot be filled. */
  readonly disk: boolean;
  readonly note: (datagram: RelayedDatagram) => void;
}

/** Size of the disk: the journal, and what a push and all that is told of it takes. */
function megabytesFor(pushes: number): number {
  return Math.ceil(36 + pushes * 0.012);
}

/** A device as the fleet tells it. */
interface ToldDevice extends RunDevice {
  readonly index: number;
  readonly port: number;
  readonly record: Readonly<Record<string, unknown>> & { readonly id: string };
}

/** Times that let a run be short: a push that nobody answers is given up within a minute. */
function policyFor(pushes: number) {
  const sendTimeoutMs = 3000;
  const own = { sendTimeoutMs };
  return {
    attempts: 4,
    answerTimeoutMs: 2000,
    lifetimeMs: 50_000,
    backOffBaseMs: 200,
    backOffCapMs: 2000,
    sendTimeoutMs,
    leaseMs: 2 * sendTimeoutMs,
    schemes: { sms: own, sip: own, sips: own },
    // A few devices have most of the pushes, and each fault may cost them a nonce.
    resynchronisations: { count: Math.max(100, Math.ceil(pushes / 20)), windowMs: 86_400_000 },
  };
}

/** The world. */
export class World {
  readonly apiUrl: string;
  readonly clock: ServerClock;
  readonly disk: SmallDisk | undefined;
  readonly processes: Readonly<Record<Victim, RunProcess>>;
  readonly relay: Relay;
  readonly files: Readonly<Record<'journal' | 'centre' | 'gateway', string>>;
  readonly #known = Promise.withResolvers<void>();
  #devices: readonly ToldDevice[] = [];
  #routes: Record<string, number> = {};

  private constructor(options: WorldOptions, firstPort: number, disk: SmallDisk | undefined) {
    const { folder, seed, devices, serverTree = resolve(import.meta.dirname, '../..') } = options;
    const [dmPort, apiPort, centrePort] = [firstPort, firstPort + 1, firstPort + 2];
    const [registrarPort, gatewayPort] = [firstPort + 3, firstPort + 4];
    this.apiUrl = `http://127.0.0.1:${apiPort}`;
    this.clock = new ServerClock(folder);
    this.disk = disk;
    this.relay = new Relay(seed, options.note);
    const file = (name: string): string => join(folder, name);
    this.files = {
      journal: file('journal.ndjson'),
      centre: file('centre.ndjson'),
      gateway: file('gateway.ndjson'),
    };
    for (const each of Object.values(this.files)) closeSync(openSync(each, 'a', 0o600));
    const smsc = { host: '127.0.0.1', port: centrePort };
    const outboundProxy = `sip:127.0.0.1:${registrarPort};transport=tcp`;
    const dmUrl = `http://127.0.0.1:${dmPort}/dm`;
    const link = { backOffMs: 100, maxBackOffMs: 500 };
    const server = {
      data: disk === undefined ? file('data') : join(disk.folder, 'data'),
      dmPort,
      apiPort,
      serverId,
      policy: policyFor(options.pushes),
      endpoint: { idleMs: 4000, lingerMs: 4000, retryAfterMs: 500 },
      jobs: { maxDeliveries: 6 },
      bindings: {
        wap: {},
        http: {},
        sms: { smscs: [{ ...smsc, name: 'centre', systemId: 'reveille' }], ...link },
        sip: { from: `sip:dms@${domain}`, outboundProxy },
        pap: {
          gateways: [
            { name: gatewayName, url: `http://127.0.0.1:${gatewayPort}/pap`, credentials: gatewayAccount },
          ],
        },
      },
    };
    const mix: FleetMix = {
      bindings: { wap: 6, sms: 4, sip: 2, http: 1, pap: 2 },
      clientSchemes: { md5: 2, hmac: 1, basic: 1 },
      faults: {
        lost: 0.02,
        dead: { rate: 0.01, pushes: 3 },
        late: { rate: 0.02, delayMs: [200, 1500] },
        duplicate: 0.03,
        wrongNonce: 0.01,
        refuses: 0.01,
        broken: 0.01,
        slow: { rate: 0.02, delayMs: [50, 400] },
      },
      carriers: {
        sms: { smsc: { ...smsc, systemId: 'phones' } },
        sip: { domain, outboundProxy },
        pap: { gateway: gatewayName },
      },
    };
    let starts = 0;
    const make = (
      name: Victim,
      settings: () => object,
      more: { readonly prefix?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
      tree = resolve(import.meta.dirname, '../..'),
    ): RunProcess =>
      new RunProcess({
        name,
        program: join(tree, `test/faults/children/${name}.ts`),
        folder,
        settings,
        ...more,
        onTold: ({ known }) => known === true && this.#known.resolve(),
      });
    const seen = disk === undefined ? [] : disk.prefix;
    const environment = Object.entries(this.clock.env).map(([name, value]) => `${name}=${value}`);
    this.processes = {
      // The clock is that of the server alone, not of what starts it.
      server: make('server', () => server, { prefix: [...seen, 'env', ...environment] }, serverTree),
      centre: make('centre', () => {
        starts += 1;
        return { port: centrePort, ledger: this.files.centre, firstMessage: starts * 1_000_000 + 1 };
      }),
      registrar: make('registrar', () => ({ port: registrarPort, domain })),
      gateway: make('gateway', () => ({
        port: gatewayPort,
        ...gatewayAccount,
        ledger: this.files.gateway,
        routes: this.#routes,
      })),
      fleet: make('fleet', () => ({
        devices,
        seed,
        firstPort: firstPort + 5,
        mix,
        dmUrl,
        serverId,
        stateFile: file('fleet.states'),
        journal: this.files.journal,
      })),
    };
  }

  /** Starts everything, and nothing is wrong yet. @throws {Error} for what is missing on this machine */
  static async start(options: WorldOptions): Promise<World> {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    const disk = options.disk
      ? await SmallDisk.mount(join(options.folder, 'disk'), megabytesFor(options.pushes))
      : undefined;
    const world = new World(options, await portBlock(5 + options.devices), disk);
    try {
      await world.#start();
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  /** Devices, by index. */
  get devices(): readonly RunDevice[] {
    return this.#devices.map(({ id, binding, number }) => ({ id, binding, number }));
  }

  /**
   * Bodies of `POST /v1/devices`; devices on UDP are behind the relay. The Session-IDs of every third one begin where the
   * hexadecimal digits of one are the decimal digits of another that may be open as well (spec-notes ruling 10).
   */
  records(): readonly object[] {
    return this.#devices.map(({ binding, number, record }, at) => ({
      ...record,
      ...(binding === 'wap' && { addresses: [`wap:127.0.0.1:${this.#routes[number]}`] }),
      ...(at % 3 === 0 && { firstSessionId: 14 }),
    }));
  }

  /** Resolves when the carriers know all devices. */
  get known(): Promise<void> {
    return this.#known.promise;
  }

  /** What a process died of that nobody had killed. */
  get failure(): string | undefined {
    return Object.values(this.processes).find(({ failure }) => failure !== undefined)?.failure;
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.processes).map((each) => each.kill()));
    await this.relay.close();
    await this.disk?.close();
  }

  async #start(): Promise<void> {
    const { server, centre, registrar, gateway, fleet } = this.processes;
    await Promise.all([server.start(), centre.start(), registrar.start()]);
    const { devices } = await fleet.start();
    this.#devices = devices as readonly ToldDevice[];
    for (const { id, number, port } of this.#devices) {
      if (port > 0) this.#routes[number] = await this.relay.open(id, port);
    }
    await gateway.start();
  }
}

/** Lines of a ledger on disk. The last one of a process that was killed may be cut off. */
export function readLines<Line>(file: string): Line[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Line];
      } catch {
        return [];
      }
    });
}

// A trial of campaigns: a fleet of simulated devices behind two carriers, one of which is down for a while; a canary, a window, a
// pace; paused, resumed, killed, stopped and started again. At the end what the server says of each device is held against what the
// device saw.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../../bench/lib/free-port.ts';
import { createFleet, type Fleet, type FleetEvent, type FleetMix } from '../../../src/fleet/index.ts';
import type { CampaignProgress } from '../../../src/server/index.ts';
import type { CampaignRecord } from '../../../src/store/index.ts';
import { SmscSimulator, TcpGate } from '../../../src/testing/index.ts';
import { compared, type Messages, type Seen, type TrialResult } from './compared.ts';
import { TrialServer } from './trial-server.ts';

/** How large, and how long what goes wrong lasts. */
export interface TrialOptions {
  readonly devices: number;
  /** How long one carrier is down, in seconds. */
  readonly downSeconds: number;
  /** Devices a second. */
  readonly perSecond: number;
  /** How often it is killed. */
  readonly kills: number;
  readonly say: (line: string) => void;
}

const serverId = 'com.example.trial';

/** Runs one. Rejects where something does not come about that has to. */
export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  const { devices, perSecond, say } = options;
  const folder = mkdtempSync(join(tmpdir(), 'reveille-trial-'));
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const messages = new Map<string, Messages>();
    const smsc = new SmscSimulator({
      onEvent: (event) => {
        if (event.type !== 'submitted' && event.type !== 'repeated') return;
        const of = messages.get(event.to) ?? { submitted: 0, repeated: 0 };
        of[event.type] += 1;
        messages.set(event.to, of);
      },
    });
    const smscPort = await smsc.start();
    closers.push(() => smsc.close());
    const gate = await TcpGate.open(() => smscPort);
    closers.push(() => gate.close());
    const [dmPort, apiPort] = [await freePort(), await freePort()];
    const server = new TrialServer({
      data: join(folder, 'data'),
      dmPort,
      apiPort,
      bindings: {
        wap: {},
        http: {},
        sms: {
          smscs: [{ host: '127.0.0.1', port: gate.port, name: 'sim', systemId: 'dms', password: 'pw' }],
        },
      },
      // None is given up: a device that comes after that has its session, and what it was woken with stays failed. Devices of a
      // fleet that waits for a server which is down, or for its turn on a loaded machine, do come so late.
      policy: { attempts: 1000, answerTimeoutMs: 6000, lifetimeMs: 7_200_000 },
    });
    closers.push(() => server.end('SIGKILL'));
    await server.start();
    const seen = new Map<string, Seen>();
    const fleet = await startFleet(devices, dmPort, smscPort, (event) => note(seen, event));
    closers.push(() => fleet.stop());
    await register(fleet, apiPort, dmPort);
    say(`${devices} devices are up and known`);
    const opensAt = nextMinute();
    const { campaign } = await server.call<{ campaign: CampaignRecord }>('create', planOf(options, opensAt));
    const run = new Run(server, campaign.id, seen, say);
    await run.until('the window', () => Date.now() >= opensAt);
    for (const { firstAt } of seen.values()) assert.ok(firstAt >= opensAt, 'a push before the window');
    await run.until('the rest', async () => (await run.campaign()).step === 'rest');
    say('the canary is through');
    await run.woken(devices * 0.1);
    await gate.set('down');
    say('one carrier is down');
    const upAt = Date.now() + options.downSeconds * 1000;
    await run.woken(devices * 0.2);
    await run.pause();
    await run.until('the carrier is up', () => Date.now() >= upAt);
    await gate.set('well');
    say('the carrier is up again');
    await run.woken(devices * 0.4);
    for (let kill = 1; kill <= options.kills; kill += 1) {
      await server.end('SIGKILL');
      await server.start();
      say('killed and started again');
      await run.woken(devices * (0.4 + (0.3 * kill) / options.kills));
    }
    await server.end('SIGTERM');
    await server.start();
    say('stopped and started again');
    await run.until(
      'the end',
      async () => (await run.campaign()).state === 'completed',
      900 + devices / perSecond,
    );
    await fleet.settled();
    const given = new Map(
      fleet.indexes().flatMap((index) => {
        const { binding, id, number } = fleet.device(index);
        const of = messages.get(number.replace('+', '')) ?? { submitted: 0, repeated: 0 };
        return binding === 'sms' ? [[id, of] as const] : [];
      }),
    );
    return await compared(server, campaign.id, { seen, given, devices, say });
  } finally {
    for (const close of closers.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A campaign that is watched. */
class Run {
  readonly #server: TrialServer;
  readonly #id: string;
  readonly #seen: ReadonlyMap<string, Seen>;
  readonly #say: (line: string) => void;

  constructor(server: TrialServer, id: string, seen: ReadonlyMap<string, Seen>, say: (line: string) => void) {
    this.#server = server;
    this.#id = id;
    this.#seen = seen;
    this.#say = say;
  }

  campaign(): Promise<CampaignRecord> {
    return this.#server.call('get', this.#id);
  }

  async until(what: string, probe: () => boolean | Promise<boolean>, seconds = 300): Promise<void> {
    const end = Date.now() + seconds * 1000;
    let toldAt = Date.now();
    while (!(await probe())) {
      if (Date.now() > end) {
        const { state, step, reason } = await this.campaign();
        const { counts } = await this.#server.call<CampaignProgress>('progress', this.#id);
        assert.fail(
          `${what} did not come: ${JSON.stringify({ state, step, reason, counts, lasts: this.#lasts() })}`,
        );
      }
      await wait(50);
      if (Date.now() - toldAt < 20_000) continue;
      toldAt = Date.now();
      this.#say(`${this.#completed()} woken, waiting for ${what}`);
    }
  }

  async woken(count: number): Promise<void> {
    await this.until(`${Math.ceil(count)} devices`, () => this.#completed() >= count, 600);
  }

  /** No attempt begins from then on, until it is resumed; what carriers were given before may still arrive. */
  async pause(): Promise<void> {
    await this.#server.call('pause', this.#id);
    // What was claimed before may still be on its way to the disk.
    await wait(1000);
    const before = await this.#server.call<number>('attempts');
    await wait(3000);
    assert.equal(await this.#server.call<number>('attempts'), before, 'attempts began while it was paused');
    await this.#server.call('resume', this.#id);
    this.#say(`paused after ${before} attempts, and resumed`);
  }

  /** What became of pushes, with how often. */
  #lasts(): Readonly<Record<string, number>> {
    const lasts: Record<string, number> = {};
    for (const { last = 'nothing' } of this.#seen.values()) lasts[last] = (lasts[last] ?? 0) + 1;
    return lasts;
  }

  #completed(): number {
    let count = 0;
    for (const { completed } of this.#seen.values()) if (completed) count += 1;
    return count;
  }
}

function planOf({ devices, perSecond }: TrialOptions, opensAt: number): object {
  const from = new Date(opensAt).toISOString().slice(11, 16);
  const to = new Date(opensAt - 120_000).toISOString().slice(11, 16);
  return {
    name: 'trial',
    content: { kind: 'wake', body: { uiMode: 'background' } },
    target: { filter: 'id != ""' },
    canary: { devices: Math.min(100, Math.ceil(devices / 20)), waitSeconds: 120 },
    stop: { failureRate: 0.5 },
    pace: { perSecond },
    timeZone: 'UTC',
    windows: [{ from, to }],
  };
}

/** A full minute that is a few seconds ahead. */
function nextMinute(): number {
  return Math.ceil((Date.now() + 3000) / 60_000) * 60_000;
}

async function startFleet(
  devices: number,
  dmPort: number,
  smscPort: number,
  onEvent: (event: FleetEvent) => void,
): Promise<Fleet> {
  // Each device on UDP has a port of its own, and there are not so many.
  const others: FleetMix['bindings'] = devices <= 10_000 ? { wap: 1, sms: 1 } : { http: 1, sms: 1 };
  const fleet = createFleet({
    devices,
    serverId,
    dmUrl: `http://127.0.0.1:${dmPort}/dm`,
    maxAwake: 128,
    maxWaiting: 200_000,
    mix: {
      formats: { 'dm1.2': 1 },
      bindings: others,
      carriers: { sms: { smsc: { host: '127.0.0.1', port: smscPort, systemId: 'fleet', password: 'pw' } } },
    },
    onEvent,
  });
  await fleet.start();
  await fleet.ready();
  return fleet;
}

async function register(fleet: Fleet, apiPort: number, dmPort: number): Promise<void> {
  const api = `http://127.0.0.1:${apiPort}`;
  const post = async (path: string, type: string, body: string): Promise<void> => {
    const response = await fetch(api + path, { method: 'POST', headers: { 'content-type': type }, body });
    const text = await response.text();
    assert.ok(response.ok, `${path}: ${text.slice(0, 500)}`);
    assert.ok(!text.includes('"refused"'), text.slice(0, 500));
  };
  const url = `http://127.0.0.1:${dmPort}/dm`;
  await post('/v1/accounts', 'application/json', JSON.stringify({ serverId, url }));
  let lines: string[] = [];
  const flush = async (): Promise<void> => {
    if (lines.length > 0) await post('/v1/devices/import', 'application/x-ndjson', lines.join('\n'));
    lines = [];
  };
  for (const record of fleet.records()) {
    lines.push(JSON.stringify(record));
    if (lines.length === 5000) await flush();
  }
  await flush();
}

function note(seen: Map<string, Seen>, event: FleetEvent): void {
  if (!('device' in event) || event.device === undefined) return;
  let of = seen.get(event.device);
  if (of === undefined) {
    of = { arrivals: new Map(), completed: false, firstAt: Number.POSITIVE_INFINITY };
    seen.set(event.device, of);
  }
  if (event.event === 'push') {
    const session = event.sessionId ?? 0;
    of.arrivals.set(session, (of.arrivals.get(session) ?? 0) + 1);
    of.firstAt = Math.min(of.firstAt, Date.parse(event.time));
  } else if (event.event === 'end') {
    of.last = `${event.outcome} ${event.reason ?? ''}`;
    if (event.outcome === 'completed') of.completed = true;
  }
}

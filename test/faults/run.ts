// One run: a world, its pushes, its faults, and the judgement.
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from './api.ts';
import { audit } from './audit.ts';
import { Conductor } from './conductor.ts';
import { Follower } from './follower.ts';
import { haveAllDo, quiet, storedJobs, storedPushes, treesOf, writtenDown } from './gather.ts';
import type { Acknowledged, Finding, Ledgers, RelayedDatagram } from './ledgers.ts';
import { makePlan } from './plan.ts';
import { askForAll } from './pusher.ts';
import { World } from './world.ts';

/** What a run is made with. */
export interface RunOptions {
  readonly seed: number;
  readonly pushes: number;
  /** Folder for everything that it leaves behind; made by the run. */
  readonly folder: string;
  readonly disk: boolean;
  readonly serverTree?: string | undefined;
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface RunResult {
  readonly findings: readonly Finding[];
  /** How often what happened, for people. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Least part of all notifications that has to complete: a run in which nothing works proves nothing. */
const leastCompleted = 0.25;
/** Beyond the life of a push everything is over. */
const quietMs = 120_000;
/** For all: what hangs longer is a failure too. Half a second for each push, and a quarter of an hour. */
const longestMs = (pushes: number): number => 900_000 + pushes * 500;

/** The node under which jobs and messages leave something, where its server may look. */
const makeVendor = [
  { command: 'add', uri: './Vendor', format: 'node' },
  { command: 'replace', uri: './Vendor?prop=ACL', data: 'Add=*&Delete=*&Get=*&Replace=*' },
];

/** Does it. @throws {Error} when it could not be carried out */
export async function run(options: RunOptions): Promise<RunResult> {
  const { seed, pushes, folder, disk, serverTree, say } = options;
  const plan = makePlan(seed, pushes, disk);
  const relayed: RelayedDatagram[] = [];
  const ender = new AbortController();
  const limit = setTimeout(() => ender.abort(new Error('the run takes too long')), longestMs(pushes));
  const note = (datagram: RelayedDatagram): void => void relayed.push(datagram);
  const world = await World.start({ folder, seed, devices: plan.devices, pushes, disk, serverTree, note });
  const keep = (name: string, value: object): void =>
    appendFileSync(join(folder, `${name}.ndjson`), `${JSON.stringify(value)}\n`);
  const api = new Api(world.apiUrl, ender.signal);
  const follower = new Follower(api);
  try {
    for (const record of world.records()) {
      const { status, body } = await api.insist('POST', '/v1/devices', record);
      if (status !== 201) throw new Error(`a device was refused: ${JSON.stringify(body)}`);
    }
    await world.known;
    const ready = await haveAllDo(api, world.devices, makeVendor, 'vendor');
    if (ready.size < plan.devices)
      throw new Error(`only ${ready.size} of ${plan.devices} devices can be woken`);
    const before = new Set((await api.list<{ id: string }>('/v1/notifications')).map(({ id }) => id));
    say(`seed ${seed}: ${plan.devices} devices, ${pushes} pushes, ${plan.strikes.length} strikes`);

    follower.start();
    world.relay.faulty = true;
    const acknowledged: Acknowledged[] = [];
    const conductor = new Conductor({
      world,
      acknowledged: () => acknowledged.length,
      onStrike: (strike) =>
        keep('strikes', { time: new Date().toISOString(), after: acknowledged.length, ...strike }),
      end: ender.signal,
    });
    const pushing = askForAll(plan.pushes, {
      api,
      follower,
      ids: world.devices.map(({ id }) => id),
      allowed: () => conductor.allowed,
      hurry: () => conductor.hurry,
      onAcknowledged: (entry) => {
        acknowledged.push(entry);
        keep('acknowledged', entry);
      },
    });
    await Promise.all([conductor.run(plan.strikes), pushing]);
    await conductor.mend();
    await quiet(api, quietMs);

    const feedUntil = follower.last;
    const notifications = await storedPushes(api, 'notifications');
    const [messages, jobs] = [await storedPushes(api, 'messages'), await storedJobs(api)];
    for (const id of before) notifications.delete(id);
    await caughtUp(
      follower,
      [...notifications.values()].flatMap(({ timeline }) => timeline.at(-1)?.sequence ?? 0),
    );
    await follower.stop();
    const feed = follower.events.filter(({ notification = '' }) => !before.has(notification));
    const trees = treesOf(await haveAllDo(api, world.devices, [{ command: 'get', uri: './Vendor' }], 'tree'));
    if (world.failure !== undefined) throw new Error(world.failure);
    const ledgers: Ledgers = {
      devices: world.devices,
      acknowledged,
      notifications,
      messages,
      jobs,
      feed,
      feedUntil,
      relayed,
      trees,
      outages: conductor.outages,
      ...writtenDown(world),
    };
    writeFileSync(join(folder, 'ledgers.json'), JSON.stringify(ledgers, withMaps));
    const counts = countsOf(ledgers, api);
    const findings = [...audit(ledgers)];
    const least = Math.floor(notifications.size * leastCompleted);
    if ((counts.completed ?? 0) < least) {
      const detail = `${counts.completed} of ${notifications.size} notifications completed: too few to prove anything`;
      findings.push({ rule: 'nothing-works', about: `seed ${seed}`, detail });
    }
    return { findings, counts };
  } finally {
    clearTimeout(limit);
    ender.abort();
    await follower.stop();
    await world.close();
  }
}

async function caughtUp(follower: Follower, ends: readonly number[]): Promise<void> {
  const last = ends.reduce((most, each) => Math.max(most, each), 0);
  for (let waits = 0; waits < 100 && follower.last < last; waits += 1) {
    await new Promise((resume) => setTimeout(resume, 100));
  }
}

function countsOf(
  { notifications, messages, jobs, relayed, outages }: Ledgers,
  api: Api,
): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  for (const { state, timeline } of notifications.values()) {
    count(state);
    const sendings = timeline.filter(({ event }) => event === 'sending').length;
    if (sendings > 1) count('sent again');
  }
  for (const { state } of messages.values()) count(`message ${state}`);
  for (const { state } of jobs.values()) count(`job ${state}`);
  for (const { did } of relayed) if (did !== 'passed') count(`datagram ${did}`);
  for (const { of } of outages) count(`outage of ${of.replace(/ .*/, '')}`);
  return { ...counts, unanswered: api.unanswered, 'refused for now': api.refused };
}

function withMaps(_: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set ? [...value] : value;
}

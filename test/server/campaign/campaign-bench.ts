// A whole server with many devices behind two carriers, whose devices do as a test says, and a clock that stands still.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Server, type ServerOptions } from '../../../src/server/index.ts';
import {
  type Asker,
  type CampaignDevice,
  type CampaignRecord,
  type CampaignState,
  type DeviceInput,
  largestDeviceSet,
  type Store,
} from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { FakeBinding, ManualClock, sampleAccount, sampleDevice } from '../../../src/testing/index.ts';

/** What becomes of a wake that has left. */
export type Fate = 'completed' | 'session-failed' | 'silent';

export interface CampaignBench {
  readonly clock: ManualClock;
  readonly wap: FakeBinding;
  readonly sms: FakeBinding;
  store: Store;
  server: Server;
  /** What devices do with a wake. */
  fate: (deviceId: string) => Fate;
  /** Makes a campaign over all devices, but for what is said. */
  campaign(plan?: Record<string, unknown>, by?: Asker): Promise<CampaignRecord>;
  /** The campaign as it is now. */
  now(id: string): Promise<CampaignRecord>;
  /** Lets time pass, half a second at a time, until the probe holds. */
  until(what: string, probe: () => boolean | Promise<boolean>, seconds?: number): Promise<void>;
  reaches(id: string, state: CampaignState, seconds?: number): Promise<CampaignRecord>;
  pass(seconds: number): Promise<void>;
  /** All devices of a campaign. */
  devices(id: string): Promise<readonly CampaignDevice[]>;
  /** How many devices of a campaign are in each state, and why. */
  tally(id: string): Promise<Readonly<Record<string, number>>>;
  /** How often each device was given a push, by id. */
  woken(): Promise<ReadonlyMap<string, number>>;
  /** Ends the server and its store, and begins anew with the same file. */
  restart(): Promise<void>;
}

export interface CampaignBenchOptions {
  /** Devices behind `wap` and `sms`. */
  readonly devices?: { readonly wap?: number; readonly sms?: number };
  readonly change?: (id: string) => Partial<DeviceInput>;
  readonly server?: Partial<ServerOptions>;
  readonly startsAt?: number;
}

export const idOf = (carrier: string, index: number): string =>
  `${carrier}:${String(index).padStart(6, '0')}`;

/** Calls of the store that are under way. */
let calls = 0;

/** Lets what is under way happen: nobody waits for the disk any more. */
export async function settle(): Promise<void> {
  for (let idle = 0; idle < 6; idle += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    while (calls > 0) {
      idle = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** A store whose calls are counted while they are under way. */
function counted(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const result: unknown = member.apply(target, args);
        if (!(result instanceof Promise)) return result;
        calls += 1;
        return result.finally(() => {
          calls -= 1;
        });
      };
    },
  });
}

export async function withCampaigns(
  options: CampaignBenchOptions,
  run: (bench: CampaignBench) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'reveille-campaign-'));
  const clock = new ManualClock(options.startsAt);
  const file = join(folder, 'store.db');
  const open = async (): Promise<Store> => counted(await openSqliteStore({ file, clock, groupCommitMs: 0 }));
  const wap = new FakeBinding('wap');
  const sms = new FakeBinding('sms');
  const serverOf = (store: Store): Server =>
    new Server({
      store,
      bindings: { wap, sms },
      clock,
      random: () => 0.5,
      node: 'n',
      gatherMs: 0,
      ...options.server,
    });
  const store = await open();
  await store.createAccount(sampleAccount);
  await addDevices(store, options);
  let leave = (): void => undefined;
  const bench: CampaignBench = {
    clock,
    wap,
    sms,
    store,
    server: serverOf(store),
    fate: () => 'completed',
    campaign: async (plan = {}, by = { accounts: 'all', actor: 'alice/console', owner: 'alice' }) => {
      const whole = { name: 'night', content: { kind: 'wake' }, target: { filter: 'id != ""' }, ...plan };
      return (await bench.server.campaigns.create(whole, undefined, by)).campaign;
    },
    now: async (id) => {
      const campaign = await bench.server.campaigns.get(id);
      assert.ok(campaign !== undefined);
      return campaign;
    },
    until: async (what, probe, seconds = 600) => {
      for (let step = 0; step < seconds * 2; step += 1) {
        await settle();
        if (await probe()) return;
        clock.advance(500);
      }
      assert.fail(`${what} did not come`);
    },
    reaches: async (id, state, seconds) => {
      await bench.until(`${state}`, async () => (await bench.now(id)).state === state, seconds);
      return bench.now(id);
    },
    pass: async (seconds) => {
      for (let step = 0; step < seconds * 2; step += 1) {
        await settle();
        clock.advance(500);
      }
      await settle();
    },
    devices: async (id) => {
      const all: CampaignDevice[] = [];
      for (let after = -1; ; ) {
        const some = await bench.store.campaignDevices(id, { afterOrdinal: after, limit: 1000 });
        all.push(...some);
        if (some.length < 1000) return all;
        after = some.at(-1)?.ordinal ?? after;
      }
    },
    tally: async (id) => {
      for (;;) {
        const counts: Record<string, number> = {};
        const before = await bench.store.campaignCounts(id);
        for (const { state, reason, count } of before) add(counts, state, reason, count);
        const rows: Record<string, number> = {};
        for (const { state, reason } of await bench.devices(id)) add(rows, state, reason, 1);
        // Both are of one moment where nothing happened between them.
        if (!isDeepStrictEqual(before, await bench.store.campaignCounts(id))) continue;
        assert.deepEqual(counts, rows);
        return counts;
      }
    },
    woken: async () => {
      const times = new Map<string, number>();
      for (const { push } of [...wap.pushes, ...sms.pushes]) {
        const stored = await bench.store.push(push.id);
        if (stored?.deviceId !== undefined) times.set(stored.deviceId, (times.get(stored.deviceId) ?? 0) + 1);
      }
      return times;
    },
    restart: async () => {
      await bench.server.stop();
      await settle();
      leave();
      await bench.store.close();
      bench.store = await open();
      bench.server = serverOf(bench.store);
      leave = live(bench);
      await bench.server.start();
    },
  };
  leave = live(bench);
  await bench.server.start();
  try {
    await run(bench);
  } finally {
    await bench.server.stop();
    await settle();
    leave();
    await bench.store.close();
    await rm(folder, { recursive: true });
  }
}

function add(counts: Record<string, number>, state: string, reason: string | undefined, by: number): void {
  const key = reason === undefined || reason === '' ? state : `${state} ${reason}`;
  counts[key] = (counts[key] ?? 0) + by;
}

/** Devices do as the test says once their wake has left. */
function live(bench: CampaignBench): () => void {
  const { store } = bench;
  return store.onEvent(({ event, pushId, deviceId }, { moved, push }) => {
    if (!moved || event !== 'sent' || deviceId === undefined || push.purpose !== 'notification') return;
    const fate = bench.fate(deviceId);
    if (fate === 'silent') return;
    const change = async (): Promise<void> => {
      await store.change([{ id: pushId, change: { event: 'answered' } }]);
      const end = fate === 'completed' ? 'completed' : 'failed';
      await store.change([{ id: pushId, change: { event: end, cause: 'SESSION', detail: 'it broke off' } }]);
    };
    change().catch(() => undefined);
  });
}

async function addDevices(
  store: Store,
  { devices = { wap: 5, sms: 5 }, change }: CampaignBenchOptions,
): Promise<void> {
  const inputs: DeviceInput[] = [];
  for (const carrier of ['wap', 'sms'] as const) {
    for (let index = 0; index < (devices[carrier] ?? 0); index += 1) {
      const id = idOf(carrier, index);
      const number = String(index).padStart(7, '0');
      const addresses = [carrier === 'wap' ? 'wap:127.0.0.1:2948' : `sms:+4917${number}`];
      inputs.push(sampleDevice({ id, addresses, ...change?.(id) }));
    }
  }
  for (let at = 0; at < inputs.length; at += largestDeviceSet) {
    const outcomes = await store.importDevices(
      inputs.slice(at, at + largestDeviceSet).map((input) => ({ input })),
    );
    assert.ok(outcomes.every(({ outcome }) => outcome === 'created'));
  }
}

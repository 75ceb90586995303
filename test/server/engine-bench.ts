// An engine on a real store with a fake binding and a clock that stands still, for tests.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { silentLogger } from '../../src/core/index.ts';
import {
  type BindingTable,
  PushEngine,
  type PushPolicy,
  PushService,
  pushPolicyDefaults,
  SuspendedCarriers,
} from '../../src/server/index.ts';
import type { PushGates } from '../../src/server/push/push-gates.ts';
import {
  type DeviceInput,
  type MessageRequest,
  type NotificationPush,
  type PushEvent,
  type PushQueue,
  readSealKeys,
  type Store,
} from '../../src/store/index.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import {
  eventually,
  FakeBinding,
  ManualClock,
  sampleAccount,
  sampleDevice,
  samplePushMessage,
} from '../../src/testing/index.ts';

/** A push that a session ends, and one that its carrier ends. */
export type EngineKind = 'notification' | 'message';
export const engineKinds: readonly EngineKind[] = ['notification', 'message'];

export interface EngineBench {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly wap: FakeBinding;
  readonly sms: FakeBinding;
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly pushes: PushService;
  readonly engine: PushEngine;
  /** Which carriers are suspended; loaded. */
  readonly suspended: SuspendedCarriers;
  /** Creates a notification and gives its id. */
  push(fields?: Record<string, unknown>): Promise<string>;
  /** Queues a message for the same device and gives its id. */
  pushMessage(changes?: Partial<MessageRequest>): Promise<string>;
  /** Either of them, with the times that both have. */
  pushOf(
    kind: EngineKind,
    times?: { readonly notBefore?: number; readonly expiresAt?: number },
  ): Promise<string>;
  /** A notification as it is kept. */
  notification(id: string): Promise<NotificationPush>;
  /** Names of the events of a push so far, with the attempt where there is one. */
  story(id: string): Promise<string[]>;
  timeline(id: string): Promise<readonly PushEvent[]>;
  /** Waits until the timeline of the push has that event `count` times. */
  reaches(id: string, event: string, count?: number): Promise<void>;
}

export interface EngineBenchOptions {
  readonly device?: Partial<DeviceInput>;
  readonly policy?: Partial<PushPolicy>;
  /** Beside wap and sms, or in their place. */
  readonly bindings?: BindingTable | ((clock: ManualClock) => BindingTable);
  /** What the engine sees of the queue. */
  readonly wrapQueue?: (queue: PushQueue) => PushQueue;
  readonly maxInFlight?: number;
  /** Which campaigns let attempts begin. */
  readonly gates?: PushGates;
  readonly random?: () => number;
  /** Secrets are sealed; what `prepare` has put into the store is changed by the SQL of `damage` before the engine sees it. */
  readonly sealed?: { readonly prepare: (store: Store) => Promise<unknown>; readonly damage: string };
  /** Default 0: nothing waits for company. */
  readonly gatherMs?: number;
}

/** Runs a test on a bench of its own; the engine is started by the test. */
export async function withEngine(
  options: EngineBenchOptions,
  run: (bench: EngineBench) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'reveille-engine-'));
  const clock = new ManualClock();
  const file = join(folder, 'store.db');
  const { sealed } = options;
  const sealKeys = sealed === undefined ? [] : readSealKeys(randomBytes(32).toString('hex'), 'a key');
  const open = () => openSqliteStore({ file, clock, groupCommitMs: 0, sealKeys });
  let store = await open();
  await store.createAccount(sampleAccount);
  await store.createDevice(sampleDevice(options.device));
  if (sealed !== undefined) {
    await sealed.prepare(store);
    await store.close();
    const database = new DatabaseSync(file);
    database.exec(sealed.damage);
    database.close();
    store = await open();
  }
  const wap = new FakeBinding('wap');
  const sms = new FakeBinding('sms');
  const more = options.bindings;
  const bindings = { wap, sms, ...(typeof more === 'function' ? more(clock) : more) };
  const policy = { ...pushPolicyDefaults, ...options.policy };
  const suspended = new SuspendedCarriers({
    store,
    bindings: Object.values(bindings),
    clock,
    logger: silentLogger,
  });
  await suspended.load();
  const suspensions = suspended;
  const pushes = new PushService({ store, bindings, policy, clock, requestedMo: 1, suspensions });
  const engine = new PushEngine({
    queue: options.wrapQueue?.(store) ?? store,
    devices: store,
    events: store,
    bindings,
    policy,
    clock,
    random: options.random ?? (() => 0.5),
    node: 'node-1',
    logger: silentLogger,
    requestedMo: 1,
    suspended,
    gatherMs: options.gatherMs ?? 0,
    gates: options.gates,
    ...(options.maxInFlight !== undefined && { maxInFlight: options.maxInFlight }),
  });
  const timeline = async (id: string) => (await store.timeline(id)) ?? [];
  const bench: EngineBench = {
    store,
    clock,
    wap,
    sms,
    bindings,
    policy,
    pushes,
    engine,
    suspended,
    timeline,
    push: async (fields = {}) =>
      (await pushes.createNotification({ device: sampleDevice(options.device).id, ...fields })).push.id,
    pushOf: async (kind, times = {}) => {
      if (kind === 'message') return bench.pushMessage(times);
      const named = Object.entries(times).map(([name, at]) => [name, new Date(at).toISOString()]);
      return bench.push(Object.fromEntries(named));
    },
    pushMessage: async (changes = {}) => {
      const deviceId = sampleDevice(options.device).id;
      const expiresAt = clock.now() + policy.lifetimeMs;
      const [outcome] = await pushes.enqueueMessages([
        samplePushMessage({ deviceId, expiresAt, ...changes }),
      ]);
      assert.ok(outcome?.outcome === 'queued');
      return outcome.push.id;
    },
    notification: async (id) => {
      const push = await store.push(id);
      assert.ok(push?.purpose === 'notification', `${id} is no notification`);
      return push;
    },
    story: async (id) =>
      (await timeline(id)).map(({ event, attempt }) =>
        attempt === undefined ? event : `${event} ${attempt}`,
      ),
    reaches: async (id, event, count = 1) => {
      await eventually(
        async () => (await timeline(id)).filter((entry) => entry.event === event).length >= count,
        `${event} (${count})`,
      );
    },
  };
  try {
    await run(bench);
  } finally {
    await engine.stop();
    await store.close();
    await rm(folder, { recursive: true });
  }
}

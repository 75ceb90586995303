// An engine on a real store with a fake binding and a clock that stands still, for tests.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../src/core/index.ts';
import {
  type BindingTable,
  NotificationService,
  PushEngine,
  type PushPolicy,
  pushPolicyDefaults,
} from '../../src/server/index.ts';
import type { DeviceInput, NotificationEvent, Store } from '../../src/store/index.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import {
  eventually,
  FakeBinding,
  ManualClock,
  sampleAccount,
  sampleDevice,
} from '../../src/testing/index.ts';

export interface EngineBench {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly wap: FakeBinding;
  readonly sms: FakeBinding;
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly notifications: NotificationService;
  readonly engine: PushEngine;
  /** Creates a notification and gives its id. */
  push(fields?: Record<string, unknown>): Promise<string>;
  /** Names of the events of a notification so far, with the attempt where there is one. */
  story(id: string): Promise<string[]>;
  timeline(id: string): Promise<readonly NotificationEvent[]>;
  /** Waits until the timeline of the notification has that event `count` times. */
  reaches(id: string, event: string, count?: number): Promise<void>;
}

export interface EngineBenchOptions {
  readonly device?: Partial<DeviceInput>;
  readonly policy?: Partial<PushPolicy>;
  /** Beside wap and sms. */
  readonly bindings?: BindingTable;
  readonly maxInFlight?: number;
  readonly random?: () => number;
}

/** Runs a test on a bench of its own; the engine is started by the test. */
export async function withEngine(
  options: EngineBenchOptions,
  run: (bench: EngineBench) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'reveille-engine-'));
  const clock = new ManualClock();
  const store = await openSqliteStore({ file: join(folder, 'store.db'), clock, groupCommitMs: 0 });
  await store.createAccount(sampleAccount);
  await store.createDevice(sampleDevice(options.device));
  const wap = new FakeBinding('wap');
  const sms = new FakeBinding('sms');
  const bindings = { wap, sms, ...options.bindings };
  const policy = { ...pushPolicyDefaults, ...options.policy };
  const notifications = new NotificationService({ store, bindings, policy, clock, requestedMo: 1 });
  const engine = new PushEngine({
    queue: store,
    devices: store,
    events: store,
    bindings,
    policy,
    clock,
    random: options.random ?? (() => 0.5),
    node: 'node-1',
    logger: silentLogger,
    requestedMo: 1,
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
    notifications,
    engine,
    timeline,
    push: async (fields = {}) =>
      (await notifications.create({ device: sampleDevice(options.device).id, ...fields })).notification.id,
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

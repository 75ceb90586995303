// How many statements a push costs from being queued to being sent, through the calls that the engine makes.
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { systemClock } from '../../../src/core/index.ts';
import type { ClaimedPush, PushEvent, Store, ToldEvent } from '../../../src/store/index.ts';
import {
  type Answer,
  migrate,
  type Program,
  type ProgramRunner,
  sqlStore,
} from '../../../src/store/sql/index.ts';
import { sqliteEngine } from '../../../src/store/sqlite/sqlite-engine.ts';
import { sampleAccount, sampleDevice, samplePushMessage, sampleRequest } from '../../../src/testing/index.ts';

/** A store in memory whose runner counts what it is asked. */
async function countingStore() {
  const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true });
  const counted = { statements: 0, trips: 0, texts: new Set<string>() };

  function run<Result>(program: Program<Result>): Promise<Result> {
    let step = program.next([]);
    while (step.done !== true) {
      counted.trips += 1;
      step = program.next(
        step.value.map(({ sql, values }): Answer => {
          counted.statements += 1;
          counted.texts.add(sql);
          const statement = database.prepare(sql);
          if (statement.columns().length > 0) return { rows: statement.all(...values), changed: 0 };
          return { rows: [], changed: Number(statement.run(...values).changes) };
        }),
      );
    }
    return Promise.resolve(step.value);
  }
  const heard: PushEvent[] = [];
  const runner: ProgramRunner = {
    write: async (program) => {
      const events: ToldEvent[] = [];
      const result = await run(program({ now: systemClock().now(), events, endedJobs: [], notices: [] }));
      heard.push(...events.map(({ event }) => event));
      return result;
    },
    writeAlone: (program) => runner.write(program),
    isWaitedFor: false,
    read: (program) => run(program()),
    scan: (program) => run(program()),
    onEvent: () => () => undefined,
    onJobEnd: () => () => undefined,
    onNotice: () => () => undefined,
    onClockMoved: () => () => undefined,
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  await runner.write(() => migrate(sqliteEngine));
  return { store: sqlStore(sqliteEngine, runner, systemClock()), counted, heard };
}

const count = 1000;
const setSize = 500;
const claim = { limit: setSize, leaseMs: 60_000, node: 'node-1', carrier: 'wap' } as const;

/** One set after the other: claimed, and settled as it is known. */
async function send(store: Store, settle: (claimed: ClaimedPush, index: number) => string): Promise<number> {
  let sent = 0;
  for (;;) {
    const claimed = await store.claimDue(claim, () => [{ event: 'sending' }]);
    if (claimed.length === 0) return sent;
    const outcomes = await store.change(
      claimed.map((each, index) => ({
        id: each.push.id,
        as: each.push,
        change: {
          event: 'sent',
          lease: each.push.lease,
          node: claim.node,
          binding: 'wap',
          address: settle(each, index),
          dueAt: systemClock().now() + 60_000 + index,
        },
      })),
    );
    for (const outcome of outcomes) {
      assert.equal(outcome?.verdict, 'changed');
      sent += 1;
    }
  }
}

for (const [what, request] of [
  ['notifications', sampleRequest],
  ['messages', samplePushMessage],
] as const) {
  test(`${count} ${what} from queued to sent: at most one statement for ten, and few texts`, async () => {
    const { store, counted, heard } = await countingStore();
    await store.createAccount(sampleAccount);
    const ids = Array.from({ length: count }, (_, index) => `IMEI:${index}`);
    for (const id of ids)
      await store.createDevice(sampleDevice({ id, addresses: [`wap:127.0.0.1:${id.slice(5)}`] }));
    const expiresAt = systemClock().now() + 3_600_000;
    counted.statements = 0;
    const requests = ids.map((deviceId) => request({ deviceId, expiresAt, carrier: 'wap' }));
    for (let from = 0; from < count; from += setSize) {
      await store.enqueueEach(requests.slice(from, from + setSize));
    }
    assert.ok(counted.statements <= 0.02 * count, `${counted.statements} statements took ${count} in`);
    Object.assign(counted, { statements: 0, trips: 0, texts: new Set() });
    assert.equal(await send(store, ({ device }) => device?.addresses[0] ?? ''), count);
    assert.ok(counted.statements <= 0.1 * count, `${counted.statements} statements sent ${count}`);
    // Reading what is due, writing the claim, and writing the outcomes go to the engine once for each set.
    assert.ok(counted.trips <= (3 * count) / setSize + 5, `${counted.trips} trips`);
    assert.ok(counted.texts.size <= 20, `${counted.texts.size} texts of statements`);
    assert.equal(heard.length, 3 * count);
    const { items } = await store.listPushes({ limit: count, state: 'sent' });
    assert.equal(items.length, count);
  });
}

// Pushes taken in, in SQL: what has to be known of all of them is read, they are judged in memory, and written together with
// what must be unique of them.
import { randomInt } from 'node:crypto';
import { StoreError } from '../../../core/index.ts';
import {
  type Enqueued,
  largestSessionId,
  type NotificationPush,
  type NotificationRequest,
  type PushRequest,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { identifierMaker } from '../engine/identifier.ts';
import { listOf, Questions } from '../engine/lists.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import { setStatements } from '../engine/set-statement.ts';
import { foldedPush } from '../set/folded-rows.ts';
import { pushRecord } from '../set/push-rows.ts';
import type { pushSets } from '../set/push-set.ts';
import { setOfPushes } from '../set/push-set-statements.ts';
import {
  type DeviceFacts,
  type EnqueueFacts,
  EnqueueSet,
  goesRound,
  type KeyFacts,
  keyName,
  pushIdName,
} from './enqueue-set.ts';
import { type DeviceRow, enqueueStatements } from './enqueue-statements.ts';
import { enqueueWrites } from './enqueue-writes.ts';

/** What came of one call: its outcomes, or why none of it was taken. */
export type CallOutcome = readonly Enqueued[] | StoreError;

/** What requests are about, each once. */
interface Subjects {
  /** How many Session-IDs are wanted of each device. */
  readonly devices: Map<string, number>;
  readonly keysOfDevices: (readonly [deviceId: string, key: string])[];
  readonly keysOfAccounts: (readonly [serverId: string, key: string])[];
  /** By `pushIdName`. */
  readonly pushIds: Map<string, readonly [initiator: string, pushId: string]>;
  readonly replaced: Set<string>;
}

export function enqueuePrograms(engine: SqlEngine, pushSet: ReturnType<typeof pushSets>) {
  const statements = { ...enqueueStatements(engine), byIds: setOfPushes(engine).byIds };
  const sets = setStatements(engine);
  const newIdentifier = identifierMaker();

  /** Reads what has to be known of requests, all at once; nothing is asked about nothing. */
  function* factsOf(subjects: Subjects): Program<EnqueueFacts> {
    const questions = new Questions();
    const devices = questions.ask(statements.devices, [...subjects.devices]);
    const keysOfDevices = questions.ask(statements.keysOfDevices, subjects.keysOfDevices);
    const keysOfAccounts = questions.ask(statements.keysOfAccounts, subjects.keysOfAccounts);
    const pushIds = questions.ask(statements.usedPushIds, [...subjects.pushIds.values()]);
    const replaced = questions.ask(statements.byIds, [...subjects.replaced]);
    yield* questions.put();
    const keys = new Map<string, KeyFacts>();
    for (const [rows, scope] of [
      [keysOfDevices(), 'notification'],
      [keysOfAccounts(), 'message'],
    ] as const) {
      for (const row of rows) {
        const { key_server: serverId, key, fingerprint } = row;
        keys.set(keyName(serverId, scope, key), { fingerprint, push: pushRecord(row) });
      }
    }
    return {
      devices: yield* devicesOf(devices(), subjects.devices),
      keys,
      pushIds: new Set(pushIds().map((row) => pushIdName(row.initiator, row.push_id))),
      replaced: new Map(
        replaced()
          .map(foldedPush)
          .map((push) => [push.id, push]),
      ),
    };
  }

  /** The next Session-IDs are free as a rule; only where they are not, all that are taken are read. */
  function* devicesOf(
    rows: readonly DeviceRow[],
    wanted: ReadonlyMap<string, number>,
  ): Program<Map<string, DeviceFacts>> {
    const taken = new Map<string, Set<number>>();
    for (const { id, last_session_id: last, taken: some } of rows) {
      const count = wanted.get(id) ?? 0;
      if (count > 0 && (some !== 0 || goesRound(last, count))) taken.set(id, new Set());
    }
    if (taken.size > 0) {
      const inUse = yield* all(statements.sessionsInUse, listOf([...taken.keys()]));
      for (const row of inUse) taken.get(row.device_id)?.add(row.session_id);
    }
    return new Map(
      rows.map((row) => {
        const ids = taken.get(row.id);
        const facts = { serverId: row.server_id, last: row.last_session_id };
        return [row.id, ids === undefined ? facts : { ...facts, taken: ids }];
      }),
    );
  }

  /** Takes the requests of several calls, each call whole or not at all, as if they came one after the other. */
  function* calls(
    transaction: Transaction,
    requests: readonly (readonly PushRequest[])[],
  ): Program<readonly CallOutcome[]> {
    const facts = yield* factsOf(subjectsOf(requests));
    const changes = pushSet.begin(transaction.now);
    const set = new EnqueueSet(facts, changes, newIdentifier);
    const outcomes = requests.map((call) => set.take(call));
    yield* changes.write(transaction, enqueueWrites(sets, set));
    return outcomes;
  }

  return {
    calls,

    /** Takes one notification. */
    *notification(
      transaction: Transaction,
      request: NotificationRequest,
    ): Program<{ readonly outcome: 'queued' | 'repeated'; readonly push: NotificationPush }> {
      const [outcome] = yield* calls(transaction, [[request]]);
      if (outcome === undefined || outcome instanceof StoreError) throw outcome;
      // A notification replaces nothing, so that it is queued or was before.
      return outcome[0] as { readonly outcome: 'queued'; readonly push: NotificationPush };
    },

    *allocateMessageSessionId(deviceId: string): Program<number> {
      // A random first one: a database that was lost does not begin where it began before.
      const args = { id: deviceId, first: randomInt(1, largestSessionId + 1), largest: largestSessionId };
      const row = yield* first(statements.nextMessageSessionId, args);
      if (row === undefined) throw new StoreError('UNKNOWN_DEVICE', `there is no device ${deviceId}`);
      return row.last_message_session_id;
    },
  };
}

function subjectsOf(calls: readonly (readonly PushRequest[])[]): Subjects {
  const subjects: Subjects = {
    devices: new Map(),
    keysOfDevices: [],
    keysOfAccounts: [],
    pushIds: new Map(),
    replaced: new Set(),
  };
  const { devices, keysOfDevices, keysOfAccounts, pushIds, replaced } = subjects;
  for (const request of calls.flat()) {
    const { deviceId, idempotency } = request;
    const isNotification = request.purpose === 'notification';
    if (deviceId !== undefined)
      devices.set(deviceId, (devices.get(deviceId) ?? 0) + (isNotification ? 1 : 0));
    if (isNotification) {
      if (idempotency !== undefined) keysOfDevices.push([request.deviceId, idempotency.key]);
      continue;
    }
    const { serverId, initiator, replaces } = request;
    if (idempotency !== undefined && serverId !== undefined) keysOfAccounts.push([serverId, idempotency.key]);
    if (initiator !== undefined) {
      const { initiator: name, pushId } = initiator;
      pushIds.set(pushIdName(name, pushId), [name, pushId]);
    }
    if (replaces !== undefined) replaced.add(replaces.id);
  }
  return subjects;
}

// What has to be known of all that a set of requests is about, before it is judged.
import {
  largestSessionId,
  type MessageRequest,
  type NotificationDraft,
  type NotifiedDevice,
  type PushRecord,
  type PushRequest,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { listOf, Questions } from '../engine/lists.ts';
import { all, type Program } from '../engine/program.ts';
import type { KeyScope } from '../engine/schema.ts';
import { notifiedDevice } from '../record/record-rows.ts';
import { Seals } from '../seal/seals.ts';
import { foldedPush } from '../set/folded-rows.ts';
import { pushRecord } from '../set/push-rows.ts';
import { setOfPushes } from '../set/push-set-statements.ts';
import { enqueueStatements, type KnownDevice, knownDevice } from './enqueue-statements.ts';

/** What is taken whole or not at all: the requests of a call, or a draft. */
export type EnqueueUnit = readonly PushRequest[] | NotificationDraft;

export function isDraft(unit: EnqueueUnit): unit is NotificationDraft {
  return 'complete' in unit;
}

/** What is known of a device. */
export interface DeviceFacts {
  readonly serverId: string;
  /** The Session-ID that was given last. */
  last: number;
  /** Those in use; absent when none of those that come next is. */
  readonly taken: Set<number> | undefined;
  readonly suspended: boolean;
  /** What a draft is completed with; there where one of the units is a draft. */
  readonly notified: NotifiedDevice | undefined;
}

/** A push under an idempotency key. */
export interface KeyFacts {
  readonly fingerprint: string;
  readonly push: PushRecord;
}

/** What has to be known before a set is judged; what it takes is added. */
export interface EnqueueFacts {
  readonly devices: Map<string, DeviceFacts>;
  /** By `keyName`. */
  readonly keys: Map<string, KeyFacts>;
  /** Push-ids that initiators have used, by `pushIdName`. */
  readonly pushIds: Set<string>;
  /** Pushes that others are to take the place of. */
  readonly replaced: ReadonlyMap<string, PushRecord>;
}

/** Name of an idempotency key among `EnqueueFacts`. */
export function keyName(serverId: string, scope: KeyScope, key: string): string {
  return `${scope} ${serverId.length} ${serverId} ${key}`;
}

/** Name of a push-id among `EnqueueFacts`. */
export function pushIdName(initiator: string, pushId: string): string {
  return `${initiator.length} ${initiator} ${pushId}`;
}

/** Gives a program that reads what has to be known of units, all at once; nothing is asked about nothing. */
export function factsPrograms(engine: SqlEngine) {
  const statements = { ...enqueueStatements(engine), byIds: setOfPushes(engine).byIds };
  const seals = new Seals(engine.sealer);

  /** The next Session-IDs are free as a rule; only where they are not, all that are taken are read. */
  function* devicesOf(
    known: readonly KnownDevice[],
    wanted: ReadonlyMap<string, number>,
  ): Program<Map<string, DeviceFacts>> {
    const taken = new Map<string, Set<number>>();
    for (const { id, lastSessionId: last, taken: some } of known) {
      const count = wanted.get(id) ?? 0;
      if (count > 0 && (some || goesRound(last, count))) taken.set(id, new Set());
    }
    if (taken.size > 0) {
      const inUse = yield* all(statements.sessionsInUse, listOf([...taken.keys()]));
      for (const row of inUse) taken.get(row.device_id)?.add(row.session_id);
    }
    const devices = new Map<string, DeviceFacts>();
    for (const { id, serverId, lastSessionId, suspended, notified } of known) {
      devices.set(id, {
        serverId,
        last: lastSessionId,
        taken: taken.size === 0 ? undefined : taken.get(id),
        suspended,
        notified: notified && notifiedDevice(notified, seals),
      });
    }
    return devices;
  }

  return function* factsOf(units: readonly EnqueueUnit[]): Program<EnqueueFacts> {
    const subjects = subjectsOf(units);
    const questions = new Questions();
    const devices = questions.ask(units.some(isDraft) ? statements.notifiedDevices : statements.devices, [
      ...subjects.devices,
    ]);
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
        keys.set(keyName(serverId, scope, key), { fingerprint, push: pushRecord(row, seals) });
      }
    }
    return {
      devices: yield* devicesOf(devices().map(knownDevice), subjects.devices),
      keys,
      pushIds: new Set(pushIds().map((row) => pushIdName(row.initiator, row.push_id))),
      replaced: new Map(
        replaced()
          .map((row) => foldedPush(row, seals))
          .map((push) => [push.id, push]),
      ),
    };
  };
}

/** True where the Session-IDs that come next go on from 1: then all that are in use have to be known. */
export function goesRound(last: number, count: number): boolean {
  return last + count > largestSessionId;
}

/** What units are about, each once. */
class Subjects {
  /** How many Session-IDs are wanted of each device. */
  readonly devices = new Map<string, number>();
  readonly keysOfDevices: (readonly [deviceId: string, key: string])[] = [];
  readonly keysOfAccounts: (readonly [serverId: string, key: string])[] = [];
  /** By `pushIdName`. */
  readonly pushIds = new Map<string, readonly [initiator: string, pushId: string]>();
  readonly replaced = new Set<string>();

  /** A notification, of which a draft says as much. */
  notification({ deviceId, idempotency }: Pick<NotificationDraft, 'deviceId' | 'idempotency'>): void {
    this.devices.set(deviceId, (this.devices.get(deviceId) ?? 0) + 1);
    if (idempotency !== undefined) this.keysOfDevices.push([deviceId, idempotency.key]);
  }

  message({ deviceId, serverId, idempotency, initiator: mark, replaces }: MessageRequest): void {
    if (deviceId !== undefined) this.devices.set(deviceId, this.devices.get(deviceId) ?? 0);
    if (idempotency !== undefined && serverId !== undefined)
      this.keysOfAccounts.push([serverId, idempotency.key]);
    if (mark !== undefined) {
      const { initiator, pushId } = mark;
      this.pushIds.set(pushIdName(initiator, pushId), [initiator, pushId]);
    }
    if (replaces !== undefined) this.replaced.add(replaces.id);
  }
}

function subjectsOf(units: readonly EnqueueUnit[]): Subjects {
  const subjects = new Subjects();
  for (const unit of units) {
    if (isDraft(unit)) {
      subjects.notification(unit);
      continue;
    }
    for (const request of unit) {
      if (request.purpose === 'notification') subjects.notification(request);
      else subjects.message(request);
    }
  }
  return subjects;
}

// Requests for jobs that are judged together, in memory, as if they came one after the other.
import { StoreError } from '../../../core/index.ts';
import { type IdempotencyMark, type JobRequest, jobLimits } from '../../index.ts';
import type { JobTable } from '../engine/schema.ts';

/** What has to be known before a set is judged. */
export interface JobFacts {
  /** Account of each device. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Jobs of each device that are not over; what the set takes in is added. */
  readonly open: Map<string, number>;
  /** Jobs under idempotency keys, by `keyName`. */
  readonly keys: ReadonlyMap<string, JobTable>;
  /** Notifications under idempotency keys, by `keyName`, and whether one was created with a job. */
  readonly wakeKeys: ReadonlyMap<string, { readonly fingerprint: string; readonly hasJob: boolean }>;
}

/** What becomes of a request. */
export type JobPlan =
  | { readonly plan: 'refused'; readonly error: StoreError }
  /** Its key was used for it before. */
  | { readonly plan: 'before'; readonly row: JobTable }
  /** Its key was used for it in this set. */
  | { readonly plan: 'same'; readonly as: number }
  | NewJobPlan;

/** It is new, unless its notification came before, and with a job. */
export interface NewJobPlan {
  readonly plan: 'new';
  readonly request: JobRequest;
  /** Account of its device. */
  readonly serverId: string;
}

/** Name of an idempotency key among `JobFacts`. */
export function keyName(serverId: string, key: string): string {
  return `${serverId.length} ${serverId} ${key}`;
}

/** Judges requests in their order. */
export function planJobs(requests: readonly JobRequest[], facts: JobFacts): readonly JobPlan[] {
  /** Places of requests of this set, by their keys, and keys of notifications that come with them. */
  const places = new Map<string, number>();
  const wakes = new Set<string>();
  return requests.map((request, place): JobPlan => {
    const { deviceId, idempotency, wake } = request;
    try {
      const serverId = facts.accounts.get(deviceId);
      if (serverId === undefined) throw new StoreError('UNKNOWN_DEVICE', `there is no device ${deviceId}`);
      const name = idempotency === undefined ? undefined : keyName(serverId, idempotency.key);
      if (idempotency !== undefined && name !== undefined) {
        const row = facts.keys.get(name);
        const as = places.get(name);
        if (row !== undefined) {
          requireSame(idempotency, row.idempotency_fingerprint);
          return { plan: 'before', row };
        }
        if (as !== undefined) {
          requireSame(idempotency, requests[as]?.idempotency?.fingerprint);
          return { plan: 'same', as };
        }
      }
      const mark = wake?.idempotency;
      const wakeName = mark === undefined ? undefined : keyName(serverId, mark.key);
      const woken = wakeName === undefined ? undefined : facts.wakeKeys.get(wakeName);
      const isThere = woken?.hasJob === true || (wakeName !== undefined && wakes.has(wakeName));
      if (mark !== undefined && woken !== undefined) requireSame(mark, woken.fingerprint);
      if (!isThere) takeRoom(deviceId, facts.open);
      if (wakeName !== undefined) wakes.add(wakeName);
      if (name !== undefined) places.set(name, place);
      return { plan: 'new', request, serverId };
    } catch (error) {
      if (error instanceof StoreError) return { plan: 'refused', error };
      throw error;
    }
  });
}

/** @throws {StoreError} IDEMPOTENCY_CONFLICT */
function requireSame({ key, fingerprint }: IdempotencyMark, before: string | null | undefined): void {
  if (fingerprint === before) return;
  throw new StoreError('IDEMPOTENCY_CONFLICT', `the idempotency key ${key} was used for another request`);
}

/** @throws {StoreError} TOO_MANY_JOBS */
function takeRoom(deviceId: string, open: Map<string, number>): void {
  const count = open.get(deviceId) ?? 0;
  if (count >= jobLimits.openJobs) {
    throw new StoreError(
      'TOO_MANY_JOBS',
      `device ${deviceId} has ${jobLimits.openJobs} jobs that are not over: cancel some first`,
    );
  }
  open.set(deviceId, count + 1);
}

// Devices of a campaign begun, in SQL: what has to be known of all of them is read, pushes and jobs are taken in together, and
// all is written in one transaction.
import { StoreError } from '../../../core/index.ts';
import type {
  FedDevice,
  FeedItem,
  FeedOptions,
  JobRequest,
  NotificationPush,
  NotificationRequest,
  PushRequest,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { listOf } from '../engine/lists.ts';
import { first, notLast, type Program, query, type Transaction } from '../engine/program.ts';
import type { CampaignDeviceTable, CampaignTable } from '../engine/schema.ts';
import type { JobOutcome } from '../job/take-jobs.ts';
import type { enqueuePrograms, UnitOutcome } from '../push/enqueue.ts';
import { RefusedUnit } from '../push/enqueue-set.ts';
import { Seals } from '../seal/seals.ts';
import { type FoldedPush, foldedPush } from '../set/folded-rows.ts';
import type { pushSets } from '../set/push-set.ts';
import { campaignStatements } from './campaign-statements.ts';
import { deviceChanges } from './device-changes.ts';
import { type AlongsideRow, feedStatements } from './feed-statements.ts';

/** Takes jobs in, each for itself. */
type TakeJobs = (transaction: Transaction, requests: readonly JobRequest[]) => Program<readonly JobOutcome[]>;

/** An item of a device that is pending. */
interface Feeding {
  readonly item: FeedItem;
  readonly row: CampaignDeviceTable;
  /** The open wake that it joins. */
  readonly joins: NotificationPush | undefined;
  /** The same device in other campaigns, which begin with it. */
  readonly others: readonly AlongsideRow[];
}

/** What the queue gave to an item, or why nothing. */
type Taken = { readonly pushId?: string; readonly jobId?: string } | StoreError;

export function feedPrograms(
  engine: SqlEngine,
  sets: ReturnType<typeof pushSets>,
  { take: enqueue }: Pick<ReturnType<typeof enqueuePrograms>, 'take'>,
  takeJobs: TakeJobs,
) {
  const statements = { ...campaignStatements(engine), ...feedStatements(engine) };
  const changesOf = deviceChanges(engine);
  const seals = new Seals(engine.sealer);

  /** Open wakes that may be joined, the one that lasts longest of each device. */
  function wakesOf(
    rows: readonly FoldedPush[],
    joinable: ReadonlySet<string>,
  ): ReadonlyMap<string, NotificationPush> {
    const found = new Map<string, NotificationPush>();
    for (const row of rows) {
      const push = foldedPush(row, seals);
      if (push.purpose !== 'notification') continue;
      if (push.campaign !== undefined && !push.campaigns?.some((id) => joinable.has(id))) continue;
      const before = found.get(push.deviceId);
      if (before === undefined || before.expiresAt < push.expiresAt) found.set(push.deviceId, push);
    }
    return found;
  }

  /** What becomes of each item; of what is not pending, nothing. */
  function* feedingOf(
    { number: campaign }: CampaignTable,
    items: readonly FeedItem[],
    { joinable, alongside }: FeedOptions,
    now: number,
  ): Program<readonly (Feeding | undefined)[]> {
    const devices = items.map(({ deviceId }) => deviceId);
    const waking = items.filter(mayShare).map(({ deviceId }) => deviceId);
    const [pending, open, others] = yield [
      query(statements.pendingOf, { campaign, ...listOf(devices) }),
      ...(waking.length === 0
        ? []
        : [
            query(statements.openWakes, { ...listOf(waking), now }),
            query(statements.alongside, {
              ...listOf(alongside.length === 0 ? [] : waking),
              campaigns: JSON.stringify(alongside),
              campaign,
              now,
            }),
          ]),
    ];
    const rows = new Map(
      ((pending?.rows ?? []) as unknown as readonly CampaignDeviceTable[]).map((row) => [row.device_id, row]),
    );
    const wakes = wakesOf((open?.rows ?? []) as unknown as readonly FoldedPush[], new Set(joinable));
    const elsewhere = Map.groupBy(
      (others?.rows ?? []) as unknown as readonly AlongsideRow[],
      (row) => row.device_id,
    );
    return items.map((item) => {
      const row = rows.get(item.deviceId);
      if (row === undefined) return undefined;
      // A device that is named twice is begun once.
      rows.delete(item.deviceId);
      const shares = mayShare(item);
      return {
        item,
        row,
        joins: shares ? wakes.get(item.deviceId) : undefined,
        others: shares ? (elsewhere.get(item.deviceId) ?? []) : [],
      };
    });
  }

  /** Has the queue take what devices get. */
  function* takeAll(
    transaction: Transaction,
    id: string,
    feedings: readonly Feeding[],
    actor: string | undefined,
  ): Program<ReadonlyMap<Feeding, Taken>> {
    const units: (readonly [Feeding, PushRequest])[] = [];
    const jobs: (readonly [Feeding, JobRequest])[] = [];
    const taken = new Map<Feeding, Taken>();
    for (const feeding of feedings) {
      const { item, joins, others } = feeding;
      const ours = {
        campaigns: [id, ...others.map(({ campaign_id }) => campaign_id)],
        ...(actor !== undefined && { actor }),
      };
      if (item.do === 'job') {
        const { wake, ...job } = item.request;
        const woken: JobRequest =
          wake === undefined || joins !== undefined ? job : { ...job, wake: { ...wake, ...ours } };
        jobs.push([feeding, woken]);
      } else if (item.do === 'message') {
        units.push([feeding, { ...item.request, ...ours }]);
      } else if (item.do === 'wake') {
        if (joins !== undefined) taken.set(feeding, { pushId: joins.id });
        else units.push([feeding, { ...item.request, ...ours } satisfies NotificationRequest]);
      }
    }
    if (units.length > 0) {
      const outcomes = yield* notLast(
        enqueue(
          transaction,
          units.map(([, request]) => [request]),
        ),
      );
      for (const [index, [feeding]] of units.entries()) taken.set(feeding, pushOf(outcomes[index]));
    }
    if (jobs.length > 0) {
      const outcomes = yield* takeJobs(
        transaction,
        jobs.map(([, request]) => request),
      );
      for (const [index, [feeding]] of jobs.entries()) {
        const job = jobOf(outcomes[index]);
        const joined = feeding.joins === undefined ? {} : { pushId: feeding.joins.id };
        taken.set(feeding, job instanceof StoreError ? job : { ...job, ...joined });
      }
    }
    return taken;
  }

  return function* feed(
    transaction: Transaction,
    id: string,
    items: readonly FeedItem[],
    options: FeedOptions,
  ): Program<readonly FedDevice[]> {
    const { now } = transaction;
    const { actor } = options;
    const campaign = yield* first(statements.byIdForChange, { id });
    const feedings =
      campaign?.state === 'running'
        ? yield* feedingOf(campaign, items, options, now)
        : items.map(() => undefined);
    const known = feedings.filter((each) => each !== undefined);
    const taken = yield* takeAll(transaction, id, known, actor);

    const set = sets.begin(now);
    const changes = changesOf.begin();
    const fed = items.map(({ deviceId }, index): FedDevice => {
      const feeding = feedings[index];
      if (feeding === undefined) return { deviceId, outcome: 'skipped' };
      const { item, row, joins, others } = feeding;
      const got = taken.get(feeding);
      if (got === undefined || got instanceof StoreError) {
        changes.put(row, settledRow(row, item, got, now));
        return { deviceId, outcome: 'settled' };
      }
      changes.put(row, begunRow(row, got, joins !== undefined, now));
      for (const { campaign_id: _, ...other } of others)
        changes.put(
          other,
          begunRow(other, { ...(got.pushId !== undefined && { pushId: got.pushId }) }, true, now),
        );
      const alsoFor = others.map(({ campaign_id }) => campaign_id);
      if (joins !== undefined) {
        const current = set.current(joins.id) ?? joins;
        const before = current.campaigns ?? [];
        const campaigns = [...before, ...[id, ...alsoFor].filter((each) => !before.includes(each))];
        // What a campaign keeps back that may not begin now goes on for one that may.
        const due = current.gated === true ? { dueAt: now } : {};
        const note = { event: 'note', detail: `also for the campaign ${id}`, ...due } as const;
        set.change({ ...current, campaigns }, actor === undefined ? note : { ...note, actor }, joins);
      }
      return {
        deviceId,
        outcome: joins === undefined ? 'begun' : 'joined',
        ...(got.pushId !== undefined && { pushId: got.pushId }),
        ...(alsoFor.length > 0 && { alsoFor }),
      };
    });
    yield* set.write(transaction, changes.queries());
    return fed;
  };
}

/** True for what wakes a device, so that it may share the push. */
function mayShare(item: FeedItem): boolean {
  return item.do === 'wake' || (item.do === 'job' && item.request.wake !== undefined);
}

function pushOf(outcome: UnitOutcome | undefined): Taken {
  if (outcome === undefined) throw new TypeError('each unit has an outcome');
  if (outcome instanceof RefusedUnit) return outcome.refusal;
  const [taken] = outcome;
  return taken === undefined || taken.outcome === 'not-replaced' ? {} : { pushId: taken.push.id };
}

function jobOf(outcome: JobOutcome | undefined): Taken {
  if (outcome === undefined) throw new TypeError('each request has an outcome');
  if ('outcome' in outcome) return outcome.error;
  const { job, notification } = outcome;
  return { jobId: job.id, ...(notification !== undefined && { pushId: notification.id }) };
}

/** Why a device is left out, by the code of what refused it. */
const leftOutBy: Readonly<Record<string, string>> = { SUSPENDED: 'suspended', UNKNOWN_DEVICE: 'deleted' };

/** The row of a device that gets nothing, or nothing yet. */
function settledRow(
  row: CampaignDeviceTable,
  item: FeedItem,
  refusal: StoreError | undefined,
  now: number,
): CampaignDeviceTable {
  const leftOut = (reason: string, detail: string | undefined): CampaignDeviceTable => ({
    ...row,
    state: 'left-out',
    reason,
    detail: detail ?? null,
    due_at: null,
    ended_at: now,
  });
  if (refusal !== undefined) return leftOut(leftOutBy[refusal.code] ?? 'refused', refusal.message);
  switch (item.do) {
    case 'leave-out':
      return leftOut(item.reason, item.detail);
    case 'defer':
      return { ...row, due_at: item.dueAt };
    case 'place':
      return { ...row, carrier: item.carrier };
    default:
      throw new TypeError('the queue takes what a device gets, or refuses it');
  }
}

function begunRow(
  row: CampaignDeviceTable,
  { pushId, jobId }: Exclude<Taken, StoreError>,
  shared: boolean,
  now: number,
): CampaignDeviceTable {
  return {
    ...row,
    state: 'under-way',
    push_id: pushId ?? null,
    job_id: jobId ?? null,
    shared: shared ? 1 : 0,
    tries: row.tries + 1,
    due_at: null,
    began_at: now,
  };
}

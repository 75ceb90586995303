// Jobs taken in, in SQL: what has to be known of all of them is read, they are judged in memory, and written together with
// the notifications that wake for them.
import { StoreError } from '../../../core/index.ts';
import type { CreatedJob, Enqueued, JobRequest, NotificationPush, RefusedRequest } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { identifierMaker } from '../engine/identifier.ts';
import { listOf, Questions } from '../engine/lists.ts';
import { all, notLast, type Program, type Transaction } from '../engine/program.ts';
import type { JobTable } from '../engine/schema.ts';
import { setStatements } from '../engine/set-statement.ts';
import type { noticePrograms } from '../notice/notice-programs.ts';
import type { enqueuePrograms } from '../push/enqueue.ts';
import { RefusedUnit } from '../push/enqueue-set.ts';
import { Seals } from '../seal/seals.ts';
import { foldedPush } from '../set/folded-rows.ts';
import { setOfPushes } from '../set/push-set-statements.ts';
import { jobSummary } from './job-rows.ts';
import { type JobFacts, type JobPlan, keyName, type NewJobPlan, planJobs } from './job-set.ts';
import { jobSetStatements } from './job-set-statements.ts';
import { jobStatements } from './job-statements.ts';
import { commandColumns, jobColumns, newJobRow } from './new-job-rows.ts';

/** What came of one request. */
export type JobOutcome = CreatedJob | RefusedRequest;

/** The notification that wakes for a new job, or why there is none. */
type Woken = Exclude<Enqueued<NotificationPush>, { readonly outcome: 'not-replaced' }> | StoreError;

export function takeJobPrograms(
  engine: SqlEngine,
  { take: enqueue }: Pick<ReturnType<typeof enqueuePrograms>, 'take'>,
  { noteJobs }: Pick<ReturnType<typeof noticePrograms>, 'noteJobs'>,
) {
  const statements = { ...jobSetStatements(engine), byPushes: jobStatements(engine).byPushes };
  const { byIds: pushesByIds } = setOfPushes(engine);
  const sets = setStatements(engine);
  const seals = new Seals(engine.sealer);
  const newIdentifier = identifierMaker();

  /** Reads what has to be known of requests, all at once; nothing is asked about nothing. */
  function* factsOf(requests: readonly JobRequest[]): Program<JobFacts> {
    const questions = new Questions();
    const devices = [...new Set(requests.map(({ deviceId }) => deviceId))];
    const accounts = questions.ask(statements.accounts, devices);
    const counts = questions.ask(statements.openCounts, devices);
    const keys = questions.ask(
      statements.byKeys,
      requests.flatMap(({ deviceId, idempotency: mark }) =>
        mark === undefined ? [] : [[deviceId, mark.key]],
      ),
    );
    const wakeKeys = questions.ask(
      statements.wakeKeys,
      requests.flatMap(({ deviceId, wake }) =>
        wake?.idempotency === undefined ? [] : [[deviceId, wake.idempotency.key]],
      ),
    );
    yield* questions.put();
    return {
      accounts: new Map(accounts().map((row) => [row.id, row.server_id])),
      open: new Map(counts().map((row) => [row.device_id, Number(row.count)])),
      keys: new Map(keys().map((row) => [keyName(row.server_id, row.idempotency_key ?? ''), row])),
      wakeKeys: new Map(
        wakeKeys().map(({ server_id, key, fingerprint, job_id }) => [
          keyName(server_id, key),
          { fingerprint, hasJob: job_id !== null },
        ]),
      ),
    };
  }

  /** Takes in the notifications that wake for new jobs. */
  function* wake(
    transaction: Transaction,
    plans: readonly NewJobPlan[],
  ): Program<ReadonlyMap<JobPlan, Woken>> {
    const waking = plans.flatMap((plan) => {
      const { wake: request } = plan.request;
      return request === undefined ? [] : [{ plan, request }];
    });
    const woken = new Map<JobPlan, Woken>();
    if (waking.length === 0) return woken;
    const outcomes = yield* notLast(
      enqueue(
        transaction,
        waking.map(({ request }) => [request]),
      ),
    );
    for (const [index, { plan }] of waking.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new TypeError('each unit has an outcome');
      // A notification replaces nothing, so that it is queued or was before.
      woken.set(plan, outcome instanceof RefusedUnit ? outcome.refusal : (outcome[0] as Woken));
    }
    return woken;
  }

  /** Makes jobs, with what wakes for them; one whose notification had a job before is that job. */
  function* make(
    transaction: Transaction,
    plans: readonly NewJobPlan[],
    woken: ReadonlyMap<JobPlan, Woken>,
  ): Program<ReadonlyMap<JobPlan, JobOutcome>> {
    const { now } = transaction;
    const repeated = [...woken.values()].flatMap((one) =>
      !(one instanceof StoreError) && one.outcome === 'repeated' ? [one.push.id] : [],
    );
    const before = repeated.length === 0 ? [] : yield* all(statements.byPushes, listOf(repeated));
    const ofPushes = new Map(before.map((row) => [row.push_id, row]));
    const outcomes = new Map<JobPlan, JobOutcome>();
    const made: { readonly row: JobTable; readonly request: JobRequest }[] = [];
    for (const plan of plans) {
      const one = woken.get(plan);
      if (one instanceof StoreError) {
        outcomes.set(plan, { outcome: 'refused', error: one });
        continue;
      }
      const pushId = one?.push.id;
      const known = pushId === undefined ? undefined : ofPushes.get(pushId);
      const { request, serverId } = plan;
      const row = known ?? newJobRow(request, { id: newIdentifier(now), serverId, pushId, now });
      if (known === undefined) made.push({ row, request });
      if (pushId !== undefined) ofPushes.set(pushId, row);
      outcomes.set(plan, {
        job: jobSummary(row),
        ...(one !== undefined && { notification: one.push }),
        created: known === undefined,
      });
    }
    if (made.length > 0) {
      yield [
        sets.insert('jobs', jobColumns(made.map(({ row }) => row))),
        sets.insert('job_commands', commandColumns(made, seals)),
      ];
      const jobs = made.map(({ row }) => jobSummary(row));
      yield* noteJobs(transaction, jobs, 'created');
    }
    return outcomes;
  }

  /** The notifications of jobs that were there before. */
  function* notificationsOf(rows: readonly JobTable[]): Program<ReadonlyMap<string, NotificationPush>> {
    const pushIds = rows.flatMap(({ push_id: id }) => (id === null ? [] : [id]));
    const pushes = pushIds.length === 0 ? [] : yield* all(pushesByIds, listOf(pushIds));
    return new Map(
      pushes
        .map((row) => foldedPush(row, seals))
        .flatMap((push) => (push.purpose === 'notification' ? [[push.id, push]] : [])),
    );
  }

  /** Takes requests in, each for itself, as if they came one after the other. */
  return function* take(
    transaction: Transaction,
    requests: readonly JobRequest[],
  ): Program<readonly JobOutcome[]> {
    const plans = planJobs(requests, yield* factsOf(requests));
    const fresh = plans.filter((plan) => plan.plan === 'new');
    const made = yield* make(transaction, fresh, yield* wake(transaction, fresh));
    const before = plans.flatMap((plan) => (plan.plan === 'before' ? [plan.row] : []));
    const pushes = yield* notificationsOf(before);
    const outcomes: JobOutcome[] = [];
    for (const plan of plans) outcomes.push(outcomeOf(plan, { made, pushes, outcomes }));
    return outcomes;
  };
}

function outcomeOf(
  plan: JobPlan,
  known: {
    readonly made: ReadonlyMap<JobPlan, JobOutcome>;
    readonly pushes: ReadonlyMap<string, NotificationPush>;
    readonly outcomes: readonly JobOutcome[];
  },
): JobOutcome {
  switch (plan.plan) {
    case 'refused':
      return { outcome: 'refused', error: plan.error };
    case 'before': {
      const notification = known.pushes.get(plan.row.push_id ?? '');
      return {
        job: jobSummary(plan.row),
        ...(notification !== undefined && { notification }),
        created: false,
      };
    }
    case 'same': {
      const first = known.outcomes[plan.as];
      if (first === undefined) throw new TypeError('what came before has an outcome');
      return 'outcome' in first ? first : { ...first, created: false };
    }
    case 'new': {
      const outcome = known.made.get(plan);
      if (outcome === undefined) throw new TypeError('what is new has an outcome');
      return outcome;
    }
  }
}

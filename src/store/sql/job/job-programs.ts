// Jobs in SQL: taken in, read, cancelled, ended by time.
import { StoreError } from '../../../core/index.ts';
import {
  type CreatedJob,
  isOpen,
  type JobCancellation,
  type JobRecord,
  type JobRequest,
  type JobState,
  type JobSummary,
  jobLimits,
  type Page,
  type PageRequest,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { identifierMaker } from '../engine/identifier.ts';
import { pageOf } from '../engine/page.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import type { JobTable } from '../engine/schema.ts';
import { once } from '../engine/statement.ts';
import type { enqueuePrograms } from '../push/enqueue.ts';
import type { pushPrograms } from '../push/push-programs.ts';
import { endedRow, jobCommandRecord, jobSummary } from './job-rows.ts';
import { jobStatements } from './job-statements.ts';

export function jobPrograms(
  engine: SqlEngine,
  pushes: ReturnType<typeof pushPrograms>,
  { notification: enqueue }: Pick<ReturnType<typeof enqueuePrograms>, 'notification'>,
) {
  const statements = jobStatements(engine);
  const newIdentifier = identifierMaker();

  /** The job that a request made before, by its key or by that of its notification. */
  function* repeated(serverId: string, { idempotency }: JobRequest): Program<CreatedJob | undefined> {
    if (idempotency === undefined) return undefined;
    const { key, fingerprint } = idempotency;
    const before = yield* first(statements.byIdempotencyKey, { server_id: serverId, key });
    if (before === undefined) return undefined;
    if (before.idempotency_fingerprint !== fingerprint) {
      throw new StoreError('IDEMPOTENCY_CONFLICT', `the idempotency key ${key} was used for another request`);
    }
    const push = before.push_id === null ? undefined : yield* pushes.byId(before.push_id);
    const notification = push?.purpose === 'notification' ? push : undefined;
    return { job: jobSummary(before), ...(notification !== undefined && { notification }), created: false };
  }

  return {
    *create(transaction: Transaction, request: JobRequest): Program<CreatedJob> {
      const { deviceId, wake, idempotency } = request;
      const device = yield* first(statements.deviceForJob, { id: deviceId });
      if (device === undefined) throw new StoreError('UNKNOWN_DEVICE', `there is no device ${deviceId}`);
      const before = yield* repeated(device.server_id, request);
      if (before !== undefined) return before;
      const woken = wake === undefined ? undefined : yield* enqueue(transaction, wake);
      if (woken?.outcome === 'repeated') {
        const made = yield* first(statements.byPush, { push_id: woken.push.id });
        if (made !== undefined) return { job: jobSummary(made), notification: woken.push, created: false };
      }
      const open = yield* first(statements.openCount, { device_id: deviceId });
      if (Number(open?.count) >= jobLimits.openJobs) {
        throw new StoreError(
          'TOO_MANY_JOBS',
          `device ${deviceId} has ${jobLimits.openJobs} jobs that are not over: cancel some first`,
        );
      }
      const { now } = transaction;
      const row: JobTable = {
        id: newIdentifier(now),
        device_id: deviceId,
        server_id: device.server_id,
        push_id: woken?.push.id ?? null,
        state: 'pending',
        open: 1,
        on_failure: request.onFailure,
        holder: null,
        session_id: null,
        command_count: request.commands.length,
        answered_count: 0,
        waiting_count: 0,
        failed_count: 0,
        answer_octets: 0,
        reason: null,
        idempotency_key: idempotency?.key ?? null,
        idempotency_fingerprint: idempotency?.fingerprint ?? null,
        expires_at: request.expiresAt,
        end_counted: request.endCounted === true ? 1 : 0,
        created_at: now,
        updated_at: now,
        started_at: null,
        ended_at: null,
      };
      yield* all(statements.insert, row);
      for (const [position, command] of request.commands.entries()) {
        yield* all(statements.insertCommand, {
          job_id: row.id,
          position,
          kind: command.command,
          command: JSON.stringify(command),
          sends: 0,
          answered: 0,
          waiting: 0,
          answer: null,
          answered_at: null,
        });
      }
      return {
        job: jobSummary(row),
        ...(woken !== undefined && { notification: woken.push }),
        created: true,
      };
    },

    *get(id: string): Program<JobRecord | undefined> {
      const row = yield* first(statements.read, { id });
      if (row === undefined) return undefined;
      const commands = yield* all(statements.commandsOf, { job_id: id });
      return { ...jobSummary(row), commands: commands.map(jobCommandRecord) };
    },

    *ofPushes(pushIds: readonly string[]): Program<ReadonlyMap<string, JobSummary>> {
      const rows = yield* all(statements.byPushes, { list: JSON.stringify(pushIds) });
      return new Map(rows.flatMap((row) => (row.push_id === null ? [] : [[row.push_id, jobSummary(row)]])));
    },

    *ofPush(pushId: string): Program<JobSummary | undefined> {
      const row = yield* first(statements.byPush, { push_id: pushId });
      return row === undefined ? undefined : jobSummary(row);
    },

    *list(
      page: PageRequest & { readonly deviceId?: string; readonly state?: JobState },
    ): Program<Page<JobSummary>> {
      let query = engine.builder
        .selectFrom('jobs')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(page.limit + 1);
      if (page.after !== undefined) query = query.where('id', '<', page.after);
      if (page.deviceId !== undefined) query = query.where('device_id', '=', page.deviceId);
      if (page.state !== undefined) query = query.where('state', '=', page.state);
      const rows = yield* all(once(query), undefined);
      return pageOf(rows.map(jobSummary), page.limit, (job) => job.id);
    },

    *cancel(transaction: Transaction, id: string, reason: string): Program<JobCancellation> {
      const row = yield* first(statements.byId, { id });
      if (row === undefined) return undefined;
      if (!isOpen(row.state)) return { verdict: 'refused', job: jobSummary(row) };
      const ended = endedRow(row, 'cancelled', transaction.now, reason);
      yield* all(statements.update, ended);
      if (row.push_id !== null) {
        const change = { event: 'cancelled', detail: 'its job was cancelled' } as const;
        yield* pushes.change(transaction, [{ id: row.push_id, change }]);
      }
      return { verdict: 'cancelled', job: jobSummary(ended) };
    },

    *expire({ now }: Transaction, limit: number): Program<number> {
      const rows = yield* all(statements.due, { now, limit });
      for (const row of rows) {
        const reason = row.waiting_count > 0 ? 'its time ended before a report came' : whyLate(row);
        yield* all(statements.update, endedRow(row, 'failed', now, reason));
      }
      return rows.length;
    },

    *nextExpiry(): Program<number | undefined> {
      return (yield* first(statements.nextExpiry, {}))?.expires_at;
    },
  };
}

function whyLate({ state, answered_count, command_count }: JobTable): string {
  return state === 'pending'
    ? 'its time ended before a session of the device'
    : `its time ended with ${answered_count} of ${command_count} commands answered`;
}

// Jobs in SQL: taken in, read, cancelled, ended by time.
import {
  type CreatedJob,
  isOpen,
  type JobCancellation,
  type JobFilter,
  type JobRecord,
  type JobRequest,
  type JobSummary,
  type Page,
  type PageRequest,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { pageOf } from '../engine/page.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import type { JobTable } from '../engine/schema.ts';
import { once } from '../engine/statement.ts';
import type { noticePrograms } from '../notice/notice-programs.ts';
import type { enqueuePrograms } from '../push/enqueue.ts';
import type { pushPrograms } from '../push/push-programs.ts';
import { Seals } from '../seal/seals.ts';
import { jobList } from './job-list.ts';
import { endedRow, jobCommandRecord, jobSummary } from './job-rows.ts';
import { jobStatements } from './job-statements.ts';
import { takeJobPrograms } from './take-jobs.ts';

export function jobPrograms(
  engine: SqlEngine,
  pushes: ReturnType<typeof pushPrograms>,
  queue: Pick<ReturnType<typeof enqueuePrograms>, 'take'>,
  notices: Pick<ReturnType<typeof noticePrograms>, 'noteJobs'>,
) {
  const statements = jobStatements(engine);
  const take = takeJobPrograms(engine, queue, notices);
  const seals = new Seals(engine.sealer);

  return {
    /** Takes one job in. */
    *create(transaction: Transaction, request: JobRequest): Program<CreatedJob> {
      const [outcome] = yield* take(transaction, [request]);
      if (outcome === undefined) throw new TypeError('a request has an outcome');
      if ('outcome' in outcome) throw outcome.error;
      return outcome;
    },

    /** Takes jobs in, each for itself. */
    take,

    *get(id: string): Program<JobRecord | undefined> {
      const row = yield* first(statements.read, { id });
      if (row === undefined) return undefined;
      const commands = yield* all(statements.commandsOf, { job_id: id });
      return { ...jobSummary(row), commands: commands.map((command) => jobCommandRecord(command, seals)) };
    },

    *ofPushes(pushIds: readonly string[]): Program<ReadonlyMap<string, JobSummary>> {
      const rows = yield* all(statements.byPushes, { list: JSON.stringify(pushIds) });
      return new Map(rows.flatMap((row) => (row.push_id === null ? [] : [[row.push_id, jobSummary(row)]])));
    },

    *ofPush(pushId: string): Program<JobSummary | undefined> {
      const row = yield* first(statements.byPush, { push_id: pushId });
      return row === undefined ? undefined : jobSummary(row);
    },

    *list(page: PageRequest & JobFilter, now: number): Program<Page<JobSummary>> {
      const states = page.states === undefined ? page.state && [page.state] : [...new Set(page.states)];
      if (states?.length === 0) return { items: [] };
      const rows = yield* all(once(jobList(engine, page, states, now)), undefined);
      return pageOf(rows.map(jobSummary), page.limit, (job) => job.id);
    },

    *cancel(transaction: Transaction, id: string, reason: string, actor?: string): Program<JobCancellation> {
      const row = yield* first(statements.byId, { id });
      if (row === undefined) return undefined;
      if (!isOpen(row.state)) return { verdict: 'refused', job: jobSummary(row) };
      const ended = endedRow(row, 'cancelled', transaction.now, reason);
      yield* all(statements.update, ended);
      const job = jobSummary(ended);
      transaction.endedJobs.push(job);
      yield* notices.noteJobs(transaction, [job], undefined, actor);
      if (row.push_id !== null) {
        const change = {
          event: 'cancelled',
          detail: 'its job was cancelled',
          ...(actor !== undefined && { actor }),
        } as const;
        const push = (yield* pushes.locked([row.push_id])).get(row.push_id);
        // Another campaign has the same device woken with it.
        if ((push?.campaigns?.length ?? 0) < 2)
          yield* pushes.change(transaction, [{ id: row.push_id, change }]);
      }
      return { verdict: 'cancelled', job };
    },

    *expire(transaction: Transaction, limit: number): Program<number> {
      const { now, endedJobs } = transaction;
      const before = endedJobs.length;
      const rows = yield* all(statements.due, { now, limit });
      for (const row of rows) {
        const reason = row.waiting_count > 0 ? 'its time ended before a report came' : whyLate(row);
        const ended = endedRow(row, 'failed', now, reason);
        yield* all(statements.update, ended);
        endedJobs.push(jobSummary(ended));
      }
      yield* notices.noteJobs(transaction, endedJobs.slice(before));
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

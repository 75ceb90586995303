// The compiled queries on jobs.
import { sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';
import type { JobTable, Kept } from '../engine/schema.ts';
import { inWords, statement } from '../engine/statement.ts';

// Written into the text, not bound: only so does SQLite see that the partial index applies.
const isOpenRow = sql.lit(1);

/** Columns of a job that change. */
export type ChangingJob = Omit<
  JobTable,
  | 'device_id'
  | 'server_id'
  | 'push_id'
  | 'on_failure'
  | 'command_count'
  | 'idempotency_key'
  | 'idempotency_fingerprint'
  | 'expires_at'
  | 'created_at'
  | 'held_at'
>;

export function jobStatements({ builder, locksRows, unfolding }: SqlEngine) {
  return {
    openCount: statement<{ device_id: string }>()((slot) =>
      builder
        .selectFrom('jobs')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('device_id', '=', slot('device_id'))
        .where('open', '=', isOpenRow),
    ),
    byId: statement<{ id: string }>()((slot) => {
      const query = builder.selectFrom('jobs').selectAll().where('id', '=', slot('id'));
      return locksRows ? query.forUpdate() : query;
    }),
    read: statement<{ id: string }>()((slot) =>
      builder.selectFrom('jobs').selectAll().where('id', '=', slot('id')),
    ),
    byPush: statement<{ push_id: string }>()((slot) =>
      builder.selectFrom('jobs').selectAll().where('push_id', '=', slot('push_id')),
    ),
    /** Those of a list of pushes. */
    byPushes: statement<{ list: string }>()((slot) =>
      inWords(
        builder,
        sql<JobTable>`select * from jobs
          where push_id in (select ${unfolding.element('text')} from ${unfolding.rows(slot('list'))})`,
      ),
    ),
    /** Those that are not over, oldest first; with several nodes, locked. */
    openOf: statement<{ device_id: string }>()((slot) => {
      const query = builder
        .selectFrom('jobs')
        .selectAll()
        .where('device_id', '=', slot('device_id'))
        .where('open', '=', isOpenRow)
        .orderBy('id');
      return locksRows ? query.forUpdate() : query;
    }),
    due: statement<{ now: number; limit: number }>()((slot) => {
      const query = builder
        .selectFrom('jobs')
        .selectAll()
        .where('open', '=', isOpenRow)
        .where('expires_at', '<=', slot('now'))
        .orderBy('expires_at')
        .limit(slot('limit'));
      return locksRows ? query.forUpdate().skipLocked() : query;
    }),
    nextExpiry: statement<Record<never, never>>()(() =>
      builder
        .selectFrom('jobs')
        .select('expires_at')
        .where('open', '=', isOpenRow)
        .orderBy('expires_at')
        .limit(1),
    ),
    commandsOf: statement<{ job_id: string }>()((slot) =>
      builder.selectFrom('job_commands').selectAll().where('job_id', '=', slot('job_id')).orderBy('position'),
    ),
    /** Without their data, which may be large. */
    nextKinds: statement<{ job_id: string; limit: number }>()((slot) =>
      builder
        .selectFrom('job_commands')
        .select(['position', 'kind', 'sends'])
        .where('job_id', '=', slot('job_id'))
        .where('answered', '=', 0)
        .orderBy('position')
        .limit(slot('limit')),
    ),
    command: statement<{ job_id: string; position: number }>()((slot) =>
      builder
        .selectFrom('job_commands')
        .selectAll()
        .where('job_id', '=', slot('job_id'))
        .where('position', '=', slot('position')),
    ),
    /** Commands that a report may be about. */
    awaiting: statement<{ job_id: string }>()((slot) =>
      builder
        .selectFrom('job_commands')
        .selectAll()
        .where('job_id', '=', slot('job_id'))
        .where((where) =>
          where.or([
            where('waiting', '=', 1),
            where.and([where('kind', '=', 'exec'), where('answered', '=', 0), where('sends', '>', 0)]),
          ]),
        )
        .orderBy('position'),
    ),
    update: statement<ChangingJob>()((slot) =>
      builder
        .updateTable('jobs')
        .set({
          state: slot('state'),
          open: slot('open'),
          holder: slot('holder'),
          session_id: slot('session_id'),
          answered_count: slot('answered_count'),
          waiting_count: slot('waiting_count'),
          failed_count: slot('failed_count'),
          answer_octets: slot('answer_octets'),
          reason: slot('reason'),
          updated_at: slot('updated_at'),
          started_at: slot('started_at'),
          ended_at: slot('ended_at'),
        })
        .where('id', '=', slot('id')),
    ),
    setSends: statement<{ job_id: string; position: number; sends: number }>()((slot) =>
      builder
        .updateTable('job_commands')
        .set({ sends: slot('sends') })
        .where('job_id', '=', slot('job_id'))
        .where('position', '=', slot('position')),
    ),
    setAnswer: statement<{
      job_id: string;
      position: number;
      waiting: number;
      answer: Kept;
      answered_at: number;
    }>()((slot) =>
      builder
        .updateTable('job_commands')
        .set({
          answered: 1,
          waiting: slot('waiting'),
          answer: slot('answer'),
          answered_at: slot('answered_at'),
        })
        .where('job_id', '=', slot('job_id'))
        .where('position', '=', slot('position')),
    ),
  };
}

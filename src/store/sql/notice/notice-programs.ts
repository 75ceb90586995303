// Notices in SQL: written with what they tell of, read as a feed, removed when they are old.
import { utf8ToBytes } from '../../../core/index.ts';
import {
  type FeedPosition,
  type JobSummary,
  type NewNotice,
  type Notice,
  type NoticeDetails,
  type NoticeKind,
  noticeLimits,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, first, type Program, query, type Transaction } from '../engine/program.ts';
import type { NoticeTable } from '../engine/schema.ts';
import { numbers, setStatements, texts } from '../engine/set-statement.ts';
import { once, statement } from '../engine/statement.ts';

type NoticeRow = Omit<NoticeTable, 'sequence'> & { readonly sequence: number };

export function noticePrograms(engine: SqlEngine) {
  const { builder } = engine;
  const sets = setStatements(engine);
  const newest = statement<Record<never, never>>()(() =>
    builder.selectFrom('notices').select(({ fn }) => fn.max('sequence').as('last')),
  );
  const newestUntil = statement<{ bound: number }>()((slot) =>
    builder
      .selectFrom('notices')
      .select(({ fn }) => fn.max('sequence').as('found'))
      .where('sequence', '<=', slot('bound')),
  );
  const oldestAfter = statement<{ bound: number }>()((slot) =>
    builder
      .selectFrom('notices')
      .select(({ fn }) => fn.min('sequence').as('found'))
      .where('sequence', '>', slot('bound')),
  );
  const newestEvent = statement<Record<never, never>>()(() =>
    builder.selectFrom('events').select(({ fn }) => fn.max('sequence').as('last')),
  );
  const after = statement<{ sequence: number; limit: number }>()((slot) =>
    builder
      .selectFrom('notices')
      .selectAll()
      .where('sequence', '>', slot('sequence'))
      .orderBy('sequence')
      .limit(slot('limit')),
  );
  const firstFrom = statement<{ at: number }>()((slot) =>
    builder
      .selectFrom('notices')
      .select('sequence')
      .where('at', '>=', slot('at'))
      .orderBy('sequence')
      .limit(1),
  );
  const remove = statement<{ before: number; until: number; limit: number }>()((slot) =>
    builder.deleteFrom('notices').where('sequence', 'in', (from) =>
      from
        .selectFrom('notices as old')
        .select('old.sequence')
        .where((of) => of.or([of('old.at', '<', slot('before')), of('old.sequence', '<=', slot('until'))]))
        .orderBy('old.sequence')
        .limit(slot('limit')),
    ),
  );

  /** Writes notices, and has them told once they are on disk. */
  function* note({ now, notices: told }: Transaction, notices: readonly NewNotice[]): Program<void> {
    if (notices.length === 0) return;
    const insert = sets.insert(
      'notices',
      [
        texts('kind', notices, ({ kind }) => kind),
        texts('subject', notices, ({ subject }) => subject),
        texts('event', notices, ({ event }) => event),
        numbers('at', notices, () => now),
        texts('accounts', notices, ({ accounts }) =>
          accounts === undefined ? null : JSON.stringify(accounts),
        ),
        texts('device_id', notices, ({ deviceId }) => deviceId ?? null),
        texts('actor', notices, ({ actor }) => actor ?? null),
        texts('details', notices, (notice) => JSON.stringify(boundedDetails(notice))),
      ],
      'sequence',
    );
    const [answer] = yield [insert];
    const sequences = ((answer?.rows ?? []) as unknown as readonly { sequence: number }[])
      .map(({ sequence }) => Number(sequence))
      .sort((one, other) => one - other);
    for (const [index, notice] of notices.entries()) {
      told.push({ ...notice, details: boundedDetails(notice), sequence: sequences[index] ?? 0, at: now });
    }
  }

  /** The newest notice that is not among the last `keep`. Numbers have one gap where the store was put back from a copy. */
  function* lastBeyond(keep: number): Program<number> {
    const last = Number((yield* first(newest, {}))?.last ?? 0);
    const bound = last - keep;
    if (bound <= 0) return 0;
    const [below, above] = yield [query(newestUntil, { bound }), query(oldestAfter, { bound })];
    const before = Number(below?.rows[0]?.found ?? 0);
    const kept = last - Number(above?.rows[0]?.found ?? last + 1) + 1;
    return Math.max(0, before - (keep - kept));
  }

  return {
    note,

    /** The same of jobs, all of which have come to `event`. */
    noteJobs: (
      transaction: Transaction,
      jobs: readonly JobSummary[],
      event?: 'created' | 'started',
      actor?: string,
    ): Program<void> =>
      note(
        transaction,
        jobs.map((job) => jobNotice(job, event, actor)),
      ),

    *after(sequence: number, limit: number, kinds?: readonly NoticeKind[]): Program<readonly Notice[]> {
      if (kinds?.length === 0) return [];
      const rows =
        kinds === undefined
          ? yield* all(after, { sequence, limit })
          : yield* all(
              once(
                builder
                  .selectFrom('notices')
                  .selectAll()
                  .where('sequence', '>', sequence)
                  .where('kind', 'in', kinds)
                  .orderBy('sequence')
                  .limit(limit),
              ),
              undefined,
            );
      return (rows as readonly NoticeRow[]).map(noticeRecord);
    },

    *end(): Program<FeedPosition> {
      const [events, notices] = yield [query(newestEvent, {}), query(newest, {})];
      return { event: Number(events?.rows[0]?.last ?? 0), notice: Number(notices?.rows[0]?.last ?? 0) };
    },

    /** The last notice from before a moment. */
    *lastBefore(at: number): Program<number> {
      const found = yield* first(firstFrom, { at });
      if (found !== undefined) return Number(found.sequence) - 1;
      return Number((yield* first(newest, {}))?.last ?? 0);
    },

    *remove(
      { before, keep }: { readonly before?: number; readonly keep?: number },
      limit: number,
    ): Program<number> {
      const until = keep === undefined ? 0 : yield* lastBeyond(keep);
      const [answer] = yield [query(remove, { before: before ?? 0, until, limit })];
      return answer?.changed ?? 0;
    },
  };
}

/** What a notice of a job says of it. */
function jobNotice(job: JobSummary, event?: 'created' | 'started', actor?: string): NewNotice {
  return {
    kind: 'job',
    subject: job.id,
    event: event ?? job.state,
    accounts: [job.serverId],
    deviceId: job.deviceId,
    ...(actor !== undefined && { actor }),
    details: {
      state: job.state,
      ...(job.pushId !== undefined && { notification: job.pushId }),
      commandCount: job.commandCount,
      answeredCount: job.answeredCount,
      ...(job.reason !== undefined && { reason: job.reason }),
    },
  };
}

/** Details as they are kept: none of them where they are too many. */
function boundedDetails({ details = {} }: NewNotice): NoticeDetails {
  return utf8ToBytes(JSON.stringify(details)).length > noticeLimits.detailsOctets ? {} : details;
}

function noticeRecord(row: NoticeRow): Notice {
  return {
    sequence: Number(row.sequence),
    kind: row.kind,
    subject: row.subject,
    event: row.event,
    at: Number(row.at),
    ...(row.accounts !== null && { accounts: JSON.parse(row.accounts) as readonly string[] }),
    ...(row.device_id !== null && { deviceId: row.device_id }),
    ...(row.actor !== null && { actor: row.actor }),
    details: JSON.parse(row.details) as NoticeDetails,
  };
}

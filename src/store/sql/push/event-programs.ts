// Events in SQL, as they are read: as timelines, as a feed, and for what carriers still have to tell.
import { sql } from 'kysely';
import {
  type AwaitedReport,
  type EventKind,
  type PushEvent,
  type PushPurpose,
  pushPurposes,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, type Program, query } from '../engine/program.ts';
import type { EventTable } from '../engine/schema.ts';
import { inWords, once, type SlotMaker, statement } from '../engine/statement.ts';
import { type EventRow, type EventSubject, eventRecord } from '../set/event-rows.ts';

interface Awaited {
  readonly after: string;
  readonly limit: number;
}

export function eventPrograms({ builder, keys }: SqlEngine) {
  const subject = statement<{ id: string }>()((slot) =>
    builder
      .selectFrom('pushes')
      .select(['device_id', 'session_id', 'server_id'])
      .where('id', '=', slot('id')),
  );
  const subjectKey = keys.found(sql.ref('subject_id'));
  const ofSubject = statement<{ id: string }>()((slot) =>
    builder
      .selectFrom('events')
      .selectAll()
      .where(subjectKey, '=', keys.found(sql`${slot('id')}`))
      .where('subject_id', '=', slot('id'))
      .orderBy('sequence'),
  );
  const feed = builder
    .selectFrom('events')
    // What a push that is gone has left behind is nobody's to read.
    .innerJoin('pushes', 'pushes.id', 'events.subject_id')
    .selectAll('events')
    .select(['pushes.device_id', 'pushes.session_id', 'pushes.server_id'])
    .orderBy('events.sequence');
  const after = statement<{ sequence: number; limit: number }>()((slot) =>
    feed.where('events.sequence', '>', slot('sequence')).limit(slot('limit')),
  );

  const pushKey = keys.ordered(sql.ref('push.id'));
  const isOf = (events: string) =>
    sql`${keys.found(sql.ref(`${events}.subject_id`))} = ${keys.found(sql.ref('push.id'))}
      and ${sql.ref(`${events}.subject_id`)} = push.id`;
  // Those of which nothing can be reported take no place of the page: an empty page is the last one.
  const acceptedOf = (purpose: PushPurpose, slot: SlotMaker<Awaited>, begins: boolean) => sql`
    select id from (
      select push.id from pushes as push
      where ${keys.purpose(sql.ref('push.purpose'))} = ${keys.purpose(sql.lit(purpose))}
        and ${keys.state(sql.ref('push.state'))} = ${keys.state(sql.lit('accepted'))}
        ${begins ? sql`` : sql`and ${pushKey} > ${keys.ordered(sql`${slot('after')}`)}`}
        and exists (select 1 from events as told where ${isOf('told')}
          and told.event = 'accepted' and told.binding is not null and told.reference is not null)
      order by ${pushKey} limit ${slot('limit')}
    ) as waiting`;
  const accepted = (begins: boolean) =>
    statement<Awaited>()((slot) => {
      // For one purpose, an index has the ids in their order: the first of each, then the first of those.
      const ids = sql.join(
        pushPurposes.map((purpose) => acceptedOf(purpose, slot, begins)),
        sql` union all `,
      );
      return inWords(
        builder,
        sql<EventTable>`select events.* from (${ids} order by id limit ${slot('limit')}) as push
          cross join events where ${isOf('events')} and event = 'accepted' order by subject_id, sequence`,
      );
    });
  const [acceptedFirst, acceptedNext] = [accepted(true), accepted(false)];

  return {
    *timeline(id: string): Program<readonly PushEvent[] | undefined> {
      const [found, events] = yield [query(subject, { id }), query(ofSubject, { id })];
      const push = found?.rows[0] as EventSubject | undefined;
      if (push === undefined) return undefined;
      return ((events?.rows ?? []) as unknown as EventRow[]).map((row) => eventRecord(row, push));
    },

    *awaited(limit: number, from?: string): Program<readonly AwaitedReport[]> {
      const rows = yield* all(from === undefined ? acceptedFirst : acceptedNext, {
        after: from ?? '',
        limit,
      });
      return rows.flatMap(({ subject_id: pushId, binding, reference, address }) =>
        binding === null || reference === null
          ? []
          : [{ pushId, binding, reference, ...(address !== null && { address }) }],
      );
    },

    *after(sequence: number, limit: number, kinds?: readonly EventKind[]): Program<readonly PushEvent[]> {
      if (kinds?.length === 0) return [];
      const rows =
        kinds === undefined
          ? yield* all(after, { sequence, limit })
          : yield* all(
              once(
                feed.where('events.sequence', '>', sequence).where('events.kind', 'in', kinds).limit(limit),
              ),
              undefined,
            );
      return rows.map((row) => eventRecord(row, row));
    },
  };
}

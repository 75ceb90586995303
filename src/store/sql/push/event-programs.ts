// Events in SQL: written with each change, read as timelines and as a feed.
import { sql } from 'kysely';
import {
  type AwaitedReport,
  type EventKind,
  type PushChange,
  type PushEvent,
  type PushPurpose,
  type PushRecord,
  pushPurposes,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import { once, type SlotMaker, statement } from '../engine/statement.ts';
import { eventRecord, eventRow, type NewEvent, subjectOf } from './event-rows.ts';

export function eventPrograms({ builder }: SqlEngine) {
  const subject = statement<{ id: string }>()((slot) =>
    builder.selectFrom('pushes').select(['device_id', 'session_id']).where('id', '=', slot('id')),
  );
  const ofSubject = statement<{ id: string }>()((slot) =>
    builder.selectFrom('events').selectAll().where('subject_id', '=', slot('id')).orderBy('sequence'),
  );
  const feed = builder
    .selectFrom('events')
    // What a push that is gone has left behind is nobody's to read.
    .innerJoin('pushes', 'pushes.id', 'events.subject_id')
    .selectAll('events')
    .select(['pushes.device_id', 'pushes.session_id'])
    .orderBy('events.sequence');
  const after = statement<{ sequence: number; limit: number }>()((slot) =>
    feed.where('events.sequence', '>', slot('sequence')).limit(slot('limit')),
  );
  const acceptedOf = (purpose: PushPurpose, slot: SlotMaker<{ after: string; limit: number }>) =>
    builder
      .selectFrom('pushes as push')
      .select('push.id')
      .where('push.purpose', '=', sql.lit(purpose))
      .where('push.state', '=', sql.lit('accepted'))
      .where('push.id', '>', slot('after'))
      // Those of which nothing can be reported take no place of the page: an empty page is the last one.
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('events as told')
            .select('told.sequence')
            .whereRef('told.subject_id', '=', 'push.id')
            .where('told.event', '=', 'accepted')
            .where('told.binding', 'is not', null)
            .where('told.reference', 'is not', null),
        ),
      )
      .orderBy('push.id')
      .limit(slot('limit'))
      .as('waiting');
  const accepted = statement<{ after: string; limit: number }>()((slot) => {
    // For one purpose, an index has the ids in their order: the first of each, then the first of those.
    const [one, ...others] = pushPurposes;
    const of = (purpose: PushPurpose) => builder.selectFrom(acceptedOf(purpose, slot)).select('waiting.id');
    const ids = others.reduce((query, purpose) => query.unionAll(of(purpose)), of(one));
    return builder
      .selectFrom('events')
      .selectAll()
      .where('event', '=', 'accepted')
      .where('subject_id', 'in', ids.orderBy('id').limit(slot('limit')))
      .orderBy('subject_id')
      .orderBy('sequence');
  });
  const insert = statement<NewEvent>()((slot) =>
    builder
      .insertInto('events')
      .values({
        kind: slot('kind'),
        subject_id: slot('subject_id'),
        at: slot('at'),
        event: slot('event'),
        state: slot('state'),
        node: slot('node'),
        attempt: slot('attempt'),
        binding: slot('binding'),
        address: slot('address'),
        detail: slot('detail'),
        reference: slot('reference'),
      })
      .returning('sequence'),
  );

  return {
    /** Writes the event of a change; `push` is the record after it. */
    *write(transaction: Transaction, push: PushRecord, change: PushChange): Program<void> {
      const row = eventRow(push, change, transaction.now);
      const written = yield* first(insert, row);
      const sequence = Number(written?.sequence);
      transaction.events.push(eventRecord({ ...row, sequence }, subjectOf(push)));
    },

    *timeline(id: string): Program<readonly PushEvent[] | undefined> {
      const push = yield* first(subject, { id });
      if (push === undefined) return undefined;
      return (yield* all(ofSubject, { id })).map((row) => eventRecord(row, push));
    },

    *awaited(limit: number, from: string): Program<readonly AwaitedReport[]> {
      const rows = yield* all(accepted, { after: from, limit });
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

// What is held after a restore, in SQL: everything at once when it is put back, and by steps when it is let go.
import { type RawBuilder, sql } from 'kysely';
import type { HeldByRestore, HeldCounts, HeldRelease, HeldSelection } from '../index.ts';
import type { campaignPrograms } from './campaign/campaign-programs.ts';
import type { SqlEngine } from './engine/engine.ts';
import { listOf } from './engine/lists.ts';
import { all, first, type Program, run, type Transaction } from './engine/program.ts';
import { inWords, once, statement } from './engine/statement.ts';
import type { webhookPrograms } from './notice/webhook-programs.ts';
import { type RenewedSession, sessionRenewal } from './renew-sessions.ts';
import { isHeld } from './set/held-rows.ts';

const written = sql`version = version + 1`;

/** Session-IDs and SessionIDs: the largest, and how far from the last one they go on. */
const largestSessionId = 65_535;
const sessionIdStep = 16_384;

const heldNote = 'held: the server was restored from a copy, and nobody knows what became of this since';
const releasedNote = 'released';
const restoredReason = 'the server was restored from a copy: see where it is to go on, then resume it';
/** Why a campaign is paused. */
const campaignReason =
  'the server was restored from a copy, and nobody knows which devices have begun since: see what its report says, then resume or cancel it';

/** What the timeline says of a notification that went on under another Session-ID. */
const renewedNote = ({ sessionId, before }: RenewedSession): string =>
  `${releasedNote}: under the Session-ID ${sessionId} in place of ${before}, which the device may have had since`;

export function heldPrograms(
  engine: SqlEngine,
  { suspendAll }: Pick<ReturnType<typeof webhookPrograms>, 'suspendAll'>,
  { pauseAll }: Pick<ReturnType<typeof campaignPrograms>, 'pauseAll'>,
) {
  const { builder, unfolding } = engine;
  const { rows, element, member } = unfolding;
  const renew = sessionRenewal(engine, heldNote);
  const words = (query: RawBuilder<unknown>) => once(inWords<never>(builder, query as RawBuilder<never>));

  /** What a selection asks of a table. */
  function conditions(
    { ids, deviceId, serverId, purpose }: HeldSelection,
    table: 'pushes' | 'jobs',
  ): RawBuilder<unknown> {
    const column = (name: string) => sql.ref(`${table}.${name}`);
    const among = sql`(select ${element('text')} from ${rows(listOf(ids ?? []).list)})`;
    const each = [
      table === 'pushes' ? isHeld : sql`${column('held_at')} is not null and ${column('open')} = 1`,
      ...(ids === undefined
        ? []
        : [
            table === 'pushes'
              ? sql`${column('id')} in ${among}`
              : sql`(${column('id')} in ${among} or ${column('push_id')} in ${among})`,
          ]),
      ...(deviceId === undefined ? [] : [sql`${column('device_id')} = ${deviceId}`]),
      ...(serverId === undefined ? [] : [sql`${column('server_id')} = ${serverId}`]),
      ...(purpose === undefined
        ? []
        : [
            table === 'pushes'
              ? sql`${column('purpose')} = ${purpose}`
              : sql`exists (select 1 from pushes where pushes.id = jobs.push_id and pushes.purpose = ${purpose})`,
          ]),
    ];
    return sql.join(each, sql` and `);
  }

  function* ids(
    table: 'pushes' | 'jobs',
    selection: HeldSelection,
    limit: number,
  ): Program<readonly string[]> {
    const found = yield* all(
      once(
        inWords(
          builder,
          sql<{ id: string }>`select id from ${sql.table(table)} where ${conditions(selection, table)}
            order by id limit ${limit}`,
        ),
      ),
      undefined,
    );
    return found.map(({ id }) => id);
  }

  const note = (detail: string, now: number, those: RawBuilder<unknown>, actor: string | null = null) =>
    words(sql`insert into events (kind, subject_id, at, event, state, detail, actor)
      select purpose, id, cast(${now} as bigint), 'note', state, cast(${detail} as text), cast(${actor} as text)
      from pushes where ${those} order by id`);

  /** A note of its own for each. */
  const notes = (renewed: readonly RenewedSession[], now: number, actor: string | null = null) => {
    const { list } = listOf(renewed.map((each) => [each.id, renewedNote(each)]));
    return words(sql`insert into events (kind, subject_id, at, event, state, detail, actor)
      select pushes.purpose, pushes.id, cast(${now} as bigint), 'note', pushes.state, ${member(1, 'text')},
        cast(${actor} as text)
      from ${rows(list)} join pushes on pushes.id = ${member(0, 'text')} order by pushes.id`);
  };

  const counted = (table: 'pushes' | 'jobs', of: RawBuilder<unknown>) =>
    statement<{ readonly limit: number }>()((slot) =>
      inWords(
        builder,
        sql<{ count: number }>`select count(*) as count from (
          select 1 as one from ${sql.table(table)} where ${of} limit ${slot('limit')}) as found`,
      ),
    );
  const counts = {
    pushes: counted('pushes', isHeld),
    jobs: counted('jobs', sql`held_at is not null and open = 1`),
  };

  return {
    *hold(transaction: Transaction): Program<HeldByRestore> {
      const { now } = transaction;
      const webhooks = yield* suspendAll(transaction, restoredReason);
      const waits = sql`due_at is not null or result_due_at is not null`;
      yield* run(note(heldNote, now, waits), undefined);
      const pushes = yield* run(
        words(sql`update pushes set held_due_at = coalesce(due_at, held_due_at), due_at = null, claimed_by = null,
          held_result_at = coalesce(result_due_at, held_result_at), result_due_at = null, result_claimed_by = null,
          ${written} where ${waits}`),
        undefined,
      );
      const jobs = yield* run(
        words(sql`update jobs set held_at = ${now} where open = 1 and held_at is null`),
        undefined,
      );
      const campaigns = yield* pauseAll(transaction, campaignReason);
      // The devices went on from the nonces and SessionIDs that the copy has.
      yield* run(
        words(sql`update devices set srv_nonce = null, cl_nonce = null, last_message_session_id = 0,
          last_session_id = (last_session_id + ${sql.lit(sessionIdStep)}) % ${sql.lit(largestSessionId)}`),
        undefined,
      );
      return { pushes, jobs, ...(campaigns > 0 && { campaigns }), ...(webhooks > 0 && { webhooks }) };
    },

    *release(
      { now }: Transaction,
      selection: HeldSelection,
      limit: number,
      { actor, attempts }: HeldRelease = {},
    ): Program<HeldCounts> {
      const pushes = yield* ids('pushes', selection, limit);
      const jobs = yield* ids('jobs', selection, limit);
      const those = (list: readonly string[]) =>
        sql`id in (select ${element('text')} from ${rows(listOf(list).list)})`;
      if (jobs.length > 0)
        yield* run(words(sql`update jobs set held_at = null where ${those(jobs)}`), undefined);
      if (pushes.length > 0) {
        const renewed = yield* renew(pushes, attempts);
        yield* run(
          words(sql`update pushes set due_at = coalesce(held_due_at, due_at), held_due_at = null,
            result_due_at = coalesce(held_result_at, result_due_at), held_result_at = null, ${written}
            where ${those(pushes)}`),
          undefined,
        );
        const names = new Set(renewed.map(({ id }) => id));
        const others = pushes.filter((id) => !names.has(id));
        if (others.length > 0) yield* run(note(releasedNote, now, those(others), actor), undefined);
        if (renewed.length > 0) yield* run(notes(renewed, now, actor), undefined);
      }
      return { pushes: pushes.length, jobs: jobs.length };
    },

    *count(most: number): Program<HeldCounts> {
      const pushes = yield* first(counts.pushes, { limit: most });
      const jobs = yield* first(counts.jobs, { limit: most });
      return { pushes: Number(pushes?.count ?? 0), jobs: Number(jobs?.count ?? 0) };
    },

    pushIds: (selection: HeldSelection, limit: number) => ids('pushes', selection, limit),
    jobIds: (selection: HeldSelection, limit: number) => ids('jobs', selection, limit),
  };
}

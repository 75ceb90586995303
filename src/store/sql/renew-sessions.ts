// Fresh Session-IDs for notifications that a restored copy held, when they are released: what left after the copy was made went out
// under the old one, and a device that has had that session takes it for a repetition.
import { sql } from 'kysely';
import { nextSessionId } from '../index.ts';
import type { SqlEngine } from './engine/engine.ts';
import { listOf } from './engine/lists.ts';
import { all, type Program, query } from './engine/program.ts';
import { numbers, setStatements, texts } from './engine/set-statement.ts';
import { inWords, once } from './engine/statement.ts';
import { setOfPushes } from './set/push-set-statements.ts';

/** A notification and its Session-IDs. */
export interface RenewedSession {
  readonly id: string;
  readonly deviceId: string;
  readonly before: number;
  readonly sessionId: number;
}

/** No bound: the largest that a column of the database has. */
const largestInteger = 2 ** 31 - 1;

interface HeldSession {
  readonly id: string;
  readonly device_id: string;
  readonly session_id: number;
}

/**
 * Gives a program that gives the notifications among held pushes fresh Session-IDs and says which those were; `heldNote` begins the
 * note of when they were held. Those keep theirs that have gone out as often as `attempts` says, and those whose device has called since.
 */
export function sessionRenewal(engine: SqlEngine, heldNote: string) {
  const { builder, unfolding, locksRows } = engine;
  const { rows, element } = unfolding;
  const sets = setStatements(engine);
  const statements = setOfPushes(engine);
  const among = (list: readonly string[]) => sql`(select ${element('text')} from ${rows(listOf(list).list)})`;
  const locked = locksRows ? sql` for update` : sql``;

  const heldAmong = (ids: readonly string[], attempts: number) => {
    const ofPush = sql`subject_id = pushes.id and kind = 'notification'`;
    const heldSince = sql`(select max(sequence) from events where ${ofPush} and event = 'note' and detail = ${heldNote})`;
    return sql<HeldSession>`select id, device_id, session_id from pushes
      where id in ${among(ids)} and purpose = 'notification' and open = 1 and held_due_at is not null and sends < ${attempts}
        and not (state = 'answered' and exists (
          select 1 from events where ${ofPush} and event = 'answered' and sequence > ${heldSince}))
      order by id`;
  };

  return function* renew(
    ids: readonly string[],
    attempts = largestInteger,
  ): Program<readonly RenewedSession[]> {
    const held = yield* all(once(inWords(builder, heldAmong(ids, attempts))), undefined);
    if (held.length === 0) return [];
    const deviceIds = [...new Set(held.map((row) => row.device_id))];
    const devices = yield* all(
      once(
        inWords(
          builder,
          sql<{ id: string; last_session_id: number }>`select id, last_session_id from devices
            where id in ${among(deviceIds)}${locked}`,
        ),
      ),
      undefined,
    );
    const inUse = yield* all(
      once(
        inWords(
          builder,
          sql<{ device_id: string; session_id: number }>`select device_id, session_id from push_sessions
            where device_id in ${among(deviceIds)}`,
        ),
      ),
      undefined,
    );
    const last = new Map(devices.map((row) => [row.id, row.last_session_id]));
    const taken = new Map(deviceIds.map((id) => [id, new Set<number>()]));
    for (const row of inUse) taken.get(row.device_id)?.add(row.session_id);

    const renewed: RenewedSession[] = [];
    for (const { id, device_id: deviceId, session_id: before } of held) {
      const used = taken.get(deviceId);
      const sessionId = nextSessionId(last.get(deviceId) ?? 0, (candidate) => used?.has(candidate) === true);
      // Open notifications of its device hold all there are: then it goes out under its own.
      if (sessionId === undefined) continue;
      // The old one stays taken while others of the set are numbered, so that none of them gets it.
      used?.add(sessionId);
      last.set(deviceId, sessionId);
      renewed.push({ id, deviceId, before, sessionId });
    }
    if (renewed.length === 0) return [];
    const given = [...new Set(renewed.map(({ deviceId }) => deviceId))];
    yield [
      query(statements.freeSessions, listOf(renewed.map((each) => [each.deviceId, each.before, each.id]))),
      sets.insert('push_sessions', [
        texts('device_id', renewed, (each) => each.deviceId),
        numbers('session_id', renewed, (each) => each.sessionId),
        texts('push_id', renewed, (each) => each.id),
      ]),
      sets.update(
        'pushes',
        [texts('id', renewed, (each) => each.id)],
        [numbers('session_id', renewed, (each) => each.sessionId)],
      ),
      sets.update(
        'devices',
        [texts('id', given, (id) => id)],
        [numbers('last_session_id', given, (id) => last.get(id) ?? 0)],
      ),
    ];
    return renewed;
  };
}

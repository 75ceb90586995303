// What a set of new pushes writes, besides changes of what it replaces and events.
import type { Query } from '../engine/program.ts';
import { numbers, type SetColumn, type setStatements, texts } from '../engine/set-statement.ts';
import type { EnqueueSet } from './enqueue-set.ts';
import { messageSet, notificationSet } from './new-rows.ts';

/** A statement for each table that gets rows, and one for the Session-IDs that devices were given last. */
export function enqueueWrites(sets: ReturnType<typeof setStatements>, set: EnqueueSet): Query[] {
  const { notifications, messages, sessions, keys } = set;
  const named = messages.filter((row) => row.initiator !== null && row.initiator_push_id !== null);
  const inserts = [
    insertion('pushes', notifications, notificationSet),
    insertion('pushes', messages, messageSet),
    insertion('push_sessions', sessions, (rows) => [
      texts('device_id', rows, (row) => row.device_id),
      numbers('session_id', rows, (row) => row.session_id),
      texts('push_id', rows, (row) => row.push_id),
    ]),
    insertion('push_keys', keys, (rows) => [
      texts('server_id', rows, (row) => row.server_id),
      texts('scope', rows, (row) => row.scope),
      texts('key', rows, (row) => row.key),
      texts('push_id', rows, (row) => row.push_id),
      texts('fingerprint', rows, (row) => row.fingerprint),
    ]),
    insertion('initiator_pushes', named, (rows) => [
      texts('initiator', rows, (row) => row.initiator),
      texts('initiator_push_id', rows, (row) => row.initiator_push_id),
      texts('recipient', rows, (row) => row.recipient),
      texts('id', rows, (row) => row.id),
    ]),
  ];
  const queries = inserts.flatMap(({ table, columns }) =>
    columns === undefined ? [] : sets.insert(table, columns),
  );
  const given = [...set.lastSessionIds()];
  if (given.length > 0) {
    queries.push(
      sets.update(
        'devices',
        [texts('id', given, ([id]) => id)],
        [numbers('last_session_id', given, ([, last]) => last)],
      ),
    );
  }
  return queries;
}

function insertion<Row>(
  table: string,
  rows: readonly Row[],
  columns: (rows: readonly Row[]) => readonly SetColumn[],
): { readonly table: string; readonly columns: readonly SetColumn[] | undefined } {
  return { table, columns: rows.length === 0 ? undefined : columns(rows) };
}

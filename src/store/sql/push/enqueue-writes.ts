// What a set of new pushes writes, besides changes of what it replaces and events.
import type { SqlEngine } from '../engine/engine.ts';
import type { Query } from '../engine/program.ts';
import { numberColumn, rowInserts, textColumn } from '../engine/row-inserts.ts';
import type { PushKeyTable, PushSessionTable } from '../engine/schema.ts';
import { numbers, setStatements, texts } from '../engine/set-statement.ts';
import type { EnqueueSet } from './enqueue-set.ts';
import { messageInserts, type NewMessageRow, notificationInserts } from './new-rows.ts';

/** Gives what makes a statement for each table that gets rows, and one for the Session-IDs that devices were given last. */
export function enqueueWrites(engine: SqlEngine) {
  const sets = setStatements(engine);
  const insertNotifications = notificationInserts(engine);
  const insertMessages = messageInserts(engine);
  const insertSessions = rowInserts<PushSessionTable>(engine, 'push_sessions', [
    textColumn('device_id', (row) => row.device_id),
    numberColumn('session_id', (row) => row.session_id),
    textColumn('push_id', (row) => row.push_id),
  ]);
  const insertKeys = rowInserts<PushKeyTable>(engine, 'push_keys', [
    textColumn('server_id', (row) => row.server_id),
    textColumn('scope', (row) => row.scope),
    textColumn('key', (row) => row.key),
    textColumn('push_id', (row) => row.push_id),
    textColumn('fingerprint', (row) => row.fingerprint),
  ]);
  const insertPushIds = rowInserts<NewMessageRow>(engine, 'initiator_pushes', [
    textColumn('initiator', (row) => row.initiator),
    textColumn('initiator_push_id', (row) => row.initiator_push_id),
    textColumn('recipient', (row) => row.recipient),
    textColumn('id', (row) => row.id),
  ]);
  return ({ notifications, messages, sessions, keys, lastSessionIds }: EnqueueSet): Query[] => {
    const named = messages.filter((row) => row.initiator !== null && row.initiator_push_id !== null);
    const queries: Query[] = [];
    if (notifications.length > 0) queries.push(insertNotifications(notifications));
    if (messages.length > 0) queries.push(insertMessages(messages));
    if (sessions.length > 0) queries.push(insertSessions(sessions));
    if (keys.length > 0) queries.push(insertKeys(keys));
    if (named.length > 0) queries.push(insertPushIds(named));
    if (lastSessionIds.size > 0) {
      const given = [...lastSessionIds];
      queries.push(
        sets.update(
          'devices',
          [texts('id', given, ([id]) => id)],
          [numbers('last_session_id', given, ([, last]) => last)],
        ),
      );
    }
    return queries;
  };
}

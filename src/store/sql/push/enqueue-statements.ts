// The compiled queries that take pushes in: what has to be known of all requests of a set, each thing in one statement.
import { sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';
import type { ListArgs } from '../engine/lists.ts';
import type { DeviceTable, KeyScope, PushKeyTable, PushSessionTable, PushTable } from '../engine/schema.ts';
import { inWords, type SlotMaker, statement } from '../engine/statement.ts';
import type { NotifiedRow } from '../record/record-rows.ts';

/** A device that pushes are for, as one JSON list: `knownDevice` reads it. */
export interface FoldedDevice {
  readonly device: string;
}

/** What is known of it. */
export interface KnownDevice {
  readonly id: string;
  readonly serverId: string;
  readonly lastSessionId: number;
  /** One of the Session-IDs that come next is in use. */
  readonly taken: boolean;
  readonly suspended: boolean;
  /** Where it was asked for. */
  readonly notified: NotifiedRow | undefined;
}

/** What a notification is made with, besides the id and the account. */
const notifiedColumns = [
  'addresses',
  'format',
  'srv_scheme',
  'srv_name',
  'srv_secret',
  'notification_secret',
  'digest_identifier',
  'family',
] as const satisfies readonly (keyof NotifiedRow)[];

// JSON has what the columns have.
// biome-ignore lint/suspicious/noExplicitAny: each place is of the type of its column
type Values = readonly any[];

export function knownDevice({ device }: FoldedDevice): KnownDevice {
  const values: Values = JSON.parse(device);
  return {
    id: values[0],
    serverId: values[1],
    lastSessionId: values[2],
    taken: values[3] !== 0,
    suspended: values[4] !== null,
    notified: values.length === 5 ? undefined : notifiedRow(values),
  };
}

function notifiedRow(values: Values): NotifiedRow {
  return {
    id: values[0],
    server_id: values[1],
    addresses: values[5],
    format: values[6],
    srv_scheme: values[7],
    srv_name: values[8],
    srv_secret: values[9],
    notification_secret: values[10],
    digest_identifier: values[11],
    family: values[12],
  };
}

/** A push under an idempotency key of its account. */
export type KeyRow = PushTable & {
  readonly key_server: PushKeyTable['server_id'];
  readonly key: string;
  readonly fingerprint: string;
};

export function enqueueStatements({ builder, locksRows, unfolding }: SqlEngine) {
  const { rows, element, member, fold } = unfolding;
  const list = (slot: SlotMaker<ListArgs>) => rows(slot('list'));
  const scopedKeys = (scope: KeyScope, server: ReturnType<typeof member>, device: boolean) =>
    statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<KeyRow>`select pushes.*, push_keys.server_id as key_server, push_keys.key, push_keys.fingerprint
          from ${list(slot)}
          ${device ? sql`join devices on devices.id = ${member(0, 'text')}` : sql``}
          join push_keys on push_keys.server_id = ${server} and push_keys.scope = ${sql.lit(scope)}
            and push_keys.key = ${member(1, 'text')}
          join pushes on pushes.id = push_keys.push_id`,
      ),
    );
  const devices = (columns: readonly (keyof NotifiedRow)[]) =>
    statement<ListArgs>()((slot) => {
      const ref = (column: keyof DeviceTable) => sql.ref(`devices.${column}`);
      const taken = sql`case when exists (select 1 from push_sessions where push_sessions.device_id = devices.id
          and push_sessions.session_id > devices.last_session_id
          and push_sessions.session_id <= devices.last_session_id + ${member(1, 'number')}) then 1 else 0 end`;
      const known = [ref('id'), ref('server_id'), ref('last_session_id'), taken, ref('suspended_at')];
      const values = [...known, ...columns.map(ref)];
      return inWords(
        builder,
        sql<FoldedDevice>`select ${fold(values)} as device
          from ${list(slot)} cross join devices where devices.id = ${member(0, 'text')}
          ${locksRows ? sql`for update of devices` : sql``}`,
      );
    });
  return {
    /** Devices, by a list of their ids, each with how many Session-IDs of it are wanted. */
    devices: devices([]),
    /** The same, with what notifications for them are made with. */
    notifiedDevices: devices(notifiedColumns),
    /** Session-IDs in use of devices. */
    sessionsInUse: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<PushSessionTable>`select device_id, session_id from push_sessions
          where device_id in (select ${element('text')} from ${list(slot)})`,
      ),
    ),
    /** Keys of notifications, by a list of devices and keys. */
    keysOfDevices: scopedKeys('notification', sql`devices.server_id`, true),
    /** Keys of messages, by a list of accounts and keys. */
    keysOfAccounts: scopedKeys('message', member(0, 'text'), false),
    /** Push-ids that were used, of a list of initiators and push-ids. */
    usedPushIds: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<{ initiator: string; push_id: string }>`
          select ${member(0, 'text')} as initiator, ${member(1, 'text')} as push_id from ${list(slot)}
          where exists (select 1 from initiator_pushes where initiator_pushes.initiator = ${member(0, 'text')}
            and initiator_pushes.initiator_push_id = ${member(1, 'text')})`,
      ),
    ),
    nextMessageSessionId: statement<{ id: string; first: number; largest: number }>()((slot) =>
      inWords(
        builder,
        sql<{ last_message_session_id: number }>`update devices set last_message_session_id =
            case when last_message_session_id = 0 then ${slot('first')}
              else last_message_session_id % ${slot('largest')} + 1 end
          where id = ${slot('id')} returning last_message_session_id`,
      ),
    ),
  };
}

// Events as rows and as records.
import {
  attemptOf,
  type PushChange,
  type PushEvent,
  type PushRecord,
  type PushState,
  type ToldEvent,
} from '../../index.ts';
import type { EventTable, PushTable } from '../engine/schema.ts';
import type { SetColumn } from '../engine/set-statement.ts';
import type { SqlValue } from '../engine/statement.ts';
import type { ValueType } from '../engine/unfold.ts';

/** A row of events as selected. */
export type EventRow = Omit<EventTable, 'sequence'> & { readonly sequence: number };
/** What an event shows of the push that it tells of. */
export type EventSubject = {
  readonly [Column in 'device_id' | 'session_id' | 'server_id']: PushTable[Column];
};

/** The change that was made of a push, and the push after it. */
interface Change {
  readonly push: PushRecord;
  readonly change: PushChange;
}

/** What is told of a push. */
export interface ToldChange extends Change {
  /** As `EventContext` has it. */
  readonly before?: PushState;
  readonly moved: boolean;
}

interface EventColumn {
  readonly name: keyof EventTable;
  readonly type: ValueType;
  readonly value: (told: Change) => SqlValue;
}

const eventColumns: readonly EventColumn[] = [
  { name: 'kind', type: 'text', value: ({ push }) => push.purpose },
  { name: 'subject_id', type: 'text', value: ({ push }) => push.id },
  { name: 'event', type: 'text', value: ({ change }) => change.event },
  { name: 'state', type: 'text', value: ({ push }) => push.state },
  { name: 'node', type: 'text', value: ({ change }) => change.node ?? null },
  { name: 'attempt', type: 'number', value: ({ push, change }) => attemptOf(push, change) ?? null },
  { name: 'binding', type: 'text', value: ({ change }) => change.binding ?? null },
  { name: 'address', type: 'text', value: ({ change }) => change.address ?? null },
  { name: 'detail', type: 'text', value: ({ change }) => change.detail ?? null },
  { name: 'reference', type: 'text', value: ({ change }) => change.reference ?? null },
  { name: 'actor', type: 'text', value: ({ change }) => change.actor ?? null },
];

/** Rows of events before the engine has numbered them. */
export function newEvents(told: readonly Change[], at: number): readonly SetColumn[] {
  return [
    ...eventColumns.map(({ name, type, value }): SetColumn => ({ name, type, values: told.map(value) })),
    { name: 'at', type: 'number', values: told.map(() => at) },
  ];
}

/** What is told of a change that was written. */
export function toldOf(told: ToldChange, at: number, sequence: number): ToldEvent {
  const { push, change, before, moved } = told;
  return {
    event: eventOf(told, at, sequence),
    context: {
      push,
      moved,
      ...(before !== undefined && { before }),
      ...(change.cause !== undefined && { cause: change.cause }),
    },
  };
}

/** The event that was written of a change. */
export function eventOf({ push, change }: Change, at: number, sequence: number): PushEvent {
  const attempt = attemptOf(push, change);
  const event: { -readonly [Field in keyof PushEvent]: PushEvent[Field] } = {
    sequence,
    kind: push.purpose,
    pushId: push.id,
    at,
    event: change.event,
    state: push.state,
  };
  if (push.deviceId !== undefined) event.deviceId = push.deviceId;
  if (push.serverId !== undefined) event.serverId = push.serverId;
  if (push.purpose === 'notification') event.sessionId = push.sessionId;
  if (change.node !== undefined) event.node = change.node;
  if (attempt !== undefined) event.attempt = attempt;
  if (change.binding !== undefined) event.binding = change.binding;
  if (change.address !== undefined) event.address = change.address;
  if (change.detail !== undefined) event.detail = change.detail;
  if (change.actor !== undefined) event.actor = change.actor;
  if (change.reference !== undefined) event.reference = change.reference;
  return event;
}

/** What a row says, with what its push is. */
export function eventRecord(row: EventRow, subject: EventSubject): PushEvent {
  return {
    sequence: row.sequence,
    kind: row.kind,
    pushId: row.subject_id,
    ...(subject.device_id !== null && { deviceId: subject.device_id }),
    ...(subject.server_id !== null && { serverId: subject.server_id }),
    ...(subject.session_id !== null && { sessionId: subject.session_id }),
    at: row.at,
    event: row.event,
    state: row.state,
    ...(row.node !== null && { node: row.node }),
    ...(row.attempt !== null && { attempt: row.attempt }),
    ...(row.binding !== null && { binding: row.binding }),
    ...(row.address !== null && { address: row.address }),
    ...(row.detail !== null && { detail: row.detail }),
    ...(row.actor !== null && { actor: row.actor }),
    ...(row.reference !== null && { reference: row.reference }),
  };
}

// Events as rows and as records.
import { attemptOf, type PushChange, type PushEvent, type PushRecord } from '../../index.ts';
import type { EventTable, PushTable } from '../engine/schema.ts';
import type { SetColumn } from '../engine/set-statement.ts';
import type { SqlValue } from '../engine/statement.ts';
import type { ValueType } from '../engine/unfold.ts';

/** A row of events as selected. */
export type EventRow = Omit<EventTable, 'sequence'> & { readonly sequence: number };
/** What an event shows of the push that it tells of. */
export type EventSubject = { readonly [Column in 'device_id' | 'session_id']: PushTable[Column] };

/** What is told of a push: the change that was made, and the push after it. */
export interface ToldChange {
  readonly push: PushRecord;
  readonly change: PushChange;
}

interface EventColumn {
  readonly name: keyof EventTable;
  readonly type: ValueType;
  readonly value: (told: ToldChange) => SqlValue;
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
];

/** Rows of events before the engine has numbered them. */
export function newEvents(told: readonly ToldChange[], at: number): readonly SetColumn[] {
  return [
    ...eventColumns.map(({ name, type, value }): SetColumn => ({ name, type, values: told.map(value) })),
    { name: 'at', type: 'number', values: told.map(() => at) },
  ];
}

/** The event that was written of a change. */
export function eventOf({ push, change }: ToldChange, at: number, sequence: number): PushEvent {
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
  if (push.purpose === 'notification') event.sessionId = push.sessionId;
  if (change.node !== undefined) event.node = change.node;
  if (attempt !== undefined) event.attempt = attempt;
  if (change.binding !== undefined) event.binding = change.binding;
  if (change.address !== undefined) event.address = change.address;
  if (change.detail !== undefined) event.detail = change.detail;
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
    ...(subject.session_id !== null && { sessionId: subject.session_id }),
    at: row.at,
    event: row.event,
    state: row.state,
    ...(row.node !== null && { node: row.node }),
    ...(row.attempt !== null && { attempt: row.attempt }),
    ...(row.binding !== null && { binding: row.binding }),
    ...(row.address !== null && { address: row.address }),
    ...(row.detail !== null && { detail: row.detail }),
    ...(row.reference !== null && { reference: row.reference }),
  };
}

// Rows of events to records and back.
import { attemptOf, type PushChange, type PushEvent, type PushRecord } from '../../index.ts';
import type { EventTable, PushTable } from '../engine/schema.ts';

/** A row of events as selected. */
export type EventRow = Omit<EventTable, 'sequence'> & { readonly sequence: number };
/** A row before the engine has numbered it. */
export type NewEvent = Omit<EventTable, 'sequence'>;
/** What an event shows of the push that it tells of. */
export type EventSubject = { readonly [Column in 'device_id' | 'session_id']: PushTable[Column] };

/** The event of a change; `push` is the record after it. */
export function eventRow(push: PushRecord, change: PushChange, at: number): NewEvent {
  return {
    kind: push.purpose,
    subject_id: push.id,
    at,
    event: change.event,
    state: push.state,
    node: change.node ?? null,
    attempt: attemptOf(push, change) ?? null,
    binding: change.binding ?? null,
    address: change.address ?? null,
    detail: change.detail ?? null,
    reference: change.reference ?? null,
  };
}

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

/** What the events of a push show of it. */
export function subjectOf(push: PushRecord): EventSubject {
  return {
    device_id: push.deviceId ?? null,
    session_id: push.purpose === 'notification' ? push.sessionId : null,
  };
}

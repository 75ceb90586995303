// An event as it is told is the event as it is read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushChange, PushEvent, PushRecord } from '../../../../src/store/index.ts';
import { type EventRow, eventOf, eventRecord, newEvents } from '../../../../src/store/sql/set/event-rows.ts';
import { message, notification } from '../../push/support.ts';

const said: PushChange = {
  event: 'accepted',
  node: 'node',
  binding: 'smpp',
  address: 'sms:+1',
  detail: 'why',
  reference: 'sms:1',
  actor: 'alice/console',
};
const of = { sequence: 9, kind: 'notification', pushId: 'n', at: 50, state: 'queued' } as const;

/** The event as the row that would be written is read. */
function read(push: PushRecord, change: PushChange): PushEvent {
  const columns = newEvents([{ push, change }], 50).map(({ name, values: [value] }) => [name, value]);
  const row = { ...Object.fromEntries(columns), sequence: 9 } as EventRow;
  const { deviceId } = push;
  const session = push.purpose === 'notification' ? push.sessionId : null;
  const subject = { device_id: deviceId ?? null, session_id: session, server_id: push.serverId ?? null };
  return eventRecord(row, subject);
}

test('all that a change says stands in its event', () => {
  const { event, ...fields } = said;
  const expected = { ...of, event, ...fields, deviceId: 'd', serverId: 's', sessionId: 0x1234, attempt: 3 };
  assert.deepEqual(eventOf({ push: notification, change: said }, 50, 9), expected);
  assert.deepEqual(read(notification, said), expected);
});

test('what a change does not say is not there', () => {
  const expected = { ...of, event: 'note', deviceId: 'd', serverId: 's', sessionId: 0x1234 };
  assert.deepEqual(eventOf({ push: notification, change: { event: 'note' } }, 50, 9), expected);
  assert.deepEqual(read(notification, { event: 'note' }), expected);
});

test('an event of a message has no Session-ID, and to addresses no device', () => {
  const { deviceId: _, ...toAddresses } = message;
  const push: PushRecord = { ...toAddresses, addresses: ['sms:+1'] };
  const expected = { ...of, kind: 'message', pushId: 'm', serverId: message.serverId, event: 'note' };
  assert.deepEqual(eventOf({ push, change: { event: 'note' } }, 50, 9), expected);
  assert.deepEqual(read(push, { event: 'note' }), expected);
});

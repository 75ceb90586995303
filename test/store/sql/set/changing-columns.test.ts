// Changes write the columns that differ, with what they will have, and no others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessagePush, NotificationPush, PushRecord } from '../../../../src/store/index.ts';
import { asTheyWere, changedColumns } from '../../../../src/store/sql/set/changing-columns.ts';
import { notification, relayed } from '../../push/support.ts';

/** The columns of one change, by their names. */
function changed(before: PushRecord, after: PushRecord): Readonly<Record<string, unknown>> {
  const columns = changedColumns([{ before, after }]);
  return Object.fromEntries(columns.map(({ name, type, values }) => [name, [type, ...values]]));
}

const version = ['number', 4];

test('nothing but the version is written where nothing differs', () => {
  assert.deepEqual(changed(notification, { ...notification }), { version });
});

const ofNotifications: readonly [Partial<NotificationPush>, Readonly<Record<string, unknown>>][] = [
  [{ state: 'sending' }, { state: ['text', 'sending'] }],
  [{ state: 'completed' }, { state: ['text', 'completed'], open: ['number', 0] }],
  [{ attempts: 9 }, { attempts: ['number', 9] }],
  [{ sends: 9 }, { sends: ['number', 9] }],
  [{ failures: 9 }, { failures: ['number', 9] }],
  [{ refusedAddresses: ['sms:+1', 'sms:+2'] }, { refused_addresses: ['text', '["sms:+1","sms:+2"]'] }],
  [{ reference: 'sms:1' }, { reference: ['text', 'sms:1'] }],
  [{ givenUp: 'sms:1' }, { given_up: ['text', 'sms:1'] }],
  [{ defaultNonce: 'offered' }, { default_nonce: ['text', 'offered'] }],
  [{ lease: 9 }, { lease: ['number', 9] }],
  [{ claimedBy: 'node' }, { claimed_by: ['text', 'node'] }],
  [{ carrier: 'smpp' }, { carrier: ['text', 'smpp'] }],
  [{ dueAt: 9 }, { due_at: ['number', 9] }],
  [{ endedAt: 9 }, { ended_at: ['number', 9] }],
  [{ reason: 'why' }, { reason: ['text', 'why'] }],
  [{ updatedAt: 9 }, { updated_at: ['number', 9] }],
  [{ campaigns: ['c'] }, { other_campaigns: ['text', '["c"]'] }],
  [{ gated: true }, { gated: ['number', 1] }],
];

for (const [change, columns] of ofNotifications) {
  test(`a notification with another ${Object.keys(change).join()} writes it`, () => {
    assert.deepEqual(changed(notification, { ...notification, ...change }), { ...columns, version });
  });
}

test('what is gone becomes null', () => {
  const { dueAt: _, reason: __, ...rest } = notification;
  assert.deepEqual(changed(notification, rest), {
    due_at: ['number', null],
    reason: ['text', null],
    version,
  });
});

test('the campaign that made it stands apart from those that share it', () => {
  const made: PushRecord = { ...notification, campaign: 'a', campaigns: ['a'], gated: true };
  const { gated: _, ...shared } = { ...made, campaigns: ['a', 'b'] };
  assert.deepEqual(changed(made, shared), {
    other_campaigns: ['text', '["b"]'],
    gated: ['number', null],
    version,
  });
});

test('a message writes its result besides', () => {
  const after: MessagePush = { ...relayed, resultDueAt: 9, resultFailures: 5 };
  const columns = { result_due_at: ['number', 9], result_failures: ['number', 5], version };
  assert.deepEqual(changed(relayed, after), columns);
  assert.deepEqual(changed(after, relayed), {
    result_due_at: ['number', null],
    result_failures: ['number', 4],
    version,
  });
});

test('of several rows, a column that differs in one is written in all; they are found as they were', () => {
  const other = { ...notification, id: 'o', version: 8, reason: 'other' };
  const rows = [
    { before: notification, after: { ...notification, sends: 9, version: 5 } },
    { before: other, after: { ...other, version: 9 } },
  ];
  assert.deepEqual(changedColumns(rows), [
    { name: 'sends', type: 'number', values: [9, 2] },
    { name: 'version', type: 'number', values: [5, 9] },
  ]);
  assert.deepEqual(asTheyWere(rows), [
    { name: 'id', type: 'text', values: ['n', 'o'] },
    { name: 'version', type: 'number', values: [4, 8] },
  ]);
});

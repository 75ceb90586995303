// Rows of pushes as records: each column is a field, and a column without a value is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../../../../src/core/index.ts';
import { noSealer } from '../../../../src/store/index.ts';
import type { Kept, PushTable } from '../../../../src/store/sql/engine/schema.ts';
import { Seals } from '../../../../src/store/sql/seal/seals.ts';
import { keyScopeOf, pushRecord } from '../../../../src/store/sql/set/push-rows.ts';

type Row = Parameters<typeof pushRecord>[0];

const seals = new Seals(noSealer);
const recordOf = (row: Row) => pushRecord(row, seals);

const waiting = {
  id: 'p',
  state: 'queued',
  attempts: 1,
  sends: 2,
  failures: 3,
  refused_addresses: '[]',
  lease: 4,
  version: 5,
  expires_at: 100,
  created_at: 1,
  updated_at: 2,
} as const;

const nothing = {
  device_id: null,
  addresses: null,
  schemes: null,
  server_id: null,
  session_id: null,
  format: null,
  fields: null,
  default_nonce: null,
  resynchronise: 0,
  content_type: null,
  body: null,
  octets: null,
  summary: null,
  reference: null,
  given_up: null,
  claimed_by: null,
  carrier: null,
  due_at: null,
  held_due_at: null,
  held_result_at: null,
  ended_at: null,
  reason: null,
  initiator: null,
  initiator_push_id: null,
  recipient: null,
  notify_to: null,
  result_due_at: null,
  result_failures: 0,
  idempotency_key: null,
  campaign_id: null,
  other_campaigns: null,
  gated: null,
} as const;

const notificationRow: Row = {
  ...waiting,
  ...nothing,
  purpose: 'notification',
  device_id: 'd',
  server_id: 's',
  session_id: 7,
  format: 'dm1.2',
  fields: '{"uiMode":"background"}',
  default_nonce: 'none',
};

const messageRow: Row = {
  ...waiting,
  ...nothing,
  purpose: 'message',
  content_type: '{"mime":"text/plain","code":3}',
  body: '00ff' as Kept,
  octets: 9,
  summary: '{"kind":"text"}',
  result_failures: 6,
};

const waitingRecord = {
  id: 'p',
  state: 'queued',
  attempts: 1,
  sends: 2,
  failures: 3,
  refusedAddresses: [],
  lease: 4,
  version: 5,
  expiresAt: 100,
  createdAt: 1,
  updatedAt: 2,
};

const notification = {
  ...waitingRecord,
  purpose: 'notification',
  deviceId: 'd',
  serverId: 's',
  sessionId: 7,
  format: 'dm1.2',
  fields: { uiMode: 'background' },
  defaultNonce: 'none',
  resynchronise: false,
};

const message = {
  ...waitingRecord,
  purpose: 'message',
  contentType: { mime: 'text/plain', code: 3 },
  body: new Uint8Array([0, 255]),
  octets: 9,
  summary: { kind: 'text' },
  resultFailures: 6,
};

/** What any push may have besides, as its column, and as its field. */
const optional: readonly (readonly [keyof PushTable, string, string | number])[] = [
  ['reference', 'reference', 'sms:1'],
  ['given_up', 'givenUp', 'sms:2'],
  ['claimed_by', 'claimedBy', 'node'],
  ['carrier', 'carrier', 'smpp'],
  ['due_at', 'dueAt', 0],
  ['ended_at', 'endedAt', 60],
  ['reason', 'reason', 'why'],
  ['idempotency_key', 'idempotencyKey', 'k'],
];

test('a push has what its row has, and no field without a value', () => {
  assert.deepEqual(recordOf(notificationRow), notification);
  assert.deepEqual(recordOf(messageRow), message);
});

for (const [column, field, value] of optional) {
  test(`${column} is ${field}, where there is one`, () => {
    assert.deepEqual(recordOf({ ...notificationRow, [column]: value }), {
      ...notification,
      [field]: value,
    });
    assert.deepEqual(recordOf({ ...messageRow, [column]: value }), { ...message, [field]: value });
  });
}

test('campaigns: the one that made it comes first, and one that a caller made may be shared', () => {
  const of = (columns: Partial<Row>) => recordOf({ ...notificationRow, ...columns });
  assert.deepEqual(of({ campaign_id: 'a' }), { ...notification, campaign: 'a', campaigns: ['a'] });
  assert.deepEqual(of({ campaign_id: 'a', other_campaigns: '["b","c"]', gated: 1 }), {
    ...notification,
    campaign: 'a',
    campaigns: ['a', 'b', 'c'],
    gated: true,
  });
  assert.deepEqual(of({ other_campaigns: '["b"]' }), { ...notification, campaigns: ['b'] });
  assert.deepEqual(recordOf({ ...messageRow, campaign_id: 'a' }), {
    ...message,
    campaign: 'a',
    campaigns: ['a'],
  });
});

test('what only one purpose has', () => {
  const resynchronising = recordOf({
    ...notificationRow,
    resynchronise: 1,
    refused_addresses: '["wap:x"]',
  });
  assert.deepEqual(resynchronising, { ...notification, resynchronise: true, refusedAddresses: ['wap:x'] });
  const full: Row = {
    ...messageRow,
    purpose: 'relayed',
    device_id: 'd',
    server_id: 's',
    addresses: '["sms:+1"]',
    schemes: '["sms"]',
    result_due_at: 70,
    initiator: 'i',
    initiator_push_id: 'n',
    recipient: 'r',
  };
  const record = {
    ...message,
    purpose: 'relayed',
    deviceId: 'd',
    serverId: 's',
    addresses: ['sms:+1'],
    schemes: ['sms'],
    resultDueAt: 70,
    initiator: { initiator: 'i', pushId: 'n', recipient: 'r' },
  };
  assert.deepEqual(recordOf(full), record);
  assert.deepEqual(recordOf({ ...full, notify_to: 'http://x/' }), {
    ...record,
    initiator: { ...record.initiator, notifyTo: 'http://x/' },
  });
});

test('a row that lacks what its purpose has is damaged, and says what it lacks', () => {
  const lacks = (row: Row, column: keyof PushTable) =>
    assert.throws(
      () => recordOf({ ...row, [column]: null }),
      (error) => {
        assert.ok(error instanceof StoreError);
        assert.deepEqual([error.code, error.message], ['DAMAGED', `the ${row.purpose} p has no ${column}`]);
        return true;
      },
    );
  for (const column of ['device_id', 'server_id', 'session_id', 'format', 'fields', 'default_nonce'] as const)
    lacks(notificationRow, column);
  for (const column of ['content_type', 'body', 'octets', 'summary'] as const) lacks(messageRow, column);
});

test('messages of both purposes share their keys', () => {
  assert.deepEqual((['notification', 'message', 'relayed'] as const).map(keyScopeOf), [
    'notification',
    'message',
    'message',
  ]);
});

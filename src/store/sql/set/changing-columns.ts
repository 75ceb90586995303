// The columns of a push that changes may touch, besides its body: which of them a set of changes touches, and with what.
import { isOpenPush, type MessagePush, type PushRecord } from '../../index.ts';
import type { PushTable } from '../engine/schema.ts';
import type { SetColumn } from '../engine/set-statement.ts';
import type { SqlValue } from '../engine/statement.ts';
import type { ValueType } from '../engine/unfold.ts';
import { otherCampaignsColumn } from './push-rows.ts';

/** A push as it stands in the database, and as it will. */
export interface ChangedRow {
  readonly before: PushRecord;
  readonly after: PushRecord;
}

interface ChangingColumn {
  readonly name: keyof PushTable;
  readonly type: ValueType;
  /** What tells whether it changes, where its value costs time. */
  readonly told?: (push: PushRecord) => unknown;
  readonly value: (push: PushRecord) => SqlValue;
}

const isMessage = (push: PushRecord): push is MessagePush => push.purpose !== 'notification';

const changingColumns: readonly ChangingColumn[] = [
  { name: 'state', type: 'text', value: (push) => push.state },
  { name: 'open', type: 'number', value: (push) => (isOpenPush(push) ? 1 : 0) },
  { name: 'attempts', type: 'number', value: (push) => push.attempts },
  { name: 'sends', type: 'number', value: (push) => push.sends },
  { name: 'failures', type: 'number', value: (push) => push.failures },
  {
    name: 'refused_addresses',
    type: 'text',
    told: (push) => push.refusedAddresses,
    value: (push) => JSON.stringify(push.refusedAddresses),
  },
  { name: 'reference', type: 'text', value: (push) => push.reference ?? null },
  { name: 'given_up', type: 'text', value: (push) => push.givenUp ?? null },
  { name: 'default_nonce', type: 'text', value: (push) => (isMessage(push) ? null : push.defaultNonce) },
  { name: 'lease', type: 'number', value: (push) => push.lease },
  { name: 'claimed_by', type: 'text', value: (push) => push.claimedBy ?? null },
  { name: 'carrier', type: 'text', value: (push) => push.carrier ?? null },
  { name: 'due_at', type: 'number', value: (push) => push.dueAt ?? null },
  { name: 'held_due_at', type: 'number', value: (push) => push.heldDueAt ?? null },
  { name: 'ended_at', type: 'number', value: (push) => push.endedAt ?? null },
  { name: 'reason', type: 'text', value: (push) => push.reason ?? null },
  {
    name: 'result_due_at',
    type: 'number',
    value: (push) => (isMessage(push) ? (push.resultDueAt ?? null) : null),
  },
  {
    name: 'held_result_at',
    type: 'number',
    value: (push) => (isMessage(push) ? (push.heldResultAt ?? null) : null),
  },
  { name: 'result_failures', type: 'number', value: (push) => (isMessage(push) ? push.resultFailures : 0) },
  {
    name: 'other_campaigns',
    type: 'text',
    told: (push) => push.campaigns,
    value: (push) => otherCampaignsColumn(push.campaign, push.campaigns),
  },
  { name: 'gated', type: 'number', value: (push) => (push.gated === true ? 1 : null) },
  { name: 'updated_at', type: 'number', value: (push) => push.updatedAt },
];

/** The columns that differ in any of the rows, with what they will have, and how often each row has been written then. */
export function changedColumns(rows: readonly ChangedRow[]): readonly SetColumn[] {
  const changed: SetColumn[] = [];
  for (const { name, type, value, told = value } of changingColumns) {
    if (!rows.some(({ before, after }) => told(before) !== told(after))) continue;
    changed.push({ name, type, values: rows.map(({ after }) => value(after)) });
  }
  changed.push({ name: 'version', type: 'number', values: rows.map(({ after }) => after.version) });
  return changed;
}

/** What finds the rows while they are as they were read. */
export function asTheyWere(rows: readonly ChangedRow[]): readonly SetColumn[] {
  return [
    { name: 'id', type: 'text', values: rows.map(({ before }) => before.id) },
    { name: 'version', type: 'number', values: rows.map(({ before }) => before.version) },
  ];
}

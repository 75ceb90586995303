// Rows of jobs as records, and what answers make of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noSealer } from '../../../../src/store/index.ts';
import type { JobCommandTable, JobTable, Kept } from '../../../../src/store/sql/engine/schema.ts';
import { endedRow, jobCommandRecord, jobSummary, judgedRow } from '../../../../src/store/sql/job/job-rows.ts';
import { Seals } from '../../../../src/store/sql/seal/seals.ts';

const seals = new Seals(noSealer);

const bare: JobTable = {
  id: 'j',
  device_id: 'd',
  server_id: 's',
  push_id: null,
  state: 'pending',
  open: 1,
  on_failure: 'stop',
  holder: null,
  session_id: null,
  command_count: 3,
  answered_count: 0,
  waiting_count: 0,
  failed_count: 0,
  answer_octets: 0,
  reason: null,
  idempotency_key: null,
  idempotency_fingerprint: null,
  expires_at: 100,
  end_counted: 0,
  created_at: 1,
  updated_at: 2,
  started_at: null,
  ended_at: null,
  held_at: null,
};

const bareRecord = {
  id: 'j',
  deviceId: 'd',
  serverId: 's',
  state: 'pending',
  onFailure: 'stop',
  commandCount: 3,
  answeredCount: 0,
  expiresAt: 100,
  createdAt: 1,
  updatedAt: 2,
};

test('a job has the fields that its row has, and no others', () => {
  assert.deepEqual(jobSummary(bare), bareRecord);
  const row = {
    ...bare,
    push_id: 'p',
    session_id: 7,
    answered_count: 2,
    reason: 'why',
    idempotency_key: 'k',
    started_at: 3,
    ended_at: 4,
  };
  assert.deepEqual(jobSummary(row), {
    ...bareRecord,
    pushId: 'p',
    sessionId: 7,
    answeredCount: 2,
    reason: 'why',
    idempotencyKey: 'k',
    startedAt: 3,
    endedAt: 4,
  });
});

test('a command has its answer and the time of it once there is one', () => {
  const command = { command: 'get', uri: './A' } as const;
  const row: JobCommandTable = {
    job_id: 'j',
    position: 0,
    kind: 'get',
    command: JSON.stringify(command) as Kept,
    sends: 2,
    answered: 0,
    waiting: 0,
    answer: null,
    answered_at: null,
  };
  assert.deepEqual(jobCommandRecord(row, seals), { command, sends: 2 });
  const answered = { ...row, answered: 1, answer: '{"status":200}' as Kept, answered_at: 9 };
  assert.deepEqual(jobCommandRecord(answered, seals), {
    command,
    sends: 2,
    answer: { status: 200 },
    answeredAt: 9,
  });
});

test('a job that is over keeps its first reason', () => {
  const ended = { ...bare, state: 'failed', open: 0, updated_at: 50, ended_at: 50 };
  assert.deepEqual(endedRow(bare, 'failed', 50), ended);
  assert.deepEqual(endedRow(bare, 'failed', 50, 'late'), { ...ended, reason: 'late' });
  assert.deepEqual(endedRow({ ...bare, reason: 'first' }, 'failed', 50, 'late'), {
    ...ended,
    reason: 'first',
  });
});

test('answers end a job that is open, and change none that is over', () => {
  const running: JobTable = { ...bare, state: 'running', answered_count: 3 };
  const over = { open: 0, updated_at: 50, ended_at: 50 };
  assert.deepEqual(judgedRow(running, 50), { ...running, ...over, state: 'completed' });
  assert.deepEqual(judgedRow({ ...running, failed_count: 1 }, 50), {
    ...running,
    ...over,
    failed_count: 1,
    state: 'failed',
  });
  for (const row of [
    { ...running, waiting_count: 1 },
    { ...running, answered_count: 2 },
    { ...running, state: 'cancelled', open: 0 } as const,
  ]) {
    assert.equal(judgedRow(row, 50), row);
  }
});

// Routes of jobs above a service that the test speaks for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobSummaryView, jobView } from '../../../src/api/shapes/job-views.ts';
import type { JobSummary } from '../../../src/store/index.ts';
import { byAnonymous, withRoutes } from './route-bench.ts';

const summary: JobSummary = {
  id: 'j',
  deviceId: 'IMEI:1',
  serverId: 'com.example.dm',
  state: 'pending',
  onFailure: 'stop',
  commandCount: 1,
  answeredCount: 0,
  expiresAt: Date.UTC(2026, 0, 3),
  createdAt: Date.UTC(2026, 0, 1),
  updatedAt: Date.UTC(2026, 0, 1),
};
const job = { ...summary, commands: [{ command: { command: 'get', uri: './A' }, sends: 0 }] } as const;
const shown = JSON.parse(JSON.stringify(jobSummaryView(summary)));
const missing = {
  type: 'about:blank',
  title: 'Not Found',
  status: 404,
  code: 'NOT_FOUND',
  detail: 'there is no job x',
};

test('a job is created, and told with its place and its warnings', async () => {
  for (const warnings of [[], ['it is long']]) {
    await withRoutes({ jobs: { create: () => ({ job: summary, warnings }) } }, async ({ ask, asked }) => {
      const { status, headers, body } = await ask('POST', '/v1/jobs', { a: 1 }, { 'idempotency-key': 'k' });
      assert.deepEqual([status, headers.location], [202, '/v1/jobs/j']);
      assert.deepEqual(body, { ...shown, ...(warnings.length > 0 && { warnings }) });
      assert.deepEqual(asked, [['jobs.create', { a: 1 }, 'k', byAnonymous]]);
    });
  }
});

test('a list asks for what the query says, and for nothing that it does not', () =>
  withRoutes({ jobs: { list: () => ({ items: [summary], next: 'c' }) } }, async ({ ask, asked }) => {
    assert.deepEqual((await ask('GET', '/v1/jobs')).body, { items: [shown], next: 'c' });
    await ask('GET', '/v1/jobs?device=IMEI:1&limit=2&after=019a0000-0000-7000-8000-00000000000c');
    await ask('GET', '/v1/jobs?state=pending');
    assert.deepEqual(asked, [
      ['jobs.list', { limit: 100 }],
      ['jobs.list', { limit: 2, after: '019a0000-0000-7000-8000-00000000000c', deviceId: 'IMEI:1' }],
      ['jobs.list', { limit: 100, states: ['pending'] }],
    ]);
    const wrong = await ask('GET', '/v1/jobs?state=x');
    assert.deepEqual([wrong.status, wrong.body.code, wrong.body.path], [400, 'OUT_OF_RANGE', 'state']);
    const unknown = await ask('GET', '/v1/jobs?purpose=x');
    assert.deepEqual([unknown.status, unknown.body.code], [400, 'UNKNOWN_FIELD']);
  }));

test('a job is read; another one is not there', () =>
  withRoutes({ jobs: { get: (id: never) => (id === 'j' ? job : undefined) } }, async ({ ask }) => {
    assert.deepEqual((await ask('GET', '/v1/jobs/j')).body, JSON.parse(JSON.stringify(jobView(job))));
    const { status, body } = await ask('GET', '/v1/jobs/x');
    assert.deepEqual([status, body], [404, missing]);
  }));

test('a job is cancelled, or it is said why not', async () => {
  const over = { ...summary, state: 'done' } as const;
  const outcomes: Readonly<Record<string, object>> = {
    j: { outcome: 'cancelled', job: summary },
    d: { outcome: 'refused', job: over },
    x: { outcome: 'unknown' },
  };
  const get = (id: never) => (id in outcomes && id !== 'x' ? summary : undefined);
  await withRoutes({ jobs: { get, cancel: (id: never) => outcomes[id] } }, async ({ ask }) => {
    assert.deepEqual((await ask('POST', '/v1/jobs/j/cancel')).body, shown);
    assert.deepEqual((await ask('POST', '/v1/jobs/d/cancel')).body, {
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      code: 'NOT_CANCELLABLE',
      detail: 'the job is done: it cannot be cancelled',
    });
    assert.deepEqual((await ask('POST', '/v1/jobs/x/cancel')).body, missing);
  });
});

// Lines as requests, and what came of each as a line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../../src/api/request/problem.ts';
import {
  answersTo,
  jobFields,
  messageFields,
  notificationFields,
  stoppingLine,
} from '../../../src/api/routes/batch-answers.ts';
import { StoreError, ValueError } from '../../../src/core/index.ts';
import type {
  CreatedMessage,
  CreatedNotification,
  EachRequest,
  WarnedJob,
} from '../../../src/server/index.ts';

const parsed = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

test('each line is answered in its place, whether it is taken, refused, or no request', async () => {
  const asked: EachRequest[] = [];
  const noted: unknown[] = [];
  const counts = { taken: 0, refused: 0 };
  const text = await answersTo(
    [
      { number: 2, text: '{"a":1}' },
      { number: 3, text: '{' },
      { number: 5, text: '', fault: new ApiError(413, 'TOO_LONG', 'too long') },
      { number: 6, text: '{"a":2,"idempotencyKey":"k"}' },
    ],
    {
      take: async (requests) => {
        asked.push(...requests);
        return [
          { outcome: 'refused', error: new ValueError('MISSING', 'is needed', 'device') },
          { outcome: 'taken', taken: 'x' },
        ];
      },
      fields: (taken) => `"is":"${taken}"`,
      note: (error) => noted.push(error),
      counts,
    },
  );
  assert.deepEqual(counts, { taken: 1, refused: 3 });
  assert.deepEqual(asked, [{ value: { a: 1 } }, { value: { a: 2 }, idempotencyKey: 'k' }]);
  assert.ok(text.endsWith('\n'));
  const [first, second, third, fourth] = parsed(text) as Record<string, unknown>[];
  assert.deepEqual(first, {
    line: 2,
    status: 400,
    title: 'Bad Request',
    code: 'MISSING',
    detail: 'is needed',
    path: 'device',
  });
  assert.deepEqual([second?.line, second?.status, second?.code], [3, 400, 'BAD_FORMAT']);
  assert.deepEqual([third?.line, third?.status, third?.code], [5, 413, 'TOO_LONG']);
  assert.deepEqual(fourth, { line: 6, status: 202, is: 'x' });
  assert.equal(noted.length, 1);
});

test('one error that befell many lines in a row is noted once', async () => {
  const [full, away] = [new StoreError('FULL', 'x'), new StoreError('BUSY', 'x')];
  const errors = [full, full, away, away, full];
  const noted: unknown[] = [];
  const counts = { taken: 0, refused: 0 };
  const text = await answersTo(
    errors.map((_, index) => ({ number: index + 1, text: '{}' })),
    {
      take: async () => errors.map((error) => ({ outcome: 'refused', error })),
      fields: () => '',
      note: (error) => noted.push(error),
      counts,
    },
  );
  assert.deepEqual(noted, [full, away, full]);
  const statuses = parsed(text).map((answer) => (answer as { status: number }).status);
  assert.deepEqual(statuses, [507, 507, 503, 503, 507]);
});

test('what was taken is told by its id and state, and what there is besides', () => {
  const of = (fields: string): unknown => JSON.parse(`{${fields}}`);
  const [push, job, message] = [
    { id: 'p', state: 'queued' },
    { id: 'j', state: 'pending' },
    { id: 'm', state: 'queued' },
  ];
  const bare = { created: true, warnings: [] };
  const more = { created: false, warnings: ['it is "long"'] };
  const warnings = ['it is "long"'];
  assert.deepEqual(of(notificationFields({ push, ...bare } as unknown as CreatedNotification)), {
    ...push,
    created: true,
  });
  assert.deepEqual(of(notificationFields({ push, job, ...more } as unknown as CreatedNotification)), {
    ...push,
    created: false,
    job: 'j',
    warnings,
  });
  assert.deepEqual(of(jobFields({ job, ...bare } as unknown as WarnedJob)), { ...job, created: true });
  assert.deepEqual(of(jobFields({ job: { ...job, pushId: 'p' }, ...more } as unknown as WarnedJob)), {
    ...job,
    created: false,
    notification: 'p',
    warnings,
  });
  assert.deepEqual(of(messageFields({ message, ...bare } as unknown as CreatedMessage)), {
    ...message,
    created: true,
  });
  assert.deepEqual(of(messageFields({ message, pinForUser: '12"4', ...more } as unknown as CreatedMessage)), {
    ...message,
    created: false,
    pinForUser: '12"4',
    warnings,
  });
});

test('a server that stops says from which line on nothing was taken', () => {
  assert.deepEqual(parsed(stoppingLine(7)), [
    {
      line: 7,
      status: 503,
      title: 'Service Unavailable',
      code: 'STOPPING',
      detail: 'the server stops: neither this line nor any behind it was taken, so send them again',
    },
  ]);
});

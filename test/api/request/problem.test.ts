// Every kind of error, and what the caller is told about it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, notFound, problem, problemOf, retryAfterOf } from '../../../src/api/request/problem.ts';
import { ConfigError, ReveilleError, StoreError, ValueError } from '../../../src/core/index.ts';

const type = 'about:blank';
const internal = {
  type,
  title: 'Internal Server Error',
  status: 500,
  code: 'INTERNAL',
  detail: 'an error in the server: see its log',
};

/** An error as the HTTP framework throws it. */
const framework = (statusCode: unknown, code: unknown, message = 'as it says') =>
  Object.assign(new Error(message), { statusCode, code });

test('a wrong value: its field and section, where they are known', () => {
  const title = 'Bad Request';
  const status = 400;
  assert.deepEqual(problemOf(new ValueError('TOO_LONG', 'is too long')), {
    type,
    title,
    status,
    code: 'TOO_LONG',
    detail: 'is too long',
  });
  const spec = { doc: 'OMA-TS-DM_Notification-V1_3', section: '6.2' } as const;
  assert.deepEqual(problemOf(new ValueError('BAD_FORMAT', 'is none', 'job[0].uri', spec)), {
    type,
    title,
    status,
    code: 'BAD_FORMAT',
    detail: 'is none',
    path: 'job[0].uri',
    section: 'OMA-TS-DM_Notification-V1_3 §6.2',
  });
});

test('an answer on purpose is told as it is; a setting that cannot be is 422', () => {
  assert.deepEqual(problemOf(new ApiError(409, 'NOT_CANCELLABLE', 'too late')), {
    type,
    title: 'Conflict',
    status: 409,
    code: 'NOT_CANCELLABLE',
    detail: 'too late',
  });
  assert.deepEqual(problemOf(notFound('job 1')), {
    type,
    title: 'Not Found',
    status: 404,
    code: 'NOT_FOUND',
    detail: 'there is no job 1',
  });
  assert.deepEqual(problemOf(new ConfigError('the key is no key')), {
    type,
    title: 'Unprocessable Entity',
    status: 422,
    code: 'CONFIG',
    detail: 'the key is no key',
  });
  assert.deepEqual(problem(299, 'X', 'y'), { type, title: 'Error', status: 299, code: 'X', detail: 'y' });
});

test('what the store refuses is the caller’s, and said', () => {
  const statuses = {
    ALREADY_EXISTS: 409,
    UNKNOWN_ACCOUNT: 422,
    UNKNOWN_DEVICE: 422,
    IN_USE: 409,
    ROTATION_UNDER_WAY: 409,
    TOO_MANY_JOBS: 409,
    SESSION_IDS_EXHAUSTED: 409,
    IDEMPOTENCY_CONFLICT: 422,
  };
  for (const [code, status] of Object.entries(statuses)) {
    const told = problemOf(new StoreError(code, 'why it was refused'));
    assert.deepEqual([told.status, told.code, told.detail], [status, code, 'why it was refused']);
  }
});

test('a full disk and a store that is away: nothing was kept; any other trouble is in the log alone', () => {
  assert.deepEqual(problemOf(new StoreError('FULL', 'SQLITE_FULL at /var/lib')), {
    type,
    title: 'Insufficient Storage',
    status: 507,
    code: 'STORE_FULL',
    detail: 'the disk of the server is full, so nothing was kept: it goes on when there is room',
  });
  assert.deepEqual(problemOf(new StoreError('BUSY', 'no route to 192.0.2.1')), {
    type,
    title: 'Service Unavailable',
    status: 503,
    code: 'STORE_AWAY',
    detail: 'the store of the server cannot be used now, so nothing was kept: try again later',
  });
  assert.deepEqual(problemOf(new StoreError('CORRUPT', 'page 7 of /var/lib')), {
    type,
    title: 'Internal Server Error',
    status: 500,
    code: 'STORE',
    detail: 'the store could not do it: see the log of the server',
  });
});

test('errors of the HTTP framework that are the caller’s', () => {
  const told = (statusCode: unknown, code: unknown) => problemOf(framework(statusCode, code));
  assert.deepEqual(told(413, 'FST_ERR_CTP_BODY_TOO_LARGE'), {
    type,
    title: 'Payload Too Large',
    status: 413,
    code: 'TOO_LONG',
    detail: 'the body is larger than this server takes',
  });
  assert.deepEqual(told(415, 'FST_ERR_CTP_INVALID_MEDIA_TYPE'), {
    type,
    title: 'Unsupported Media Type',
    status: 415,
    code: 'UNSUPPORTED',
    detail: 'send the body as Content-Type: application/json',
  });
  assert.deepEqual(told(400, 'FST_ERR_BAD_URL'), {
    type,
    title: 'Bad Request',
    status: 400,
    code: 'BAD_FORMAT',
    detail: 'is not percent-encoded UTF-8',
    path: 'target',
  });
  for (const status of [400, 499]) {
    const other = told(status, 'FST_ERR_OTHER');
    assert.deepEqual([other.status, other.code, other.detail], [status, 'REQUEST', 'as it says']);
    assert.equal(told(status, 7).code, 'REQUEST');
  }
});

test('any other error is the server’s, and nothing of it is told', () => {
  const errors = [
    new Error('secret'),
    new ReveilleError('CODE', 'secret'),
    framework(399, 'FST_ERR_OTHER', 'secret'),
    framework(500, 'FST_ERR_OTHER', 'secret'),
    framework('400', 'FST_ERR_OTHER', 'secret'),
    framework(599, 'FST_ERR_BAD_URL', 'secret'),
    { statusCode: 400, code: 'FST_ERR_BAD_URL', message: 'secret' },
    'secret',
    undefined,
    null,
  ];
  for (const error of errors) assert.deepEqual(problemOf(error), internal);
});

test('when to come back is said where it is known', () => {
  assert.equal(retryAfterOf(new ApiError(429, 'X', 'y', 7)), 7);
  assert.equal(retryAfterOf(new ApiError(429, 'X', 'y')), undefined);
  assert.equal(retryAfterOf(new StoreError('BUSY', 'x')), 10);
  assert.equal(retryAfterOf(new StoreError('FULL', 'x')), undefined);
  assert.equal(retryAfterOf(new StoreError('IN_USE', 'x')), undefined);
  assert.equal(retryAfterOf(new Error('x')), undefined);
});

// Errors as answers, and as lines of the log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../../../src/api/request/problem.ts';
import { FailureLog, refuse } from '../../../src/api/request/refuse.ts';
import { StoreError, silentLogger, ValueError } from '../../../src/core/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

/** What an error is answered with: status, headers, and the problem's code. */
function answerTo(error: unknown): unknown {
  const headers: Record<string, string> = {};
  const seen = { status: 0, body: '' };
  const reply = {
    header: (name: string, value: string) => {
      headers[name] = value;
      return reply;
    },
    type: (value: string) => reply.header('content-type', value),
    code: (status: number) => {
      seen.status = status;
      return reply;
    },
    send: (body: Buffer) => {
      assert.ok(Buffer.isBuffer(body));
      seen.body = body.toString();
      return reply;
    },
  };
  refuse(reply as unknown as FastifyReply, error);
  const { status, code } = JSON.parse(seen.body);
  assert.equal(status, seen.status);
  return [seen.status, headers, code];
}

const type = { 'content-type': 'application/problem+json' };

test('an answer has the status of its problem, and says when to come back and what is asked for', () => {
  assert.deepEqual(answerTo(new ValueError('MISSING', 'x')), [400, type, 'MISSING']);
  assert.deepEqual(answerTo(new ApiError(401, 'UNAUTHORIZED', 'x')), [
    401,
    { ...type, 'www-authenticate': 'Bearer' },
    'UNAUTHORIZED',
  ]);
  assert.deepEqual(answerTo(new ApiError(429, 'X', 'x', 7)), [429, { ...type, 'retry-after': '7' }, 'X']);
  assert.deepEqual(answerTo(new StoreError('GONE', 'x')), [
    503,
    { ...type, 'retry-after': '10' },
    'STORE_AWAY',
  ]);
  assert.deepEqual(answerTo(new Error('x')), [500, type, 'INTERNAL']);
});

test('the log learns of failures of our own, the same ones in sum, and not of what a caller did', () => {
  const clock = new ManualClock();
  const logged: unknown[] = [];
  const log = new FailureLog(clock, {
    ...silentLogger,
    error: (...line: unknown[]) => void logged.push(line),
  });
  const request = (method: string, url: string) =>
    ({ method, url: '/v1/jobs/secret', routeOptions: { url } }) as unknown as FastifyRequest;
  const jobs = request('GET', '/v1/jobs/:id');
  log.note(jobs, new ValueError('MISSING', 'x'));
  log.note(jobs, new StoreError('IN_USE', 'x'));
  log.note(jobs, new ApiError(503, 'STOPPING', 'x'));
  assert.deepEqual(logged, []);
  log.note(jobs, new Error('a bug'));
  log.note(jobs, new Error('another bug'));
  log.note(jobs, new StoreError('FULL', 'the disk'));
  log.note(request('POST', '/v1/jobs/:id'), 'no error');
  assert.deepEqual(logged.splice(0), [
    [{ method: 'GET', path: '/v1/jobs/:id', error: 'a bug' }, 'request failed'],
    [{ method: 'GET', path: '/v1/jobs/:id', error: 'the disk' }, 'request failed'],
    [{ method: 'POST', path: '/v1/jobs/:id', error: 'no error' }, 'request failed'],
  ]);
  log.end();
  assert.deepEqual(logged, [
    [
      { method: 'GET', path: '/v1/jobs/:id', error: 'another bug', count: 1, withinMs: 10_000 },
      'more requests failed in the same way',
    ],
  ]);
});

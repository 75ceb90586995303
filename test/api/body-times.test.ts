// Bodies that are late, by a clock that stands still: who is cut off, and how.
import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { BodyTimes } from '../../src/api/host/body-times.ts';
import { ManualClock } from '../../src/testing/index.ts';

function bench() {
  const clock = new ManualClock();
  const told: unknown[] = [];
  const server = {
    emit: (event: string, error: { readonly code: string }, socket: { readonly name: string }) => {
      told.push([event, error.code, socket.name]);
      return true;
    },
  };
  const times = new BodyTimes(server as unknown as ConstructorParameters<typeof BodyTimes>[0], 5000, clock);
  const body = (name: string, headers: Record<string, string> = { 'content-length': '10' }) => {
    const socket = {
      name,
      destroyed: false,
      destroy: () => {
        socket.destroyed = true;
        told.push(['destroyed', name]);
      },
    };
    const request = { headers, complete: false, socket };
    const response = { headersSent: false };
    const as = [request as unknown as IncomingMessage, response as unknown as ServerResponse] as const;
    return { request, response, as };
  };
  /** A sweep a second. */
  const pass = (seconds: number): void => {
    for (let second = 0; second < seconds; second += 1) clock.advance(1000);
  };
  return { clock, times, told, body, pass };
}

test('what is late is answered as a late header is, or cut off where an answer has begun', () => {
  const { times, told, body, pass } = bench();
  const late = body('late');
  const begun = body('begun', { 'transfer-encoding': 'chunked' });
  times.requested(...late.as);
  times.requested(...begun.as);
  begun.response.headersSent = true;
  pass(4);
  assert.deepEqual(told, []);
  pass(2);
  assert.deepEqual(told, [
    ['clientError', 'ERR_HTTP_REQUEST_TIMEOUT', 'late'],
    ['destroyed', 'begun'],
  ]);
  pass(10);
  assert.equal(told.length, 2, 'once');
});

test('what is here, was not coming, or begins again is not late', () => {
  const { times, told, body, pass } = bench();
  const here = body('here');
  const unread = body('unread');
  times.requested(...here.as);
  times.requested(...unread.as);
  times.requested(...body('none', {}).as);
  times.requested(...body('empty', { 'content-length': '0' }).as);
  times.ended(here.as[0]);
  unread.request.complete = true;
  const again = body('again');
  times.began(...again.as);
  pass(4);
  times.began(...again.as);
  pass(4);
  assert.deepEqual(told, []);
  pass(2);
  assert.deepEqual(told, [['clientError', 'ERR_HTTP_REQUEST_TIMEOUT', 'again']]);
});

test('once nothing is on its way, nothing is looked at', () => {
  const { clock, times, body, pass } = bench();
  const here = body('here');
  assert.equal(clock.waiting, 0);
  times.requested(...here.as);
  times.requested(...body('late').as);
  assert.equal(clock.waiting, 1);
  pass(4);
  times.ended(here.as[0]);
  assert.equal(clock.waiting, 1);
  pass(2);
  assert.equal(clock.waiting, 0);
  times.requested(...body('next').as);
  assert.equal(clock.waiting, 1);
});

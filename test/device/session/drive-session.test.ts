import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmResponse } from '../../../src/device/transport/dm-http-client.ts';
import type { SessionStep } from '../../../src/session/index.ts';
import { answered, completed, course, send, unwritable } from './session-course.ts';

const nonce = { effect: 'client-nonce', nonce: Uint8Array.of(1) } as const;

test('what a step changes is durable before its message goes out, its end included', async () => {
  const { result, log, requests } = await course({
    steps: [
      { effects: [nonce], send },
      { effects: [nonce, nonce], end: completed },
    ],
    responses: [answered, answered],
  });
  assert.deepEqual(log, ['persist 0', 'send', 'persist 1', 'send', 'persist 2 end']);
  assert.deepEqual(result, { end: completed, retryable: false, answers: 2 });
  assert.equal(requests[0]?.url, 'http://dm.example/next');
});

test('a message that stands with the end still goes out', async () => {
  const { log } = await course({
    steps: [{ effects: [nonce], send, end: completed }],
    responses: [answered, answered],
  });
  assert.deepEqual(log, ['persist 0', 'send', 'persist 1 end', 'send']);
});

test('nothing more goes out when the state cannot be stored', async () => {
  let saves = 0;
  const { result, log } = await course({
    steps: [{ effects: [nonce], send }],
    responses: [answered],
    persist: () => {
      saves += 1;
      return saves === 1 ? Promise.resolve() : Promise.reject(new Error('disk full'));
    },
  });
  assert.deepEqual(log, ['send', 'fail']);
  assert.equal(result.retryable, false);
  assert.match('reason' in result.end ? result.end.reason : '', /could not be stored: disk full/);
});

test('an unreachable server is asked once more, then the session fails and may be retried', async () => {
  const gone = { outcome: 'unreachable', reason: 'ECONNRESET' } as const;
  const lost = await course({ steps: [], responses: [gone, gone] });
  assert.deepEqual(lost.log, ['persist 0', 'send', 'send', 'fail', 'persist 0 end']);
  assert.deepEqual(lost.result, {
    end: { outcome: 'failed', reason: 'ECONNRESET' },
    retryable: true,
    answers: 0,
  });
  const back = await course({ steps: [{ effects: [], end: completed }], responses: [gone, answered] });
  assert.equal(back.result.end.outcome, 'completed');
});

test('a timeout is not repeated within the session, and may be retried', async () => {
  const { log, result } = await course({ steps: [], responses: [{ outcome: 'timeout', reason: 'late' }] });
  assert.deepEqual(log, ['persist 0', 'send', 'timeout', 'persist 0 end']);
  assert.equal(result.retryable, true);
});

test('a refusal of the first message is final; of a later one it may be a server that lost the session', async () => {
  const refused = { outcome: 'refused', reason: 'HTTP status 404', status: 404 } as const;
  assert.equal((await course({ steps: [], responses: [refused] })).result.retryable, false);
  const later = await course({ steps: [{ effects: [], send }], responses: [answered, refused] });
  assert.equal(later.result.retryable, true);
  assert.ok(later.log.includes('refused'));
  // It may have been taken the first time.
  const lost: DmResponse = { outcome: 'unreachable', reason: 'ECONNRESET' };
  const resent = await course({ steps: [{ effects: [], send }], responses: [answered, lost, refused] });
  assert.ok(resent.log.includes('fail') && !resent.log.includes('refused'));
  const certificate = { outcome: 'refused', reason: 'CERT_HAS_EXPIRED' } as const;
  const other = await course({ steps: [{ effects: [], send }], responses: [answered, certificate] });
  assert.equal(other.result.retryable, false);
});

test('an answer that the session ignores: its message is sent again once, then the session fails', async () => {
  const stray: SessionStep = { effects: [] };
  const twice = await course({ steps: [stray, stray], responses: [answered, answered] });
  assert.deepEqual(
    twice.log.filter((line) => !line.startsWith('persist')),
    ['send', 'send', 'fail'],
  );
  assert.equal(twice.result.retryable, false);
  const mended = await course({
    steps: [stray, { effects: [], end: completed }],
    responses: [answered, answered],
  });
  assert.equal(mended.result.end.outcome, 'completed');
});

test('stopping before package #1 tells nobody; afterwards the server is told', async () => {
  const before = await course({ steps: [], responses: [], signal: AbortSignal.abort() });
  assert.deepEqual(before.log, ['persist 0', 'fail', 'persist 0 end']);
  const during = await course({ steps: [], responses: [{ outcome: 'stopped' }, answered] });
  assert.deepEqual(during.log, ['persist 0', 'send', 'abort', 'persist 0 end', 'send']);
  assert.equal(during.result.end.outcome, 'aborted');
});

test('stopping while the server’s message is worked on: the answer to it does not go out, and the session knows', async () => {
  const ender = new AbortController();
  const { log, result } = await course({
    steps: [{ effects: [nonce], send }],
    responses: [answered, answered],
    signal: ender.signal,
    persist: (step) => {
      if (step.effects.length > 0) ender.abort();
      return Promise.resolve();
    },
  });
  assert.deepEqual(log, ['send', 'abort unsent', 'send']);
  assert.equal(result.end.outcome, 'aborted');
});

test('a message that cannot be written was certainly not taken by the server', async () => {
  const { log, result } = await course({
    steps: [{ effects: [], send: unwritable }],
    responses: [answered],
  });
  assert.deepEqual(log, ['persist 0', 'send', 'persist 0', 'refused', 'persist 0 end']);
  assert.ok(result.end.outcome === 'failed' && /cannot be written/.test(result.end.reason));
});

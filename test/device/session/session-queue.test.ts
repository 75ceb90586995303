// Sessions in their turns: what is told of each, and which of them another one may follow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultMoIndexRegistry } from '../../../src/codec/notification/index.ts';
import { memoryState, provisionDevice } from '../../../src/device/index.ts';
import { type DeviceEvent, newCounters } from '../../../src/device/report/events.ts';
import type { SessionHost, SessionTask } from '../../../src/device/session/run-session.ts';
import { type SessionLabel, SessionQueue } from '../../../src/device/session/session-queue.ts';
import { DeviceState } from '../../../src/device/state/device-state.ts';
import type { DmRequest, DmResponse } from '../../../src/device/transport/dm-http-client.ts';
import { QuestionDesk } from '../../../src/device/user/question-desk.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { answered } from './session-course.ts';

const gone = { outcome: 'unreachable', reason: 'ECONNRESET' } as const;
const refused = { outcome: 'refused', reason: 'HTTP status 404', status: 404 } as const;

async function scene(respond: (request: DmRequest, count: number) => DmResponse | Promise<DmResponse>) {
  const clock = new ManualClock();
  const ender = new AbortController();
  const storage = memoryState();
  const accounts = ['a', 'b'].map((serverId) => ({
    serverId,
    address: `http://${serverId}.example/dm`,
    client: { scheme: 'md5', name: 'd1', secret: 'client secret' } as const,
    server: { scheme: 'md5', secret: 'server secret' } as const,
  }));
  await provisionDevice(storage, { deviceId: 'IMEI:1', man: 'E', mod: 'E1', accounts });
  const state = new DeviceState(storage, clock);
  const logged: (readonly [fields: object, text: string])[] = [];
  const log = (fields: object, text: string): void => void logged.push([fields, text]);
  const signal = ender.signal;
  const questions = new QuestionDesk({
    clock,
    signal,
    timeoutMs: 1,
    maxQuestions: 1,
    maxQuestionsPerServer: 1,
  });
  const requests: DmRequest[] = [];
  const host: SessionHost = {
    ...{ state, clock, signal, questions, confirmTimeoutMs: 1, form: 'xml', maxObjSize: 1000 },
    moIndexes: defaultMoIndexRegistry,
    acceptNonceText: false,
    logger: { debug: log, info: log, warn: log, error: log },
    http: {
      exchange: async (request) => {
        requests.push(request);
        return await respond(request, requests.length);
      },
      close: async () => undefined,
    },
  };
  const events: DeviceEvent[] = [];
  const counters = newCounters(questions.counters);
  const queue = new SessionQueue(host, counters, (event) => events.push(event));
  const begin = (more: Partial<SessionLabel & SessionTask> = {}) => {
    const { serverId = 'a', nonce = 'none', attempt = 1, mayRetry = true, ...task } = more;
    const given = {
      ...{ accountUri: `./DMAcc/${serverId}`, serverId, sessionId: 7 },
      ...{ address: `http://${serverId}.example/dm`, defaultNonce: false },
    };
    return queue.run({ ...given, ...task }, { serverId, nonce, attempt, mayRetry });
  };
  /** Runs one to its end while the clock goes on. */
  const run = async (more: Parameters<typeof begin>[0] = {}) => {
    const done = begin(more);
    let over = false;
    void done.then(() => {
      over = true;
    });
    while (!over) {
      await turn();
      if (!over) clock.advance(500);
    }
    return await done;
  };
  return { ...{ ender, state, events, counters, logged, requests, begin, run } };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the begin and the end of a session are told with all that they are about', async () => {
  const { events, counters, run } = await scene(() => gone);
  await run({ nonce: 'stored', attempt: 3 });
  const names = { serverId: 'a', sessionId: 7, nonce: 'stored' };
  assert.deepEqual(events, [
    { event: 'session-started', ...names, address: 'http://a.example/dm', attempt: 3 },
    {
      event: 'session-ended',
      ...names,
      ...{ outcome: 'unreachable', reason: 'ECONNRESET', resynchronised: false, retrying: true },
      durationMs: 500,
    },
  ]);
  assert.deepEqual([counters.sessions, counters.resynchronised], [1, 0]);
});

test('another session follows where it may go better, there is to be one, and the device does not stop', async () => {
  for (const [respond, mayRetry, retrying] of [
    [gone, true, true],
    [gone, false, false],
    [refused, true, false],
    [refused, false, false],
  ] as const) {
    const { events, run } = await scene(() => respond);
    await run({ mayRetry });
    const ended = events.at(-1);
    assert.equal(ended?.event === 'session-ended' && ended.retrying, retrying);
  }
  const stopping = await scene(() => {
    stopping.ender.abort();
    return { outcome: 'timeout', reason: 'late' };
  });
  await stopping.run();
  const ended = stopping.events.at(-1);
  assert.equal(ended?.event === 'session-ended' && ended.retrying, false);
});

test('sessions of one server wait for each other, those of another do not', async () => {
  const gates = [Promise.withResolvers<DmResponse>(), Promise.withResolvers<DmResponse>()];
  const { requests, begin } = await scene((_, count) => gates[count - 1]?.promise ?? refused);
  const all = [begin(), begin(), begin({ serverId: 'b' })];
  for (let count = 0; count < 5; count += 1) await turn();
  assert.deepEqual(
    requests.map(({ url }) => url),
    ['http://a.example/dm', 'http://b.example/dm'],
  );
  for (const gate of gates) gate.resolve(refused);
  await Promise.all(all);
  assert.equal(requests.length, 3);
});

test('one that is not needed any more when its turn comes is not begun, and none while the device stops', async () => {
  const { ender, events, counters, requests, run } = await scene(() => refused);
  const skipped = await run({ skip: () => true });
  assert.deepEqual(skipped.end, { outcome: 'failed', reason: 'it is not needed any more' });
  assert.equal((await run({ skip: () => false })).end.outcome, 'failed');
  assert.deepEqual([requests.length, counters.sessions, events.length], [1, 1, 2]);
  ender.abort();
  const stopped = await run({ skip: () => assert.fail() });
  assert.deepEqual(stopped.end, { outcome: 'failed', reason: 'the device stops' });
  assert.equal(requests.length, 1);
});

test('an account that is gone, or is another server’s now, has no session', async () => {
  const { state, requests, run } = await scene(() => refused);
  const reason = 'its account is gone';
  const other = await run({ accountUri: './DMAcc/b' });
  assert.deepEqual(other, {
    end: { outcome: 'failed', reason },
    ...{ retryable: false, answers: 0, resynchronised: false },
  });
  await state.tree.run((own) => own.remove('./DMAcc/a'));
  assert.deepEqual((await run()).end, { outcome: 'failed', reason });
  assert.equal(requests.length, 0);
});

test('what is tolerated of an answer is logged with the names of the session', async () => {
  const odd = { ...answered, body: new Uint8Array([0x20, ...answered.body]) };
  const { logged, run } = await scene(() => odd);
  await run();
  assert.deepEqual(logged.filter(([, text]) => text.startsWith('tolerated')).slice(0, 1), [
    [{ serverId: 'a', sessionId: 7 }, 'tolerated: white space before the document'],
  ]);
});

test('the bearer’s address goes with each message, and none where there is none', async () => {
  const { requests, run } = await scene(() => refused);
  await run({ localAddress: '127.0.0.2' });
  await run();
  assert.deepEqual(
    requests.map((request) => ('localAddress' in request ? request.localAddress : 'none')),
    ['127.0.0.2', 'none'],
  );
});

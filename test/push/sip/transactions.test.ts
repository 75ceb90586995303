import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createResponse } from '../../../src/codec/sip/index.ts';
import {
  ClientTransaction,
  ServerTransaction,
  sipTimers,
  type TransactionEnd,
} from '../../../src/push/sip/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { requestOf } from '../../codec/sip/support.ts';

interface Client {
  readonly clock: ManualClock;
  readonly transaction: ClientTransaction;
  /** When it was sent, in milliseconds since the start. */
  readonly sent: number[];
  readonly ends: TransactionEnd[];
  readonly terminated: number[];
  answer(status: number): void;
}

function client(reliable = false): Client {
  const clock = new ManualClock(0);
  const sent: number[] = [];
  const ends: TransactionEnd[] = [];
  const terminated: number[] = [];
  const transaction = new ClientTransaction({
    clock,
    timers: sipTimers,
    reliable,
    send: () => void sent.push(clock.now()),
    ended: (end) => void ends.push(end),
    terminated: () => void terminated.push(clock.now()),
  });
  const answer = (status: number): void => transaction.receive(createResponse(requestOf(), status));
  return { clock, transaction, sent, ends, terminated, answer };
}

test('RFC 3261 §17.1.2.2: timer E doubles up to T2, timer F ends it after 32 s', () => {
  const { clock, transaction, sent, ends, terminated } = client();
  transaction.start();
  transaction.start();
  clock.advance(60_000);
  const wanted = [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500];
  assert.deepEqual(sent, wanted);
  assert.deepEqual(ends, [{ kind: 'timeout' }]);
  assert.deepEqual(terminated, [32_000]);
  assert.equal(transaction.state, 'terminated');
  assert.equal(clock.nextTimerAt(), undefined);
});

test('RFC 3261 §17.1.2.2: after a provisional answer it is sent every T2', () => {
  const { clock, transaction, sent, ends, answer } = client();
  transaction.start();
  clock.advance(600);
  answer(100);
  assert.equal(transaction.state, 'proceeding');
  answer(183);
  clock.advance(60_000);
  assert.deepEqual(sent, [0, 500, 4600, 8600, 12_600, 16_600, 20_600, 24_600, 28_600]);
  assert.deepEqual(ends, [{ kind: 'timeout' }]);
});

test('RFC 3261 §17.1.2.2: a final answer ends it once; timer K absorbs what comes after', () => {
  const { clock, transaction, sent, ends, terminated, answer } = client();
  transaction.start();
  clock.advance(500);
  answer(200);
  answer(200);
  answer(486);
  transaction.fail(new Error('late'));
  clock.advance(4999);
  assert.deepEqual(terminated, []);
  clock.advance(1);
  assert.deepEqual(terminated, [5500]);
  assert.deepEqual(sent, [0, 500]);
  assert.deepEqual(
    ends.map((end) => (end.kind === 'response' ? end.response.status : end.kind)),
    [200],
  );
});

test('RFC 3261 §17.1.2.1: over a reliable transport it is sent once, and is over with its answer', () => {
  const { clock, transaction, sent, ends, terminated, answer } = client(true);
  transaction.start();
  clock.advance(10_000);
  answer(180);
  clock.advance(10_000);
  assert.deepEqual(sent, [0]);
  answer(404);
  assert.deepEqual(terminated, [20_000]);
  assert.equal(ends.length, 1);
  assert.equal(clock.nextTimerAt(), undefined);
  const silent = client(true);
  silent.transaction.start();
  silent.clock.advance(32_000);
  assert.deepEqual(silent.ends, [{ kind: 'timeout' }]);
});

test('RFC 3261 §17.1.4: a transport that fails ends it', () => {
  const { clock, transaction, ends, terminated, answer } = client();
  const error = new Error('no route');
  transaction.start();
  transaction.fail(error);
  transaction.fail(new Error('again'));
  answer(200);
  assert.deepEqual(ends, [{ kind: 'failed', error }]);
  assert.deepEqual(terminated, [0]);
  assert.equal(clock.nextTimerAt(), undefined);
});

test('a transaction that is abandoned says nothing more', () => {
  const { clock, transaction, ends, terminated } = client();
  transaction.start();
  transaction.abandon();
  transaction.abandon();
  clock.advance(60_000);
  assert.deepEqual(ends, []);
  assert.deepEqual(terminated, [0]);
});

function server(reliable = false) {
  const clock = new ManualClock(0);
  const sent: number[] = [];
  const terminated: number[] = [];
  const transaction = new ServerTransaction({
    clock,
    timers: sipTimers,
    reliable,
    octets: 1,
    send: (response) => void sent.push(response[0] ?? 0),
    terminated: () => void terminated.push(clock.now()),
  });
  return { clock, transaction, sent, terminated };
}

test('RFC 3261 §17.2.2: a request that comes again gets the last answer again, until timer J', () => {
  const { clock, transaction, sent, terminated } = server();
  transaction.receiveAgain(1);
  assert.deepEqual(sent, []);
  transaction.respond(Uint8Array.of(100), false);
  transaction.receiveAgain(1);
  assert.equal(transaction.state, 'proceeding');
  transaction.respond(Uint8Array.of(200), true);
  transaction.respond(Uint8Array.of(99), true);
  clock.advance(31_999);
  transaction.receiveAgain(1);
  assert.deepEqual(sent, [100, 100, 200, 200]);
  clock.advance(1);
  assert.deepEqual(terminated, [32_000]);
  assert.equal(transaction.state, 'terminated');
});

test('RFC 3261 §17.2.2: over a reliable transport timer J is zero', () => {
  const { clock, transaction, sent, terminated } = server(true);
  transaction.respond(Uint8Array.of(200), true);
  assert.deepEqual(sent, [200]);
  assert.deepEqual(terminated, [0]);
  assert.equal(clock.nextTimerAt(), undefined);
});

test('an answer that is too long to be remembered ends its transaction: whoever asks chooses its length', () => {
  const { transaction, sent, terminated } = server();
  transaction.respond(new Uint8Array(2049), true);
  assert.equal(sent.length, 1);
  assert.deepEqual(terminated, [0]);
});

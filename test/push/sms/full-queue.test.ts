// A number whose queue at the centre is full is its own affair; a centre that is full itself is everybody's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandStatuses } from '../../../src/codec/smpp/index.ts';
import { PushError } from '../../../src/core/index.ts';
import type { SmsSender } from '../../../src/push/sms/index.ts';
import { FullQueues } from '../../../src/push/sms/submit/full-queues.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';
import { answerSession, ScriptedSmsc } from './scripted-smsc.ts';
import { type Cleanup, centre, never, openHandset, openSender, openSmsc, pushOf, scene } from './support.ts';

/** A centre that gives messages to these numbers a status, and takes all others. */
async function openPicky(cleanup: Cleanup, status: number, isRefused: (number: string) => boolean) {
  const smsc = await ScriptedSmsc.open();
  cleanup.add(() => smsc.close());
  const tries = new Map<string, number>();
  smsc.onPdu = (pdu, peer) => {
    if (pdu.command !== 'submit_sm') return answerSession(pdu, peer);
    const { destinationAddress: to, sequence } = pdu;
    tries.set(to, (tries.get(to) ?? 0) + 1);
    if (isRefused(to)) peer.send({ command: 'submit_sm_resp', status, sequence });
    else peer.accept(pdu, `m${sequence}`);
    return true;
  };
  return { port: smsc.port, tries };
}

test(
  'SMPP 3.4 §5.1.3: ESME_RMSGQFUL fails the push of that number as retryable, and those to others do not wait',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const { port, tries } = await openPicky(cleanup, commandStatuses.ESME_RMSGQFUL, (to) => to === '666');
    const { sender } = openSender(cleanup, { smscs: [centre(port)], clock });
    await eventually(() => sender.links()[0]?.state === 'bound');
    const full = Array.from({ length: 5 }, () => sender.send(pushOf(300), { number: '+666' }, never));
    const others = Array.from({ length: 60 }, (_, i) =>
      sender.send(pushOf(3), { number: `+49170${i}` }, never),
    );
    // The clock stands still: whatever had to wait would never come.
    for (const sending of full) {
      await assert.rejects(
        sending,
        (error) =>
          error instanceof PushError &&
          error.code === 'ESME_RMSGQFUL' &&
          error.retryable &&
          /number/.test(error.message),
      );
    }
    for (const sending of others) assert.equal((await sending).outcome, 'accepted');
    assert.equal(sender.links()[0]?.rate, undefined);
    for (const [to, count] of tries) if (to !== '666') assert.equal(count, 1);
  }),
);

test(
  'the queue that the simulated centre keeps for a handset that is away: it fills up, and others get their pushes',
  scene(async (cleanup) => {
    const { port } = await openSmsc(cleanup, { maxQueuedPerNumber: 2 });
    const { pushes } = await openHandset(cleanup, port);
    const { sender } = openSender(cleanup, { smscs: [centre(port)], clock: new ManualClock() });
    const away = { number: '+4666' };
    const sent = await Promise.allSettled(
      [1, 2, 3, 4].map((octets) => sender.send(pushOf(octets), away, never)),
    );
    assert.deepEqual(sent.map(({ status }) => status).sort(), [
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    await sender.send(pushOf(5), { number: '+491701234567' }, never);
    await eventually(() => pushes.length === 1);
  }),
);

for (const window of [1, 10]) {
  for (const off of [7, 8, 9]) {
    test(
      `${off} of 10 handsets are off, window ${window}: pushes to the others do not wait, nor does the link slow down`,
      scene(async (cleanup) => {
        const isOff = (to: string): boolean => Number(to.slice(-1)) < off;
        const { port } = await openPicky(cleanup, commandStatuses.ESME_RMSGQFUL, isOff);
        // The clock stands still: whatever had to wait would never come.
        const { sender } = openSender(cleanup, {
          smscs: [centre(port)],
          clock: new ManualClock(),
          window,
        });
        const sent = await Promise.allSettled(
          Array.from({ length: 60 }, (_, i) => sender.send(pushOf(3), { number: `+4917${i}` }, never)),
        );
        for (const [i, { status }] of sent.entries())
          assert.equal(status, isOff(String(i)) ? 'rejected' : 'fulfilled');
        assert.equal(sender.links()[0]?.rate, undefined);
      }),
    );
  }
}

test(
  'handsets that are off and tried again and again never slow the link down, however many they are and however long',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const { port, tries } = await openPicky(cleanup, commandStatuses.ESME_RMSGQFUL, () => true);
    const { sender } = openSender(cleanup, { smscs: [centre(port)], clock });
    for (let second = 0; second < 10; second += 1) {
      const sent = await Promise.allSettled(
        Array.from({ length: 100 }, (_, i) => sender.send(pushOf(3), { number: `+4917${i}` }, never)),
      );
      assert.ok(sent.every(({ status }) => status === 'rejected'));
      assert.equal(sender.links()[0]?.rate, undefined);
      clock.advance(1000);
    }
    assert.ok([...tries.values()].every((count) => count === 10));
  }),
);

/** Sends ten messages each second, for six seconds, to numbers that were not tried before. */
async function flood(sender: SmsSender, clock: ManualClock): Promise<void> {
  for (let second = 0; second <= 5; second += 1) {
    if (second > 0) clock.advance(1000);
    const sent = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => sender.send(pushOf(3), { number: `+4917${second}${i}` }, never)),
    );
    assert.ok(sent.every(({ status }) => status === 'rejected'));
    if (second < 5) assert.equal(sender.links()[0]?.rate, undefined);
  }
}

test(
  'ESME_RMSGQFUL for seconds, for dozens of numbers that were never full: the centre’s own queue slows the link until it takes one',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    let full = true;
    const { port } = await openPicky(cleanup, commandStatuses.ESME_RMSGQFUL, () => full);
    const { sender } = openSender(cleanup, { smscs: [centre(port)], clock });
    await flood(sender, clock);
    assert.equal(sender.links()[0]?.rate, 5);
    full = false;
    const waiting = Array.from({ length: 50 }, (_, i) =>
      sender.send(pushOf(3), { number: `+4918${i}` }, never),
    );
    clock.advance(1000);
    // Not a moment passes any more: the first that is taken lets all of them go.
    for (const sending of waiting) assert.equal((await sending).outcome, 'accepted');
    assert.equal(sender.links()[0]?.rate, undefined);
  }),
);

test(
  'the centre’s own queue that stays full: the link is back to its rate within seconds by itself',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const { port } = await openPicky(cleanup, commandStatuses.ESME_RMSGQFUL, () => true);
    const { sender } = openSender(cleanup, { smscs: [centre(port)], clock, throughput: 10 });
    for (let second = 0; second <= 5; second += 1) {
      const sent = Array.from({ length: 10 }, (_, i) =>
        sender.send(pushOf(3), { number: `+4917${second}${i}` }, never),
      );
      let answered = 0;
      for (const sending of sent) {
        sending.catch(() => {
          answered += 1;
        });
      }
      await eventually(() => {
        if (answered < sent.length) clock.advance(50);
        return answered === sent.length;
      });
    }
    assert.ok((sender.links()[0]?.rate ?? 0) < 10);
    clock.advance(10_000);
    assert.equal(sender.links()[0]?.rate, 10);
  }),
);

test('who says a number is full, and who says that it takes: only fresh numbers count, and anything taken ends the row', () => {
  const clock = new ManualClock();
  const queues = new FullQueues(clock);
  const refuse = (from: number, count: number): boolean[] =>
    Array.from({ length: count }, (_, i) => queues.refused(String(from + i)));
  assert.ok(!refuse(0, 40).includes(true), 'no time has passed');
  clock.advance(5000);
  assert.ok(!refuse(0, 40).includes(true), 'all were full before');
  queues.accepted('999');
  assert.ok(!refuse(100, 31).includes(true));
  clock.advance(5000);
  queues.accepted('0');
  assert.ok(!refuse(200, 31).includes(true));
  clock.advance(4999);
  assert.equal(queues.refused('300'), false);
  clock.advance(1);
  assert.equal(queues.refused('301'), true);
  assert.equal(queues.refused('302'), false, 'another row begins');
  // One that was taken meanwhile is fresh again.
  for (let i = 0; i < 40; i += 1) queues.accepted(String(i));
  assert.ok(!refuse(0, 40).includes(true));
  clock.advance(5000);
  assert.equal(queues.refused('303'), true);
});

test(
  'ESME_RTHROTTLED that is always said of one message does not hold up the others for good',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const { port, tries } = await openPicky(cleanup, commandStatuses.ESME_RTHROTTLED, (to) => to === '666');
    const { sender } = openSender(cleanup, { smscs: [centre(port)], clock, pushMs: 120_000 });
    const stuck = sender.send(pushOf(3), { number: '+666' }, never);
    stuck.catch(() => {});
    await eventually(() => tries.get('666') === 1);
    let taken = 0;
    for (let i = 0; i < 10; i += 1) {
      void sender.send(pushOf(3), { number: `+49170${i}` }, never).then(() => {
        taken += 1;
      });
    }
    const from = clock.monotonic();
    await eventually(() => {
      clock.advance(100);
      return taken === 10;
    });
    assert.ok(clock.monotonic() - from <= 60_000);
  }),
);

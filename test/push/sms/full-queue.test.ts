// A number whose queue at the centre is full is its own affair; a centre that is full itself is everybody's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandStatuses } from '../../../src/codec/smpp/index.ts';
import { PushError } from '../../../src/core/index.ts';
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

test(
  'ESME_RMSGQFUL for one number after the other is the centre’s own queue: the link slows down, and is back within seconds',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    let full = true;
    const { port } = await openPicky(cleanup, commandStatuses.ESME_RMSGQFUL, () => full);
    const { sender } = openSender(cleanup, { smscs: [centre(port)], clock });
    const sent = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => sender.send(pushOf(3), { number: `+49170${i}` }, never)),
    );
    assert.ok(sent.every(({ status }) => status === 'rejected'));
    assert.equal(sender.links()[0]?.rate, 4);
    full = false;
    clock.advance(1000);
    assert.equal((await sender.send(pushOf(3), { number: '+491' }, never)).outcome, 'accepted');
    clock.advance(30_000);
    assert.equal(sender.links()[0]?.rate, undefined);
  }),
);

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

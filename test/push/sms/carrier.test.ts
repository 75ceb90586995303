// The message centres as one carrier: what it takes now by window, pace, throttling and links, and when it says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandStatuses, type SmppPdu } from '../../../src/codec/smpp/index.ts';
import type { SmsSender, SmsSenderOptions } from '../../../src/push/sms/index.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';
import { answerSession, type ScriptedPeer, ScriptedSmsc } from './scripted-smsc.ts';
import { type Cleanup, centre, device, never, openSender, pushOf, scene } from './support.ts';

interface Carrier {
  readonly clock: ManualClock;
  readonly sender: SmsSender;
  readonly smsc: ScriptedSmsc;
  /** Submissions without an answer. */
  readonly submitted: { readonly pdu: SmppPdu; readonly peer: ScriptedPeer }[];
  free(): number;
  /** How often it was said that there is room. */
  told(): number;
  /** Answers the oldest submission. */
  answer(status?: number): void;
}

async function open(cleanup: Cleanup, options: Partial<SmsSenderOptions> = {}): Promise<Carrier> {
  const clock = new ManualClock();
  const smsc = await ScriptedSmsc.open();
  cleanup.add(() => smsc.close());
  const submitted: Carrier['submitted'] = [];
  smsc.onPdu = (pdu, peer) => {
    if (pdu.command !== 'submit_sm') return answerSession(pdu, peer);
    submitted.push({ pdu, peer });
    return true;
  };
  const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)], clock, receipts: 'none', ...options });
  const { carriers } = sender;
  assert.ok(carriers !== undefined);
  assert.deepEqual([carriers.names, carriers.of(device)], [['sms'], 'sms']);
  let told = 0;
  carriers.onFree(() => {
    told += 1;
  });
  await eventually(() => sender.links()[0]?.state === 'bound');
  return {
    clock,
    sender,
    smsc,
    submitted,
    free: () => carriers.free('sms'),
    told: () => told,
    answer: (status = 0) => {
      const first = submitted.shift();
      assert.ok(first !== undefined);
      const { sequence } = first.pdu;
      first.peer.send({ command: 'submit_sm_resp', status, sequence, messageId: String(sequence) });
    },
  };
}

test(
  'the window: as much as it has room for, and room is told of when an answer makes some',
  scene(async (cleanup) => {
    const { sender, free, told, submitted, answer } = await open(cleanup, { window: 3 });
    assert.equal(free(), 3);
    const sending = [1, 2, 3].map((nth) => sender.send(pushOf(10, 'dm+wbxml', `p${nth}`), device, never));
    assert.deepEqual([free(), told()], [0, 0]);
    await eventually(() => submitted.length === 3);
    answer();
    await eventually(() => told() === 1, 'the word that there is room');
    assert.equal(free(), 1);
    answer();
    answer();
    await Promise.all(sending);
    assert.equal(free(), 3);
  }),
);

test(
  'a push of several messages may wait for its own parts, and nobody is let in before them',
  scene(async (cleanup) => {
    const { sender, free, submitted, answer } = await open(cleanup, { window: 2 });
    const sending = sender.send(pushOf(600), device, never);
    await eventually(() => submitted.length === 2);
    assert.equal(free(), 0);
    for (let part = 0; part < 3; part += 1) {
      answer();
      await eventually(() => submitted.length === 2);
      assert.equal(free(), 0, `after part ${part}`);
    }
    const done = sending.then(() => true);
    await eventually(async () => {
      while (submitted.length > 0) answer();
      return Promise.race([done, Promise.resolve(false)]);
    });
    assert.equal(free(), 2);
  }),
);

test(
  'throughput: one a second is one a second, and a faster one is let in for a tenth of a second ahead',
  scene(async (cleanup) => {
    const one = await open(cleanup, { throughput: 1 });
    assert.equal(one.free(), 1);
    const sending = one.sender.send(pushOf(10), device, never);
    await eventually(() => one.submitted.length === 1);
    one.answer();
    await sending;
    assert.equal(one.free(), 0);
    one.clock.advance(880);
    assert.deepEqual([one.free(), one.told()], [0, 0]);
    one.clock.advance(120);
    assert.deepEqual([one.told(), one.free()], [1, 1]);
    const fast = await open(cleanup, { throughput: 200, window: 100 });
    assert.equal(fast.free(), 21);
  }),
);

test(
  'throttling and a pause: nothing is let in before it is over',
  scene(async (cleanup) => {
    const { sender, free, told, submitted, answer, clock } = await open(cleanup, { backOffMs: 1000 });
    const sending = sender.send(pushOf(10), device, never);
    await eventually(() => submitted.length === 1);
    answer(commandStatuses.ESME_RTHROTTLED);
    await eventually(() => free() === 0, 'the pause');
    clock.advance(1000);
    await eventually(() => submitted.length === 1, 'the message again');
    answer();
    await sending;
    // Half of what it was, from there on.
    await eventually(() => {
      clock.advance(100);
      return told() > 0 && free() > 0;
    });
  }),
);

test(
  'with no link up, a few find out, and no more; when there is one again, it says so',
  scene(async (cleanup) => {
    const { sender, free, told, smsc, clock } = await open(cleanup);
    (await smsc.peer(0)).socket.destroy();
    await eventually(() => sender.links()[0]?.state === 'down');
    const few = free();
    assert.ok(few > 0 && few <= 16, `${few}`);
    const sending = Array.from({ length: few }, (_, nth) =>
      sender.send(pushOf(10, 'dm+wbxml', `p${nth}`), device, never),
    );
    assert.equal(free(), 0);
    smsc.onPdu = (pdu, peer) => {
      if (pdu.command !== 'submit_sm') return answerSession(pdu, peer);
      peer.accept(pdu, String(pdu.sequence));
      return true;
    };
    const before = told();
    await eventually(() => {
      clock.advance(100);
      return sender.links()[0]?.state === 'bound';
    });
    await eventually(() => told() > before, 'the word that there is room');
    for (const outcome of await Promise.all(sending)) assert.equal(outcome.outcome, 'accepted');
  }),
);

test(
  'places bound what is handed over, and a sender that is closed takes nothing',
  scene(async (cleanup) => {
    const { sender, free } = await open(cleanup, { places: 2, window: 10 });
    assert.equal(free(), 2);
    await sender.close();
    assert.equal(free(), 0);
  }),
);

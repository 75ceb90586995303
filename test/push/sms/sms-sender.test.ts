// The sender against a message centre whose every answer the test gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandStatuses, encodePdu, type SmppPdu } from '../../../src/codec/smpp/index.ts';
import { PushError } from '../../../src/core/index.ts';
import type { SendResult } from '../../../src/push/index.ts';
import type { SmsSender, SmsSenderOptions } from '../../../src/push/sms/index.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';
import { answerSession, type ScriptedPeer, ScriptedSmsc } from './scripted-smsc.ts';
import { type Cleanup, centre, device, never, openSender, pushOf, scene } from './support.ts';

async function openScripted(cleanup: Cleanup): Promise<ScriptedSmsc> {
  const smsc = await ScriptedSmsc.open();
  cleanup.add(() => smsc.close());
  return smsc;
}

interface Scripted {
  readonly smsc: ScriptedSmsc;
  readonly clock: ManualClock;
  readonly sender: SmsSender;
  readonly peer: ScriptedPeer;
}

/** A sender that is bound to a scripted centre. */
async function bound(cleanup: Cleanup, options: Partial<SmsSenderOptions> = {}): Promise<Scripted> {
  const clock = new ManualClock();
  const smsc = await openScripted(cleanup);
  const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)], clock, ...options });
  await eventually(() => sender.links()[0]?.state === 'bound');
  return { smsc, clock, sender, peer: await smsc.peer(0) };
}

/** Octets that a centre gets but for the sequence number. */
function sameBut(pdu: SmppPdu): unknown {
  return { ...pdu, sequence: 0 };
}

async function failure(sending: Promise<SendResult>): Promise<PushError> {
  try {
    await sending;
  } catch (error) {
    assert.ok(error instanceof PushError, String(error));
    return error;
  }
  return assert.fail('it was accepted');
}

test(
  'SMPP 3.4 §4.1.5: binds as a transceiver with interface version 3.4, user and password',
  scene(async (cleanup) => {
    const smsc = await openScripted(cleanup);
    const binds: SmppPdu[] = [];
    smsc.onPdu = (pdu, peer) => {
      if (pdu.command.startsWith('bind')) binds.push(pdu);
      return answerSession(pdu, peer);
    };
    const { sender } = openSender(cleanup, { smscs: [centre(smsc.port, { systemType: 'DM' })] });
    await eventually(() => sender.links()[0]?.state === 'bound');
    assert.deepEqual(binds, [
      {
        command: 'bind_transceiver',
        status: 0,
        sequence: 1,
        systemId: 'dms',
        password: 'pw',
        systemType: 'DM',
        interfaceVersion: 0x34,
        addressTon: 0,
        addressNpi: 0,
        addressRange: '',
        parameters: {},
      },
    ]);
  }),
);

test(
  'SMPP 3.4 §2.3: while a slow centre binds no enquire_link is sent; afterwards silence is asked about',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const smsc = await openScripted(cleanup);
    const arrived: string[] = [];
    let bind: (() => void) | undefined;
    smsc.onPdu = (pdu, peer) => {
      arrived.push(pdu.command);
      if (pdu.command !== 'bind_transceiver') return answerSession(pdu, peer);
      bind = () => answerSession(pdu, peer);
      return true;
    };
    const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)], clock, enquireMs: 1000 });
    await eventually(() => bind);
    clock.advance(3000);
    // Had anything been asked, it would be here before the answer to this.
    const peer = await smsc.peer(0);
    peer.send({ command: 'enquire_link', sequence: 5 });
    await eventually(() => arrived.includes('enquire_link_resp'));
    assert.deepEqual(arrived, ['bind_transceiver', 'enquire_link_resp']);
    bind?.();
    await eventually(() => sender.links()[0]?.state === 'bound');
    await eventually(() => {
      clock.advance(1000);
      return arrived.includes('enquire_link');
    });
  }),
);

test(
  'the window: so many messages are without an answer, and no more; answers may come in any order',
  scene(async (cleanup) => {
    const { peer, sender } = await bound(cleanup, { window: 3 });
    const sending = Promise.all(Array.from({ length: 5 }, () => sender.send(pushOf(5), device, never)));
    await eventually(() => peer.arrived.length === 3);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(peer.arrived.length, 3);
    assert.equal(sender.links()[0]?.inFlight, 3);
    const third = peer.arrived.splice(2, 1)[0];
    peer.accept(third, 'c');
    await eventually(() => peer.arrived.length === 3);
    for (let i = 0; i < 4; i += 1) peer.accept(await peer.next('submit_sm'), `m${i}`);
    const references = (await sending).map((receipt) => 'reference' in receipt && receipt.reference);
    assert.deepEqual(references, ['sim:m0', 'sim:m1', 'sim:c', 'sim:m2', 'sim:m3']);
  }),
);

test(
  'references of all messages of a push come in the order of the parts, whatever order the answers have',
  scene(async (cleanup) => {
    const { peer, sender } = await bound(cleanup);
    const sending = sender.send(pushOf(300), device, never);
    const parts = [await peer.next('submit_sm'), await peer.next('submit_sm'), await peer.next('submit_sm')];
    for (const at of [2, 0, 1]) peer.accept(parts[at], `id${at}`);
    assert.deepEqual(await sending, { outcome: 'accepted', reference: 'sim:id0 sim:id1 sim:id2' });
  }),
);

test(
  'in doubt after the link broke: the same octets again on the next link, but for what was answered',
  scene(async (cleanup) => {
    const { clock, peer, sender, smsc } = await bound(cleanup);
    const sending = sender.send(pushOf(300), device, never);
    const parts = [await peer.next('submit_sm'), await peer.next('submit_sm'), await peer.next('submit_sm')];
    peer.accept(parts[1], 'two');
    await eventually(() => sender.links()[0]?.inFlight === 2);
    peer.socket.destroy();
    await eventually(() => sender.links()[0]?.state === 'down');
    clock.advance(1000);
    const next = await smsc.peer(1);
    const again = [await next.next('submit_sm'), await next.next('submit_sm')];
    assert.deepEqual(
      again.map(sameBut),
      [parts[0], parts[2]].map((part) => sameBut(part as SmppPdu)),
    );
    next.accept(again[0], 'one');
    next.accept(again[1], 'three');
    assert.deepEqual(await sending, { outcome: 'accepted', reference: 'sim:one sim:two sim:three' });
  }),
);

test(
  'SMPP 3.4 §5.1.3: a refused part fails the push with the name of the status; its other parts are sent no more',
  scene(async (cleanup) => {
    const { peer, sender } = await bound(cleanup, { window: 1 });
    const sending = sender.send(pushOf(300), device, never);
    const { sequence } = await peer.next('submit_sm');
    peer.send({ command: 'submit_sm_resp', status: commandStatuses.ESME_RINVDSTADR, sequence });
    const error = await failure(sending);
    assert.deepEqual([error.code, error.retryable], ['ESME_RINVDSTADR', false]);
    assert.match(error.message, /destination address/);
    // The next push is not held up.
    const other = sender.send(pushOf(1, 'dm1.2'), device, never);
    const submit = await peer.next('submit_sm');
    assert.equal(submit.shortMessage[10], 0xc4);
    peer.send({ command: 'submit_sm_resp', status: commandStatuses.ESME_RSYSERR, sequence: submit.sequence });
    const passing = await failure(other);
    assert.deepEqual([passing.code, passing.retryable], ['ESME_RSYSERR', true]);
  }),
);

test(
  'a generic_nack refuses the message',
  scene(async (cleanup) => {
    const { peer, sender } = await bound(cleanup);
    const sending = sender.send(pushOf(3), device, never);
    const { sequence } = await peer.next('submit_sm');
    peer.send({ command: 'generic_nack', status: commandStatuses.ESME_RINVCMDID, sequence });
    assert.equal((await failure(sending)).code, 'ESME_RINVCMDID');
  }),
);

test(
  'SMPP 3.4 §5.1.3: ESME_RINVBNDSTS makes the link bind again, and the message is sent again',
  scene(async (cleanup) => {
    const { clock, peer, sender, smsc } = await bound(cleanup);
    const sending = sender.send(pushOf(3), device, never);
    const { sequence } = await peer.next('submit_sm');
    peer.send({ command: 'submit_sm_resp', status: commandStatuses.ESME_RINVBNDSTS, sequence });
    await peer.gone();
    await eventually(() => sender.links()[0]?.state === 'down');
    clock.advance(1000);
    const next = await smsc.peer(1);
    next.accept(await next.next('submit_sm'), '1');
    assert.equal((await sending).outcome, 'accepted');
  }),
);

test(
  'nobody listens: pushes wait, then fail as retryable with the reason; later ones wait only a moment, until a centre comes',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const gone = await ScriptedSmsc.open();
    const { port } = gone;
    await gone.close();
    const { sender } = openSender(cleanup, { smscs: [centre(port)], clock });
    await eventually(() => sender.links()[0]?.lastError !== undefined);
    const sending = sender.send(pushOf(3), device, never);
    clock.advance(15_000);
    const error = await failure(sending);
    assert.deepEqual([error.code, error.retryable], ['NO_LINK', true]);
    assert.match(error.message, /sim: nothing listens on the port/);
    const another = failure(sender.send(pushOf(3), device, never));
    clock.advance(1000);
    assert.equal((await another).code, 'NO_LINK');
    const smsc = await ScriptedSmsc.open(port);
    cleanup.add(() => smsc.close());
    await eventually(() => {
      clock.advance(1000);
      return sender.links()[0]?.state === 'bound';
    });
    const later = sender.send(pushOf(3), device, never);
    const peer = await smsc.peer(0);
    peer.accept(await peer.next('submit_sm'), '1');
    assert.equal((await later).outcome, 'accepted');
  }),
);

test(
  'pauses between attempts to connect double from 1 s to 60 s, with some chance in them',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const gone = await ScriptedSmsc.open();
    const { port } = gone;
    await gone.close();
    const errors: PushError[] = [];
    openSender(cleanup, {
      smscs: [centre(port)],
      clock,
      random: () => 0.5,
      onLink: (_smsc, error) => error !== undefined && errors.push(error),
    });
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 9; attempt += 1) {
      await eventually(() => errors.length === attempt);
      const from = clock.now();
      while (errors.length === attempt && clock.now() - from < 100_000) {
        const due = clock.nextTimerAt() ?? 0;
        // Timers of others, such as the wait for a link, may come first.
        clock.advance(Math.max(due - clock.now(), 0));
        for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      }
      pauses.push((clock.now() - from) / 1000);
    }
    assert.deepEqual(pauses, [0.75, 1.5, 3, 6, 12, 24, 45, 45, 45]);
  }),
);

test(
  'SMPP 3.4 §5.1.3: a refused password is not tried again before 60 s; pushes fail with that reason, without the password',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const smsc = await openScripted(cleanup);
    let binds = 0;
    smsc.onPdu = (pdu, peer) => {
      if (pdu.command !== 'bind_transceiver') return false;
      binds += 1;
      peer.send({
        command: 'bind_transceiver_resp',
        status: commandStatuses.ESME_RINVPASWD,
        sequence: pdu.sequence,
      });
      return true;
    };
    const { sender } = openSender(cleanup, {
      smscs: [centre(smsc.port, { password: 'sesame' })],
      clock,
      random: () => 0.999,
    });
    await eventually(() => sender.links()[0]?.lastError !== undefined);
    const sending = sender.send(pushOf(3), device, never);
    clock.advance(59_000);
    const error = await failure(sending);
    assert.match(error.message, /refused to bind: ESME_RINVPASWD/);
    assert.doesNotMatch(error.message, /sesame/);
    assert.equal(binds, 1);
    clock.advance(1000);
    await eventually(() => binds === 2);
  }),
);

test(
  'a centre that accepts connections and says nothing: the bind times out, the push fails as retryable',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const smsc = await openScripted(cleanup);
    smsc.onPdu = () => true;
    const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)], clock });
    const sending = sender.send(pushOf(3), device, never);
    await smsc.peer(0);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(10_000);
    await eventually(() => sender.links()[0]?.lastError?.code === 'LINK_LOST');
    clock.advance(5000);
    assert.equal((await failure(sending)).code, 'NO_LINK');
  }),
);

test(
  'a centre that answers nonsense every time: so many attempts, then the push fails as retryable',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const smsc = await openScripted(cleanup);
    smsc.onPdu = (pdu, peer) => {
      if (pdu.command === 'submit_sm') peer.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
      return answerSession(pdu, peer);
    };
    const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)], clock, maxResends: 2 });
    let error: PushError | undefined;
    const sending = failure(sender.send(pushOf(3), device, never)).then((found) => {
      error = found;
    });
    await eventually(() => {
      clock.advance(500);
      return error;
    });
    await sending;
    assert.deepEqual([error?.code, error?.retryable, smsc.peers.length], ['UNANSWERED', true, 3]);
    assert.match(error?.message ?? '', /sent 3 times/);
  }),
);

test(
  'SMPP 3.4 §4.2: when the centre unbinds, answers in flight still count, and the rest goes over the next link',
  scene(async (cleanup) => {
    const { clock, peer, sender, smsc } = await bound(cleanup, { window: 2 });
    const sending = sender.send(pushOf(300), device, never);
    const first = await peer.next('submit_sm');
    await peer.next('submit_sm');
    peer.send({ command: 'unbind', sequence: 1 });
    await peer.next('unbind_resp');
    assert.equal(sender.links()[0]?.state, 'draining');
    peer.accept(first, 'one');
    await eventually(() => sender.links()[0]?.inFlight === 1);
    peer.socket.end();
    await eventually(() => sender.links()[0]?.state === 'down');
    clock.advance(1000);
    const next = await smsc.peer(1);
    next.accept(await next.next('submit_sm'), 'a');
    next.accept(await next.next('submit_sm'), 'b');
    const receipt = await sending;
    assert.ok(receipt.outcome === 'accepted');
    assert.deepEqual(receipt.reference.split(' ').sort(), ['sim:a', 'sim:b', 'sim:one']);
  }),
);

test(
  'SMPP 3.4 §4.6: messages from devices and receipts of strangers are answered; other requests are refused',
  scene(async (cleanup) => {
    const { peer } = await bound(cleanup);
    peer.send({ command: 'deliver_sm', sequence: 1, shortMessage: Uint8Array.of(65) });
    peer.send({
      command: 'deliver_sm',
      sequence: 2,
      esmClass: 4,
      shortMessage: new TextEncoder().encode('id:1 stat:DELIVRD'),
    });
    peer.send({ command: 'data_sm', sequence: 3, parameters: { messagePayload: Uint8Array.of(65) } });
    peer.send({ command: 'submit_sm', sequence: 4 });
    await eventually(() => peer.arrived.length === 4);
    assert.deepEqual(
      peer.arrived
        .map(({ command, status, sequence }) => [command, status, sequence])
        .sort((a, b) => Number(a[2]) - Number(b[2])),
      [
        ['deliver_sm_resp', 0, 1],
        ['deliver_sm_resp', 0, 2],
        ['data_sm_resp', 0, 3],
        ['generic_nack', 3, 4],
      ],
    );
  }),
);

test(
  'abort: before anything is sent nothing is; in the middle the rest is not sent; the link goes on',
  scene(async (cleanup) => {
    const { peer, sender } = await bound(cleanup, { window: 1 });
    const early = await failure(sender.send(pushOf(3), device, AbortSignal.abort()));
    assert.deepEqual([early.code, early.retryable], ['ABORTED', true]);
    const controller = new AbortController();
    const sending = sender.send(pushOf(300), device, controller.signal);
    const waiting = new AbortController();
    const queued = sender.send(pushOf(5), device, waiting.signal);
    const submit = await peer.next('submit_sm');
    controller.abort();
    waiting.abort();
    assert.match((await failure(sending)).message, /after parts of it were sent/);
    assert.match((await failure(queued)).message, /before it was sent/);
    peer.accept(submit, '1');
    const next = sender.send(pushOf(1, 'dm1.2'), device, never);
    const found = await peer.next('submit_sm');
    assert.equal(found.shortMessage[10], 0xc4);
    peer.accept(found, '2');
    assert.equal((await next).outcome, 'accepted');
    assert.deepEqual(peer.arrived, []);
  }),
);

test(
  'close while busy: what has begun is finished, what has not fails as retryable, then the session is unbound',
  scene(async (cleanup) => {
    const { peer, sender } = await bound(cleanup, { window: 1 });
    const begun = sender.send(pushOf(300), device, never);
    const waiting = sender.send(pushOf(5), device, never);
    const first = await peer.next('submit_sm');
    const order: string[] = [];
    const closed = sender.close().then(() => order.push('closed'));
    assert.deepEqual([(await failure(waiting)).code], ['CLOSED']);
    const late = await failure(sender.send(pushOf(5), device, never));
    assert.deepEqual([late.code, late.retryable], ['CLOSED', true]);
    peer.accept(first, '1');
    peer.accept(await peer.next('submit_sm'), '2');
    peer.accept(await peer.next('submit_sm'), '3');
    void begun.then(() => order.push('accepted'));
    await Promise.all([begun, closed]);
    assert.deepEqual(order, ['accepted', 'closed']);
    await peer.gone();
    await sender.close();
  }),
);

test(
  'close waits for a push no longer than its time, and for an answer no longer than the response time',
  scene(async (cleanup) => {
    const { clock, peer, sender } = await bound(cleanup, { window: 1, closeMs: 5000 });
    const sending = failure(sender.send(pushOf(300), device, never));
    await peer.next('submit_sm');
    const closed = sender.close();
    clock.advance(5000);
    assert.equal((await sending).code, 'CLOSED');
    clock.advance(5000);
    await closed;
    await peer.gone();
  }),
);

test(
  'close while the link is away: nothing is waited for',
  scene(async (cleanup) => {
    const { peer, sender } = await bound(cleanup);
    const sending = failure(sender.send(pushOf(300), device, never));
    await peer.next('submit_sm');
    peer.socket.destroy();
    await eventually(() => sender.links()[0]?.state === 'down');
    await sender.close();
    assert.equal((await sending).code, 'CLOSED');
  }),
);

test(
  'close while connecting and while binding',
  scene(async (cleanup) => {
    const smsc = await openScripted(cleanup);
    smsc.onPdu = () => true;
    const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)], clock: new ManualClock() });
    await sender.close();
    const other = openSender(cleanup, { smscs: [centre(smsc.port)], clock: new ManualClock() });
    await eventually(() => smsc.peers.length >= 1);
    await other.sender.close();
    assert.equal(other.sender.links()[0]?.state, 'closed');
  }),
);

test(
  'a push that waits too long fails as retryable; so does one too many',
  scene(async (cleanup) => {
    const { clock, peer, sender } = await bound(cleanup, { window: 1, pushMs: 9000, maxQueued: 3 });
    const first = failure(sender.send(pushOf(5), device, never));
    await peer.next('submit_sm');
    const second = failure(sender.send(pushOf(250), device, never));
    const third = failure(sender.send(pushOf(5), device, never));
    const fourth = await failure(sender.send(pushOf(5), device, never));
    assert.deepEqual([fourth.code, fourth.retryable], ['BUSY', true]);
    clock.advance(9000);
    for (const error of [await first, await second, await third]) {
      assert.deepEqual([error.code, error.retryable], ['TIMEOUT', true]);
    }
  }),
);

test(
  'the link may break at any moment of a push of three messages: it is accepted in the end, or fails as retryable',
  scene(async (cleanup) => {
    // 0: before the bind; 1–3: instead of the answer to that message; 4: after all.
    for (let moment = 0; moment <= 4; moment += 1) {
      const clock = new ManualClock();
      const smsc = await openScripted(cleanup);
      let submits = 0;
      let broken = false;
      smsc.onPdu = (pdu, peer) => {
        const breaks = !broken && (pdu.command === 'submit_sm' ? moment === submits + 1 : moment === 0);
        if (pdu.command === 'submit_sm') submits += 1;
        if (breaks) {
          broken = true;
          peer.socket.destroy();
          return true;
        }
        if (pdu.command !== 'submit_sm') return answerSession(pdu, peer);
        peer.accept(pdu, `m${submits}`);
        return true;
      };
      const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)], clock, window: 1 });
      const sending = sender.send(pushOf(300), device, never);
      let receipt: SendResult | undefined;
      void sending.then((given) => {
        receipt = given;
      });
      await eventually(() => {
        clock.advance(100);
        return receipt;
      }, `the push whose link broke at ${moment}`);
      assert.equal(receipt?.outcome, 'accepted');
      assert.equal(submits, moment === 0 || moment === 4 ? 3 : 4);
    }
  }),
);

test('an answer for a request that was never made is let pass', () =>
  scene(async (cleanup) => {
    const { peer, sender } = await bound(cleanup);
    peer.socket.write(encodePdu({ command: 'submit_sm_resp', sequence: 12345, messageId: 'x' }));
    const sending = sender.send(pushOf(3), device, never);
    peer.accept(await peer.next('submit_sm'), '1');
    assert.equal((await sending).outcome, 'accepted');
  })());

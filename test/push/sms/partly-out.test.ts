// A push of several messages of which the centre takes some and refuses others: whoever sends it learns whether any may be out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandStatuses, type SmppPdu } from '../../../src/codec/smpp/index.ts';
import { PushError } from '../../../src/core/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { answerSession, type ScriptedPeer, ScriptedSmsc } from './scripted-smsc.ts';
import { type Cleanup, centre, never, openSender, pushOf, scene } from './support.ts';

type Submit = Extract<SmppPdu, { readonly command: 'submit_sm' }>;

/** A centre that answers when it is told to. */
async function openPatient(cleanup: Cleanup) {
  const smsc = await ScriptedSmsc.open();
  cleanup.add(() => smsc.close());
  const asked: { readonly pdu: Submit; readonly peer: ScriptedPeer }[] = [];
  smsc.onPdu = (pdu, peer) => {
    if (pdu.command !== 'submit_sm') return answerSession(pdu, peer);
    asked.push({ pdu, peer });
    return true;
  };
  const accept = (index: number): void => {
    const { pdu, peer } = asked[index] ?? assert.fail(`no message ${index}`);
    peer.accept(pdu, `m${index}`);
  };
  const refuse = (index: number): void => {
    const { pdu, peer } = asked[index] ?? assert.fail(`no message ${index}`);
    peer.send({
      command: 'submit_sm_resp',
      status: commandStatuses.ESME_RSYSERR,
      sequence: pdu.sequence,
    });
  };
  return { smsc, asked, accept, refuse };
}

/** How a push ended: not before all that is in the air is answered. */
async function outcomeOf(sending: Promise<unknown>): Promise<PushError> {
  const error = await sending.then(
    () => assert.fail('it was taken'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof PushError);
  return error;
}

const to = { number: '+4917012345' };

test(
  'some taken and one refused: the push may be tried again, and no other road may begin it anew',
  scene(async (cleanup) => {
    const { smsc, asked, accept, refuse } = await openPatient(cleanup);
    const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)] });
    const ended = outcomeOf(sender.send(pushOf(300), to, never));
    await eventually(() => asked.length === 3);
    refuse(1);
    accept(2);
    accept(0);
    const { code, retryable, notTaken, message } = await ended;
    assert.deepEqual([code, retryable, notTaken], ['ESME_RSYSERR', true, false]);
    assert.match(message, /2 of its messages are out/);
  }),
);

test(
  'all refused: nothing is out, and another road may have it',
  scene(async (cleanup) => {
    const { smsc, asked, refuse } = await openPatient(cleanup);
    const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)] });
    const ended = outcomeOf(sender.send(pushOf(300), to, never));
    await eventually(() => asked.length === 3);
    for (const index of [2, 0, 1]) refuse(index);
    const { code, notTaken } = await ended;
    assert.deepEqual([code, notTaken], ['ESME_RSYSERR', true]);
  }),
);

test(
  'one refused, and the link lost with the others: they may be out',
  scene(async (cleanup) => {
    const { smsc, asked, refuse } = await openPatient(cleanup);
    const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)] });
    const ended = outcomeOf(sender.send(pushOf(300), to, never));
    await eventually(() => asked.length === 3);
    refuse(0);
    asked[0]?.peer.socket.end();
    const { code, notTaken, message } = await ended;
    assert.deepEqual([code, notTaken], ['ESME_RSYSERR', false]);
    assert.match(message, /others of its messages may be out/);
  }),
);

test(
  'a window of one: once a message is refused the others stay here',
  scene(async (cleanup) => {
    const { smsc, asked, refuse } = await openPatient(cleanup);
    const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)], window: 1 });
    const ended = outcomeOf(sender.send(pushOf(300), to, never));
    await eventually(() => asked.length === 1);
    refuse(0);
    assert.equal((await ended).notTaken, true);
    const next = sender.send(pushOf(3), to, never);
    await eventually(() => asked.length === 2);
    asked[1]?.peer.accept(asked[1].pdu, 'm');
    assert.equal((await next).outcome, 'accepted');
    assert.equal(asked.length, 2);
  }),
);

test(
  'a message that the centre refuses because it gets too many is not out while it waits to be sent again',
  scene(async (cleanup) => {
    const { smsc, asked } = await openPatient(cleanup);
    const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)], backOffMs: 60_000 });
    const ends = new AbortController();
    const ended = outcomeOf(sender.send(pushOf(3), to, ends.signal));
    await eventually(() => asked.length === 1);
    assert.equal(sender.mayHave('p1'), true);
    const [first] = asked;
    first?.peer.send({
      command: 'submit_sm_resp',
      status: commandStatuses.ESME_RTHROTTLED,
      sequence: first.pdu.sequence,
    });
    await eventually(() => !sender.mayHave('p1'));
    ends.abort();
    assert.deepEqual([(await ended).code, (await ended).notTaken], ['ABORTED', true]);
  }),
);

// Centres that answer with the command_id of another response, or with a body that nobody can read: what counts is the
// sequence number and the status (SMPP 3.4 §5.1.3, §5.1.4), and no message goes out twice because of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandIds, encodePdu, type SmppPdu } from '../../../src/codec/smpp/index.ts';
import { hexToBytes, PushError } from '../../../src/core/index.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';
import { answerSession, type ScriptedPeer, ScriptedSmsc } from './scripted-smsc.ts';
import { type Cleanup, centre, device, never, openSender, pushOf, scene } from './support.ts';

/** Octets of a PDU, whatever sense they make. */
function octetsOf(commandId: number, status: number, sequence: number, body: string): Uint8Array {
  const text = hexToBytes(body);
  const pdu = new Uint8Array(16 + text.length);
  const view = new DataView(pdu.buffer);
  for (const [index, word] of [pdu.length, commandId, status, sequence].entries())
    view.setUint32(index * 4, word);
  pdu.set(text, 16);
  return pdu;
}

interface Odd {
  readonly id: number;
  readonly status?: number;
  /** Hexadecimal. */
  readonly body: string;
}

async function open(cleanup: Cleanup, answer: (submit: SmppPdu, peer: ScriptedPeer) => void, bindAs?: Odd) {
  const clock = new ManualClock();
  const smsc = await ScriptedSmsc.open();
  cleanup.add(() => smsc.close());
  const submits: SmppPdu[] = [];
  smsc.onPdu = (pdu, peer) => {
    if (pdu.command === 'bind_transceiver' && bindAs !== undefined) {
      const { id, status = 0, body } = bindAs;
      peer.socket.write(octetsOf(id, status, pdu.sequence, body));
      return true;
    }
    if (pdu.command !== 'submit_sm') return answerSession(pdu, peer);
    submits.push(pdu);
    answer(pdu, peer);
    return true;
  };
  const warnings: string[] = [];
  const lost: PushError[] = [];
  const { sender } = openSender(cleanup, {
    smscs: [centre(smsc.port)],
    clock,
    onWarning: (text) => warnings.push(text),
    onLink: (_, error) => {
      if (error !== undefined) lost.push(error);
    },
  });
  return { clock, smsc, sender, submits, warnings, lost };
}

const taken: readonly (readonly [string, Odd, string])[] = [
  ['data_sm_resp', { id: commandIds.data_sm_resp, body: '613100' }, 'a1'],
  ['data_sm_resp without a body', { id: commandIds.data_sm_resp, body: '' }, ''],
  ['submit_multi_resp', { id: commandIds.submit_multi_resp, body: '61310000' }, 'a1'],
  ['deliver_sm_resp', { id: commandIds.deliver_sm_resp, body: '613100' }, 'a1'],
  ['query_sm_resp with a body too short for one', { id: commandIds.query_sm_resp, body: '613100' }, 'a1'],
  ['an id that no SMPP has', { id: 0x80012345, body: '613100' }, 'a1'],
];
for (const [name, { id, body }, messageId] of taken) {
  test(
    `SMPP 3.4 §5.1.4: submit_sm answered by ${name} with status 0 is taken, sent once, and the link stays`,
    scene(async (cleanup) => {
      const { sender, submits, warnings, lost } = await open(cleanup, ({ sequence }, peer) =>
        peer.socket.write(octetsOf(id, 0, sequence, body)),
      );
      for (let i = 1; i <= 3; i += 1) {
        const receipt = await sender.send(pushOf(3), device, never);
        assert.ok(receipt.outcome === 'accepted' && receipt.reference.includes(messageId));
        assert.equal(submits.length, i);
      }
      assert.deepEqual(lost, []);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? '', /^sim: answers submit_sm with .*sequence number and status/);
    }),
  );
}

test(
  'submit_sm refused by data_sm_resp is refused by that status, once',
  scene(async (cleanup) => {
    const { sender, submits, lost } = await open(cleanup, ({ sequence }, peer) =>
      peer.socket.write(octetsOf(commandIds.data_sm_resp, 0x0b, sequence, '')),
    );
    const failed = await sender.send(pushOf(3), device, never).catch((error: unknown) => error);
    assert.ok(failed instanceof PushError && failed.code === 'ESME_RINVDSTADR' && !failed.retryable);
    assert.equal(submits.length, 1);
    assert.deepEqual(lost, []);
  }),
);

test(
  'SMPP 3.4 §4.3: generic_nack to a submit_sm refuses it by its status, and nothing is noted',
  scene(async (cleanup) => {
    const { sender, submits, warnings, lost } = await open(cleanup, ({ sequence }, peer) =>
      peer.socket.write(octetsOf(commandIds.generic_nack, 0x03, sequence, '000102')),
    );
    const failed = await sender.send(pushOf(3), device, never).catch((error: unknown) => error);
    assert.ok(failed instanceof PushError && failed.code === 'ESME_RINVCMDID');
    assert.equal(submits.length, 1);
    assert.deepEqual([warnings, lost], [[], []]);
  }),
);

test(
  'a response about the session answers no message: it is passed over, and the true answer counts',
  scene(async (cleanup) => {
    const { sender, submits, warnings, lost } = await open(cleanup, (submit, peer) => {
      for (const id of [commandIds.enquire_link_resp, commandIds.unbind_resp, commandIds.enquire_link_resp])
        peer.socket.write(octetsOf(id, 0, submit.sequence, ''));
      peer.accept(submit, 'm7');
    });
    const receipt = await sender.send(pushOf(3), device, never);
    assert.ok(receipt.outcome === 'accepted' && receipt.reference.includes('m7'));
    assert.equal(submits.length, 1);
    assert.deepEqual(lost, []);
    assert.equal(warnings.length, 2);
    assert.ok(warnings.every((text) => text.endsWith('passed over')));
  }),
);

for (const command of ['bind_transmitter_resp', 'bind_receiver_resp', 'submit_sm_resp'] as const) {
  test(
    `a bind_transceiver that is answered by ${command} with status 0 is bound, at the first attempt`,
    scene(async (cleanup) => {
      const answer = { id: commandIds[command], body: '5300' };
      const { smsc, sender, warnings, lost } = await open(
        cleanup,
        (submit, peer) => peer.accept(submit, 'm1'),
        answer,
      );
      await eventually(() => sender.links()[0]?.state === 'bound');
      assert.equal((await sender.send(pushOf(3), device, never)).outcome, 'accepted');
      assert.deepEqual(lost, []);
      assert.equal(smsc.peers.length, 1);
      assert.equal(warnings.length, 1);
    }),
  );
}

test(
  'a bind that is refused by the response to another bind is refused by that status',
  scene(async (cleanup) => {
    const answer = { id: commandIds.bind_transmitter_resp, status: 0x0e, body: '' };
    const { lost } = await open(cleanup, () => {}, answer);
    await eventually(() => lost.length === 1);
    assert.equal(lost[0]?.code, 'BIND_REFUSED');
    assert.match(lost[0]?.message ?? '', /ESME_RINVPASWD/);
  }),
);

test(
  'an odd answer to enquire_link is a sign of life',
  scene(async (cleanup) => {
    const smsc = await ScriptedSmsc.open();
    cleanup.add(() => smsc.close());
    let asked = 0;
    smsc.onPdu = (pdu, peer) => {
      if (pdu.command !== 'enquire_link') return answerSession(pdu, peer);
      asked += 1;
      peer.socket.write(encodePdu({ command: 'unbind_resp', sequence: pdu.sequence }));
      return true;
    };
    const clock = new ManualClock();
    const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)], clock, enquireMs: 1000 });
    await eventually(() => sender.links()[0]?.state === 'bound');
    for (let i = 1; i <= 5; i += 1) {
      clock.advance(1000);
      await eventually(() => asked === i);
    }
    assert.equal(sender.links()[0]?.state, 'bound');
    assert.equal(smsc.peers.length, 1);
  }),
);

const ends: readonly (readonly [string, (sequence: number) => Uint8Array])[] = [
  ['octets that are no SMPP', () => hexToBytes('00000001ffffffff')],
  ['ESME_RINVBNDSTS', (sequence) => octetsOf(commandIds.submit_sm_resp, 0x04, sequence, '')],
];
for (const [name, answer] of ends) {
  test(
    `a centre that answers each message with ${name} gets it six times at most, never twice without a pause`,
    scene(async (cleanup) => {
      const { clock, sender, submits, lost } = await open(cleanup, ({ sequence }, peer) =>
        peer.socket.write(answer(sequence)),
      );
      const sending = sender.send(pushOf(3), device, never).catch((error: unknown) => error);
      for (let sent = 1; sent <= 6; sent += 1) {
        await eventually(() => lost.length === sent);
        assert.equal(submits.length, sent);
        // Not within half of the pause either.
        clock.advance(499);
        await new Promise((resolve) => setImmediate(resolve));
        assert.equal(sender.links()[0]?.state, 'down');
        clock.advance(501);
      }
      const failed = await sending;
      assert.ok(failed instanceof PushError && failed.code === 'UNANSWERED' && failed.retryable);
      assert.equal(submits.length, 6);
    }),
  );
}

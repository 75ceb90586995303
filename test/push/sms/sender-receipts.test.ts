// Answers and receipts of message centres, as deployed ones write them, against the sender: what a push was settled by.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  commandIds,
  esmClass,
  type SmppParameters,
  type SmppPduInput,
  writeReceiptText,
} from '../../../src/codec/smpp/index.ts';
import { hexToBytes, PushError } from '../../../src/core/index.ts';
import type { DeliveryReport } from '../../../src/push/index.ts';
import type { SmscOptions, SmsSender, SmsSenderOptions } from '../../../src/push/sms/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { type ScriptedPeer, ScriptedSmsc } from './scripted-smsc.ts';
import { type Cleanup, centre, never, openSender, pushOf, scene } from './support.ts';

const anna = { number: '+491701111111' };
const bert = { number: '+491702222222' };

interface Bench {
  readonly smsc: ScriptedSmsc;
  readonly peer: ScriptedPeer;
  readonly sender: SmsSender;
  readonly reports: readonly DeliveryReport[];
  /** Links that were lost. */
  readonly lost: readonly string[];
  readonly told: () => readonly string[];
}

/** A sender that is bound to a centre, and to others if the options name them. */
async function open(
  cleanup: Cleanup,
  options: Partial<SmsSenderOptions> = {},
  more: readonly SmscOptions[] = [],
): Promise<Bench> {
  const smsc = await ScriptedSmsc.open();
  cleanup.add(() => smsc.close());
  const lost: string[] = [];
  const { sender, reports } = openSender(cleanup, {
    smscs: [centre(smsc.port), ...more],
    onLink: (name, error) => {
      if (error !== undefined) lost.push(name);
    },
    ...options,
  });
  await eventually(() => sender.links()[0]?.state === 'bound');
  const told = (): readonly string[] => reports.map(({ pushId, outcome }) => `${pushId} ${outcome}`);
  return { smsc, peer: await smsc.peer(0), sender, reports, lost, told };
}

/** A receipt as appendix B has it, from a device. */
function receipt(
  id: string,
  { number }: { readonly number: string },
  more: Partial<SmppPduInput> = {},
): SmppPduInput {
  const text = writeReceiptText({ messageId: id, state: 'DELIVERED', submittedAt: 0, doneAt: 0 });
  const sourceAddress = number.replace('+', '');
  return {
    command: 'deliver_sm',
    sequence: 900,
    esmClass: esmClass.deliveryReceipt,
    sourceAddress,
    ...(more.command === 'data_sm' ? {} : { shortMessage: text }),
    ...more,
  } as SmppPduInput;
}

/** Sends it, and waits for the answer. */
async function deliver(peer: ScriptedPeer, pdu: SmppPduInput): Promise<number> {
  peer.send(pdu);
  return (await peer.next(pdu.command === 'data_sm' ? 'data_sm_resp' : 'deliver_sm_resp')).status;
}

const answers: readonly (readonly [string, number, string, string])[] = [
  ['an id without its 00', 0, '616263', 'accepted'],
  ['an id and a stray 00', 0, '6162630000', 'accepted'],
  ['an id and a cut parameter', 0, '616263000424000a31', 'accepted'],
  ['a refusal with an id without its 00', 0x0b, '3041', 'ESME_RINVDSTADR'],
  ['a refusal with parameters alone', 0x0b, '042500010b', 'ESME_RINVDSTADR'],
];
for (const [name, status, body, outcome] of answers) {
  test(
    `SMPP 3.4 §4.4.2 ${name}: the status counts, the link stays, nothing is sent twice`,
    scene(async (cleanup) => {
      const { peer, sender, lost } = await open(cleanup);
      const sending = sender.send(pushOf(5), anna, never).then(
        (taken) => taken.outcome,
        (error: unknown) => (error instanceof PushError ? error.code : String(error)),
      );
      const { sequence } = await peer.next('submit_sm');
      const octets = hexToBytes(body);
      peer.send({ command: 'opaque', commandId: commandIds.submit_sm_resp, status, sequence, body: octets });
      assert.equal(await sending, outcome);
      // The link carries the next push, and nothing stands before that.
      const next = sender.send(pushOf(5, 'dm+wbxml', 'next'), bert, never);
      const submit = await peer.next('submit_sm');
      assert.equal(submit.destinationAddress, bert.number.slice(1));
      peer.accept(submit, 'd');
      assert.equal((await next).outcome, 'accepted');
      assert.deepEqual([lost, peer.arrived], [[], []]);
    }),
  );
}

test(
  'one id for all: receipts settle the pushes to their devices, also the parts of one push',
  scene(async (cleanup) => {
    const { peer, sender, told } = await open(cleanup);
    const sending = [
      sender.send(pushOf(5, 'dm+wbxml', 'a'), anna, never),
      sender.send(pushOf(200, 'dm+wbxml', 'b'), bert, never),
    ];
    for (let i = 0; i < 3; i += 1) peer.accept(await peer.next('submit_sm'), '1');
    await Promise.all(sending);
    assert.equal(await deliver(peer, receipt('1', bert)), 0);
    assert.deepEqual(told(), []);
    assert.equal(await deliver(peer, receipt('1', bert)), 0);
    assert.deepEqual(told(), ['b delivered']);
    assert.equal(await deliver(peer, receipt('1', { number: '01701111111' })), 0);
    assert.deepEqual(told(), ['b delivered', 'a delivered']);
  }),
);

test(
  'a receipt that overtakes the answer is for its own device; what came before a push left is not for that push',
  scene(async (cleanup) => {
    const { peer, sender, told } = await open(cleanup);
    await deliver(peer, receipt('1', anna));
    const toAnna = sender.send(pushOf(5, 'dm+wbxml', 'a'), anna, never);
    const first = await peer.next('submit_sm');
    peer.accept(first, '1');
    await toAnna;
    assert.deepEqual(told(), []);
    const toBert = sender.send(pushOf(5, 'dm+wbxml', 'b'), bert, never);
    const second = await peer.next('submit_sm');
    await deliver(peer, receipt('1', bert));
    assert.deepEqual(told(), []);
    peer.accept(second, '1');
    await toBert;
    await eventually(() => told().length === 1);
    assert.deepEqual(told(), ['b delivered']);
  }),
);

const parameters: SmppParameters = { receiptedMessageId: 'x1', messageState: 2 };
const kinds: readonly (readonly [string, Partial<SmppPduInput>])[] = [
  ['esm_class 0, text alone', { esmClass: 0 }],
  ['esm_class 0, parameters alone', { esmClass: 0, shortMessage: new Uint8Array(), parameters }],
  ['data_sm with parameters', { command: 'data_sm', esmClass: 4, parameters }],
  [
    'data_sm with the text as message_payload, esm_class 0',
    {
      command: 'data_sm',
      esmClass: 0,
      parameters: {
        messagePayload: writeReceiptText({ messageId: 'x1', state: 'DELIVERED', submittedAt: 0, doneAt: 0 }),
      },
    },
  ],
  ['8-bit data', { dataCoding: 4 }],
];
for (const [name, more] of kinds) {
  test(
    `a receipt counts: ${name}`,
    scene(async (cleanup) => {
      const { peer, sender, told } = await open(cleanup);
      const sending = sender.send(pushOf(5, 'dm+wbxml', 'a'), anna, never);
      peer.accept(await peer.next('submit_sm'), 'X1');
      await sending;
      assert.equal(await deliver(peer, receipt('x1', anna, more)), 0);
      assert.deepEqual(told(), ['a delivered']);
    }),
  );
}

test(
  'an ordinary message that begins like a receipt is answered, and settles nothing',
  scene(async (cleanup) => {
    const { peer, sender, told } = await open(cleanup);
    const sending = sender.send(pushOf(5, 'dm+wbxml', 'a'), anna, never);
    peer.accept(await peer.next('submit_sm'), 'id1');
    await sending;
    const shortMessage = new TextEncoder().encode('id:id1 stat:DELIVRD is what I got');
    assert.equal(await deliver(peer, receipt('', anna, { esmClass: 0, shortMessage })), 0);
    assert.deepEqual([told(), sender.receipts().intermediate, sender.receipts().open], [[], 0, 1]);
  }),
);

test(
  'receiptParts last: the receipt is asked for with the last message alone, and whichever comes counts for the push',
  scene(async (cleanup) => {
    for (const part of [1, 3]) {
      const { peer, sender, told } = await open(cleanup, { receiptParts: 'last' });
      const sending = sender.send(pushOf(300, 'dm+wbxml', 'a'), anna, never);
      const asked: number[] = [];
      for (let i = 1; i <= 3; i += 1) {
        const submit = await peer.next('submit_sm');
        asked.push(submit.registeredDelivery);
        peer.accept(submit, `m${i}`);
      }
      await sending;
      assert.deepEqual(asked, [0, 0, 1]);
      assert.equal(await deliver(peer, receipt(`m${part}`, anna)), 0);
      assert.deepEqual([told(), sender.receipts().open], [['a delivered'], 0]);
      const single = sender.send(pushOf(5, 'dm+wbxml', 'b'), bert, never);
      const submit = await peer.next('submit_sm');
      peer.accept(submit, 'n');
      await single;
      assert.equal(submit.registeredDelivery, 1);
    }
  }),
);

test(
  'a receipt over the link of another centre of the same account counts where id and number agree',
  scene(async (cleanup) => {
    const second = await ScriptedSmsc.open();
    const stranger = await ScriptedSmsc.open();
    cleanup.add(() => second.close());
    cleanup.add(() => stranger.close());
    const { peer, sender, told } = await open(cleanup, {}, [
      centre(second.port, { name: 'second' }),
      centre(stranger.port, { name: 'stranger', systemId: 'other' }),
    ]);
    const sending = sender.send(pushOf(5, 'dm+wbxml', 'a'), anna, never);
    peer.accept(await peer.next('submit_sm'), '1');
    await sending;
    await deliver(await stranger.peer(0), receipt('1', anna));
    await deliver(await second.peer(0), receipt('1', bert));
    assert.deepEqual(told(), []);
    await deliver(await second.peer(0), receipt('1', anna));
    assert.deepEqual(told(), ['a delivered']);
  }),
);

test(
  'a state that nobody knows is told to the operator, and counted',
  scene(async (cleanup) => {
    const states: string[] = [];
    const { peer, sender, told } = await open(cleanup, {
      onUnknownState: ({ smsc, state }) => states.push(`${smsc} ${state}`),
    });
    const sending = sender.send(pushOf(5, 'dm+wbxml', 'a'), anna, never);
    peer.accept(await peer.next('submit_sm'), '1');
    await sending;
    const shortMessage = new TextEncoder().encode('id:1 sub:001 dlvrd:000 stat:GONE err:001 text:');
    assert.equal(await deliver(peer, receipt('1', anna, { shortMessage })), 0);
    assert.deepEqual([states, told(), sender.receipts().unknownStates], [['sim GONE'], [], 1]);
  }),
);

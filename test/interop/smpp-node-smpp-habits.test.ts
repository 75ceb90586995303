// node-smpp as message centre with the habits of deployed ones, one each: what it answers and how it reports.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { contentTypes, type DeliveryReport } from '../../src/push/index.ts';
import { createSmsSender, type SmsSender, type SmsSenderOptions } from '../../src/push/sms/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { type NodeSmppPdu, type NodeSmppSession, type NodeSmppValue, nodeSmpp } from './node-smpp.ts';

const anna = { number: '+447700900111' };
const bert = { number: '+447700900222' };
const never = new AbortController().signal;
const patience = 200_000;

/** What a centre does its own way; all else as the standard has it. */
interface Habit {
  /** Octets of the response, made from those that node-smpp writes. */
  readonly response?: (whole: Buffer) => Buffer;
  /** message_id of the message of this number, from 0. */
  readonly id?: (number: number) => string;
  /** Fields of the receipts of a message, or none. */
  readonly receipts?: (id: string, submit: NodeSmppPdu) => readonly Readonly<Record<string, NodeSmppValue>>[];
}

interface Centre {
  readonly port: number;
  readonly submitted: readonly NodeSmppPdu[];
  /** Sends a receipt over the latest session, and waits for the answer. */
  readonly report: (fields: Readonly<Record<string, NodeSmppValue>>) => Promise<number>;
  readonly close: () => Promise<void>;
}

async function openCentre(habit: Habit, port = 0): Promise<Centre> {
  const submitted: NodeSmppPdu[] = [];
  const sessions: NodeSmppSession[] = [];
  const server = nodeSmpp.createServer((session) => {
    sessions.push(session);
    session.on('error', () => {});
    session.on('bind_transceiver', (pdu) => session.send(pdu.response({ system_id: 'node-smpp' })));
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu) => {
      session.send(pdu.response());
      session.close();
    });
    session.on('submit_sm', (pdu) => {
      const id = habit.id?.(submitted.length) ?? `n${submitted.length}`;
      submitted.push(pdu);
      const whole = pdu.response({ message_id: id }).toBuffer();
      session.socket.write(habit.response?.(whole) ?? whole);
      for (const fields of habit.receipts?.(id, pdu) ?? []) session.deliver_sm(fields, () => {});
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    submitted,
    report: (fields) =>
      new Promise((resolve) => {
        sessions.at(-1)?.deliver_sm(fields, (answer) => resolve(answer.command_status));
      }),
    async close() {
      for (const session of sessions) session.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Scene {
  readonly centre: Centre;
  readonly sender: SmsSender;
  /** Sends a push of so many octets; gives what became of it at once. */
  readonly push: (id: string, to: { readonly number: string }, octets?: number) => Promise<string>;
  readonly told: () => readonly string[];
  readonly lost: readonly string[];
}

/** Runs with a centre of that habit and a sender that is bound to it. */
async function withCentre(
  habit: Habit,
  run: (scene: Scene) => Promise<void>,
  options: Partial<SmsSenderOptions> = {},
): Promise<void> {
  const centre = await openCentre(habit);
  const reports: DeliveryReport[] = [];
  const lost: string[] = [];
  const sender = createSmsSender({
    smscs: [{ host: '127.0.0.1', port: centre.port, name: 'node', systemId: 'dms' }],
    backOffMs: 20,
    maxBackOffMs: 50,
    onReceipt: (report) => {
      reports.push(report);
    },
    onLink: (name, error) => {
      if (error !== undefined) lost.push(`${name}: ${error.message}`);
    },
    ...options,
  });
  try {
    await eventually(() => sender.links()[0]?.state === 'bound', 'the link', patience);
    await run({
      centre,
      sender,
      lost,
      told: () => reports.map(({ pushId, outcome }) => `${pushId} ${outcome}`),
      push: async (id, to, octets = 20) => {
        const body = new Uint8Array(octets);
        return (await sender.send({ id, contentType: contentTypes['dm+wbxml'], body }, to, never)).outcome;
      },
    });
  } finally {
    await sender.close();
    await centre.close();
  }
}

const textOf = (id: string, state = 'DELIVRD'): string =>
  `id:${id} sub:001 dlvrd:001 submit date:2611290700 done date:2611290701 stat:${state} err:000 text:`;

/** A receipt as appendix B has it, from the device of a message. */
function receipt(id: string, from: unknown, state = 'DELIVRD'): Record<string, NodeSmppValue> {
  const source = typeof from === 'string' ? from : '';
  const message = Buffer.from(textOf(id, state));
  return { esm_class: 4, source_addr: source, destination_addr: '4040', short_message: { message } };
}

/** The same PDU with other octets at its end, and a length that agrees. */
function changedEnd(whole: Buffer, cut: number, added: string): Buffer {
  const octets = Buffer.concat([whole.subarray(0, whole.length - cut), Buffer.from(added, 'hex')]);
  octets.writeUInt32BE(octets.length, 0);
  return octets;
}

for (const [name, cut, added] of [
  ['a response without the NUL of its id', 1, ''],
  ['a stray octet behind the id', 0, '00'],
  ['stray octets behind the id', 0, 'ff00ff'],
  ['a cut optional parameter behind the id', 0, '0424000a31'],
] as const) {
  test(`node-smpp as centre, ${name}: accepted, sent once, and its receipt counts`, () =>
    withCentre(
      {
        response: (whole) => changedEnd(whole, cut, added),
        receipts: (id, { destination_addr }) => [receipt(id, destination_addr)],
      },
      async ({ push, centre, lost, told }) => {
        assert.equal(await push('a', anna), 'accepted');
        await eventually(() => told().length === 1, 'the report', patience);
        assert.deepEqual([told(), centre.submitted.length, lost], [['a delivered'], 1, []]);
      },
    ));
}

test('node-smpp as centre, parameters alone in a refusal: the status counts, and the link stays', () =>
  withCentre(
    {
      response: (whole) => {
        const refused = changedEnd(whole.subarray(0, 16), 0, '042500010b');
        refused.writeUInt32BE(0x0b, 8);
        return refused;
      },
    },
    async ({ push, centre, lost }) => {
      await assert.rejects(push('a', anna), { code: 'ESME_RINVDSTADR' });
      assert.deepEqual([centre.submitted.length, lost], [1, []]);
    },
  ));

const receipts: readonly (readonly [string, NonNullable<Habit['receipts']>])[] = [
  [
    'esm_class 0, by its text',
    (id, { destination_addr }) => [{ ...receipt(id, destination_addr), esm_class: 0 }],
  ],
  ['esm_class 0, by its parameters', (id) => [{ esm_class: 0, receipted_message_id: id, message_state: 2 }]],
  // node-smpp writes texts in the alphabet that data_coding names.
  ['UCS-2', (id) => [{ esm_class: 4, data_coding: 8, short_message: textOf(id) }]],
  ['UCS-2 and esm_class 0', (id) => [{ esm_class: 0, data_coding: 8, short_message: textOf(id) }]],
  ['message_payload', (id) => [{ esm_class: 4, message_payload: { message: Buffer.from(textOf(id)) } }]],
  ['the word DELIVERD', (id, { destination_addr }) => [receipt(id, destination_addr, 'DELIVERD')]],
  [
    'the words BUFFRED and ACKED before DELIVRD',
    (id, { destination_addr: to }) => [
      receipt(id, to, 'BUFFRED'),
      receipt(id, to, 'ACKED'),
      receipt(id, to, 'DELIVRD'),
    ],
  ],
  ['the number in national form', (id) => [receipt(id, '07700900111')]],
];
for (const [name, habit] of receipts) {
  test(`node-smpp as centre, receipts with ${name}: delivered`, () =>
    withCentre({ receipts: habit }, async ({ push, told }) => {
      await push('a', anna);
      await eventually(() => told().length === 1, 'the report', patience);
      assert.deepEqual(told(), ['a delivered']);
    }));
}

for (const word of ['FAILED', 'UNDELIVERED', 'UNDELIVRD']) {
  test(`node-smpp as centre, receipts with the word ${word}: failed`, () =>
    withCentre(
      { receipts: (id, { destination_addr }) => [receipt(id, destination_addr, word)] },
      async ({ push, told }) => {
        await push('a', anna);
        await eventually(() => told().length === 1, 'the report', patience);
        assert.deepEqual(told(), ['a failed']);
      },
    ));
}

for (const [name, answered, reported] of [
  ['hexadecimal in the answer and decimal in the receipt', '1F4A', '8010'],
  ['decimal in the answer and hexadecimal in the receipt', '8010', '00001F4A'],
] as const) {
  test(`node-smpp as centre, ids ${name}: delivered without a setting`, () =>
    withCentre(
      { id: () => answered, receipts: (_, { destination_addr }) => [receipt(reported, destination_addr)] },
      async ({ push, told }) => {
        await push('a', anna);
        await eventually(() => told().length === 1, 'the report', patience);
        assert.deepEqual(told(), ['a delivered']);
      },
    ));
}

test('node-smpp as centre, one id for all: the right device, and none where nobody can tell', () =>
  withCentre({ id: () => '1' }, async ({ push, told, centre }) => {
    await push('a', anna);
    await push('b', bert, 200);
    assert.equal(centre.submitted.length, 3);
    assert.equal(await centre.report(receipt('1', '4040')), 0);
    assert.deepEqual(told(), ['a unclear', 'b unclear']);
    for (let part = 0; part < 2; part += 1) await centre.report(receipt('1', '447700900222'));
    await centre.report(receipt('1', '447700900111', 'EXPIRED'));
    assert.deepEqual(told().slice(2), ['b delivered', 'a failed']);
  }));

test('node-smpp as centre, ids from 0 again after a restart: each receipt is for its own device', () =>
  withCentre({ id: String }, async ({ push, told, centre, sender }) => {
    await push('before', anna);
    await centre.close();
    await eventually(() => sender.links()[0]?.state === 'down', 'the lost link', patience);
    const again = await openCentre({ id: String }, centre.port);
    try {
      await eventually(() => sender.links()[0]?.state === 'bound', 'the new link', patience);
      await push('after', bert);
      await again.report(receipt('0', '447700900222'));
      assert.deepEqual(told(), ['after delivered']);
      await again.report(receipt('0', '447700900111'));
      assert.deepEqual(told(), ['after delivered', 'before delivered']);
    } finally {
      await again.close();
    }
  }));

for (const reported of ['last', 'first'] as const) {
  test(`node-smpp as centre, one receipt for all parts, for the ${reported}: delivered with receiptParts "last"`, () => {
    let count = 0;
    return withCentre(
      {
        receipts: (id, { destination_addr }) => {
          count += 1;
          return count === (reported === 'last' ? 3 : 1) ? [receipt(id, destination_addr)] : [];
        },
      },
      async ({ push, told, centre }) => {
        await push('a', anna, 300);
        await eventually(() => told().length === 1, 'the report', patience);
        assert.deepEqual(told(), ['a delivered']);
        assert.deepEqual(
          centre.submitted.map(({ registered_delivery }) => registered_delivery),
          [0, 0, 1],
        );
      },
      { receiptParts: 'last' },
    );
  });
}

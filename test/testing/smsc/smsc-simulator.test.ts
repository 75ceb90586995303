// The simulated centre by itself, with bare SMPP clients: what it does, and what it does wrong on request.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import {
  commandStatuses,
  decodePdu,
  encodePdu,
  PduReader,
  readReceipt,
  type SmppPdu,
  type SmppPduInput,
  statusName,
} from '../../../src/codec/smpp/index.ts';
import { ConfigError, utf8ToBytes } from '../../../src/core/index.ts';
import {
  eventually,
  ManualClock,
  type SmscEvent,
  SmscSimulator,
  type SmscSimulatorOptions,
} from '../../../src/testing/index.ts';

/** A client that sends what it is told and keeps what it gets. */
class Client {
  readonly socket: Socket;
  readonly received: SmppPdu[] = [];
  closed = false;
  /** Status with which messages are answered; undefined: not at all. */
  answerWith: number | undefined = 0;
  #sequence = 0;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    const reader = new PduReader();
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.closed = true;
    });
    this.socket.on('data', (chunk) => {
      reader.read(chunk, (octets) => {
        const pdu = decodePdu(Uint8Array.from(octets));
        this.received.push(pdu);
        const { sequence } = pdu;
        if (pdu.command === 'deliver_sm' && this.answerWith !== undefined) {
          this.write({ command: 'deliver_sm_resp', status: this.answerWith, sequence });
        }
        if (pdu.command === 'enquire_link') this.write({ command: 'enquire_link_resp', sequence });
        if (pdu.command === 'unbind') this.write({ command: 'unbind_resp', sequence });
      });
    });
  }

  write(pdu: SmppPduInput): void {
    this.socket.write(encodePdu(pdu));
  }

  /** Sends a request; the response. */
  async ask(pdu: SmppPduInput): Promise<SmppPdu> {
    const sequence = this.send(pdu);
    return eventually(() =>
      this.received.find((one) => one.sequence === sequence && one.command.endsWith('resp')),
    );
  }

  send(pdu: SmppPduInput): number {
    this.#sequence += 1;
    this.write({ ...pdu, sequence: this.#sequence });
    return this.#sequence;
  }

  messages(): readonly (SmppPdu & { readonly command: 'deliver_sm' })[] {
    return this.received.filter((pdu) => pdu.command === 'deliver_sm');
  }

  contents(): readonly string[] {
    return this.messages().map(({ shortMessage }) => new TextDecoder().decode(shortMessage));
  }
}

interface Scene {
  readonly smsc: SmscSimulator;
  readonly port: number;
  readonly clock: ManualClock;
  readonly events: SmscEvent[];
  open(): Promise<Client>;
  client(systemId?: string): Promise<Client>;
  handset(number?: string): Promise<Client>;
}

function scene(options: SmscSimulatorOptions, run: (scene: Scene) => Promise<void>): () => Promise<void> {
  return async () => {
    const clock = new ManualClock();
    const events: SmscEvent[] = [];
    const smsc = new SmscSimulator({ clock, onEvent: (event) => events.push(event), ...options });
    const port = await smsc.start();
    const clients: Client[] = [];
    const open = async (): Promise<Client> => {
      const client = new Client(port);
      clients.push(client);
      await once(client.socket, 'connect');
      return client;
    };
    const bind = async (fields: SmppPduInput): Promise<Client> => {
      const client = await open();
      assert.equal((await client.ask(fields)).status, 0);
      client.received.shift();
      return client;
    };
    try {
      await run({
        smsc,
        port,
        clock,
        events,
        open,
        client: (systemId = 'dms') => bind({ command: 'bind_transceiver', systemId, password: 'pw' }),
        handset: (number = '4711') =>
          bind({ command: 'bind_receiver', systemId: 'hs', password: 'hs', addressRange: number }),
      });
    } finally {
      for (const { socket } of clients) socket.destroy();
      await smsc.close();
    }
  };
}

const submit = (content: string, more: Partial<SmppPduInput> = {}): SmppPduInput =>
  ({
    command: 'submit_sm',
    sourceAddress: '4040',
    destinationTon: 1,
    destinationNpi: 1,
    destinationAddress: '4711',
    esmClass: 0x43,
    dataCoding: 0xf5,
    registeredDelivery: 1,
    shortMessage: utf8ToBytes(content),
    ...more,
  }) as SmppPduInput;

test(
  'SMPP 3.4 §4.4, §4.6: a message goes to the handset with its number as it was, and a receipt comes back',
  scene({}, async ({ client, events, handset, smsc }) => {
    const phone = await handset();
    const dms = await client();
    const answer = await dms.ask(submit('hello'));
    assert.ok(answer.command === 'submit_sm_resp' && answer.status === 0);
    const [message] = await eventually(() => phone.messages().length === 1 && phone.messages());
    assert.deepEqual(
      [message?.sourceAddress, message?.destinationAddress, message?.esmClass, message?.dataCoding],
      ['4040', '4711', 0x40, 0xf5],
    );
    assert.deepEqual(phone.contents(), ['hello']);
    const [receipt] = await eventually(() => dms.messages().length === 1 && dms.messages());
    assert.deepEqual([receipt?.sourceAddress, receipt?.destinationAddress], ['4711', '4040']);
    assert.deepEqual(receipt && readReceipt(receipt), {
      textId: answer.messageId,
      parameterId: answer.messageId,
      number: '4711',
      state: 'DELIVERED',
      error: '000',
      intermediate: false,
    });
    await eventually(() => smsc.counters().receipts === 1);
    assert.deepEqual(smsc.counters(), {
      submits: 1,
      refused: 0,
      deliveries: 1,
      receipts: 1,
      finals: { DELIVERED: 1 },
      sessions: 2,
      waiting: 0,
    });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['bound', 'bound', 'submitted', 'final'],
    );
  }),
);

const binds: readonly (readonly [string, string, number])[] = [
  ['dms', 'pw', 0],
  ['dms', 'PW', commandStatuses.ESME_RINVPASWD],
  ['dms', '', commandStatuses.ESME_RINVPASWD],
  ['other', 'pw', commandStatuses.ESME_RINVSYSID],
];
for (const [systemId, password, status] of binds) {
  test(
    `SMPP 3.4 §4.1: a bind as ${systemId}/${password} is answered ${statusName(status)}`,
    scene({ accounts: [{ systemId: 'dms', password: 'pw' }] }, async ({ events, open }) => {
      const client = await open();
      const answer = await client.ask({ command: 'bind_transceiver', systemId, password });
      assert.equal(answer.status, status);
      if (status === 0)
        assert.equal((await client.ask({ command: 'bind_receiver', systemId, password })).status, 5);
      else await eventually(() => client.closed);
      assert.ok(!JSON.stringify(events).includes('"pw"'));
    }),
  );
}

test(
  'SMPP 3.4 §2.2: who has not bound, or only to receive, may not submit; who never binds is sent away',
  scene({}, async ({ clock, handset, open }) => {
    const stranger = await open();
    assert.equal((await stranger.ask(submit('x'))).status, commandStatuses.ESME_RINVBNDSTS);
    const phone = await handset();
    assert.equal((await phone.ask(submit('x'))).status, commandStatuses.ESME_RINVBNDSTS);
    clock.advance(10_000);
    await eventually(() => stranger.closed);
    assert.equal(phone.closed, false);
  }),
);

test(
  'an address that is no number is refused',
  scene({}, async ({ client }) => {
    const dms = await client();
    for (const destinationAddress of ['', 'Mike', '4711x']) {
      const answer = await dms.ask(submit('x', { destinationAddress } as Partial<SmppPduInput>));
      assert.equal(answer.status, commandStatuses.ESME_RINVDSTADR);
    }
  }),
);

test(
  'messages wait for a handset that is away, each for its validity, and are bounded',
  scene({ maxQueuedPerNumber: 2 }, async ({ client, clock, handset, smsc }) => {
    const dms = await client();
    await dms.ask(submit('one', { validityPeriod: '000000000100000R' } as Partial<SmppPduInput>));
    await dms.ask(submit('two'));
    const full = await dms.ask(submit('three'));
    assert.equal(full.status, commandStatuses.ESME_RMSGQFUL);
    const states = () => dms.messages().map((receipt) => readReceipt(receipt)?.state);
    clock.advance(60_000);
    await eventually(() => states().length === 1);
    assert.deepEqual(states(), ['EXPIRED']);
    const phone = await handset('+4711');
    await eventually(() => phone.contents().length === 1);
    assert.deepEqual(phone.contents(), ['two']);
    await eventually(() => states().length === 2);
    assert.deepEqual(states(), ['EXPIRED', 'DELIVERED']);
    await eventually(() => smsc.counters().waiting === 0);
  }),
);

test(
  'SMPP 3.4 §5.1.3: a delivery refused for now is tried again, one refused for good is given up',
  scene({}, async ({ client, clock, handset }) => {
    const phone = await handset();
    phone.answerWith = commandStatuses.ESME_RX_T_APPN;
    const dms = await client();
    await dms.ask(submit('again'));
    await eventually(() => phone.contents().length === 1);
    phone.answerWith = 0;
    await eventually(() => {
      clock.advance(100);
      return phone.contents().length === 2;
    });
    await eventually(() => dms.messages().length === 1);
    phone.answerWith = commandStatuses.ESME_RX_R_APPN;
    await dms.ask(submit('never'));
    await eventually(() => dms.messages().length === 2);
    assert.deepEqual(
      dms.messages().map((receipt) => readReceipt(receipt)?.state),
      ['DELIVERED', 'UNDELIVERABLE'],
    );
  }),
);

test(
  'a handset that goes away before it answers gets the message again, which is told',
  scene({}, async ({ client, events, handset }) => {
    const phone = await handset();
    phone.answerWith = undefined;
    const dms = await client();
    await dms.ask(submit('twice'));
    await eventually(() => phone.contents().length === 1);
    phone.socket.destroy();
    const back = await handset();
    await eventually(() => back.contents().length === 1);
    await eventually(() => dms.messages().length === 1);
    const repeated = events.filter(({ type }) => type === 'repeated');
    assert.deepEqual(repeated, [{ type: 'repeated', messageId: '1000001', to: '4711' }]);
  }),
);

test(
  'receipts wait for a client that is away, and come over another session of the same account',
  scene({}, async ({ client, handset }) => {
    const dms = await client();
    await dms.ask(submit('hello'));
    dms.socket.destroy();
    await handset();
    const back = await client();
    await eventually(() => back.messages().length === 1);
  }),
);

for (const [registeredDelivery, wanted] of [
  [0, []],
  [1, ['DELIVERED', 'UNDELIVERABLE']],
  [2, ['UNDELIVERABLE']],
] as const) {
  test(
    `SMPP 3.4 §5.2.17: registered_delivery ${registeredDelivery} brings receipts for ${wanted.join(', ') || 'nothing'}`,
    scene({}, async ({ client, handset, smsc }) => {
      await handset();
      const dms = await client();
      smsc.faults.failDeliveries(0);
      await dms.ask(submit('good', { registeredDelivery } as Partial<SmppPduInput>));
      await eventually(() => smsc.counters().finals.DELIVERED === 1);
      smsc.faults.failDeliveries(1);
      await dms.ask(submit('bad', { registeredDelivery } as Partial<SmppPduInput>));
      await eventually(() => smsc.counters().waiting === 0 && dms.messages().length === wanted.length);
      assert.deepEqual(
        dms.messages().map((receipt) => readReceipt(receipt)?.state),
        wanted,
      );
    }),
  );
}

test(
  'on request: throttled, refused, left without an answer, lost, disconnected',
  scene({}, async ({ client, handset, smsc }) => {
    const phone = await handset();
    const dms = await client();
    smsc.faults.throttle(1).throttle(1, commandStatuses.ESME_RMSGQFUL).refuse(1, 0x45);
    const statuses: string[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push(statusName((await dms.ask(submit(`m${i}`))).status));
    assert.deepEqual(statuses, ['ESME_RTHROTTLED', 'ESME_RMSGQFUL', 'ESME_RSUBMITFAIL', 'ESME_ROK']);
    smsc.faults.dropAnswers(1).dropSubmits(1);
    dms.send(submit('no answer'));
    dms.send(submit('lost'));
    assert.equal((await dms.ask(submit('after'))).status, 0);
    await eventually(() => phone.contents().length === 3);
    assert.deepEqual(phone.contents(), ['m3', 'no answer', 'after']);
    smsc.faults.disconnectOnSubmit();
    dms.send(submit('last words'));
    await eventually(() => dms.closed && phone.contents().length === 4);
    assert.deepEqual(phone.contents()[3], 'last words');
  }),
);

test(
  'on request: deliveries twice, never, failed, in reverse order',
  scene({}, async ({ client, handset, smsc }) => {
    const phone = await handset();
    const dms = await client();
    smsc.faults.duplicateDeliveries(1).dropDeliveries(1).failDeliveries(1, 'REJECTED');
    for (const content of ['twice', 'never', 'failed', 'fine']) await dms.ask(submit(content));
    await eventually(() => phone.contents().length === 3 && dms.messages().length === 3);
    assert.deepEqual(phone.contents(), ['twice', 'twice', 'fine']);
    smsc.faults.reorderDeliveries(3);
    for (const content of ['1', '2', '3', '4']) await dms.ask(submit(content));
    await eventually(() => phone.contents().length === 7);
    assert.deepEqual(phone.contents().slice(3), ['3', '2', '1', '4']);
  }),
);

test(
  'on request: answers and deliveries late',
  scene({}, async ({ client, clock, handset, smsc }) => {
    const phone = await handset();
    const dms = await client();
    smsc.faults.answerDelayMs = 500;
    smsc.faults.deliveryDelayMs = 2000;
    dms.send(submit('slow'));
    await eventually(() => smsc.counters().submits === 1);
    assert.equal(dms.received.length, 0);
    clock.advance(500);
    await eventually(() => dms.received.length === 1);
    assert.equal(phone.contents().length, 0);
    clock.advance(1500);
    await eventually(() => phone.contents().length === 1);
  }),
);

test(
  'a throughput of the centre: more messages in a second are refused with ESME_RTHROTTLED',
  scene({ throughput: 2 }, async ({ client, clock }) => {
    const dms = await client();
    const statuses: number[] = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await dms.ask(submit('x'))).status);
    clock.advance(1000);
    statuses.push((await dms.ask(submit('x'))).status);
    assert.deepEqual(statuses, [0, 0, commandStatuses.ESME_RTHROTTLED, 0]);
  }),
);

test(
  'on request: sessions broken, or ended as SMPP does; the centre goes away and comes back with what waits',
  scene({}, async ({ client, clock, handset, port, smsc }) => {
    const dms = await client();
    const other = await client('other');
    smsc.disconnect('other');
    await eventually(() => other.closed);
    assert.equal(dms.closed, false);
    await dms.ask(submit('waits'));
    const ended = smsc.unbind('dms');
    await eventually(() => dms.received.some(({ command }) => command === 'unbind'));
    await ended;
    await eventually(() => dms.closed);
    await smsc.stop();
    assert.equal(smsc.counters().waiting, 1);
    assert.equal(await smsc.start(port), port);
    clock.advance(1);
    const phone = await handset();
    await eventually(() => phone.contents().length === 1);
    assert.deepEqual(phone.contents(), ['waits']);
  }),
);

test(
  'ids count up from the first number that is asked for, so that those of a centre that was started again go on',
  scene({ firstMessage: 2_000_001 }, async ({ client }) => {
    const dms = await client();
    const ids: unknown[] = [];
    for (const content of ['one', 'two']) {
      const answer = await dms.ask(submit(content));
      ids.push(answer.command === 'submit_sm_resp' && answer.messageId);
    }
    assert.deepEqual(ids, ['2000001', '2000002']);
  }),
);

test(
  'nonsense is refused and ends the connection; the others go on',
  scene({}, async ({ client, open }) => {
    const dms = await client();
    const stranger = await open();
    stranger.socket.write('GET / HTTP/1.1\r\n\r\n');
    await eventually(() => stranger.closed);
    assert.equal((await dms.ask({ command: 'enquire_link' })).status, 0);
  }),
);

test('sessions are bounded, and a port that is taken is a clear error', async () => {
  const smsc = new SmscSimulator({ maxSessions: 1 });
  const port = await smsc.start();
  const first = new Client(port);
  await once(first.socket, 'connect');
  assert.equal((await first.ask({ command: 'bind_transceiver', systemId: 'a' })).status, 0);
  const second = new Client(port);
  await eventually(() => second.closed);
  const other = new SmscSimulator({ port });
  await assert.rejects(
    other.start(),
    (error) => error instanceof ConfigError && /EADDRINUSE/.test(error.message),
  );
  first.socket.destroy();
  await smsc.close();
});

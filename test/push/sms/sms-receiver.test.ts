// The handset against a message centre whose every message the test gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PduInputOf, type SmppPdu, typeOfNumber } from '../../../src/codec/smpp/index.ts';
import { segmentDatagram } from '../../../src/codec/sms/index.ts';
import { encodePush } from '../../../src/codec/wsp/index.ts';
import { hexToBytes, ValueError } from '../../../src/core/index.ts';
import type { ReceivedPush } from '../../../src/push/index.ts';
import { SmsReceiver, type SmsReceiverOptions } from '../../../src/push/sms/index.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';
import { answerSession, type ScriptedPeer, ScriptedSmsc } from './scripted-smsc.ts';
import { type Cleanup, centre, number, openHandset, scene } from './support.ts';

interface Handset {
  readonly clock: ManualClock;
  readonly receiver: SmsReceiver;
  readonly pushes: ReceivedPush[];
  readonly drops: string[];
  readonly smsc: ScriptedSmsc;
  readonly peer: ScriptedPeer;
  /** Delivers a message and waits for the answer; its status. */
  deliver(message: Partial<PduInputOf<'deliver_sm'>>): Promise<number>;
}

async function handset(cleanup: Cleanup, options: Partial<SmsReceiverOptions> = {}): Promise<Handset> {
  const clock = new ManualClock();
  const smsc = await ScriptedSmsc.open();
  cleanup.add(() => smsc.close());
  const opened = await openHandset(cleanup, smsc.port, { clock, ...options });
  const peer = await smsc.peer(0);
  let sequence = 0;
  return {
    clock,
    smsc,
    peer,
    ...opened,
    async deliver(message) {
      sequence += 1;
      peer.send({ ...message, command: 'deliver_sm', sequence });
      const answer = await peer.next('deliver_sm_resp');
      assert.equal(answer.sequence, sequence);
      assert.equal(answer.messageId, '');
      return answer.status;
    },
  };
}

const body = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);
const datagram = (content: Uint8Array = body): Uint8Array =>
  encodePush({ transactionId: 1, contentType: { code: 0x42 }, body: content });
const fields = { sourceTon: 1, sourceAddress: '4940', destinationAddress: '491701234567', dataCoding: 0xf5 };
const withHeader = (shortMessage: Uint8Array): Partial<PduInputOf<'deliver_sm'>> => ({
  ...fields,
  esmClass: 0x40,
  shortMessage,
});
const ports = { sourcePort: 9200, destinationPort: 2948 };
const one = segmentDatagram(datagram(Uint8Array.of(1, 2, 3)), { reference: 0 })[0] ?? new Uint8Array();
const segments = (
  reference: number,
  referenceBits: 8 | 16 = 8,
  content: Uint8Array = body,
): readonly Uint8Array[] => segmentDatagram(datagram(content), { reference, referenceBits });

test(
  'SMPP 3.4 §4.1.3: binds as a receiver for its number',
  scene(async (cleanup) => {
    const smsc = await ScriptedSmsc.open();
    cleanup.add(() => smsc.close());
    const binds: SmppPdu[] = [];
    smsc.onPdu = (pdu, peer) => {
      if (pdu.command.startsWith('bind')) binds.push(pdu);
      return answerSession(pdu, peer);
    };
    await openHandset(cleanup, smsc.port);
    await openHandset(cleanup, smsc.port, { bind: 'transceiver', number: '4711' });
    assert.deepEqual(
      binds.map((pdu) =>
        pdu.command === 'bind_receiver' || pdu.command === 'bind_transceiver'
          ? [pdu.command, pdu.addressTon, pdu.addressNpi, pdu.addressRange]
          : [],
      ),
      [
        ['bind_receiver', 1, 1, '491701234567'],
        ['bind_transceiver', 0, 1, '4711'],
      ],
    );
  }),
);

const forms: readonly (readonly [string, readonly Partial<PduInputOf<'deliver_sm'>>[], number])[] = [
  ['(a) one message with ports in the user data header', [withHeader(one)], 3],
  ['(a) parts, references of 8 bits', segments(7).map(withHeader), 300],
  ['(a) parts, references of 16 bits', segments(0x1234, 16).map(withHeader), 300],
  [
    '(a) a message_payload that starts with a user data header',
    [{ ...fields, esmClass: 0x40, parameters: { messagePayload: one } }],
    3,
  ],
  [
    '(b) ports as parameters, content in short_message',
    [{ ...fields, shortMessage: datagram(Uint8Array.of(1, 2, 3)), parameters: ports }],
    3,
  ],
  [
    '(b) ports as parameters, content in message_payload',
    [{ ...fields, parameters: { ...ports, messagePayload: datagram() } }],
    300,
  ],
  [
    '(c) ports and place as parameters',
    [0, 1, 2].map((index) => ({
      ...fields,
      dataCoding: 4,
      shortMessage: datagram().subarray(index * 127, (index + 1) * 127),
      parameters: { ...ports, sarReference: 9, sarTotal: 3, sarSequence: index + 1 },
    })),
    300,
  ],
];
for (const [name, messages, octets] of forms) {
  for (const order of ['in order', 'in reverse'] as const) {
    if (messages.length === 1 && order === 'in reverse') continue;
    test(
      `SMPP 3.4 §4.6, N13-C-020 PB-C-002 DM-NOTI-1.3 §7.1.1: form ${name}, ${order}`,
      scene(async (cleanup) => {
        const { deliver, drops, pushes, receiver } = await handset(cleanup);
        for (const message of order === 'in order' ? messages : [...messages].reverse()) {
          assert.equal(await deliver(message), 0);
        }
        assert.deepEqual(pushes, [
          {
            binding: 'sms',
            from: '+4940',
            to: '491701234567',
            contentType: { mime: 'application/vnd.syncml.dm+wbxml', code: 0x42 },
            content: 'dm+wbxml',
            parameters: {},
            body: octets === 3 ? Uint8Array.of(1, 2, 3) : body,
          },
        ]);
        assert.deepEqual(drops, []);
        assert.deepEqual([receiver.counters().received, receiver.counters().accepted], [1, 1]);
      }),
    );
  }
}

test(
  'a push in a data_sm is taken too',
  scene(async (cleanup) => {
    const { peer, pushes } = await handset(cleanup);
    peer.send({
      command: 'data_sm',
      sequence: 5,
      ...fields,
      parameters: { ...ports, messagePayload: datagram() },
    });
    assert.equal((await peer.next('data_sm_resp')).status, 0);
    assert.equal(pushes.length, 1);
  }),
);

const header = (hex: string): Partial<PduInputOf<'deliver_sm'>> => withHeader(hexToBytes(hex));
const dropped: readonly (readonly [string, string, Partial<PduInputOf<'deliver_sm'>>, RegExp])[] = [
  ['malformed', 'a user data header beyond the message', header('20050403'), /needs 32 octets/],
  ['malformed', 'no user data at all', header(''), /needs 1 octets/],
  ['malformed', 'what is no WSP', header('0605040b84c00201'), /byte/],
  ['message-type', 'a delivery receipt', { ...withHeader(one), esmClass: 0x44 }, /esm_class 0x44/],
  ['data-coding', 'text in 7 bits', { ...withHeader(one), dataCoding: 0 }, /0x00/],
  ['data-coding', 'text in UCS-2', { ...withHeader(one), dataCoding: 8 }, /0x08/],
  ['port', 'no port', { ...fields, shortMessage: datagram(Uint8Array.of(1)) }, /no port/],
  ['port', 'the secure port', header('0605040b85c002010603c4af8700'), /port 2949/],
  [
    'port',
    'another port as a parameter',
    { ...fields, shortMessage: datagram(Uint8Array.of(1)), parameters: { destinationPort: 5505 } },
    /5505/,
  ],
  ['pdu-type', 'a confirmed push', header('0605040b84c002010703c4af8700'), /0x07/],
  ['application-id', 'a push for a browser', header('0605040b84c002010603c4af8200'), /syncml\.dm/],
  ['application-id', 'a push without application id', header('0605040b84c002010601c400'), /wml\.ua/],
  ['content-type', 'data synchronisation', header('0605040b84c002010603ceaf8700'), /0x4E/],
];
for (const [reason, name, message, detail] of dropped) {
  test(
    `N13-C-020 DM-NOTI-1.3 §7.1.1: ${name} is answered, dropped and counted as ${reason}`,
    scene(async (cleanup) => {
      const details: string[] = [];
      const { deliver, pushes, receiver } = await handset(cleanup, {
        onDrop: (drop) => {
          assert.deepEqual([drop.binding, drop.from, drop.reason], ['sms', '+4940', reason]);
          details.push(drop.detail);
        },
      });
      assert.equal(await deliver(message), 0);
      assert.deepEqual(pushes, []);
      const counters = receiver.counters();
      assert.deepEqual([counters.received, counters.accepted], [1, 0]);
      assert.equal(counters.dropped[reason as 'port'], 1);
      assert.match(details[0] ?? '', detail);
    }),
  );
}

test(
  'duplicate and late parts are dropped; the push comes once',
  scene(async (cleanup) => {
    const { deliver, drops, pushes, receiver } = await handset(cleanup);
    const [a, b, c] = segments(7).map(withHeader);
    for (const message of [a, a, b, c, b, c]) await deliver(message ?? {});
    assert.equal(pushes.length, 1);
    assert.deepEqual(drops, ['duplicate', 'late', 'late']);
    assert.deepEqual([receiver.counters().received, receiver.counters().reassembly.completed], [4, 1]);
  }),
);

test(
  'parts of several datagrams, mixed: by reference, by width of the reference, by sender',
  scene(async (cleanup) => {
    const { deliver, pushes } = await handset(cleanup);
    const content = (n: number): Uint8Array => new Uint8Array(300).fill(n);
    const sets = [
      segments(7, 8, content(1)).map(withHeader),
      segments(8, 8, content(2)).map(withHeader),
      segments(7, 16, content(3)).map(withHeader),
      segments(7, 8, content(4)).map((part) => ({ ...withHeader(part), sourceAddress: '4941' })),
    ];
    for (const index of [2, 0, 1]) for (const set of sets) await deliver(set[index] ?? {});
    assert.deepEqual(
      pushes.map(({ body: [first, ...rest] }) => [first, rest.length]),
      [1, 2, 3, 4].map((n) => [n, 299]),
    );
  }),
);

test(
  'a part that never comes: the rest is given up after the timeout, and counted',
  scene(async (cleanup) => {
    const { clock, deliver, drops } = await handset(cleanup, { reassembly: { timeoutMs: 20_000 } });
    const [a, b, c] = segments(7).map(withHeader);
    await deliver(a ?? {});
    await deliver(b ?? {});
    clock.advance(20_000);
    assert.deepEqual(drops, ['expired']);
    await deliver(c ?? {});
    assert.deepEqual(drops, ['expired']);
  }),
);

test(
  'memory is bounded: too many open datagrams of one sender, and too many octets',
  scene(async (cleanup) => {
    const { deliver, drops, receiver } = await handset(cleanup, {
      reassembly: { maxOpenPerSender: 2, maxOctets: 300 },
    });
    for (const reference of [1, 2, 3]) await deliver(withHeader(segments(reference)[0] ?? new Uint8Array()));
    assert.deepEqual(drops, ['sender-limit']);
    await deliver(withHeader(segments(3)[1] ?? new Uint8Array()));
    assert.deepEqual(drops, ['sender-limit', 'octet-limit']);
    assert.ok(receiver.counters().reassembly.octets <= 300);
  }),
);

test(
  'the centre’s answer waits for the handler, but no longer than its time',
  scene(async (cleanup) => {
    const finish: (() => void)[] = [];
    const { clock, deliver, peer } = await handset(cleanup, {
      handler: () =>
        new Promise<void>((resolve) => {
          finish.push(resolve);
        }),
    });
    const first = deliver(withHeader(one));
    await eventually(() => finish.length === 1);
    assert.equal(peer.arrived.length, 0);
    finish[0]?.();
    assert.equal(await first, 0);
    const second = deliver(withHeader(one));
    await eventually(() => finish.length === 2);
    clock.advance(5000);
    assert.equal(await second, 0);
  }),
);

test(
  'too many pushes at once: the centre is asked to bring them again later, SMPP 3.4 §5.1.3 ESME_RX_T_APPN',
  scene(async (cleanup) => {
    const finish: (() => void)[] = [];
    const { clock, deliver, receiver } = await handset(cleanup, {
      maxPending: 1,
      handler: () =>
        new Promise<void>((resolve) => {
          finish.push(resolve);
        }),
    });
    const first = deliver(withHeader(one));
    await eventually(() => finish.length === 1);
    clock.advance(5000);
    await first;
    assert.equal(await deliver(withHeader(one)), 0x64);
    assert.equal(receiver.counters().dropped.busy, 1);
    finish[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    const again = deliver(withHeader(one));
    await eventually(() => finish.length === 2);
    finish[1]?.();
    assert.equal(await again, 0);
  }),
);

test(
  'a handler, or a log, that fails stops nothing',
  scene(async (cleanup) => {
    const errors: unknown[] = [];
    const { deliver, receiver } = await handset(cleanup, {
      handler: () => {
        throw new Error('handler');
      },
      onDrop: () => {
        throw new Error('log');
      },
      onError: (error) => {
        errors.push(error);
        throw new Error('log of the log');
      },
    });
    assert.equal(await deliver(withHeader(one)), 0);
    assert.equal(await deliver(header('20050403')), 0);
    assert.deepEqual(errors.map(String), ['Error: handler', 'Error: log']);
    assert.equal(receiver.counters().handlerErrors, 1);
  }),
);

test(
  'a sender that calls itself something strange is shown on one line',
  scene(async (cleanup) => {
    const { deliver, pushes } = await handset(cleanup);
    await deliver({ ...withHeader(one), sourceTon: typeOfNumber.alphanumeric, sourceAddress: 'a\nb' });
    assert.equal(pushes[0]?.from, '"a\\nb"');
  }),
);

test(
  'requests that a handset does not serve are refused; enquire_link is answered',
  scene(async (cleanup) => {
    const { peer } = await handset(cleanup);
    peer.send({ command: 'submit_sm', sequence: 1 });
    assert.equal((await peer.next('generic_nack')).status, 3);
    peer.send({ command: 'enquire_link', sequence: 2 });
    assert.equal((await peer.next('enquire_link_resp')).sequence, 2);
  }),
);

test(
  'the link comes back; what the centre had not been answered comes again',
  scene(async (cleanup) => {
    const links: string[] = [];
    const { clock, peer, pushes, smsc } = await handset(cleanup, {
      onLink: (error) => links.push(error === undefined ? 'up' : 'down'),
    });
    peer.socket.destroy();
    await eventually(() => links.includes('down'));
    clock.advance(1000);
    const next = await smsc.peer(1);
    await eventually(() => links.length === 3);
    next.send({ ...withHeader(one), command: 'deliver_sm', sequence: 1 });
    await next.next('deliver_sm_resp');
    assert.equal(pushes.length, 1);
    assert.deepEqual(links, ['up', 'down', 'up']);
  }),
);

test(
  'close: what is being handled is answered, what comes then is refused for now, then the session is unbound',
  scene(async (cleanup) => {
    let finish: () => void = () => {};
    const { peer, receiver } = await handset(cleanup, {
      handler: () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    });
    peer.send({ ...withHeader(one), command: 'deliver_sm', sequence: 1 });
    await eventually(() => receiver.counters().accepted === 1);
    const closed = receiver.close();
    peer.send({ ...withHeader(one), command: 'deliver_sm', sequence: 2 });
    assert.deepEqual([(await peer.next('deliver_sm_resp')).status], [0x64]);
    finish();
    assert.deepEqual([(await peer.next('deliver_sm_resp')).status], [0]);
    await closed;
    await peer.gone();
  }),
);

test('a receiver that is closed before its link stands says so', async () => {
  const gone = await ScriptedSmsc.open();
  const { port } = gone;
  await gone.close();
  const errors: string[] = [];
  const receiver = new SmsReceiver({
    smsc: centre(port),
    number,
    handler: () => {},
    clock: new ManualClock(),
    onLink: (error) => errors.push(error?.code ?? ''),
  });
  const started = assert.rejects(receiver.start(), { code: 'CLOSED' });
  await eventually(() => errors.length === 1);
  assert.deepEqual(errors, ['ECONNREFUSED']);
  await receiver.close();
  await started;
});

test('settings that cannot be are refused', () => {
  const base = { smsc: centre(2775), number, handler: () => {} };
  for (const options of [
    { ...base, number: 'nobody' },
    { ...base, port: 65_536 },
    { ...base, maxPending: 0 },
    { ...base, answerMs: 0 },
    { ...base, reassembly: { maxOpen: 0 } },
    { ...base, smsc: centre(2775, { host: '' }) },
  ]) {
    assert.throws(() => new SmsReceiver(options), ValueError);
  }
});

// The sender, the simulated centre and the handset together, over loopback sockets.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { bytesToHex, PushError } from '../../../src/core/index.ts';
import type { DeliveryReport } from '../../../src/push/index.ts';
import { createSmsSender, type SmsSenderOptions } from '../../../src/push/sms/index.ts';
import { eventually, ManualClock, type SmscSimulatorOptions } from '../../../src/testing/index.ts';
import { centre, device, never, openHandset, openSender, openSmsc, pushOf, scene } from './support.ts';

const forms: readonly (readonly [string, Partial<SmsSenderOptions>])[] = [
  ['user data headers, references of 8 bits', {}],
  ['user data headers, references of 16 bits', { referenceBits: 16 }],
  ['one message_payload', { form: 'payload' }],
  ['SAR parameters', { form: 'sar' }],
];
for (const [name, options] of forms) {
  test(
    `bodies of 0 octets up to the limit arrive as they were sent, and are reported delivered: ${name}`,
    scene(async (cleanup) => {
      const { port } = await openSmsc(cleanup);
      const { pushes, receiver } = await openHandset(cleanup, port);
      const { sender, reports } = openSender(cleanup, { smscs: [centre(port)], window: 100, ...options });
      // 12 000: a signed DM message.
      const sizes = [0, 1, 127, 128, 250, 251, 12_000, sender.maxPayload];
      for (const size of sizes) {
        const push = pushOf(size);
        const receipt = await sender.send(push, device, never);
        assert.equal(receipt.outcome, 'accepted');
        const got = await eventually(() => pushes.shift(), `${size} octets`);
        assert.equal(bytesToHex(got.body), bytesToHex(push.body));
        assert.deepEqual(got.contentType, { mime: 'application/vnd.syncml.dm+wbxml', code: 0x42 });
        const report = await eventually(() => reports.shift(), `the report of ${size} octets`);
        assert.ok(receipt.outcome === 'accepted');
        assert.deepEqual(
          [report.outcome, report.pushId, report.reference],
          ['delivered', 'p1', receipt.reference],
        );
        assert.equal(report.references.join(' '), receipt.reference);
      }
      assert.equal(receiver.counters().accepted, sizes.length);
      assert.deepEqual([sender.receipts().unmatched, sender.receipts().open], [0, 0]);
    }),
  );
}

test(
  'one octet more than the limit is refused before anything is sent',
  scene(async (cleanup) => {
    const { smsc, port } = await openSmsc(cleanup);
    const { sender } = openSender(cleanup, { smscs: [centre(port)] });
    await assert.rejects(
      sender.send(pushOf(sender.maxPayload + 1), device, never),
      /32635 octets, 32634 fit/,
    );
    await assert.rejects(sender.send(pushOf(1), { number: 'nobody' }, never), /not a telephone number/);
    assert.equal(smsc.counters().submits, 0);
  }),
);

test(
  'SMPP 3.4 §5.1.3: ESME_RTHROTTLED slows the link and does not fail the push',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const { smsc, port } = await openSmsc(cleanup);
    const { pushes } = await openHandset(cleanup, port);
    const { sender } = openSender(cleanup, { smscs: [centre(port)], clock });
    smsc.faults.passSubmits(1).throttle(3);
    const sending = sender.send(pushOf(300), device, never);
    await eventually(() => smsc.counters().refused === 2);
    await eventually(() => sender.links()[0]?.rate !== undefined && sender.links()[0]?.inFlight === 0);
    // Nothing is sent during the pause of a second, then one more is refused, which doubles it.
    clock.advance(999);
    assert.equal(smsc.counters().submits, 3);
    clock.advance(1);
    await eventually(() => smsc.counters().refused === 3);
    clock.advance(1999);
    assert.equal(smsc.counters().submits, 4);
    const got = await eventually(() => {
      clock.advance(500);
      return pushes[0];
    });
    assert.equal((await sending).outcome, 'accepted');
    assert.equal(got.body.length, 300);
    assert.equal(pushes.length, 1);
  }),
);

test(
  'a link broken in the middle of a push: what is in doubt is sent again as it was, and the handset drops what it has',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const { smsc, port } = await openSmsc(cleanup);
    const { drops, pushes, receiver } = await openHandset(cleanup, port);
    const { sender, reports } = openSender(cleanup, { smscs: [centre(port)], clock, window: 4 });
    // 8 messages: the third is taken, but the link breaks before its answer; the fourth is lost with it.
    smsc.faults.passSubmits(2).disconnectOnSubmit();
    const push = pushOf(1000);
    const sending = sender.send(push, device, never);
    await eventually(() => {
      clock.advance(100);
      return pushes.length === 1;
    });
    const receipt = await sending;
    assert.equal(bytesToHex(pushes[0]?.body ?? new Uint8Array()), bytesToHex(push.body));
    await eventually(() => smsc.counters().waiting === 0);
    // At least the third message came twice; parts that come after the last one count as late.
    const { dropped, reassembly } = receiver.counters();
    assert.ok(reassembly.parts > 8);
    assert.equal(dropped.duplicate + dropped.late, reassembly.parts - 8);
    assert.equal(drops.length, reassembly.parts - 8);
    assert.equal(pushes.length, 1);
    assert.ok(receipt.outcome === 'accepted');
    assert.equal(receipt.reference.split(' ').length, 8);
    await eventually(() => reports.length === 1);
    assert.equal(reports[0]?.outcome, 'delivered');
  }),
);

test(
  'a message whose answer never comes is sent again under the same reference; the handset gets the push once',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const { smsc, port } = await openSmsc(cleanup);
    const { pushes, receiver } = await openHandset(cleanup, port);
    const { sender } = openSender(cleanup, { smscs: [centre(port)], clock });
    smsc.faults.passSubmits(1).dropAnswers(1);
    const sending = sender.send(pushOf(300), device, never);
    await eventually(() => smsc.counters().submits === 3);
    await eventually(() => sender.links()[0]?.inFlight === 1);
    clock.advance(10_000);
    await eventually(() => receiver.counters().dropped.late + receiver.counters().dropped.duplicate === 1);
    assert.equal((await sending).outcome, 'accepted');
    assert.equal(pushes.length, 1);
  }),
);

test(
  'fail-over: the second centre is used while the first is away, and the first again when it is back',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const first = await openSmsc(cleanup);
    const second = await openSmsc(cleanup);
    const links: string[] = [];
    const { sender } = openSender(cleanup, {
      smscs: [centre(first.port, { name: 'first' }), centre(second.port, { name: 'second' })],
      clock,
      onLink: (smsc, error) => links.push(`${smsc} ${error === undefined ? 'up' : 'down'}`),
    });
    const send = async (): Promise<string> => {
      const receipt = await sender.send(pushOf(5), device, never);
      return 'reference' in receipt ? String(receipt.reference) : '';
    };
    assert.match(await send(), /^first:/);
    await first.smsc.stop();
    await eventually(() => links.includes('first down'));
    assert.match(await send(), /^second:/);
    await first.smsc.start(first.port);
    await eventually(() => {
      clock.advance(1000);
      return links.filter((link) => link === 'first up').length === 2;
    });
    assert.match(await send(), /^first:/);
    assert.deepEqual(
      sender.links().map(({ smsc, state }) => [smsc, state]),
      [
        ['first', 'bound'],
        ['second', 'bound'],
      ],
    );
  }),
);

test(
  'fail-over in the middle of a push: parts through both centres make one datagram',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const first = await openSmsc(cleanup);
    const second = await openSmsc(cleanup);
    const { sender } = openSender(cleanup, {
      smscs: [centre(first.port, { name: 'first' }), centre(second.port, { name: 'second' })],
      source: { address: '4040' },
      window: 1,
      clock,
    });
    await eventually(() => sender.links().every(({ state }) => state === 'bound'));
    first.smsc.faults.passSubmits(1).disconnectOnSubmit();
    const receipt = await sender.send(pushOf(400), device, never);
    assert.ok(receipt.outcome === 'accepted');
    const centres = receipt.reference.split(' ').map((one) => one.split(':')[0]);
    assert.deepEqual(centres, ['first', 'second', 'second', 'second']);
  }),
);

test(
  'distribution spread uses all centres and all connections at once',
  scene(async (cleanup) => {
    const first = await openSmsc(cleanup);
    const second = await openSmsc(cleanup);
    const { sender } = openSender(cleanup, {
      smscs: [centre(first.port, { name: 'first' }), centre(second.port, { name: 'second' })],
      distribution: 'spread',
      connections: 2,
    });
    await eventually(() => sender.links().every(({ state }) => state === 'bound'));
    assert.equal(sender.links().length, 4);
    await Promise.all(Array.from({ length: 40 }, () => sender.send(pushOf(5), device, never)));
    assert.ok(first.smsc.counters().submits >= 10);
    assert.ok(second.smsc.counters().submits >= 10);
  }),
);

test(
  'a throughput of 2 messages a second is held over pushes',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const { smsc, port } = await openSmsc(cleanup);
    const { sender } = openSender(cleanup, { smscs: [centre(port)], throughput: 2, clock });
    const sending = Promise.all(Array.from({ length: 5 }, () => sender.send(pushOf(5), device, never)));
    for (let count = 1; count <= 5; count += 1) {
      await eventually(() => smsc.counters().submits === count);
      clock.advance(480);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(smsc.counters().submits, count);
      clock.advance(20);
    }
    await sending;
  }),
);

const receiptForms: readonly (readonly [string, SmscSimulatorOptions, SmsSenderOptions['receiptIds']])[] = [
  ['text alone', { receiptForm: 'text' }, {}],
  ['parameters alone', { receiptForm: 'parameters' }, {}],
  ['both', { receiptForm: 'both' }, {}],
  [
    'text, hexadecimal in the answer and decimal in the receipt',
    { receiptForm: 'text', messageIds: 'hex', receiptIds: 'decimal' },
    { text: 'hex-to-decimal' },
  ],
  [
    'text, decimal in the answer and hexadecimal in the receipt',
    { receiptForm: 'text', messageIds: 'decimal', receiptIds: 'hex' },
    { text: 'decimal-to-hex' },
  ],
  [
    'both, with another number in the text',
    { receiptForm: 'both', messageIds: 'hex', receiptIds: 'decimal' },
    { text: 'hex-to-decimal' },
  ],
];
for (const [name, smscOptions, receiptIds] of receiptForms) {
  test(
    `SMPP 3.4 appendix B: receipts as ${name}: delivered, and failed`,
    scene(async (cleanup) => {
      const { smsc, port } = await openSmsc(cleanup, smscOptions);
      await openHandset(cleanup, port);
      const { sender, reports } = openSender(cleanup, { smscs: [centre(port)], receiptIds });
      await sender.send(pushOf(300, 'dm+xml', 'good'), device, never);
      await eventually(() => reports.length === 1);
      smsc.faults.failDeliveries(1, 'REJECTED');
      await sender.send(pushOf(300, 'dm+xml', 'bad'), device, never);
      await eventually(() => reports.length === 2);
      assert.deepEqual(
        reports.map(({ pushId, outcome, detail }) => [pushId, outcome, detail]),
        [
          ['good', 'delivered', 'sim: DELIVERED'],
          [
            'bad',
            'failed',
            `sim: REJECTED${name === 'parameters alone' ? '' : ', error 001'} (message 1 of 3)`,
          ],
        ],
      );
    }),
  );
}

test(
  'a message that expires at the centre, and one that the handset refuses for good, are reported failed',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const { port } = await openSmsc(cleanup, { clock });
    const { sender, reports } = openSender(cleanup, { smscs: [centre(port)], validitySeconds: 60 });
    await sender.send(pushOf(3), device, never);
    clock.advance(60_000);
    await eventually(() => reports.length === 1);
    assert.deepEqual([reports[0]?.outcome, reports[0]?.detail], ['failed', 'sim: EXPIRED, error 001']);
  }),
);

test(
  'a push accepted by an earlier process is reported by what the store kept of it',
  scene(async (cleanup) => {
    const { smsc, port } = await openSmsc(cleanup);
    const before = openSender(cleanup, { smscs: [centre(port)] });
    const receipt = await before.sender.send(pushOf(300, 'dm+wbxml', 'p9'), device, never);
    assert.ok(receipt.outcome === 'accepted');
    await before.sender.close();
    // The handset appears while nobody is bound: the receipts wait at the centre.
    const { pushes } = await openHandset(cleanup, port);
    await eventually(() => pushes.length === 1);
    const after = openSender(cleanup, { smscs: [centre(port)] });
    after.sender.expectReport('p9', receipt.reference);
    await eventually(() => after.reports.length === 1);
    assert.deepEqual(
      after.reports.map(({ pushId, outcome, reference }) => [pushId, outcome, reference]),
      [['p9', 'delivered', receipt.reference]],
    );
    await eventually(() => smsc.counters().receipts === 3);
    assert.throws(() => after.sender.expectReport('p', 'no reference'), /CENTRE:MESSAGE_ID/);
  }),
);

test(
  'a receipt is answered when it has been written down; until then the centre brings it again',
  scene(async (cleanup) => {
    const { smsc, port } = await openSmsc(cleanup, { retryMs: 1 });
    await openHandset(cleanup, port);
    const tries: DeliveryReport[] = [];
    const { sender } = openSender(cleanup, {
      smscs: [centre(port)],
      onReceipt: async (report) => {
        tries.push(report);
        if (tries.length < 3) throw new Error('disk full');
      },
    });
    await sender.send(pushOf(5), device, never);
    await eventually(() => smsc.counters().receipts === 1);
    assert.equal(tries.length, 3);
  }),
);

test(
  'receipts that come before the answer, and that belong to nobody',
  scene(async (cleanup) => {
    const { smsc, port } = await openSmsc(cleanup);
    await openHandset(cleanup, port);
    const { sender, reports } = openSender(cleanup, { smscs: [centre(port)] });
    smsc.faults.answerDelayMs = 20;
    await sender.send(pushOf(300), device, never);
    await eventually(() => reports.length === 1);
    assert.equal(reports[0]?.outcome, 'delivered');
  }),
);

const tlsFile = (name: string): Buffer =>
  readFileSync(resolve(import.meta.dirname, '../../device/tls', name));

test(
  'TLS to the centre, whose certificate is verified',
  scene(async (cleanup) => {
    const tls = { key: tlsFile('server.key.pem'), cert: tlsFile('server.pem') };
    const { smsc, port } = await openSmsc(cleanup, { tls });
    const trusted = centre(port, { host: 'localhost', tls: { ca: tlsFile('ca.pem') } });
    const { pushes } = await openHandset(cleanup, port, { smsc: { ...trusted, systemId: 'handset' } });
    const { sender } = openSender(cleanup, { smscs: [trusted] });
    await sender.send(pushOf(300), device, never);
    await eventually(() => pushes.length === 1);
    assert.ok(smsc.counters().submits === 3);
    const clock = new ManualClock();
    const doubting = openSender(cleanup, { smscs: [centre(port, { host: 'localhost', tls: {} })], clock });
    await eventually(() => doubting.sender.links()[0]?.lastError !== undefined);
    assert.equal(doubting.sender.links()[0]?.lastError?.code, 'TLS');
    const sending = doubting.sender.send(pushOf(1), device, never);
    clock.advance(15_000);
    await assert.rejects(
      sending,
      (error) =>
        error instanceof PushError && error.code === 'NO_LINK' && /TLS connection/.test(error.message),
    );
  }),
);

test('settings that cannot be are refused when the sender is made', () => {
  const smscs = [centre(2775)];
  const cases: readonly SmsSenderOptions[] = [
    { smscs: [] },
    { smscs: [centre(0)] },
    { smscs: [centre(2775, { host: '' })] },
    { smscs: [centre(2775, { password: 'a\0b' })] },
    { smscs: [centre(2775, { systemId: 'x'.repeat(256) })] },
    { smscs, window: 0 },
    { smscs, connections: 0 },
    { smscs, throughput: 0 },
    { smscs, throughput: Number.NaN },
    { smscs, responseMs: 0 },
    { smscs, maxResends: -1 },
    { smscs, trackMs: 0 },
    { smscs, maxTracked: 0 },
    { smscs, receiptIds: { text: 'other' as 'same' } },
    { smscs, form: 'other' as 'udh' },
  ];
  for (const options of cases) assert.throws(() => createSmsSender(options), { name: 'ValueError' });
});

// Centres that know no transceivers, and operators that give two accounts: a transmitter sends, a receiver takes receipts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandStatuses, type SmppPdu } from '../../../src/codec/smpp/index.ts';
import type { PushError } from '../../../src/core/index.ts';
import { createSmsSender } from '../../../src/push/sms/index.ts';
import { eventually, ManualClock, type SmscEvent } from '../../../src/testing/index.ts';
import { answerSession, type ScriptedPeer, ScriptedSmsc } from './scripted-smsc.ts';
import {
  type Cleanup,
  centre,
  device,
  never,
  openHandset,
  openSender,
  openSmsc,
  pushOf,
  scene,
} from './support.ts';

/** A scripted centre, and what bound to it and where. */
async function openCentre(cleanup: Cleanup) {
  const smsc = await ScriptedSmsc.open();
  cleanup.add(() => smsc.close());
  const binds = new Map<string, { readonly pdu: SmppPdu; readonly peer: ScriptedPeer }>();
  smsc.onPdu = (pdu, peer) => {
    if (pdu.command.startsWith('bind_')) binds.set(pdu.command, { pdu, peer });
    return answerSession(pdu, peer);
  };
  return { smsc, port: smsc.port, binds };
}

const receipt = (id: string) =>
  ({
    command: 'deliver_sm',
    sequence: 7,
    esmClass: 4,
    shortMessage: new TextEncoder().encode(`id:${id} sub:001 dlvrd:001 stat:DELIVRD err:000 text:`),
  }) as const;

test(
  'SMPP 3.4 §4.1.1, §4.1.3: with "bind": "separate" a centre without transceivers takes pushes, and its receipts count',
  scene(async (cleanup) => {
    const { smsc, port } = await openSmsc(cleanup, { transceivers: false });
    await openHandset(cleanup, port);
    const { sender, reports } = openSender(cleanup, {
      smscs: [centre(port, { bind: 'separate' })],
      connections: 2,
    });
    await eventually(() => sender.links().every(({ state }) => state === 'bound'));
    assert.deepEqual(
      sender.links().map(({ smsc: name, role, rate }) => [name, role, rate]),
      [
        ['sim', 'transmitter', undefined],
        ['sim', 'transmitter', undefined],
        ['sim', 'receiver', undefined],
      ],
    );
    assert.equal((await sender.send(pushOf(300), device, never)).outcome, 'accepted');
    await eventually(() => reports.length === 1);
    assert.equal(reports[0]?.outcome, 'delivered');
    assert.equal(smsc.counters().sessions, 4);
  }),
);

test(
  'a centre that refuses bind_transceiver: the error says what to set, and it is not hammered',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    for (const status of [
      commandStatuses.ESME_RINVCMDID,
      commandStatuses.ESME_RBINDFAIL,
      commandStatuses.ESME_RINVBNDSTS,
    ]) {
      for (const command of ['bind_transceiver_resp', 'generic_nack'] as const) {
        const { smsc, port } = await openCentre(cleanup);
        smsc.onPdu = ({ sequence }, peer) => {
          peer.send({ command, status, sequence });
          return true;
        };
        const { sender } = openSender(cleanup, { smscs: [centre(port)], clock });
        const { lastError } = await eventually(() =>
          sender.links().find((link) => link.lastError !== undefined),
        );
        assert.equal(lastError?.code, 'BIND_REFUSED');
        assert.match(lastError?.message ?? '', /needs "bind": "separate"/);
      }
    }
  }),
);

test(
  'the receiver has an account, a host and a port of its own where they are given',
  scene(async (cleanup) => {
    const sending = await openCentre(cleanup);
    const receiving = await openCentre(cleanup);
    const warnings: string[] = [];
    const { sender, reports } = openSender(cleanup, {
      smscs: [
        centre(sending.port, {
          systemType: 'DM',
          receiver: { port: receiving.port, systemId: 'dms-rx', password: 'rx' },
        }),
      ],
      onWarning: (text) => warnings.push(text),
    });
    await eventually(() => sender.links().every(({ state }) => state === 'bound'));
    const [tx, rx] = [sending.binds.get('bind_transmitter'), receiving.binds.get('bind_receiver')];
    assert.ok(tx?.pdu.command === 'bind_transmitter' && rx?.pdu.command === 'bind_receiver');
    assert.deepEqual([tx.pdu.systemId, tx.pdu.password, tx.pdu.systemType], ['dms', 'pw', 'DM']);
    assert.deepEqual([rx.pdu.systemId, rx.pdu.password, rx.pdu.systemType], ['dms-rx', 'rx', 'DM']);
    assert.equal(sending.binds.size + receiving.binds.size, 2);
    const sent = sender.send(pushOf(3), device, never);
    tx.peer.accept(await tx.peer.next('submit_sm'), '4711');
    assert.deepEqual(await sent, { outcome: 'accepted', reference: 'sim:4711' });
    rx.peer.send(receipt('4711'));
    assert.equal((await rx.peer.next('deliver_sm_resp')).status, 0);
    assert.deepEqual(
      reports.map(({ outcome, reference }) => [outcome, reference]),
      [['delivered', 'sim:4711']],
    );
    assert.deepEqual(warnings, []);
  }),
);

test(
  'the receiver is away: pushes go out all the same; links and the log show it, under its own name, until it is back',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const { smsc, port } = await openCentre(cleanup);
    let refuses = true;
    smsc.onPdu = (pdu, peer) => {
      if (pdu.command === 'bind_receiver' && refuses) {
        const status = commandStatuses.ESME_RINVPASWD;
        peer.send({ command: 'bind_receiver_resp', status, sequence: pdu.sequence });
        return true;
      }
      if (pdu.command !== 'submit_sm') return answerSession(pdu, peer);
      peer.accept(pdu, '1');
      return true;
    };
    const log: string[] = [];
    const { sender } = openSender(cleanup, {
      smscs: [centre(port, { bind: 'separate' })],
      clock,
      onLink: (name, error, role) => log.push(`${name} ${role}: ${error?.message ?? 'up'}`),
    });
    await eventually(() => log.length === 2);
    assert.deepEqual(log.sort(), [
      'sim receiver: sim (receiver): refused to bind: ESME_RINVPASWD',
      'sim transmitter: up',
    ]);
    const [, receiver] = sender.links();
    assert.deepEqual(
      [receiver?.role, receiver?.state, receiver?.lastError?.code],
      ['receiver', 'down', 'BIND_REFUSED'],
    );
    assert.equal((await sender.send(pushOf(3), device, never)).outcome, 'accepted');
    refuses = false;
    await eventually(() => {
      clock.advance(1000);
      return log.includes('sim receiver: up');
    });
  }),
);

test(
  'only the receiver is there: pushes wait for a transmitter, and fail with its reason as retryable',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const gone = await ScriptedSmsc.open();
    const { port } = gone;
    await gone.close();
    const receiving = await openCentre(cleanup);
    const { sender } = openSender(cleanup, {
      smscs: [centre(port, { receiver: { port: receiving.port } })],
      clock,
    });
    await eventually(
      () => sender.links()[1]?.state === 'bound' && sender.links()[0]?.lastError !== undefined,
    );
    const failed = sender.send(pushOf(3), device, never).then(
      () => assert.fail('it was accepted'),
      (error: PushError) => error,
    );
    clock.advance(15_000);
    const { code, retryable, message } = await failed;
    assert.deepEqual([code, retryable], ['NO_LINK', true]);
    assert.match(message, /nothing listens on the port/);
  }),
);

test(
  'without receipts no receiver is opened; with those of failures it is',
  scene(async (cleanup) => {
    for (const [receipts, roles] of [
      ['none', ['transmitter']],
      ['failures', ['transmitter', 'receiver']],
    ] as const) {
      const { port } = await openCentre(cleanup);
      const { sender } = openSender(cleanup, { smscs: [centre(port, { bind: 'separate' })], receipts });
      assert.deepEqual(
        sender.links().map(({ role }) => role),
        roles,
      );
    }
  }),
);

test(
  'closing unbinds both; a receipt that comes while the transmitter ends still counts',
  scene(async (cleanup) => {
    const { smsc, port, binds } = await openCentre(cleanup);
    const { sender, reports } = openSender(cleanup, { smscs: [centre(port, { bind: 'separate' })] });
    await eventually(() => sender.links().every(({ state }) => state === 'bound'));
    const [tx, rx] = [binds.get('bind_transmitter'), binds.get('bind_receiver')];
    assert.ok(tx !== undefined && rx !== undefined);
    const unbound: string[] = [];
    smsc.onPdu = (pdu, peer) => {
      if (pdu.command === 'unbind') {
        unbound.push(peer === tx.peer ? 'transmitter' : 'receiver');
        if (peer === tx.peer) rx.peer.send(receipt('1'));
      }
      return answerSession(pdu, peer);
    };
    const sent = sender.send(pushOf(3), device, never);
    tx.peer.accept(await tx.peer.next('submit_sm'), '1');
    await sent;
    await sender.close();
    assert.deepEqual(unbound, ['transmitter', 'receiver']);
    assert.deepEqual(
      reports.map(({ outcome }) => outcome),
      ['delivered'],
    );
  }),
);

test('settings of binds that cannot be are refused, with their path', () => {
  const refused: readonly (readonly [Parameters<typeof centre>[1], string])[] = [
    [{ bind: 'both' as 'separate' }, 'smscs[0].bind'],
    [{ bind: 'transceiver', receiver: {} }, 'smscs[0].receiver'],
    [{ receiver: { port: 0 } }, 'smscs[0].receiver.port'],
    [{ receiver: { host: '' } }, 'smscs[0].receiver.host'],
    [{ receiver: { password: 'x'.repeat(256) } }, 'password'],
  ];
  for (const [more, path] of refused) {
    assert.throws(() => createSmsSender({ smscs: [centre(1, more)] }), { name: 'ValueError', path });
  }
});

const twoAccounts = [
  { systemId: 'tx', password: 'pw', receiptsTo: 'rx' },
  { systemId: 'rx', password: 'pw2' },
  { systemId: 'handset', password: '' },
];

test(
  'two accounts: what the transmitter submits is told to the receiver, and one that waits for it is told to the operator',
  scene(async (cleanup) => {
    const events: SmscEvent[] = [];
    const { smsc, port } = await openSmsc(cleanup, {
      accounts: twoAccounts,
      onEvent: (event) => events.push(event),
    });
    smsc.faults.failDeliveries(1);
    const lone = openSender(cleanup, { smscs: [centre(port, { systemId: 'tx', bind: 'separate' })] });
    assert.equal((await lone.sender.send(pushOf(3), device, never)).outcome, 'accepted');
    await eventually(() => events.some(({ type }) => type === 'receipt-waits'));
    const waits = events.find(({ type }) => type === 'receipt-waits');
    assert.deepEqual(waits, { type: 'receipt-waits', systemId: 'rx', messageId: '1000001' });
    await lone.sender.close();
    assert.deepEqual(lone.reports, []);

    smsc.faults.failDeliveries(1);
    const { sender, reports } = openSender(cleanup, {
      smscs: [
        centre(port, { systemId: 'tx', bind: 'separate', receiver: { systemId: 'rx', password: 'pw2' } }),
      ],
    });
    assert.equal((await sender.send(pushOf(3), device, never)).outcome, 'accepted');
    await eventually(() => reports.length === 1);
    assert.equal(reports[0]?.outcome, 'failed');
    await eventually(() => smsc.counters().receipts === 2);
  }),
);

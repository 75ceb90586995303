// Message centres made of node-smpp, each with a quirk of deployed ones: a full queue, no transceivers, long passwords, a slow
// bind; and what they read of the life of a push.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { after, test } from 'node:test';
import { PushError } from '../../src/core/index.ts';
import { contentTypes, type DeliveryReport, type Push } from '../../src/push/index.ts';
import { createSmsSender, type SmsSender, type SmsSenderOptions } from '../../src/push/sms/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { type NodeSmppPdu, type NodeSmppSession, nodeSmpp } from './node-smpp.ts';

const never = new AbortController().signal;
const push: Push = { id: 'p', contentType: contentTypes['dm1.2'], body: Uint8Array.of(1, 2, 3) };
const ends: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const end of ends.reverse()) await end();
});

/** A centre that answers a command as `quirks` say, and else as any does. */
async function openCentre(
  quirks: Readonly<Record<string, (pdu: NodeSmppPdu, session: NodeSmppSession) => void>> = {},
) {
  const pdus: NodeSmppPdu[] = [];
  const sessions: NodeSmppSession[] = [];
  const commands = [
    'bind_transceiver',
    'bind_transmitter',
    'bind_receiver',
    'submit_sm',
    'enquire_link',
    'unbind',
  ];
  const server: Server = nodeSmpp.createServer((session) => {
    sessions.push(session);
    session.on('error', () => {});
    for (const command of commands) {
      session.on(command, (pdu: NodeSmppPdu) => {
        pdus.push(pdu);
        const quirk = quirks[command];
        if (quirk !== undefined) quirk(pdu, session);
        else session.send(pdu.response(command === 'submit_sm' ? { message_id: 'n1' } : {}));
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(async () => {
    for (const session of sessions) session.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const seen = (command: string): readonly NodeSmppPdu[] => pdus.filter((pdu) => pdu.command === command);
  return { port: (server.address() as AddressInfo).port, seen };
}

function open(options: SmsSenderOptions): { readonly sender: SmsSender; readonly reports: DeliveryReport[] } {
  const reports: DeliveryReport[] = [];
  const sender = createSmsSender({
    backOffMs: 20,
    linkWaitMs: 5000,
    onReceipt: (report) => void reports.push(report),
    ...options,
  });
  ends.push(() => sender.close());
  return { sender, reports };
}

const account = { host: '127.0.0.1', name: 'node', systemId: 'dms', password: 'secret' };

test('SMPP 3.4 §5.1.3: node-smpp says ESME_RMSGQFUL of one number, and takes the others meanwhile', async () => {
  const full = nodeSmpp.errors.ESME_RMSGQFUL ?? 0;
  const { port } = await openCentre({
    submit_sm: (pdu, session) => {
      const refused = pdu.destination_addr === '666';
      session.send(pdu.response(refused ? { command_status: full } : { message_id: 'n1' }));
    },
  });
  const { sender } = open({ smscs: [{ ...account, port }] });
  const refused = Array.from({ length: 5 }, () =>
    assert.rejects(
      sender.send(push, { number: '+666' }, never),
      (error) => error instanceof PushError && error.code === 'ESME_RMSGQFUL' && error.retryable,
    ),
  );
  const others = Array.from({ length: 50 }, (_, i) => sender.send(push, { number: `+49170${i}` }, never));
  for (const sending of others) assert.equal((await sending).outcome, 'accepted');
  await Promise.all(refused);
  assert.equal(sender.links()[0]?.rate, undefined);
});

test('SMPP 3.4 §4.1: node-smpp without transceivers, with a transmitter and a receiver on two ports', async () => {
  const unknown = (pdu: NodeSmppPdu, session: NodeSmppSession): void => {
    session.send(pdu.response({ command_status: nodeSmpp.errors.ESME_RINVCMDID ?? 0 }));
  };
  let receiving: NodeSmppSession | undefined;
  const receivers = await openCentre({
    bind_transmitter: unknown,
    bind_transceiver: unknown,
    bind_receiver: (pdu, session) => {
      receiving = session;
      session.send(pdu.response({ system_id: 'node-smpp' }));
    },
  });
  const transmitters = await openCentre({ bind_receiver: unknown, bind_transceiver: unknown });
  const { sender: refused } = open({ smscs: [{ ...account, port: transmitters.port }], linkWaitMs: 100 });
  await assert.rejects(refused.send(push, { number: '+4917' }, never), /ESME_RINVCMDID.*"bind": "separate"/);
  const receiver = { port: receivers.port, systemId: 'dms-rx' };
  const { sender, reports } = open({ smscs: [{ ...account, port: transmitters.port, receiver }] });
  await eventually(() => sender.links().every(({ state }) => state === 'bound'), 'both links', 200_000);
  assert.deepEqual(
    [transmitters.seen('bind_transmitter')[0]?.system_id, receivers.seen('bind_receiver')[0]?.system_id],
    ['dms', 'dms-rx'],
  );
  assert.deepEqual(await sender.send(push, { number: '+4917' }, never), {
    outcome: 'accepted',
    reference: 'node:n1',
  });
  const text =
    'id:n1 sub:001 dlvrd:001 submit date:2611202239 done date:2611202240 stat:DELIVRD err:000 text:';
  const answered = new Promise<NodeSmppPdu>((resolve) => {
    receiving?.deliver_sm({ esm_class: 4, short_message: { message: Buffer.from(text) } }, resolve);
  });
  assert.equal((await answered).command_status, 0);
  assert.deepEqual(
    reports.map(({ outcome }) => outcome),
    ['delivered'],
  );
});

test('SMPP 3.4 §5.2.2: node-smpp gets a password of more than 8 characters whole', async () => {
  const { port, seen } = await openCentre();
  const warnings: string[] = [];
  const password = 'a password of an operator';
  const { sender } = open({
    smscs: [{ ...account, port, password }],
    onWarning: (text) => warnings.push(text),
  });
  assert.equal((await sender.send(push, { number: '+4917' }, never)).outcome, 'accepted');
  assert.equal(seen('bind_transceiver')[0]?.password, password);
  assert.equal(warnings.length, 1);
});

test('SMPP 3.4 §2.3: a slow node-smpp that hangs up on enquire_link before it has bound is bound at the first try', async () => {
  let bound = false;
  const { port, seen } = await openCentre({
    bind_transceiver: (pdu, session) => {
      setTimeout(() => {
        bound = true;
        session.send(pdu.response({ system_id: 'node-smpp' }));
      }, 500);
    },
    enquire_link: (pdu, session) => {
      if (bound) session.send(pdu.response());
      else session.destroy();
    },
  });
  const { sender } = open({ smscs: [{ ...account, port }], enquireMs: 50 });
  assert.equal((await sender.send(push, { number: '+4917' }, never)).outcome, 'accepted');
  assert.equal(seen('bind_transceiver').length, 1);
  await eventually(() => seen('enquire_link').length > 0, 'enquire_link', 200_000);
});

for (const validityForm of ['relative', 'absolute'] as const) {
  test(`SMPP 3.4 §5.2.16: node-smpp reads the ${validityForm} end of a push as the moment that it is`, async () => {
    const { port, seen } = await openCentre();
    const { sender } = open({ smscs: [{ ...account, port }], validityForm, validitySeconds: 86_400 });
    const expiresAt = Date.now() + 3 * 3_600_000;
    await sender.send({ ...push, expiresAt }, { number: '+4917' }, never);
    const validity: unknown = seen('submit_sm')[0]?.validity_period;
    assert.ok(validity instanceof Date, String(validity));
    // To the minute: it counts a duration from when it reads it.
    assert.ok(Math.abs(validity.getTime() - expiresAt) < 60_000, validity.toISOString());
  });
}

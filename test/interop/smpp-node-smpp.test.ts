// node-smpp as message centre for our sender and our receiver, and as a client of our simulated centre.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { after, before, test } from 'node:test';
import { bytesToHex, PushError } from '../../src/core/index.ts';
import { contentTypes, type DeliveryReport, type ReceivedPush } from '../../src/push/index.ts';
import { createSmsSender, SmsReceiver, type SmsSender } from '../../src/push/sms/index.ts';
import { eventually, SmscSimulator } from '../../src/testing/index.ts';
import { type NodeSmppPdu, type NodeSmppSession, nodeSmpp } from './node-smpp.ts';

const account = { systemId: 'dms', password: 'secret' };
const device = { number: '+447700900123' };
const never = new AbortController().signal;

/** A centre made of node-smpp: accepts, sends receipts, keeps what it got. */
const submitted: NodeSmppPdu[] = [];
const binds: NodeSmppPdu[] = [];
const sessions: NodeSmppSession[] = [];
let throttled = 0;
let server: Server;
let port: number;

before(async () => {
  server = nodeSmpp.createServer((session) => {
    sessions.push(session);
    session.on('error', () => {});
    const bind = (pdu: NodeSmppPdu): void => {
      binds.push(pdu);
      const refused = pdu.system_id === 'dms' && pdu.password !== 'secret';
      session.send(pdu.response(refused ? { command_status: 0x0e } : { system_id: 'node-smpp' }));
    };
    session.on('bind_transceiver', bind);
    session.on('bind_receiver', bind);
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu) => {
      session.send(pdu.response());
      session.close();
    });
    session.on('submit_sm', (pdu) => {
      if (throttled > 0) {
        throttled -= 1;
        session.send(pdu.response({ command_status: nodeSmpp.errors.ESME_RTHROTTLED ?? 0 }));
        return;
      }
      submitted.push(pdu);
      const id = `n${submitted.length}`;
      session.send(pdu.response({ message_id: id }));
      if (pdu.registered_delivery !== 1) return;
      const text = `id:${id} sub:001 dlvrd:001 submit date:2611202239 done date:2611202240 stat:DELIVRD err:000 text:`;
      session.deliver_sm({ esm_class: 4, short_message: { message: Buffer.from(text) } }, () => {});
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
after(async () => {
  for (const session of sessions) session.destroy();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

function open(options: { readonly password?: string } = {}): {
  readonly sender: SmsSender;
  readonly reports: DeliveryReport[];
} {
  const reports: DeliveryReport[] = [];
  const sender = createSmsSender({
    smscs: [{ host: '127.0.0.1', port, name: 'node', ...account, ...options }],
    backOffMs: 20,
    linkWaitMs: 500,
    onReceipt: (report) => {
      reports.push(report);
    },
  });
  return { sender, reports };
}

/** Content as it was on the wire: node-smpp takes the header apart. */
function wire(pdu: NodeSmppPdu): string {
  const content = pdu.short_message;
  assert.ok(typeof content === 'object' && 'message' in content);
  const elements = (content.udh ?? []) as readonly Buffer[];
  return bytesToHex(Buffer.concat([...elements, content.message as Buffer]));
}

test('node-smpp as centre: it binds us, takes a push in three messages, and its receipts deliver it', async () => {
  submitted.length = 0;
  const { sender, reports } = open();
  try {
    const body = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);
    const receipt = await sender.send(
      { id: 'p', contentType: contentTypes['dm+wbxml'], body },
      device,
      never,
    );
    assert.deepEqual(receipt, { outcome: 'accepted', reference: 'node:n1 node:n2 node:n3' });
    const bind = binds.at(-1);
    assert.deepEqual(
      [bind?.command, bind?.system_id, bind?.password, bind?.interface_version],
      ['bind_transceiver', 'dms', 'secret', 0x34],
    );
    for (const [index, pdu] of submitted.entries()) {
      assert.deepEqual(
        [pdu.destination_addr, pdu.dest_addr_ton, pdu.esm_class, pdu.data_coding],
        ['447700900123', 1, 0x40, 0xf5],
      );
      assert.match(wire(pdu), new RegExp(`^0003..030${index + 1}05040b84c002`));
    }
    const whole = submitted.map((pdu) => wire(pdu).slice(22)).join('');
    assert.equal(whole.slice(2), `0603c2af87${bytesToHex(body)}`);
    await eventually(() => reports.length === 1, 'the report', 200_000);
    assert.deepEqual([reports[0]?.pushId, reports[0]?.outcome], ['p', 'delivered']);
  } finally {
    await sender.close();
  }
});

test('node-smpp as centre: throttled, then accepted; a broken link is made again', async () => {
  submitted.length = 0;
  const { sender } = open();
  try {
    const push = { id: 'p', contentType: contentTypes['dm1.2'], body: Uint8Array.of(1, 2, 3) };
    throttled = 1;
    assert.equal((await sender.send(push, device, never)).outcome, 'accepted');
    sessions.at(-1)?.destroy();
    assert.equal((await sender.send(push, device, never)).outcome, 'accepted');
    assert.equal(wire(submitted[0] as NodeSmppPdu), '05040b84c002010603c4af87010203');
  } finally {
    await sender.close();
  }
});

test('node-smpp as centre: a refused password is said to be one', async () => {
  const { sender } = open({ password: 'wrong' });
  try {
    const push = { id: 'p', contentType: contentTypes['dm1.2'], body: Uint8Array.of(1) };
    await assert.rejects(
      sender.send(push, device, never),
      (error) => error instanceof PushError && error.retryable && /ESME_RINVPASWD/.test(error.message),
    );
  } finally {
    await sender.close();
  }
});

test('node-smpp as centre delivers pushes to our handset, as user data header and as parameters', async () => {
  const pushes: ReceivedPush[] = [];
  const receiver = new SmsReceiver({
    smsc: { host: '127.0.0.1', port, systemId: 'handset', password: 'hs' },
    number: device.number,
    handler: (push) => {
      pushes.push(push);
    },
  });
  try {
    await receiver.start();
    assert.deepEqual([binds.at(-1)?.command, binds.at(-1)?.address_range], ['bind_receiver', '447700900123']);
    const session = sessions.at(-1);
    const wsp = Buffer.from('010603d8af87aabb', 'hex');
    const statuses: number[] = [];
    const deliver = (fields: Parameters<NodeSmppSession['deliver_sm']>[0]): void => {
      const addresses = { source_addr: '4940', destination_addr: '447700900123', data_coding: 4 };
      session?.deliver_sm({ ...addresses, ...fields }, (answer) => statuses.push(answer.command_status));
    };
    const udh = Buffer.from('0605040b8423f0', 'hex');
    deliver({ esm_class: 0x40, short_message: { udh, message: wsp } });
    deliver({ dest_port: 2948, source_port: 9200, message_payload: { message: wsp } });
    await eventually(() => statuses.length === 2, 'the answers', 200_000);
    assert.deepEqual(statuses, [0, 0]);
    assert.deepEqual(
      pushes.map(({ contentType, body }) => [contentType.code, bytesToHex(body)]),
      [
        [0x58, 'aabb'],
        [0x58, 'aabb'],
      ],
    );
  } finally {
    await receiver.close();
  }
});

test('node-smpp as client of our simulated centre: bind, submit, deliver, receipt, enquire_link, unbind', async () => {
  const smsc = new SmscSimulator({ accounts: [account, { systemId: 'hs', password: 'hs' }] });
  const simulated = await smsc.start();
  const connect = (): Promise<NodeSmppSession> =>
    new Promise((resolve) => {
      const session: NodeSmppSession = nodeSmpp.connect({ url: `smpp://127.0.0.1:${simulated}` }, () =>
        resolve(session),
      );
      session.on('error', () => {});
    });
  const ask = (run: (done: (pdu: NodeSmppPdu) => void) => void): Promise<NodeSmppPdu> => new Promise(run);
  const client = await connect();
  const handset = await connect();
  try {
    const login = { system_id: 'dms', password: 'secret', interface_version: 0x34 };
    assert.equal((await ask((done) => client.bind_transceiver(login, done))).command_status, 0);
    const phone = { system_id: 'hs', password: 'hs', address_range: '4711' };
    assert.equal((await ask((done) => handset.bind_receiver(phone, done))).command_status, 0);
    const delivered = ask((done) => {
      handset.on('deliver_sm', (pdu) => {
        handset.send(pdu.response());
        done(pdu);
      });
    });
    const receipted = ask((done) => {
      client.on('deliver_sm', (pdu) => {
        client.send(pdu.response());
        done(pdu);
      });
    });
    const udh = Buffer.from('0605040b8423f0', 'hex');
    const fields = { destination_addr: '4711', esm_class: 0x40, data_coding: 0xf5, registered_delivery: 1 };
    const answer = await ask((done) =>
      client.submit_sm({ ...fields, short_message: { udh, message: Buffer.from([1, 6]) } }, done),
    );
    assert.equal(answer.command_status, 0);
    assert.equal(wire(await delivered), '05040b8423f00106');
    const receipt = await receipted;
    assert.equal(receipt.receipted_message_id, answer.message_id);
    assert.equal(receipt.message_state, 2);
    assert.equal((await ask((done) => client.enquire_link(done))).command, 'enquire_link_resp');
    assert.equal((await ask((done) => client.unbind(done))).command, 'unbind_resp');
  } finally {
    client.destroy();
    handset.destroy();
    await smsc.close();
  }
});

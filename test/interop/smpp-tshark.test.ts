// Our SMPP as Wireshark sees it: PDUs, user data headers, and the WSP push that it reassembles from their parts.
// Everything is sent at once, for a live capture shows packets only about every second.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bytesToHex } from '../../src/core/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { createSmsSender, SmsReceiver, type SmsSenderOptions } from '../../src/push/sms/index.ts';
import { eventually, SmscSimulator } from '../../src/testing/index.ts';
import { type Capture, capture, type PacketFields } from './tshark.ts';

const fields = [
  'frame.protocols',
  'smpp.command_id',
  'smpp.command_status',
  'smpp.system_id',
  'smpp.interface_version',
  'smpp.source_addr',
  'smpp.source_addr_ton',
  'smpp.destination_addr',
  'smpp.dest_addr_ton',
  'smpp.esm.submit.features',
  'smpp.esm.submit.msg_type',
  'smpp.data_coding',
  'smpp.dcs.class',
  'smpp.regdel.receipt',
  'smpp.validity_period_r',
  'smpp.destination_port',
  'smpp.source_port',
  'smpp.sar_total_segments',
  'smpp.sar_segment_seqnum',
  'smpp.message_payload',
  'smpp.message_id',
  'smpp.receipted_message_id',
  'smpp.message_state',
  'gsm_sms.udh.mm.msg_part',
  'gsm_sms_ud.reassembled.length',
  'wsp.TID',
  'wsp.pdu_type',
  'wsp.header.content_type',
  'wsp.header.x_wap_application_id',
  '_ws.malformed',
];

interface Sent {
  readonly name: string;
  /** Names the account, by which the packets of this one are known. */
  readonly systemId: string;
  readonly options: Partial<SmsSenderOptions>;
  readonly type: keyof typeof contentTypes;
  readonly octets: number;
  readonly seenAs: string;
  /** What is seen in each submit_sm. */
  readonly messages: number;
  readonly seen: Readonly<Record<string, string>>;
}

const push = 'application/vnd.syncml.notification';
const sent: readonly Sent[] = [
  {
    name: 'DM-NOTI-1.2 §7.1 one short message',
    systemId: 'single',
    options: { source: { address: '+4940' }, validitySeconds: 3600 },
    type: 'dm1.2',
    octets: 20,
    seenAs: push,
    messages: 1,
    seen: {
      'smpp.esm.submit.features': '0x01',
      'smpp.data_coding': '0xf5',
      'smpp.dcs.class': '0x01',
      'smpp.source_addr': '4940',
      'smpp.source_addr_ton': '0x01',
    },
  },
  {
    name: 'PB-S-002 DM-PUSH §5.1.1 three parts, references of 8 bits, no message class',
    systemId: 'udh8',
    options: { dataCoding: 4 },
    type: 'dm+xml',
    octets: 300,
    seenAs: 'application/vnd.syncml.dm+xml',
    messages: 3,
    seen: { 'smpp.esm.submit.features': '0x01', 'smpp.data_coding': '0x04' },
  },
  {
    name: 'three parts, references of 16 bits',
    systemId: 'udh16',
    options: { referenceBits: 16 },
    type: 'dm+wbxml',
    octets: 300,
    seenAs: 'application/vnd.syncml.dm+wbxml',
    messages: 3,
    seen: { 'smpp.esm.submit.features': '0x01' },
  },
  {
    name: 'SMPP 3.4 §5.3.2.32 one message_payload',
    systemId: 'payload',
    options: { form: 'payload' },
    type: 'dm+xml',
    octets: 300,
    seenAs: 'application/vnd.syncml.dm+xml',
    messages: 1,
    seen: {
      'smpp.esm.submit.features': '0x00',
      'smpp.destination_port': '0x0b84',
      'smpp.source_port': '0xc002',
    },
  },
  {
    name: 'SMPP 3.4 §5.3.2.22 three parts with SAR parameters',
    systemId: 'sar',
    options: { form: 'sar' },
    type: 'dm+xml',
    octets: 300,
    seenAs: 'application/vnd.syncml.dm+xml',
    messages: 3,
    seen: {
      'smpp.esm.submit.features': '0x00',
      'smpp.destination_port': '0x0b84',
      'smpp.sar_total_segments': '3',
    },
  },
];

const submitSm = '0x00000004';
const deliverSm = '0x00000005';
const packets: PacketFields[] = [];
let tshark: Capture | undefined;
let smsc: SmscSimulator | undefined;
let receiver: SmsReceiver | undefined;

const values = (packet: PacketFields, field: string): readonly string[] => packet[field] ?? [];
const bodyOf = ({ systemId, octets }: Sent): Uint8Array =>
  // The name of the account stands in the body, for a push to be known by.
  Uint8Array.from({ length: octets }, (_, i) => systemId.charCodeAt(i) || i & 0xff);

before(async () => {
  smsc = new SmscSimulator();
  const port = await smsc.start();
  tshark = await capture(`tcp port ${port}`, fields, 60, ['-d', `tcp.port==${port},smpp`]);
  const at = { host: '127.0.0.1', port };
  receiver = new SmsReceiver({ smsc: { ...at, systemId: 'handset' }, number: '+4711', handler: () => {} });
  await receiver.start();
  for (const one of sent) {
    const reports: unknown[] = [];
    const sender = createSmsSender({
      smscs: [{ ...at, systemId: one.systemId, password: 'pw' }],
      ...one.options,
      onReceipt: (report) => {
        reports.push(report);
      },
    });
    const contentType = contentTypes[one.type];
    const to = { number: '+4711' };
    await sender.send({ id: one.systemId, contentType, body: bodyOf(one) }, to, AbortSignal.timeout(10_000));
    await eventually(() => reports.length === 1, 'the receipts', 200_000);
    await sender.close();
  }
});
after(async () => {
  await receiver?.close();
  await smsc?.close();
  await tshark?.stop();
});

/** The first packets, in order, that hold these; what comes in between is kept. */
async function find(what: string, isIt: (packet: PacketFields) => boolean): Promise<PacketFields> {
  for (;;) {
    const found = packets.find(isIt);
    if (found !== undefined) return found;
    assert.ok(tshark !== undefined, what);
    packets.push(await tshark.next());
  }
}

/** Packets of one sender: those after its bind and before the next one's. */
async function packetAfterBind(
  one: Sent,
  what: string,
  isIt: (packet: PacketFields) => boolean,
): Promise<PacketFields> {
  const bind = await find(
    `the bind of ${one.systemId}`,
    (packet) => values(packet, 'smpp.system_id')[0] === one.systemId,
  );
  const from = (): number => packets.indexOf(bind);
  return find(what, (packet) => packets.indexOf(packet) > from() && isIt(packet));
}

for (const one of sent) {
  test(`tshark dissects SMPP: ${one.name}`, async () => {
    const bind = await find('the bind', (packet) => values(packet, 'smpp.system_id')[0] === one.systemId);
    assert.deepEqual(values(bind, 'smpp.command_id'), ['0x00000009']);
    assert.deepEqual(values(bind, 'smpp.interface_version'), ['52']);
    for (const command of [submitSm, deliverSm]) {
      const packet = await packetAfterBind(
        one,
        `${command} of ${one.systemId}`,
        (candidate) =>
          values(candidate, 'smpp.command_id').includes(command) && values(candidate, 'wsp.TID').length > 0,
      );
      assert.match(values(packet, 'frame.protocols')[0] ?? '', /:tcp:smpp:gsm_sms_ud.*:wsp:/);
      assert.deepEqual(values(packet, 'smpp.destination_addr'), Array(one.messages).fill('4711'));
      for (const [field, value] of Object.entries(one.seen)) {
        assert.deepEqual(values(packet, field), Array(one.messages).fill(value), field);
      }
      if (one.options.form === 'payload') {
        const [payload] = values(packet, 'smpp.message_payload');
        assert.ok(payload?.replaceAll(':', '').endsWith(bytesToHex(bodyOf(one))));
      } else if (one.messages > 1) {
        const field = one.options.form === 'sar' ? 'smpp.sar_segment_seqnum' : 'gsm_sms.udh.mm.msg_part';
        assert.deepEqual(values(packet, field), ['1', '2', '3']);
        assert.deepEqual(values(packet, 'gsm_sms_ud.reassembled.length'), [String(one.octets + 6)]);
      }
      assert.deepEqual(values(packet, 'wsp.header.content_type'), [one.seenAs]);
      assert.deepEqual(values(packet, 'wsp.header.x_wap_application_id'), ['x-wap-application:syncml.dm']);
      assert.equal(Number(values(packet, 'wsp.pdu_type')[0]), 6);
      assert.deepEqual(values(packet, '_ws.malformed'), []);
    }
  });

  test(`tshark dissects SMPP: the answers and receipts of ${one.name}`, async () => {
    const answer = await packetAfterBind(one, 'the answers', (packet) =>
      values(packet, 'smpp.command_id').includes('0x80000004'),
    );
    assert.deepEqual(values(answer, 'smpp.command_status'), Array(one.messages).fill('0x00000000'));
    const ids = values(answer, 'smpp.message_id');
    assert.equal(ids.length, one.messages);
    const receipts: string[] = [];
    while (receipts.length < one.messages) {
      const packet = await packetAfterBind(one, 'the receipts', (candidate) =>
        values(candidate, 'smpp.receipted_message_id').some(
          (id) => ids.includes(id) && !receipts.includes(id),
        ),
      );
      receipts.push(...values(packet, 'smpp.receipted_message_id'));
      for (const state of values(packet, 'smpp.message_state')) assert.equal(Number(state), 2);
      for (const type of values(packet, 'smpp.esm.submit.msg_type')) assert.equal(Number(type), 1);
    }
    assert.deepEqual([...receipts].sort(), [...ids].sort());
  });
}

test('tshark finds nothing malformed in the whole capture', async () => {
  const last = sent.at(-1);
  assert.ok(last !== undefined);
  await packetAfterBind(last, 'the unbind', (packet) =>
    values(packet, 'smpp.command_id').includes('0x80000006'),
  );
  assert.deepEqual(
    packets.filter((packet) => values(packet, '_ws.malformed').length > 0),
    [],
  );
});

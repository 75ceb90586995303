// Our UDP pushes as Wireshark sees them: dissected as WSP because of the port, with type and application id. Everything
// is sent at once, for a live capture shows packets only about every second.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodePush, type PushInput } from '../../src/codec/wsp/index.ts';
import { bytesToHex, hexToBytes } from '../../src/core/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { createWapSender, wapPushPort } from '../../src/push/wap/index.ts';
import { hasIpv6, UdpSocket } from '../push/wap/udp-socket.ts';
import { type Capture, capture, type PacketFields } from './tshark.ts';

const fields = [
  'frame.protocols',
  'udp.payload',
  'wsp.TID',
  'wsp.pdu_type',
  'wsp.headers_length',
  'wsp.header.content_type',
  'wsp.header.x_wap_application_id',
  'wsp.header.content_length',
  'wsp.header.push_flag',
  'wsp.header.initiator_uri',
  'wsp.parameter.charset',
  'wsp.parameter.sec',
  'wsp.parameter.mac',
  '_ws.malformed',
];

/** A SyncML document without content, in WBXML: tshark goes on into it. */
const wbxml = hexToBytes('03a4016a006d01');

interface Sent {
  readonly rule: string;
  readonly type: keyof typeof contentTypes;
  readonly host: '127.0.0.1' | '::1';
  readonly body: Uint8Array;
  /** What Wireshark 4.0 prints. */
  readonly seenAs: string;
}

// Wireshark 4.0 does not know 0x58; that it prints the number shows that it read the right one.
const sent: readonly Sent[] = [
  {
    rule: 'DM-NOTI-1.2 §7.1',
    type: 'dm1.2',
    host: '127.0.0.1',
    body: Uint8Array.of(1),
    seenAs: 'application/vnd.syncml.notification',
  },
  {
    rule: 'N10-S-005 DM-NOTI-1.3-2010 §7.1',
    type: 'dm1.3-2010',
    host: '127.0.0.1',
    body: Uint8Array.of(2),
    seenAs: 'application/vnd.syncml.notification',
  },
  {
    rule: 'N13-S-012 DM-NOTI-1.3 §7.1',
    type: 'dm1.3',
    host: '127.0.0.1',
    body: Uint8Array.of(3),
    seenAs: '<Unknown media type identifier 0x58>',
  },
  {
    rule: 'PB-S-002 DM-PUSH §5.1.1',
    type: 'dm+wbxml',
    host: '127.0.0.1',
    body: wbxml,
    seenAs: 'application/vnd.syncml.dm+wbxml',
  },
  {
    rule: 'PB-S-002 DM-PUSH §5.1.1',
    type: 'dm+xml',
    host: '127.0.0.1',
    body: Uint8Array.of(5),
    seenAs: 'application/vnd.syncml.dm+xml',
  },
  {
    rule: 'IPv6',
    type: 'dm+xml',
    host: '::1',
    body: Uint8Array.of(6),
    seenAs: 'application/vnd.syncml.dm+xml',
  },
];
const cannotSend = ({ host }: Sent): boolean => host === '::1' && !hasIpv6;

interface Form {
  readonly name: string;
  readonly input: Omit<PushInput, 'transactionId'>;
  /** Fields that tshark must print. */
  readonly seen: Readonly<Record<string, string>>;
}

const forms: readonly Form[] = [
  {
    name: 'a textual content type',
    input: { contentType: { mime: 'application/vnd.syncml.dm.notification' }, body: Uint8Array.of(10) },
    seen: { 'wsp.header.content_type': 'application/vnd.syncml.dm.notification' },
  },
  {
    name: 'the general form with charset',
    input: { contentType: { code: 0x43, parameters: { charset: 'utf-8' } }, body: Uint8Array.of(11) },
    seen: { 'wsp.header.content_type': 'application/vnd.syncml.dm+xml', 'wsp.parameter.charset': 'UTF-8' },
  },
  {
    name: 'SEC and MAC',
    input: { contentType: { code: 0x42, parameters: { SEC: 'USERPIN', MAC: '0A1B' } }, body: wbxml },
    seen: {
      'wsp.header.content_type': 'application/vnd.syncml.dm+wbxml',
      'wsp.parameter.sec': '0x01',
      'wsp.parameter.mac': '0A1B',
    },
  },
  {
    name: 'a textual application id',
    input: {
      contentType: { code: 0x44 },
      applicationId: 'x-wap-application:syncml.dm',
      body: Uint8Array.of(12),
    },
    seen: { 'wsp.header.content_type': 'application/vnd.syncml.notification' },
  },
  {
    name: 'headers of every kind around the application id',
    input: {
      contentType: { code: 0x44 },
      headers: [
        { name: 'X-Foo', value: 'bar' },
        { name: 'Content-Length', value: 300 },
        { name: 'Push-Flag', value: 6 },
        { name: '0x7E', code: 0x7e, value: Uint8Array.of(1, 2, 3) },
        { name: 'X-Wap-Initiator-URI', value: 'dm.example.com' },
      ],
      body: Uint8Array.of(13),
    },
    seen: {
      'wsp.header.content_length': '300',
      'wsp.header.push_flag': ' (Content trusted) (Last push message)',
      'wsp.header.initiator_uri': 'dm.example.com',
    },
  },
];

const formTransactionId = 200;
const packets: PacketFields[] = [];
let tshark: Capture | undefined;

before(async () => {
  tshark = await capture(`udp dst port ${wapPushPort}`, fields);
  for (const one of sent) {
    if (cannotSend(one)) continue;
    const { type, host, body } = one;
    const sender = createWapSender();
    const push = { id: 'p', contentType: contentTypes[type], body };
    await sender.send(push, { host, port: wapPushPort }, AbortSignal.timeout(10_000));
    await sender.close();
  }
  const socket = await UdpSocket.open();
  for (const { input } of forms) {
    await socket.send(encodePush({ transactionId: formTransactionId, ...input }), wapPushPort);
  }
  await socket.close();
});
after(() => tshark?.stop());

/** The packet with this payload; others may use the port at the same time. */
async function packetOf(payload: Uint8Array, protocol: RegExp): Promise<PacketFields> {
  const isIt = (packet: PacketFields): boolean =>
    packet['udp.payload']?.[0]?.replaceAll(':', '') === bytesToHex(payload) &&
    protocol.test(packet['frame.protocols']?.[0] ?? '');
  for (;;) {
    const found = packets.find(isIt);
    if (found !== undefined) return found;
    assert.ok(tshark !== undefined);
    packets.push(await tshark.next());
  }
}

function assertPush(packet: PacketFields, transactionId: number): void {
  assert.equal(Number(packet['wsp.TID']?.[0]), transactionId);
  assert.equal(Number(packet['wsp.pdu_type']?.[0]), 6);
  assert.deepEqual(packet['wsp.header.x_wap_application_id'], ['x-wap-application:syncml.dm']);
  assert.deepEqual(packet['_ws.malformed'], []);
}

for (const one of sent) {
  const { rule, type, host, body, seenAs } = one;
  const name = `${rule}: tshark dissects a ${type} push as WSP with its content type and application id`;
  test(name, { skip: cannotSend(one) ? 'this machine has no ::1' : false }, async () => {
    const contentType = contentTypes[type];
    const protocol = host === '::1' ? /:ipv6:udp:wsp/ : /:ip:udp:wsp/;
    const packet = await packetOf(encodePush({ transactionId: 1, contentType, body }), protocol);
    assertPush(packet, 1);
    assert.deepEqual(packet['wsp.headers_length'], ['3']);
    assert.deepEqual(packet['wsp.header.content_type'], [seenAs]);
    if (type === 'dm+wbxml') assert.match(packet['frame.protocols']?.[0] ?? '', /:wsp:wbxml$/);
  });
}

for (const { name, input, seen } of forms) {
  test(`WSP §8.4: tshark reads ${name} as we write it`, async () => {
    const packet = await packetOf(encodePush({ transactionId: formTransactionId, ...input }), /:udp:wsp/);
    assertPush(packet, formTransactionId);
    for (const [field, value] of Object.entries(seen)) assert.deepEqual(packet[field], [value], field);
  });
}

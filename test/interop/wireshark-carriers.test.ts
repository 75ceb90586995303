// The dissector behind every carrier: what our bindings send over loopback is Package #0 in Debian's tshark, in whatever parts
// it came. Everything is sent at once, for a live capture shows packets only about every second.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { encodeNotification, type NotificationInput } from '../../src/codec/notification/index.ts';
import { encodeDeliver, segmentDatagram } from '../../src/codec/sms/index.ts';
import { encodePush, type PushInput } from '../../src/codec/wsp/index.ts';
import { bytesToBase64, concatBytes, utf8ToBytes } from '../../src/core/index.ts';
import { createHttpPushSender, HttpPushListener } from '../../src/push/http/index.ts';
import { contentTypes, type Push } from '../../src/push/index.ts';
import { createObexSender, ObexListener } from '../../src/push/obex/index.ts';
import { createSipSender, SipListener } from '../../src/push/sip/index.ts';
import { createSmsSender, type SmsSenderOptions } from '../../src/push/sms/index.ts';
import { createWapSender } from '../../src/push/wap/index.ts';
import { SmscSimulator } from '../../src/testing/index.ts';
import { UdpSocket } from '../push/wap/udp-socket.ts';
import { type Capture, capture, type PacketFields } from './tshark.ts';
import { Captures, type PdmlField } from './wireshark-lua.ts';

const secret = 'secret';
const fields = [
  ...['frame.protocols', 'package0.format', 'package0.session_id', 'package0.server_id', 'package0.reason'],
  ...['package0.digest.status', 'package0.expert.base64', '_ws.malformed'],
];

interface Sent {
  readonly name: string;
  readonly over: 'wap' | 'smpp' | 'sip' | 'http' | 'obex';
  /** Protocols that stand before ours. */
  readonly protocols: RegExp;
  readonly format: keyof typeof contentTypes & ('dm1.2' | 'dm1.3-2010' | 'dm1.3');
  /** Octets of its reason or vendor data. */
  readonly long: number;
  readonly base64?: boolean;
  readonly sms?: Partial<SmsSenderOptions>;
  readonly transport?: 'udp' | 'tcp';
  readonly form?: 'direct' | 'envelope';
}

const formats = ['dm1.2', 'dm1.3-2010', 'dm1.3'] as const;
const smpp = /tcp:smpp:gsm_sms_ud.*:wsp:package0/;
const sent: readonly Sent[] = [
  ...formats.map((format) => ({
    ...{
      name: `WSP over UDP, ${format}`,
      over: 'wap' as const,
      protocols: /udp:wsp:package0/,
      format,
      long: 0,
    },
  })),
  ...formats.map((format) => ({
    ...{ name: `one short message, ${format}`, over: 'smpp' as const, protocols: smpp, format, long: 0 },
  })),
  ...(
    [
      ['references of 8 bits', {}],
      ['references of 16 bits', { referenceBits: 16 }],
      ['message_payload', { form: 'payload' }],
      ['SAR parameters', { form: 'sar' }],
    ] as const
  ).flatMap(([name, sms]) =>
    formats.map((format) => ({
      ...{ name: `short messages with ${name}, ${format}`, over: 'smpp' as const, protocols: smpp, format },
      ...{ long: 400, sms },
    })),
  ),
  ...formats.flatMap((format) =>
    (['udp', 'tcp'] as const).flatMap((transport) =>
      [false, true].map((base64) => ({
        ...{
          name: `SIP over ${transport}, ${format}${base64 ? ', Base64' : ''}`,
          over: 'sip' as const,
          transport,
        },
        ...{ protocols: new RegExp(`${transport}:sip:package0`), format, long: 0, base64 },
      })),
    ),
  ),
  ...formats.flatMap((format) =>
    [false, true].map((base64) => ({
      ...{
        name: `HTTP, ${format}${base64 ? ', Base64' : ''}`,
        over: 'http' as const,
        format,
        long: 2000,
        base64,
      },
      protocols: /tcp:http:package0/,
    })),
  ),
  ...formats.flatMap((format) =>
    [0, 1500].map((long) => ({
      ...{
        name: `OBEX on a port of its own, ${format}, ${long} octets more`,
        over: 'obex' as const,
        format,
        long,
      },
      protocols: /tcp:.*package0/,
    })),
  ),
];

const sessionOf = (one: Sent): number => 0x1000 + sent.indexOf(one);
const message = (one: Sent): NotificationInput => {
  const common = { serverId: `com.example.${sessionOf(one)}`, sessionId: sessionOf(one) };
  if (one.format === 'dm1.2') {
    return { ...common, format: 'dm1.2', ...(one.long > 0 && { vendorData: 'ab'.repeat(one.long) }) };
  }
  const reason = one.long > 0 ? { reason: 'x'.repeat(one.long) } : {};
  if (one.format === 'dm1.3-2010') return { ...common, format: 'dm1.3-2010', ...reason };
  return { ...common, format: 'dm1.3', timestamp: 1_700_000_000, requestedMo: [1], ...reason };
};

const captures = new Captures();
const packets: PacketFields[] = [];
const closing: (() => unknown)[] = [() => captures.close()];
let tshark: Capture | undefined;
const signal = AbortSignal.timeout(60_000);

before(async () => {
  const [handler, address] = [() => {}, '127.0.0.1'];
  const udp = await UdpSocket.open(address);
  closing.push(() => udp.close());
  const smsc = new SmscSimulator();
  const listeners = {
    smpp: smsc,
    sip: new SipListener({ port: 0, address, handler }),
    http: new HttpPushListener({ port: 0, address, handler }),
    obex: new ObexListener({ port: 0, address, handler, maxPacketLength: 255 }),
  };
  const ports: Record<string, number> = {};
  for (const [name, listener] of Object.entries(listeners)) {
    ports[name] = await listener.start();
    closing.push(() => listener.close());
  }
  const as = ['smpp', 'sip', 'http'].map((name) => ['-d', `tcp.port==${ports[name]},${name}`]);
  tshark = await capture(
    `udp port ${udp.port} or udp port ${ports.sip} or ${Object.values(ports)
      .map((port) => `tcp port ${port}`)
      .join(' or ')}`,
    fields,
    120,
    [
      ...as.flat(),
      ...['-d', `udp.port==${ports.sip},sip`, '-d', `udp.port==${udp.port},wsp`],
      ...['-X', `lua_script:${captures.script}`],
      ...['-o', `package0.secret:${secret}`],
    ],
  );
  closing.unshift(() => tshark?.stop());
  const [wap, http, obex] = [createWapSender(), createHttpPushSender(), createObexSender()];
  closing.unshift(...[wap, http, obex].map((sender) => () => sender.close()));
  const senders = {
    wap: (push: Push) => wap.send(push, { host: address, port: udp.port }, signal),
    smpp: async (push: Push, { sms = {} }: Sent) => {
      const smscs = [{ host: address, port: ports.smpp ?? 0, systemId: 'dms', password: 'pw' }];
      const sender = createSmsSender({ smscs, ...sms });
      await sender.send(push, { number: '+4711' }, signal);
      await sender.close();
    },
    sip: async (push: Push, { transport }: Sent) => {
      const outboundProxy = `sip:${address}:${ports.sip};transport=${transport}`;
      const sender = createSipSender({ from: 'sip:dms@example.com', outboundProxy });
      await sender.send(push, { uri: 'sip:device@example.com' }, signal);
      await sender.close();
    },
    http: (push: Push) => http.send(push, { uri: `http://${address}:${ports.http}/` }, signal),
    obex: (push: Push) => obex.send(push, { host: address, port: ports.obex ?? 0 }, signal),
  };
  for (const one of sent) {
    const octets = encodeNotification(message(one), { secret });
    const body = one.base64 === true ? utf8ToBytes(bytesToBase64(octets)) : octets;
    await senders[one.over]({ id: one.name, contentType: contentTypes[one.format], body }, one);
  }
});
after(async () => {
  for (const close of closing) await close();
});

const values = (packet: PacketFields, name: string): readonly string[] => packet[name] ?? [];

/** The packet in which the notification of that session stands. */
async function packetOf(one: Sent): Promise<PacketFields> {
  for (;;) {
    const found = packets.find((packet) =>
      values(packet, 'package0.session_id').some((text) => Number(text) === sessionOf(one)),
    );
    if (found !== undefined) return found;
    assert.ok(tshark !== undefined);
    packets.push(await tshark.next());
  }
}

for (const one of sent) {
  test(`tshark finds Package #0 in ${one.name}`, async () => {
    const packet = await packetOf(one);
    assert.deepEqual(values(packet, 'package0.format'), [one.format]);
    assert.deepEqual(values(packet, 'package0.server_id'), [`com.example.${sessionOf(one)}`]);
    assert.deepEqual(values(packet, 'package0.digest.status'), [one.format === 'dm1.3' ? '1' : '2']);
    assert.equal(values(packet, 'package0.expert.base64').length > 0, one.base64 === true);
    assert.match(values(packet, 'frame.protocols')[0] ?? '', one.protocols);
    assert.deepEqual(values(packet, '_ws.malformed'), []);
  });
}

const push = (body: Uint8Array, input: Partial<PushInput>): Uint8Array =>
  encodePush({ transactionId: 1, contentType: contentTypes['dm1.2'], body, ...input });

test('WSP: the number of the content type says the format; a name leaves it to the octets', () => {
  const octets = (format: (typeof formats)[number]): Uint8Array =>
    encodeNotification(message({ ...sent[0], format, long: 0 } as Sent), { secret });
  const named = (mime: string): PushInput['contentType'] => ({ mime });
  const bodies = [
    push(octets('dm1.2'), {}),
    push(octets('dm1.3'), {}),
    push(octets('dm1.2'), { contentType: contentTypes['dm1.3'] }),
    push(octets('dm1.3'), { contentType: named('application/vnd.syncml.notification') }),
    push(octets('dm1.2'), { contentType: named('Application/Vnd.SyncML.DM.Notification') }),
    push(octets('dm1.3-2010'), {
      contentType: { ...contentTypes['dm1.2'], parameters: { charset: 'utf-8' } },
    }),
  ];
  const seen = captures.fields(captures.write(bodies, ['-u', '40000,2948']));
  const formatsSeen = seen.map((packet) => packet.find(({ name }) => name === 'package0.format')?.show);
  assert.deepEqual(formatsSeen, ['dm1.2', undefined, 'dm1.3', 'dm1.3', 'dm1.2', 'dm1.3-2010']);
  const faults = seen.map(
    (packet) => packet.find(({ name }) => /expert\.(bad_value|trunc)/.test(name))?.showname,
  );
  assert.match(faults[1] ?? '', /^version: is \d+, must be 11 \(dm1\.2\) or 12 \(dm1\.3-2010\)/);
  assert.ok(faults[2] !== undefined);
  assert.deepEqual([faults[0], ...faults.slice(3)], [undefined, undefined, undefined, undefined]);
});

const example = encodeNotification(
  { format: 'dm1.2', serverId: 'com.example.dm', sessionId: 0x1234, vendorData: 'ab'.repeat(40) },
  { secret },
);
const serverIds = (packets: readonly (readonly PdmlField[])[]): readonly (string | undefined)[] =>
  packets.map((packet) => packet.find(({ name }) => name === 'package0.server_id')?.show);

test('a TPDU, SMS-DELIVER, in one message', () => {
  const [userData = new Uint8Array()] = segmentDatagram(push(example, {}), { reference: 1 });
  const carried = { userData, hasHeader: true };
  const options = ['-o', 'uat:user_dlts:"User 0 (DLT=147)","gsm_sms","0","","0",""'];
  const deliver = encodeDeliver({ ...carried, from: '12345', time: 1_700_000_000_000 });
  const capture = captures.write([deliver], ['-l', '147']);
  assert.deepEqual(serverIds(captures.fields(capture, {}, options)), ['com.example.dm']);
});

test('a part of a MIME body, as PAP has it', () => {
  const head = (text: string): Uint8Array => utf8ToBytes(text.replaceAll('\n', '\r\n'));
  const body = concatBytes(
    head(
      '--x\nContent-Type: application/xml\n\n<pap/>\n--x\nContent-Type: application/vnd.syncml.notification\n\n',
    ),
    example,
    head('\n--x--\n'),
  );
  const type = 'multipart/related; boundary=x; type="application/xml"';
  const request = head(`POST / HTTP/1.1\nHost: a\nContent-Type: ${type}\nContent-Length: ${body.length}\n\n`);
  const capture = captures.write([concatBytes(request, body)], ['-T', '40000,80']);
  assert.deepEqual(serverIds(captures.fields(capture)), ['com.example.dm']);
});

test('OBEX on port 650: an object without a type, and damaged packets, which are no error of Lua', () => {
  const header = (id: number, value: Uint8Array): Uint8Array =>
    concatBytes(Uint8Array.of(id, (value.length + 3) >> 8, (value.length + 3) & 0xff), value);
  const packet = (opcode: number, ...headers: readonly Uint8Array[]): Uint8Array =>
    header(opcode, concatBytes(...headers));
  const plain = packet(0x82, header(0x48, example));
  const seen = captures.fields(captures.write([plain], ['-T', '40000,650']));
  assert.deepEqual(serverIds(seen), ['com.example.dm']);
  const typed = packet(
    0x82,
    header(0x42, utf8ToBytes('application/vnd.syncml.notification\0')),
    header(0x49, example),
  );
  const damaged = fc.sample(fc.tuple(fc.constantFrom(plain, typed), fc.nat(), fc.nat(255), fc.nat()), {
    seed: 21,
    numRuns: 300,
  });
  const octets = damaged.map(([whole, at, octet, cut]) =>
    whole.with(at % whole.length, octet).subarray(0, 1 + (cut % (2 * whole.length))),
  );
  for (const port of [650, 7777]) captures.fields(captures.write(octets, ['-T', `40000,${port}`]));
});

// Captures that dumpcap made on a loopback: each binding in the clear, with Package #0 in each format, is read to the last layer and
// holds what was sent; frames, ports and sequence of what we read agree with tshark on the same file.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  contentTypeOf,
  encodeNotification,
  type NotificationInput,
} from '../../src/codec/notification/index.ts';
import { finalBit, opcodes } from '../../src/codec/obex/index.ts';
import { encodePdu } from '../../src/codec/smpp/index.ts';
import { segmentDatagram } from '../../src/codec/sms/index.ts';
import { encodePush } from '../../src/codec/wsp/index.ts';
import { bytesToHex, concatBytes, utf8ToBytes } from '../../src/core/index.ts';
import {
  type CapturedExplanation,
  type CapturedMessage,
  CaptureReader,
  explainCaptured,
} from '../../src/inspect/index.ts';
import { runInPrivateNetwork } from './private-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-captures-'));
after(() => rmSync(folder, { recursive: true }));

const key = { secret: 'secret' };
const common = { serverId: 'com.example.dm', sessionId: 0x1234 };
const messages: readonly NotificationInput[] = [
  { ...common, format: 'dm1.2', vendorData: '0a0b' },
  { ...common, format: 'dm1.3-2010', reason: 'why' },
  { ...common, format: 'dm1.3', timestamp: 1_700_000_000, requestedMo: [1] },
];

function submit(shortMessage: Uint8Array, sequence: number, more: object = {}): Uint8Array {
  return encodePdu({
    ...{ command: 'submit_sm', status: 0, sequence, serviceType: '', sourceTon: 1, sourceNpi: 1 },
    ...{
      sourceAddress: '4989',
      destinationTon: 1,
      destinationNpi: 1,
      destinationAddress: '49151',
      esmClass: 0x40,
    },
    ...{ protocolId: 0, priority: 0, scheduleTime: '', validityPeriod: '', registeredDelivery: 0 },
    ...{ replaceIfPresent: 0, dataCoding: 4, defaultMessageId: 0, shortMessage, parameters: {} },
    ...more,
  } as Parameters<typeof encodePdu>[0]);
}

function obexHeader(id: number, value: Uint8Array): Uint8Array {
  const length = value.length + 3;
  return concatBytes(Uint8Array.of(id, length >> 8, length & 255), value);
}

function obexPacket(opcode: number, ...headers: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...headers);
  const length = content.length + 3;
  return concatBytes(Uint8Array.of(opcode, length >> 8, length & 255), content);
}

interface Case {
  readonly name: string;
  readonly over: 'udp' | 'tcp' | 'http';
  readonly port: number;
  readonly octets: readonly Uint8Array[];
  readonly contentType?: string;
}

function casesOf(message: NotificationInput): readonly Case[] {
  const body = encodeNotification(message, key);
  const { code, mime } = contentTypeOf(message.format);
  const push = encodePush({ transactionId: 1, contentType: { code }, body });
  const ports = { destination: 2948, source: 9200, bits: 16 } as const;
  const udh = concatBytes(Uint8Array.of(6, 5, 4, 0x0b, 0x84, 0x23, 0xf0), push);
  const half = push.length >> 1;
  const segments = [push.subarray(0, half), push.subarray(half)];
  const sar = { destinationPort: 2948, sourcePort: 9200, sarReference: 7, sarTotal: 2 };
  const sip = (protocol: string): Uint8Array =>
    concatBytes(
      utf8ToBytes(
        `MESSAGE sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/${protocol} 127.0.0.1;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n` +
          'From: <sip:x@127.0.0.1>;tag=1\r\nTo: <sip:a@127.0.0.1>\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\n' +
          `Content-Type: ${mime}\r\nContent-Length: ${body.length}\r\n\r\n`,
      ),
      body,
    );
  const type = obexHeader(0x42, utf8ToBytes(`${mime}\0`));
  const control =
    '<?xml version="1.0"?>\r\n<pap><push-message push-id="1"><address address-value="WAPPUSH=1/TYPE=PLMN@p"/></push-message></pap>';
  const pap = concatBytes(
    utf8ToBytes(
      `--b\r\nContent-Type: application/xml\r\n\r\n${control}\r\n--b\r\nContent-Type: ${mime}\r\n\r\n`,
    ),
    body,
    utf8ToBytes('\r\n--b--\r\n'),
  );
  const large = encodePush({
    transactionId: 2,
    contentType: { code },
    headers: [{ name: 'X-Filling', value: 'f'.repeat(200) }],
    body,
  } as Parameters<typeof encodePush>[0]);
  return [
    { name: 'WAP over UDP', over: 'udp', port: 2948, octets: [push] },
    { name: 'SMPP, user data header', over: 'tcp', port: 2775, octets: [submit(udh, 1)] },
    {
      name: 'SMPP, segments in two PDUs',
      over: 'tcp',
      port: 2775,
      octets: segmentDatagram(large, { ports, reference: 9, referenceBits: 8 } as Parameters<
        typeof segmentDatagram
      >[1]).map((each, index) => submit(each, index + 1)),
    },
    {
      name: 'SMPP, sar parameters',
      over: 'tcp',
      port: 2775,
      octets: segments.map((each, index) =>
        submit(each, index + 1, { esmClass: 0, parameters: { ...sar, sarSequence: index + 1 } }),
      ),
    },
    {
      name: 'SMPP, message_payload',
      over: 'tcp',
      port: 2775,
      octets: [submit(new Uint8Array(0), 1, { parameters: { messagePayload: udh } })],
    },
    { name: 'SIP over UDP', over: 'udp', port: 5060, octets: [sip('UDP')] },
    {
      name: 'SIP over TCP, in pieces',
      over: 'tcp',
      port: 5060,
      octets: [sip('TCP').subarray(0, 99), sip('TCP').subarray(99)],
    },
    { name: 'HTTP, whole and in chunks', over: 'http', port: 8080, octets: [body], contentType: mime },
    {
      name: 'PAP, whole and in chunks',
      over: 'http',
      port: 8081,
      octets: [pap],
      contentType: 'multipart/related; boundary=b; type="application/xml"',
    },
    {
      name: 'OBEX, an object in two packets',
      over: 'tcp',
      port: 650,
      octets: [
        obexPacket(opcodes.put, type, obexHeader(0x48, body.subarray(0, 9))),
        obexPacket(opcodes.put | finalBit, obexHeader(0x49, body.subarray(9))),
      ],
    },
  ];
}

function run(tool: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(tool, args, {
    maxBuffer: 1 << 28,
    encoding: 'utf8',
    timeout: 120_000,
  });
  assert.equal(error, undefined);
  assert.equal(status, 0, `${tool}: ${stderr}`);
  return stdout;
}

for (const message of messages) {
  describe(`captures with ${message.format}`, () => {
    const file = join(folder, `${message.format}.pcapng`);
    const cases = casesOf(message);
    let found: readonly { readonly message: CapturedMessage; readonly explained: CapturedExplanation }[] = [];

    before(async () => {
      const sendings = join(folder, `${message.format}.json`);
      writeFileSync(
        sendings,
        JSON.stringify(cases.map((each) => ({ ...each, octets: each.octets.map(bytesToHex) }))),
      );
      await runInPrivateNetwork(new URL('./captures-peer.ts', import.meta.url), [file, sendings]);
      const reader = new CaptureReader();
      const all = [...reader.feed(new Uint8Array(readFileSync(file)))];
      const end = reader.end();
      assert.equal(end.summary.error, undefined);
      found = [...all, ...end.messages].map((each) => ({
        message: each,
        explained: explainCaptured(each, { key }),
      }));
    });

    for (const { name, port, over } of cases) {
      it(name, () => {
        const ours = found.filter(
          ({ explained }) => explained.destination?.port === port && explained.message !== null,
        );
        const read = ours.filter(({ explained }) => explained.format === message.format);
        assert.ok(
          read.length >= (over === 'http' ? 2 : 1),
          ours.map(({ explained }) => JSON.stringify(explained.error)).join('\n'),
        );
        for (const { explained } of read) {
          assert.equal(explained.verified, true);
          assert.equal(explained.layers.at(-1)?.name, 'package0');
          assert.equal((explained.message as { readonly sessionId: number }).sessionId, 0x1234);
        }
      });
    }

    it('nothing was lost, and each form of SMPP is there', () => {
      assert.deepEqual(
        found.filter((each) => each.message.missing === true).map((each) => each.message.note),
        [],
      );
      const smpp = found.filter(
        ({ explained }) => explained.protocol === 'smpp' && explained.format === message.format,
      );
      assert.equal(smpp.length, 4);
    });

    it('tshark sees the same addresses and ports in the frames that we name', () => {
      const fields = [
        'frame.number',
        'ip.src',
        'ip.dst',
        'udp.srcport',
        'udp.dstport',
        'tcp.srcport',
        'tcp.dstport',
      ];
      const lines = run('tshark', [
        '-n',
        '-r',
        file,
        '-T',
        'fields',
        ...fields.flatMap((each) => ['-e', each]),
      ]).trimEnd();
      const theirs = new Map(
        lines.split('\n').map((line) => {
          const [number, source, destination, udpFrom, udpTo, tcpFrom, tcpTo] = line.split('\t');
          return [
            Number(number),
            [source, destination, Number(udpFrom || tcpFrom), Number(udpTo || tcpTo)],
          ] as const;
        }),
      );
      let compared = 0;
      for (const { explained } of found) {
        // An ICMP that quotes what it answers has the fields of both.
        if (['tcp', 'other'].includes(explained.protocol) || explained.source === null) continue;
        const { source, destination } = explained;
        const ends = [source.address, destination?.address, source.port, destination?.port];
        for (const frame of explained.frames) assert.deepEqual(theirs.get(frame), ends, `frame ${frame}`);
        compared += 1;
      }
      assert.ok(compared >= cases.length, String(compared));
    });
  });
}

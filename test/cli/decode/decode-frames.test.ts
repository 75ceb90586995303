// `reveille decode` reads whole captured frames, goes on with what they carry, and takes nothing else for one.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeNotification } from '../../../src/codec/notification/index.ts';
import { encodeRequest, headerIds, opcodes, typeOctets } from '../../../src/codec/obex/index.ts';
import { encodeSipMessage } from '../../../src/codec/sip/index.ts';
import { encodePdu } from '../../../src/codec/smpp/index.ts';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import type { LayerObject } from '../../../src/inspect/explain/layer-objects.ts';
import { isFrame } from '../../../src/inspect/frames/frame-layer.ts';
import { type DatagramOptions, datagram, frame, links } from '../../inspect/frames/samples.ts';
import wtls from '../../vectors/wtls.json' with { type: 'json' };
import { runCli } from '../run-cli.ts';

const package12 = hexToBytes(
  '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
const push = concatBytes(hexToBytes('010603c4af87'), package12);
const dm = utf8ToBytes('<SyncML xmlns="SYNCML:SYNCML1.2"/>');

interface Decoded {
  readonly status: number;
  readonly format?: string;
  readonly verified?: boolean;
  readonly deviations: readonly {
    readonly field: string;
    readonly message: string;
    readonly offset: number;
  }[];
  readonly error?: { readonly code: string; readonly message: string; readonly offset: number };
  readonly layers: readonly LayerObject[];
}

async function decode(octets: Uint8Array, ...args: string[]): Promise<Decoded> {
  const result = await runCli(['decode', '--json', '--input', 'hex', ...args], { stdin: bytesToHex(octets) });
  assert.equal(result.stderr, '');
  const decoded: Omit<Decoded, 'status'> = JSON.parse(result.stdout);
  for (const { within, offset, length, fields } of decoded.layers) {
    if (within !== 'input') continue;
    assert.ok(offset + length <= octets.length);
    for (const each of fields) {
      assert.equal(each.raw, bytesToHex(octets.subarray(each.offset, each.offset + each.length)), each.name);
    }
  }
  return { ...decoded, status: result.status };
}

const names = ({ layers }: Decoded): readonly string[] => layers.map(({ name }) => name);
const value = ({ layers }: Decoded, layer: string, name: string): string | undefined =>
  layers.find((each) => each.name === layer)?.fields.find((each) => each.name === name)?.value;

/** Names of layers in front of IP. */
const linkLayers = (link: string): readonly string[] => {
  if (link === 'raw') return [];
  return [link.startsWith('sll') ? 'linux-cooked' : link.startsWith('null') ? 'loopback' : 'ethernet'];
};

describe('frames with a push on port 2948', () => {
  for (const link of links) {
    for (const version of [4, 6] as const) {
      it(`${link}, IPv${version}`, async () => {
        const octets = frame(link, datagram(push, { version }));
        const decoded = await decode(octets, '--secret', 'secret');
        assert.deepEqual(names(decoded), [...linkLayers(link), 'ip', 'udp', 'wsp', 'package0']);
        assert.equal(decoded.verified, true);
        assert.deepEqual(decoded.deviations, []);
        assert.equal(value(decoded, 'ip', 'source'), version === 4 ? '192.0.2.1' : '2001:db8::1');
        assert.equal(value(decoded, 'udp', 'destinationPort'), '2948');
        assert.equal(decoded.layers.at(-1)?.offset, octets.length - package12.length);
        const named = await decode(octets, '--as', 'frame');
        assert.deepEqual(named.layers, decoded.layers);
      });
    }
  }

  it('shows addresses, tags and types', async () => {
    const decoded = await decode(frame('two vlans', datagram(push)));
    const [ethernet] = decoded.layers;
    assert.deepEqual(
      ethernet?.fields.map(({ name, value: shown, offset }) => [name, shown, offset]),
      [
        ['destination', '02:00:00:00:00:02', 0],
        ['source', '02:00:00:00:00:01', 6],
        ['vlan', '5', 12],
        ['vlan', '7', 16],
        ['type', '0x0800', 20],
      ],
    );
  });

  it('takes frames that Ethernet filled up, with and without its checksum, and checksums left to the card', async () => {
    const short = frame('ethernet', datagram(hexToBytes('0106'), { offloaded: true }));
    for (const behind of [
      new Uint8Array(60 - short.length),
      concatBytes(new Uint8Array(60 - short.length), hexToBytes('deadbeef')),
    ]) {
      const decoded = await decode(concatBytes(short, behind));
      assert.deepEqual(names(decoded).slice(0, 3), ['ethernet', 'ip', 'udp']);
      assert.equal(decoded.layers[2]?.length, 10);
    }
    const long = concatBytes(frame('ethernet', datagram(push)), hexToBytes('deadbeef'));
    assert.equal((await decode(long, '--secret', 'secret')).verified, true);
  });

  it('reads frames of a dump one by one', async () => {
    const rows = (octets: Uint8Array): string =>
      (bytesToHex(octets).match(/.{1,32}/g) ?? [])
        .map(
          (row, index) =>
            `${(index * 16).toString(16).padStart(4, '0')}  ${row.replace(/..(?=.)/g, '$& ')}\n`,
        )
        .join('');
    const stdin = [frame('ethernet', datagram(push)), frame('sll', datagram(push, { version: 6 }))]
      .map(rows)
      .join('\n');
    const { lines, status } = await runCli(['decode', '--json'], { stdin });
    assert.equal(status, 0);
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).layers[0].name),
      ['ethernet', 'linux-cooked'],
    );
  });
});

describe('what stands around frames and lines', () => {
  it('tcpdump -x writes the time and a summary above each frame', async () => {
    const rows = (octets: Uint8Array): string =>
      (bytesToHex(octets).match(/.{1,32}/g) ?? [])
        .map(
          (row, index) =>
            `\t0x${(index * 16).toString(16).padStart(4, '0')}:  ${row.replace(/.{4}(?=.)/g, '$& ')}\n`,
        )
        .join('');
    const summary = '20:41:50.123456 IP 192.0.2.1.49154 > 192.0.2.2.2948: UDP, length 48\n';
    const dump = summary + rows(datagram(push));
    const { lines, status } = await runCli(['decode', '--json'], { stdin: dump + dump });
    assert.equal(status, 0);
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).layers[0].name),
      ['ip', 'ip'],
    );
  });

  it('an empty argument is told, not passed over', async () => {
    for (const args of [[''], ['', '']]) {
      const { lines, status } = await runCli(['decode', '--json', ...args]);
      assert.equal(status, 1);
      assert.match(lines[0] ?? '', /empty line/);
    }
  });
});

describe('what a frame carries', () => {
  const sip = encodeSipMessage({
    kind: 'request',
    method: 'MESSAGE',
    requestUri: 'sip:device@example.com',
    headers: [
      { name: 'Content-Type', value: 'application/vnd.syncml.dm+xml' },
      { name: 'Content-Length', value: String(dm.length) },
    ],
    body: dm,
  });
  const smpp = encodePdu({
    ...{ command: 'deliver_sm', sequence: 1, sourceAddress: '1', destinationAddress: '2', dataCoding: 0xf5 },
    parameters: { sourcePort: 49_154, destinationPort: 2948, messagePayload: push },
  });
  const obex = encodeRequest({
    ...{ opcode: opcodes.put, final: true },
    headers: [
      { id: headerIds.type, value: typeOctets('application/vnd.syncml.notification') },
      { id: headerIds.endOfBody, value: package12 },
    ],
  });
  const http = concatBytes(
    utf8ToBytes(
      `POST /dm HTTP/1.1\r\nHost: a\r\nContent-Type: application/vnd.syncml.dm+xml; charset=utf-8\r\nContent-Length: ${dm.length}\r\n\r\n`,
    ),
    dm,
  );
  const carried: readonly (readonly [string, Uint8Array, DatagramOptions, readonly string[]])[] = [
    ['SIP over UDP', sip, { destination: 5060 }, ['sip', 'xml']],
    [
      'SIP over TCP, as an answer',
      sip,
      { source: 5060, destination: 40_000, protocol: 'tcp' },
      ['sip', 'xml'],
    ],
    ['SIP on another port', sip, { destination: 15_060 }, ['sip', 'xml']],
    ['SMPP', smpp, { destination: 2775, protocol: 'tcp' }, ['smpp', 'wsp', 'package0']],
    ['SMPP on another port', smpp, { destination: 3775, protocol: 'tcp' }, ['smpp', 'wsp', 'package0']],
    ['OBEX', obex, { destination: 650, protocol: 'tcp' }, ['obex', 'package0']],
    ['HTTP', http, { destination: 8080, protocol: 'tcp' }, ['http', 'xml']],
    ['WSP on another port', push, { destination: 40_000 }, ['wsp', 'package0']],
    ['WTLS', hexToBytes(Object.values(wtls.records)[0] ?? ''), { destination: 2949 }, ['wtls']],
    [
      'user data of a short message',
      concatBytes(hexToBytes('0605040b84c002'), push),
      { destination: 7 },
      ['sms-user-data', 'wsp', 'package0'],
    ],
    ['what nobody knows', utf8ToBytes('\u0001\u0002hello'), { destination: 53 }, ['content']],
  ];
  for (const [name, payload, options, expected] of carried) {
    it(name, async () => {
      const transport = options.protocol ?? 'udp';
      const decoded = await decode(frame('ethernet', datagram(payload, options)));
      assert.deepEqual(names(decoded), ['ethernet', 'ip', transport, ...expected]);
      assert.equal(decoded.status, 0, decoded.error?.message);
    });
  }

  it('HTTP by itself, with content of another type, in chunks, and an answer', async () => {
    assert.deepEqual(names(await decode(http)), ['http', 'xml']);
    const other = utf8ToBytes('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello');
    assert.deepEqual(names(await decode(other)), ['http', 'content']);
    const chunks = utf8ToBytes(
      'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Type: application/vnd.syncml.dm+xml\r\n\r\n1\r\n<\r\n',
    );
    // Without its last chunk it is not whole.
    assert.deepEqual(names(await decode(chunks)), ['http']);
  });

  it('a segment of TCP without content has none', async () => {
    const decoded = await decode(
      frame('sll2', datagram(new Uint8Array(), { protocol: 'tcp', destination: 2775 })),
    );
    assert.deepEqual(names(decoded), ['linux-cooked', 'ip', 'tcp']);
    assert.equal(decoded.status, 0);
  });

  it('names segments of TCP that hold only a part', async () => {
    for (const [payload, destination, name] of [
      [smpp.subarray(0, 30), 2775, 'SMPP'],
      [smpp.subarray(30), 2775, 'SMPP'],
      [obex.subarray(0, 20), 650, 'OBEX'],
      [sip.subarray(0, -5), 5060, 'SIP'],
      [sip.subarray(20), 5060, 'SIP'],
      [http.subarray(0, -5), 80, 'HTTP'],
      [http.subarray(0, 30), 80, 'HTTP'],
    ] as const) {
      const decoded = await decode(frame('ethernet', datagram(payload, { protocol: 'tcp', destination })));
      assert.deepEqual(names(decoded), ['ethernet', 'ip', 'tcp', 'content'], name);
      assert.match(decoded.layers.at(-1)?.title ?? '', new RegExp(`^part of ${name} `));
      assert.match(decoded.error?.message ?? '', new RegExp(`holds no whole messages of ${name}`));
      assert.deepEqual([decoded.error?.code, decoded.error?.offset, decoded.status], ['TRUNCATED', 54, 1]);
    }
  });

  it('RFC 791 §3.1, RFC 8200 §4.5: names fragments', async () => {
    for (const [options, expected, reason] of [
      [{ fragment: 0x2000 }, ['ip', 'udp', 'content'], /from octet 0 on, more follow/],
      [{ fragment: 0x0005, later: true }, ['ip', 'content'], /from octet 40 on, the last/],
      [{ fragment: 0x0029, later: true, version: 6 }, ['ip', 'content'], /from octet 40 on, more follow/],
    ] as const) {
      const whole = datagram(push, options);
      // The first fragment says the length of the whole datagram.
      if (!('later' in options)) whole.set([0x10, 0x00], 24);
      const decoded = await decode(frame('ethernet', whole));
      assert.deepEqual(names(decoded), ['ethernet', ...expected]);
      assert.match(decoded.error?.message ?? '', reason);
    }
  });

  it('RFC 826: names ARP, and ICMP', async () => {
    const arp = hexToBytes(
      `ffffffffffff0200000000010806${'0001080006040001'}020000000001c0000201${'000000000000'}c0000202`,
    );
    const decoded = await decode(arp);
    assert.deepEqual(names(decoded), ['ethernet', 'content']);
    assert.match(decoded.layers[1]?.title ?? '', /^ARP/);
    const icmp = datagram(hexToBytes('0800f7ff0000000000000000'), { later: true });
    icmp[9] = 1;
    icmp.set([icmp[10] ?? 0, (icmp[11] ?? 0) + 16], 10);
    const echo = await decode(frame('ethernet', icmp));
    assert.match(echo.layers.at(-1)?.title ?? '', /^ICMP/);
  });
});

describe('what is no frame', () => {
  it('--as frame reads what does not fit, and says so', async () => {
    const good = frame('ethernet', datagram(push));
    const changed = (at: number, octet: number): Uint8Array =>
      Uint8Array.from(good, (each, i) => (i === at ? octet : each));
    for (const [octets, message, offset] of [
      [changed(24, 1), /checksum.*does not hold|does not hold/, 24],
      [changed(39, 1), /UDP says \d+ octets, IP/, 38],
      [concatBytes(good, new Uint8Array(9).fill(1)), /9 octets behind/, good.length],
    ] as const) {
      assert.equal(isFrame(octets), false);
      const decoded = await decode(octets, '--as', 'frame');
      assert.equal(names(decoded)[0], 'ethernet');
      assert.match(decoded.deviations[0]?.message ?? '', message);
      assert.equal(decoded.deviations[0]?.offset, offset);
    }
    const cut = await decode(good.subarray(0, -4), '--as', 'frame');
    assert.match(cut.error?.message ?? '', /the capture holds \d+ of \d+ octets/);
    assert.deepEqual(names(cut), ['ethernet', 'ip', 'udp', 'wsp', 'package0']);
    assert.match(
      (await decode(push, '--as', 'frame')).error?.message ?? '',
      /no IP in Ethernet, Linux cooked or BSD/,
    );
    const other = changed(14, 0x55);
    assert.match((await decode(other, '--as', 'frame')).error?.message ?? '', /version 5, not 4/);
  });

  const text = fc.stringMatching(/^[a-z0-9.]{1,60}$/);
  const notifications = fc.oneof(
    fc.record({
      format: fc.constantFrom('dm1.2' as const, 'dm1.3-2010' as const),
      serverId: text,
      sessionId: fc.integer({ min: 1, max: 65_535 }),
      vendorData: fc.uint8Array({ minLength: 1, maxLength: 60 }).map(bytesToHex),
    }),
    fc.record({
      format: fc.constant('dm1.3' as const),
      serverId: text,
      sessionId: fc.integer({ min: 1, max: 65_535 }),
      timestamp: fc.nat(),
      requestedMo: fc.constant([1]),
    }),
  );

  it('no Package #0 of any format is taken for a frame, whatever its digest', () =>
    fc.assert(
      fc.property(
        notifications,
        fc.string({ minLength: 1 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (message, secret, digest) => {
          const octets = encodeNotification(message, { secret });
          assert.equal(isFrame(octets), false);
          // Digests that begin like the headers of frames.
          for (const start of [
            digest,
            hexToBytes('4500'),
            hexToBytes('6000000000'),
            hexToBytes('02000000450000'),
            hexToBytes('0000000100060200000000010000080045'),
          ]) {
            const other = Uint8Array.from(octets);
            other.set(start.subarray(0, Math.min(start.length, 16)));
            assert.equal(isFrame(other), false);
          }
        },
      ),
      { numRuns: 300 },
    ));

  it('every frame is one, with any payload that a port carries', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...links),
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.record({
          version: fc.constantFrom(4 as const, 6 as const),
          protocol: fc.constantFrom('udp' as const, 'tcp' as const),
          source: fc.nat(65_535),
          destination: fc.nat(65_535),
          offloaded: fc.boolean(),
        }),
        (link, payload, options) => {
          const octets = frame(link, datagram(payload, options));
          assert.equal(isFrame(octets), true);
          // Cut short it is one by its checksum alone; with octets behind it, it fits no longer. Ethernet may be filled up.
          assert.equal(isFrame(octets.subarray(0, -1)), options.version === 4 && !options.offloaded);
          const longer = concatBytes(octets, Uint8Array.of(1, 1, 1, 1, 1));
          assert.equal(isFrame(longer), false);
        },
      ),
      { numRuns: 400 },
    ));

  it('any octets, called a frame, give layers inside them', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...links),
        fc.uint8Array({ maxLength: 80 }),
        fc.nat(60),
        async (link, tail, keep) => {
          const start = frame(link, datagram(push, { version: (keep & 1) === 0 ? 4 : 6 })).subarray(0, keep);
          const octets = concatBytes(start, tail);
          if (octets.length > 0) await decode(octets, '--as', 'frame');
        },
      ),
      { numRuns: 300 },
    ));
});

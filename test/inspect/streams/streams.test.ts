// Streams of TCP in captures: in order whatever order they were seen in, cut into messages, gaps said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodePdu } from '../../../src/codec/smpp/index.ts';
import { segmentDatagram } from '../../../src/codec/sms/index.ts';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { type CapturedMessage, CaptureReader, explainCaptured } from '../../../src/inspect/index.ts';
import { pcap, type SamplePacket } from '../capture/samples.ts';
import { type ConversationOptions, conversation, type Said } from './samples.ts';

const package0 = hexToBytes(
  '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
const push = concatBytes(hexToBytes('010603c4af87'), package0);
const sms = concatBytes(hexToBytes('0605040b84c002'), push);
const mime = 'application/vnd.syncml.notification';

function readAll(packets: readonly SamplePacket[]): readonly CapturedMessage[] {
  const reader = new CaptureReader();
  const messages = reader.feed(pcap(packets));
  return [...messages, ...reader.end().messages];
}

function shown(messages: readonly CapturedMessage[]): readonly string[] {
  return messages.map((message) => {
    const { format, error, layers } = explainCaptured(message);
    const last = layers.at(-1)?.name;
    const what = error === undefined ? format : error.code;
    return [message.protocol, message.frames.join('+'), what, last, message.note]
      .filter((each) => each != null)
      .join(' ');
  });
}

const client = (...parts: readonly (Uint8Array | string)[]): Said => ({
  from: 'client',
  octets: concatBytes(...parts.map((each) => (typeof each === 'string' ? utf8ToBytes(each) : each))),
});
const server = (...parts: readonly (Uint8Array | string)[]): Said => ({
  ...client(...parts),
  from: 'server',
});

function submit(shortMessage: Uint8Array, sequence: number): Uint8Array {
  return encodePdu({
    command: 'submit_sm',
    status: 0,
    sequence,
    ...{
      serviceType: '',
      sourceTon: 1,
      sourceNpi: 1,
      sourceAddress: '4989',
      destinationTon: 1,
      destinationNpi: 1,
    },
    ...{
      destinationAddress: '49151',
      esmClass: 0x40,
      protocolId: 0,
      priority: 0,
      scheduleTime: '',
      validityPeriod: '',
    },
    ...{ registeredDelivery: 0, replaceIfPresent: 0, dataCoding: 4, defaultMessageId: 0, shortMessage },
    parameters: {},
  } as Parameters<typeof encodePdu>[0]);
}

const one = submit(concatBytes(hexToBytes('0605040b84c002'), push), 1);
const answer = hexToBytes('0000001580000004000000000000000161626300'.replace('15', '14'));
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const post = `POST /push HTTP/1.1\r\nHost: a\r\nContent-Type: ${mime}\r\n`;

const cases: readonly (readonly [string, readonly Said[], ConversationOptions, readonly string[]])[] = [
  [
    'SMPP',
    [client(one), server(answer), client(one, one)],
    {},
    ['smpp 4 dm1.2 package0', 'smpp 5 smpp smpp', 'smpp 6 dm1.2 package0', 'smpp 6 dm1.2 package0'],
  ],
  [
    'SMPP in small segments, numbers that run over',
    [client(one)],
    { size: 50, first: 0xffff_ffe0 },
    ['smpp 4+5 dm1.2 package0'],
  ],
  [
    'SMPP on another port',
    [client(one)],
    { port: 9999, size: 9 },
    [
      `smpp ${Array.from({ length: Math.ceil(one.length / 9) }, (_, index) => index + 4).join('+')} dm1.2 package0`,
    ],
  ],
  [
    'HTTP',
    [client(post, `Content-Length: ${package0.length}\r\n\r\n`, package0), server(ok)],
    { port: 80 },
    ['http 4 dm1.2 package0', 'http 5 http http'],
  ],
  [
    'HTTP in chunks, pipelined, and an answer to HEAD',
    [
      client(post, 'Transfer-Encoding: chunked\r\n\r\n', '10\r\n', package0.subarray(0, 16), '\r\n'),
      client('1A;x=y\r\n', package0.subarray(16), '\r\n0\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\n'),
      server('HTTP/1.1 100 Continue\r\n\r\n', ok, 'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n', ok),
    ],
    { port: 8080 },
    [
      'http 4+5 dm1.2 package0',
      'http 5 http http',
      'http 6 http http',
      'http 6 http http',
      'http 6 http http',
      'http 6 http http',
    ],
  ],
  [
    'SIP with keep-alives',
    [
      client(
        '\r\n\r\nMESSAGE sip:a@b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\nFrom: <sip:x@y>;tag=1\r\nTo: <sip:a@b>\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\n',
      ),
      client(
        `Max-Forwards: 70\r\nContent-Type: ${mime}\r\nContent-Length: ${package0.length}\r\n\r\n`,
        package0,
      ),
    ],
    { port: 5060 },
    ['sip 4+5 dm1.2 package0'],
  ],
  [
    'OBEX, an object in three packets',
    [
      client(hexToBytes('80000710000400')),
      server(hexToBytes('a0000710000400')),
      client(hexToBytes('02002a42 0027'.replace(' ', '')), utf8ToBytes(`${mime}\0`)),
      server(hexToBytes('900003')),
      client(hexToBytes('020016480013'), package0.subarray(0, 16)),
      server(hexToBytes('900003')),
      client(hexToBytes('820020 49001d'.replace(' ', '')), package0.subarray(16)),
      server(hexToBytes('a00003')),
    ],
    { port: 650 },
    [
      'obex 4 obex obex',
      'obex 5 obex obex',
      'obex 7 obex obex',
      'obex 9 obex obex',
      'obex 6+8+10 dm1.2 package0',
      'obex 11 obex obex',
    ],
  ],
  [
    'none of ours',
    [client('hello, this is another protocol'), server('and its answer')],
    { port: 7 },
    ['tcp 4+5 TCP, 45 octets: none of the protocols that are read'],
  ],
  [
    'TLS',
    [client(hexToBytes('16030100050100000100'))],
    { port: 443 },
    ['tls 4 tls tls TLS: one end, ClientHello'],
  ],
];

for (const [name, said, options, expected] of cases) {
  for (const version of [4, 6] as const) {
    test(`${name}, IPv${version}`, () => {
      assert.deepEqual(shown(readAll(conversation(said, { ...options, version }))), expected);
    });
  }
}

test('seen twice, in any order and with overlaps it is the same stream', () => {
  const wide = conversation([client(one, one, one)], { size: 60 });
  const narrow = conversation([client(one, one, one)], { size: 25 });
  const [head, tail] = [wide.slice(0, 3), wide.slice(-3)];
  const body = [...wide.slice(3, -3), ...narrow.slice(3, -3)];
  const octets = (packets: readonly SamplePacket[]): readonly string[] =>
    readAll(packets).map((message) => bytesToHex(message.octets));
  const expected = octets(wide);
  assert.equal(expected.length, 3);
  fc.assert(
    fc.property(fc.shuffledSubarray(body, { minLength: body.length }), (shuffled) => {
      assert.deepEqual(octets([...head, ...shuffled, ...tail]), expected);
    }),
  );
});

test('what the capture lacks is said, and the next message is read', () => {
  const packets = conversation([client(one), client(one), client(one)], { size: 70 });
  const lacking = packets.filter((_, index) => index !== 6);
  assert.deepEqual(
    shown(readAll(lacking)).map((line) => line.replace(/\d+ octets/g, 'N octets')),
    [
      'smpp 4+5 dm1.2 package0',
      'smpp 6 TRUNCATED smpp N octets are not a whole message: before a gap of N octets that the capture lacks',
      'smpp 7+8 dm1.2 package0',
    ],
  );
});

test('a stream that is joined in the middle begins with the first message that is seen to begin', () => {
  const packets = conversation([client(one), client(one)], { size: 60, midway: true }).slice(1);
  const lines = shown(readAll(packets));
  assert.equal(lines.length, 2, lines.join('\n'));
  assert.match(lines[0] ?? '', /^smpp 1 .*octets before the first message that was seen to begin$/);
  assert.match(lines[1] ?? '', /^smpp 2\+3 dm1\.2 package0$/);
});

test('joined in the middle of a segment the stream goes on with the next message, on any port', () => {
  const post = (body: Uint8Array): Said =>
    client(`POST / HTTP/1.1\r\nContent-Type: ${mime}\r\nContent-Length: ${body.length}\r\n\r\n`, body);
  const pdus = concatBytes(...[1, 2, 3].map((sequence) => submit(sms, sequence)));
  for (const port of [80, 2775, 12_775]) {
    for (let at = 1; at < 40; at += 1) {
      const [lost, ...pduLines] = shown(
        readAll(conversation([client(pdus.subarray(at))], { port, midway: true, size: 33 })),
      );
      assert.match(lost ?? '', /octets are not a whole message: octets before the first/);
      assert.equal(pduLines.filter((line) => line.includes('dm1.2')).length, 2, `${port} ${at}`);
    }
  }
  const posts = concatBytes(post(package0).octets, utf8ToBytes('\r\n'), post(package0).octets);
  // Before octet 6 what is left is still a first line, of a method with a shorter name.
  for (let at = 6; at < 40; at += 1) {
    for (const size of [7, 33, 1400]) {
      const packets = conversation([client(posts.subarray(at))], { port: 80, midway: true, size });
      const [lost, ...lines] = shown(readAll(packets));
      assert.match(lost ?? '', /octets are not a whole message: octets before the first/);
      assert.deepEqual(lines.length, 1, `${size} ${at}`);
      assert.match(lines[0] ?? '', /^http .* dm1\.2/);
    }
  }
});

test('behind a gap, and behind what is no message, the next one is found inside a segment', () => {
  const bad = submit(sms, 2);
  bad[2] = 0xff;
  bad[1] = 0xff;
  const pdus = concatBytes(submit(sms, 1), bad, submit(sms, 3));
  const found = shown(readAll(conversation([client(pdus)])));
  assert.deepEqual(
    found.map((line) => /dm1\.2|where a message of SMPP would begin/.exec(line)?.[0]),
    ['dm1.2', 'where a message of SMPP would begin', 'dm1.2'],
  );
  const good = concatBytes(...[1, 2, 3].map((sequence) => submit(sms, sequence)));
  const packets = conversation([client(good)], { size: 50 });
  // The second segment of data is missing: the first two PDUs are not whole, or one of them is not.
  packets.splice(4, 1);
  const rest = shown(readAll(packets));
  assert.ok(rest.some((line) => line.includes('before a gap of 50 octets')));
  assert.ok(rest.at(-1)?.includes('dm1.2'));
});

test('segments of a short message in PDUs of their own, in any order', () => {
  const long = concatBytes(push, new Uint8Array(250).fill(65));
  const segments = segmentDatagram(long, {
    ports: { destination: 2948, source: 9200, bits: 16 },
    reference: 77,
  } as Parameters<typeof segmentDatagram>[1]);
  assert.equal(segments.length, 3);
  const pdus = segments.map((each, index) => client(submit(each, index + 1)));
  const [a, b, c] = pdus;
  assert.ok(a && b && c);
  assert.deepEqual(
    shown(readAll(conversation([c, a, a, b]))),
    [
      'smpp 4 smpp sms-user-data segment 3 of 3 of a short message, reference 77',
      'smpp 5 smpp sms-user-data segment 1 of 3 of a short message, reference 77',
      'smpp 6 smpp sms-user-data segment 1 of 3 of a short message, reference 77, sent again',
      'smpp 5+7+4 dm1.2 package0 3 segments of a short message, reference 77',
    ].map((line) => line.replace('smpp sms-user-data', 'sms-user-data sms-user-data')),
  );
  const other = client(submit(segments[0]?.with(-1, 66) ?? push, 9));
  assert.deepEqual(
    shown(readAll(conversation([other, c, a, b, c]))).slice(2),
    [
      'smpp 4+5 a short message lacks segments 2 of 3, reference 77',
      'smpp 6 sms-user-data sms-user-data segment 1 of 3 of a short message, reference 77',
      'smpp 7 sms-user-data sms-user-data segment 2 of 3 of a short message, reference 77',
      'smpp 6+7+8 dm1.2 package0 3 segments of a short message, reference 77',
    ],
    'a reference that came round',
  );
  const lacking = readAll(conversation([a, c]));
  assert.equal(lacking.at(-1)?.note, 'a short message lacks segments 2 of 3, reference 77');
  assert.equal(lacking.at(-1)?.missing, true);
});

test('segments of a short message to several destinations', () => {
  const long = concatBytes(push, new Uint8Array(150).fill(65));
  const segments = segmentDatagram(long, { sourcePort: 9200, reference: 5 });
  const pdus = segments.map((each, index) => {
    const head = hexToBytes('000101343938390002010101343931000266720040000000000000f500');
    const body = concatBytes(head, Uint8Array.of(each.length), each);
    return client(encodePdu({ command: 'opaque', commandId: 0x21, status: 0, sequence: index + 1, body }));
  });
  assert.deepEqual(
    shown(readAll(conversation(pdus))).at(-1),
    'smpp 4+5 dm1.2 package0 2 segments of a short message, reference 5',
  );
});

test('any packets in any order end, and hold no more than they may', () => {
  const all = cases.flatMap(([, said, options]) =>
    conversation(said, { ...options, size: 33, source: 41_000 }),
  );
  fc.assert(
    fc.property(
      fc.shuffledSubarray(all),
      fc.array(fc.tuple(fc.nat(200), fc.nat(90), fc.nat(255)), { maxLength: 12 }),
      (packets, changes) => {
        const changed = packets.map(({ octets }) => ({ octets: octets.slice() }));
        for (const [index, at, octet] of changes) {
          const packet = changed[index % Math.max(changed.length, 1)];
          if (packet !== undefined && at < packet.octets.length) packet.octets[at] = octet;
        }
        for (const message of readAll(changed)) explainCaptured(message);
      },
    ),
    { numRuns: 60 },
  );
});

test('a SYN that is seen late takes nothing away', () => {
  const packets = conversation(
    [client(post, `Content-Length: ${package0.length}\r\n\r\n`, package0), server(ok)],
    {
      port: 8080,
      size: 40,
    },
  );
  const [syn, answered, ...rest] = packets;
  assert.ok(syn !== undefined && answered !== undefined);
  const told = (all: readonly SamplePacket[]): readonly string[] =>
    readAll(all).map(({ protocol, octets, note }) => `${protocol} ${bytesToHex(octets)} ${note ?? ''}`);
  for (const late of [1, 2, 3, 4]) {
    const seen: readonly SamplePacket[] = [answered, ...rest.slice(0, late), syn, ...rest.slice(late)];
    assert.deepEqual(told(seen), told(packets), `the SYN behind ${late}`);
  }
});

test('a SYN with another number begins another stream', () => {
  const said = [client(one, one.subarray(0, 20))];
  const first = conversation(said, { midway: true }).slice(0, 1);
  const second = conversation([client(one)], { first: 900_000 });
  const lines = shown(readAll([...first, ...second]));
  assert.equal(lines.length, 3, lines.join('\n'));
  assert.match(lines[1] ?? '', /not a whole message: where the stream ends/);
  assert.match(lines[2] ?? '', /^smpp 5 dm1\.2 package0$/);
});

test('joined where the first two segments are swapped, a stream begins with the earlier one', () => {
  const said = [client(post, `Content-Length: ${package0.length}\r\n\r\n`, package0), server(ok)];
  for (const version of [4, 6] as const) {
    const packets = conversation(said, { port: 8080, size: 40, midway: true, version });
    const [first, second, ...rest] = packets;
    assert.ok(first !== undefined && second !== undefined);
    const octets = (all: readonly SamplePacket[]): readonly string[] =>
      readAll(all).map((message) => `${bytesToHex(message.octets)} ${message.note ?? ''}`);
    assert.deepEqual(octets([second, first, ...rest]), octets(packets));
  }
});

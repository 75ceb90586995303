// Streams whose ports say nothing, and that begin in an unusual way, or say what they are only behind a gap.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { CaptureReader, explainCaptured } from '../../../src/inspect/index.ts';
import { beginsObex } from '../../../src/inspect/streams/obex-length.ts';
import { pcap, type SamplePacket } from '../capture/samples.ts';
import { conversation, type Said } from './samples.ts';

const package0 = hexToBytes(
  '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
const mime = 'application/vnd.syncml.notification';
const client = (...parts: readonly Uint8Array[]): Said => ({ from: 'client', octets: concatBytes(...parts) });
const server = (hex: string): Said => ({ from: 'server', octets: hexToBytes(hex) });
const text = utf8ToBytes;

function shown(packets: readonly SamplePacket[]): readonly string[] {
  const reader = new CaptureReader();
  const messages = [...reader.feed(pcap(packets)), ...reader.end().messages];
  return messages.map((message) => {
    const { format, error } = explainCaptured(message);
    return [message.protocol, message.frames.join('+'), error?.code ?? format, message.note]
      .filter((each) => each != null)
      .join(' ');
  });
}

const named = hexToBytes(`02002a420027`);
const pieces = [
  client(named, text(`${mime}\0`)),
  server('900003'),
  client(hexToBytes('020016480013'), package0.subarray(0, 16)),
  server('900003'),
  client(hexToBytes('82002049001d'), package0.subarray(16)),
  server('a00003'),
];

test('OBEX on any port: an object in pieces, without a CONNECT before it', () => {
  for (const port of [650, 6500]) {
    assert.deepEqual(shown(conversation(pieces, { port })), [
      'obex 5 obex',
      'obex 7 obex',
      'obex 4+6+8 dm1.2',
      'obex 9 obex',
    ]);
  }
  const small = shown(conversation(pieces, { port: 6500, size: 4 }));
  assert.ok(small.some((line) => line.includes('dm1.2')));
});

test('OBEX in one packet, with a connection, a name and a length before its body', () => {
  const body = concatBytes(hexToBytes('49002d'), package0);
  const type = concatBytes(hexToBytes('420027'), text(`${mime}\0`));
  const headers = concatBytes(hexToBytes('cb00000001010007004100005a'.slice(0, 24)), type, body);
  const packet = concatBytes(Uint8Array.of(0x82, 0, headers.length + 3), headers);
  assert.equal(beginsObex(packet), true);
  assert.deepEqual(shown(conversation([client(packet)], { port: 6500 })), ['obex 4 dm1.2']);
  // Joined in the middle it is known where a segment begins.
  assert.deepEqual(shown(conversation([client(packet)], { port: 6500, midway: true })), ['obex 1 dm1.2']);
});

test('octets that only begin like a packet of OBEX are none', () => {
  for (const hex of ['020003', '02000a00000000000000', '8200ff3000', '02000748000548', '0300084800ff0000']) {
    assert.notEqual(beginsObex(hexToBytes(hex)), true, hex);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
      const whole = beginsObex(octets);
      // What is known stays known when more comes.
      for (let at = 0; at < octets.length; at += 1) {
        const early = beginsObex(octets.subarray(0, at));
        if (early !== undefined) assert.equal(early, whole);
      }
    }),
  );
});

const post = concatBytes(
  text(`POST / HTTP/1.1\r\nContent-Type: ${mime}\r\nContent-Length: ${package0.length}\r\n\r\n`),
  package0,
);

test('a stream that told nothing before a gap is looked at again behind it', () => {
  const start = text('POST /a-long-way-to');
  for (const port of [8080, 9999]) {
    const packets = conversation([client(start), client(text('the end')), client(post), client(post)], {
      port,
    });
    packets.splice(4, 1);
    assert.deepEqual(shown(packets), [
      'http 5 dm1.2',
      'http 6 dm1.2',
      'tcp 4 TCP, 19 octets: none of the protocols that are read; the capture lacks 7 more',
    ]);
  }
});

test('a stream that was joined in the middle, and told nothing for long, is looked at behind a gap', () => {
  const noise = new Uint8Array(1400).fill(0xc3);
  const said = [...Array.from({ length: 8 }, () => client(noise)), client(post)];
  const packets = conversation(said, { port: 9999, midway: true });
  packets.splice(7, 1);
  assert.deepEqual(shown(packets)[0], 'http 8 dm1.2');
  // One whose beginning says that it is another is none behind a gap either.
  const other = conversation([client(noise), client(noise), client(post)], { port: 9999 });
  other.splice(4, 1);
  assert.deepEqual(shown(other).length, 1);
  assert.match(shown(other)[0] ?? '', /none of the protocols/);
});

test('an answer to HEAD is known by the next one where its request was not seen', () => {
  const answers = text(
    'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  );
  const said: Said = { from: 'server', octets: answers };
  assert.deepEqual(shown(conversation([said], { port: 80, midway: true })), [
    'http 1 http',
    'http 1 content',
  ]);
});

test('answers of 304 and 204 are whole without the body whose length they say', () => {
  const answers = ['304 Not Modified', '204 No Content', '200 OK'].map(
    (status) =>
      `HTTP/1.1 ${status}\r\nContent-Type: text/xml\r\nContent-Length: ${status === '200 OK' ? 0 : 90}\r\n\r\n`,
  );
  const said: Said = { from: 'server', octets: text(answers.join('')) };
  assert.deepEqual(shown(conversation([client(text('GET / HTTP/1.1\r\n\r\n')), said], { port: 80 })), [
    'http 4 http',
    ...['http 5 http', 'http 5 http', 'http 5 http'],
  ]);
});

// Captures to the last layer, by the reader that is fed in pieces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hexToBytes } from '../../../src/core/index.ts';
import { type CapturedMessage, CaptureReader, explainCaptured } from '../../../src/inspect/index.ts';
import { pcap } from '../capture/samples.ts';
import { datagram, frame } from '../frames/samples.ts';

const push = hexToBytes(
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);

function readAll(file: Uint8Array, size = file.length): readonly CapturedMessage[] {
  const reader = new CaptureReader();
  const messages: CapturedMessage[] = [];
  for (let at = 0; at < file.length; at += size) messages.push(...reader.feed(file.slice(at, at + size)));
  const end = reader.end();
  assert.equal(end.summary.error, undefined);
  return [...messages, ...end.messages];
}

for (const version of [4, 6] as const) {
  test(`a push over UDP and IPv${version}, to Package #0`, () => {
    const file = pcap([{ octets: frame('ethernet', datagram(push, { version })), fraction: 5 }]);
    for (const size of [1, 7, 1000]) {
      const [message, ...others] = readAll(file, size);
      assert.ok(message !== undefined && others.length === 0);
      const { layers, ...told } = explainCaptured(message, { key: { secret: 'secret' } });
      const [source, destination] =
        version === 4 ? ['192.0.2.1', '192.0.2.2'] : ['2001:db8::1', '2001:db8::2'];
      assert.deepEqual(told, {
        number: 1,
        time: '2023-11-14T22:13:20.000005Z',
        frames: [1],
        source: { address: source, port: 49_154 },
        destination: { address: destination, port: 2948 },
        protocol: 'wsp',
        format: 'dm1.2',
        message: told.message,
        digest: '4e94c58c36a8c50aabcdbe0c296b2ba7',
        verified: true,
        nonce: 'default',
        deviations: [],
      });
      assert.deepEqual(
        layers.map(({ name }) => name),
        ['ethernet', 'ip', 'udp', 'wsp', 'package0'],
      );
    }
  });
}

test('a fault of ours is told of its message, and the others are read', () => {
  const octets = frame('ethernet', datagram(push));
  const [first, second] = readAll(pcap([{ octets }, { octets }]));
  assert.ok(first !== undefined && second !== undefined);
  const broken = {
    get key(): never {
      throw new RangeError('too many arguments');
    },
  };
  const { error } = explainCaptured(first, broken);
  assert.equal(error?.code, 'UNEXPECTED');
  assert.match(error?.message ?? '', /please report it with this message: too many arguments$/);
  assert.equal(explainCaptured(second).error, undefined);
});

test('fragments of IPv4 behind an authentication header are put together (RFC 4302 §3.1.1)', () => {
  // The header of 20 octets of the whole stands before each; the authentication header is in the first alone.
  const content = datagram(push, { authenticated: true }).subarray(20);
  const piece = (at: number, end: number): Uint8Array => {
    const word = (at / 8) | (end < content.length ? 0x2000 : 0);
    const inner = datagram(content.subarray(at, end), { fragment: word, later: true });
    return frame('ethernet', inner.with(9, 51));
  };
  const packets = [{ octets: piece(0, 40) }, { octets: piece(40, content.length) }];
  const [whole] = readAll(pcap(packets));
  assert.ok(whole !== undefined);
  assert.deepEqual([whole.form.kind, whole.protocol, whole.frames], ['datagram', 'wsp', [1, 2]]);
  assert.equal(whole.destination?.port, 2948);
  assert.equal(explainCaptured(whole).error, undefined);
  const [broken] = readAll(pcap(packets.slice(0, 1)));
  assert.deepEqual([broken?.missing, broken?.destination?.port], [true, 2948]);
});

test('times that are carried are told once, and pushes behind them are read', () => {
  const octets = frame('sll vlan', datagram(push, { authenticated: true }));
  const packet = { octets, fraction: 1_000_000 };
  const messages = readAll(pcap([packet, packet, { octets }], { linkType: 113 }));
  assert.deepEqual(
    messages.map(({ form, protocol, frames }) => [form.kind, protocol, frames]),
    [
      ['note', 'other', [1]],
      ['frame', 'wsp', [1]],
      ['frame', 'wsp', [2]],
      ['frame', 'wsp', [3]],
    ],
  );
  assert.match(messages[0]?.note ?? '', /is carried/);
  assert.equal(messages[1]?.time, '2023-11-14T22:13:21.000000Z');
});

// Datagrams of IP in fragments: put together whatever order they come in, bounded, and said where they are not whole.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, hexToBytes } from '../../../src/core/index.ts';
import { type CapturedMessage, CaptureReader, explainCaptured } from '../../../src/inspect/index.ts';
import { pcap, type SamplePacket } from '../capture/samples.ts';
import { datagram, frame } from '../frames/samples.ts';

const push = hexToBytes(
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
/** The datagram of UDP with its header, as the content of IP. */
const content = datagram(push).subarray(20);

function pieces(version: 4 | 6, size: number): readonly SamplePacket[] {
  const packets: SamplePacket[] = [];
  for (let at = 0; at < content.length; at += size) {
    const more = at + size < content.length ? (version === 4 ? 0x2000 : 1) : 0;
    const word = (version === 4 ? at / 8 : at) | more;
    const part = content.subarray(at, at + size);
    packets.push({ octets: frame('ethernet', datagram(part, { version, fragment: word, later: true })) });
  }
  return packets;
}

function readAll(packets: readonly SamplePacket[]): readonly CapturedMessage[] {
  const reader = new CaptureReader();
  return [...reader.feed(pcap(packets)), ...reader.end().messages];
}

for (const version of [4, 6] as const) {
  test(`IPv${version}: in any order, some twice, it is the datagram`, () => {
    fc.assert(
      fc.property(
        fc.constantFrom(8, 16, 24, 40),
        fc.nat(100),
        fc.infiniteStream(fc.nat(1000)),
        (size, twice, keys) => {
          const all = pieces(version, size);
          const shuffled = [...all.slice(0, -1), ...all.slice(0, twice % all.length)]
            .map((packet) => ({ packet, key: keys.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ packet }) => packet);
          const found = readAll([...shuffled, ...all.slice(-1)]);
          const [message, ...others] = found;
          assert.ok(message !== undefined && others.length === 0);
          const { format, layers } = explainCaptured(message);
          assert.equal(format, 'dm1.2');
          assert.deepEqual(
            layers.map(({ name, within }) => `${name} ${within}`),
            ['udp reassembled', 'wsp reassembled', 'package0 reassembled'],
          );
          assert.deepEqual(message.destination?.port, 2948);
        },
      ),
    );
  });

  test(`IPv${version}: a fragment that never comes is said`, () => {
    const [message, ...others] = readAll(pieces(version, 16).slice(1));
    assert.equal(others.length, 0);
    assert.match(message?.note ?? '', /^a datagram of IP lacks fragments; 40 octets of it are there$/);
    assert.equal(message?.missing, true);
  });
}

test('a fragment that comes again when all is whole is no datagram of its own', () => {
  const all = pieces(4, 16);
  assert.equal(readAll([...all, ...all]).length, 1);
  const other = all.map(({ octets }) => ({
    octets: octets.map((octet, at) => (at === 35 ? octet ^ 1 : octet)),
  }));
  assert.equal(readAll([...all, ...other.slice(0, 1)]).length, 2, 'other octets are of another datagram');
});

test('a number that is used again is of another datagram, though it begins alike', () => {
  const all = pieces(4, 24);
  const last = all.at(-1);
  assert.ok(last);
  const other = { ...last, octets: last.octets.with(-1, 0x45) };
  const next = [...all.slice(0, -1), other];
  const serverIds = (packets: readonly SamplePacket[]): readonly string[] =>
    readAll(packets).map((message) => {
      const told = JSON.stringify(explainCaptured(message).message);
      return /"serverId":"([^"]*)"/.exec(told)?.[1] ?? message.note ?? '';
    });
  assert.deepEqual(serverIds([...all, ...next]), ['com.mgmtsrv.manage', 'com.mgmtsrv.managE']);
  // A capture of two interfaces has each fragment twice; what came twice of the one is none of the other.
  const twice = [...all, ...next].flatMap((packet) => [packet, packet]);
  assert.deepEqual(serverIds(twice), ['com.mgmtsrv.manage', 'com.mgmtsrv.managE']);
  assert.deepEqual(serverIds([...all, ...all, ...next]), ['com.mgmtsrv.manage', 'com.mgmtsrv.managE']);
  const late = all.map((packet) => ({ ...packet, seconds: 1_700_000_700 }));
  assert.deepEqual(serverIds([...all, ...late]), ['com.mgmtsrv.manage', 'com.mgmtsrv.manage'], 'long after');
});

test('IPv6: headers may go on within the fragments', () => {
  const whole = concatBytes(Uint8Array.of(17, 0, 1, 4, 0, 0, 0, 0), content);
  const packets = [0, 24, 48].map((at) => {
    const more = at < 48 ? 1 : 0;
    const part = whole.subarray(at, more === 1 ? at + 24 : undefined);
    const octets = frame('ethernet', datagram(part, { version: 6, fragment: at | more, later: true }));
    // The fragment header names the destination options that the datagram begins with.
    octets[14 + 40] = 60;
    return { octets };
  });
  for (const order of [packets, packets.toReversed()]) {
    const [message, ...others] = readAll(order);
    assert.equal(others.length, 0);
    assert.equal(message && explainCaptured(message).format, 'dm1.2');
  }
});

test('fragments that overlap and differ: those that came first stand, and it is said', () => {
  const [first, second, ...rest] = pieces(4, 24);
  assert.ok(first && second);
  const other = { octets: second.octets.map((octet, at) => (at === 34 ? octet ^ 1 : octet)) };
  const [message] = readAll([first, second, other, ...rest]);
  assert.equal(message?.note, 'fragments of it overlap and differ; the octets that came first stand');
  assert.equal(message && explainCaptured(message).format, 'dm1.2');
});

test('what lies behind the last fragment fills no gap before it, and is said', () => {
  const [first, second] = pieces(4, 24);
  assert.ok(first && second);
  const word = (packet: SamplePacket, value: number): SamplePacket => {
    const octets = packet.octets.slice();
    octets.set([value >> 8, value & 255], 20);
    return { octets };
  };
  // The second says that it is the last one, and another one lies behind it.
  const [last, behind] = [word(second, 3), word(first, 0x2000 | 6)];
  const [lacks] = readAll([last, behind]);
  assert.match(lacks?.note ?? '', /lacks fragments/);
  const [whole] = readAll([last, behind, first]);
  assert.equal(whole?.note, 'a fragment of it lies behind its last one, and is not read');
  assert.equal(whole?.octets.length, 48);
});

test('fragments of strangers are bounded', () => {
  const reader = new CaptureReader();
  const told: CapturedMessage[] = [];
  const [first] = pieces(4, 24);
  assert.ok(first);
  const packets = Array.from({ length: 3000 }, (_, index) => {
    const octets = first.octets.slice();
    octets.set([index >> 8, index & 255], 18);
    return { octets };
  });
  told.push(...reader.feed(pcap(packets)));
  // 64 of one source wait; the others were given up.
  assert.equal(told.length, 3000 - 64);
});

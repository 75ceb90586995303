// Captures that lack octets: what is there is read as far as it goes, and where it ends is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import {
  type CapturedExplanation,
  CaptureReader,
  explainCaptured,
  explainOctets,
} from '../../../src/inspect/index.ts';
import { pcap, type SamplePacket } from '../capture/samples.ts';
import { datagram, frame } from '../frames/samples.ts';
import { conversation, segment } from '../streams/samples.ts';

const push = hexToBytes(
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);

function explainAll(
  packets: readonly SamplePacket[],
): readonly (CapturedExplanation & { missing: boolean })[] {
  const reader = new CaptureReader();
  const messages = [...reader.feed(pcap(packets)), ...reader.end().messages];
  return messages.map((message) => ({
    ...explainCaptured(message, { key: { secret: 'secret' } }),
    missing: message.missing === true,
  }));
}

const snapped = (packet: Uint8Array, length: number): SamplePacket => ({
  octets: packet.subarray(0, length),
  length: packet.length,
});
const namesOf = ({ layers }: CapturedExplanation): string => layers.map(({ name }) => name).join(' ');

for (const version of [4, 6] as const) {
  test(`IPv${version}: a push that a snap length cut is read as far as octets go, at each length`, () => {
    const whole = frame('ethernet', datagram(push, { version }));
    const headers = 14 + (version === 4 ? 20 : 40) + 8;
    for (let length = 15; length < whole.length; length += 1) {
      const [message, ...others] = explainAll([snapped(whole, length)]);
      assert.ok(message !== undefined && others.length === 0);
      assert.equal(message.error?.code, 'TRUNCATED', `${length}: ${message.error?.message}`);
      assert.equal(message.verified, undefined, 'no verdict on a part');
      assert.ok((message.error.offset ?? 0) <= length);
      assert.equal(message.layers[0]?.name, 'ethernet');
      if (length >= headers) {
        assert.ok(message.missing);
        assert.match(message.error.message, /the capture holds [0-9]+ of [0-9]+ octets/);
        assert.deepEqual(message.destination, { ...message.destination, port: 2948 });
      }
      if (length > headers + 6) assert.equal(namesOf(message), 'ethernet ip udp wsp package0');
    }
  });

  test(`IPv${version}: fragments that a snap length cut, or that lack the last, are read as far as they go`, () => {
    const content = datagram(push).subarray(20);
    const piece = (at: number, end: number): Uint8Array => {
      const more = end < content.length ? (version === 4 ? 0x2000 : 1) : 0;
      const word = (version === 4 ? at / 8 : at) | more;
      const inner = datagram(content.subarray(at, end), { version, fragment: word, later: true });
      return frame('ethernet', inner);
    };
    const first = piece(0, 40);
    for (const packets of [
      [{ octets: first }],
      [snapped(first, first.length - 4), { octets: piece(40, content.length) }],
      [{ octets: first }, snapped(piece(40, content.length), first.length - 36)],
    ]) {
      const [message, ...others] = explainAll(packets);
      assert.ok(message !== undefined && others.length === 0);
      assert.equal(namesOf(message), 'udp wsp package0');
      assert.match(message.note ?? '', /^a datagram of IP lacks fragments; [0-9]+ octets of it are there$/);
      assert.match(message.error?.message ?? '', /the capture holds [0-9]+ of 56 octets/);
      assert.deepEqual([message.missing, message.source?.port], [true, 49_154]);
    }
    // Without the first nobody knows what it is.
    const [late] = explainAll([{ octets: piece(40, content.length) }]);
    assert.deepEqual([late?.layers, late?.protocol, late?.missing], [[], 'other', true]);
  });
}

test('a length of IP beyond the frame takes nothing from a datagram that UDP says is whole', () => {
  const octets = frame('ethernet', datagram(push, { offloaded: true }).with(3, 200));
  const [message] = explainAll([{ octets }]);
  assert.ok(message !== undefined);
  assert.deepEqual([message.error, message.format, message.verified], [undefined, 'dm1.2', true]);
  assert.deepEqual(
    message.deviations?.map(({ field }) => field),
    ['length'],
  );
});

test('a length of IP that a network card was to write is what is there', () => {
  for (const version of [4, 6] as const) {
    const inner = datagram(push, { version, offloaded: true }).with(version === 4 ? 3 : 5, 0);
    const [message] = explainAll([{ octets: frame('ethernet', inner.with(version === 4 ? 2 : 4, 0)) }]);
    assert.deepEqual([message?.error, message?.verified], [undefined, true]);
  }
});

test('a cut frame that is pasted is one, by the checksum of IPv4', () => {
  const whole = frame('ethernet', datagram(push));
  const [only] = explainOctets(whole.subarray(0, whole.length - 6), { input: 'binary' });
  assert.deepEqual(
    only?.explanation.layers.map(({ name }) => name),
    ['ethernet', 'ip', 'udp', 'wsp', 'package0'],
  );
  assert.match(only?.explanation.error?.message ?? '', /the capture holds 70 of 76 octets/);
});

const request = utf8ToBytes(
  `POST /push HTTP/1.1\r\nHost: a\r\nContent-Type: application/vnd.syncml.notification\r\nContent-Length: 42\r\n\r\n`,
);

test('segments that a snap length cut are gaps of their stream, said where they are', () => {
  const packets = conversation(
    [
      { from: 'client', octets: concatBytes(request, push.subarray(6)) },
      { from: 'server', octets: utf8ToBytes('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok') },
      { from: 'client', octets: concatBytes(request, push.subarray(6)) },
    ],
    { port: 8080 },
  );
  const data = packets.findIndex(({ octets }) => octets.length > 100);
  const cut = packets.map((packet, index) =>
    index === data ? snapped(packet.octets, packet.octets.length - 20) : packet,
  );
  const found = explainAll(cut);
  assert.deepEqual(
    found.map(({ protocol, format, note }) => [protocol, format, note]),
    [
      [
        'http',
        undefined,
        '125 octets are not a whole message: before a gap of 20 octets that the capture lacks',
      ],
      ['http', 'content', undefined],
      ['http', 'dm1.2', undefined],
    ],
  );
  assert.equal(found[0]?.error?.code, 'TRUNCATED');
  assert.equal(namesOf(found[0] as CapturedExplanation), 'http package0');
});

test('a segment of which the headers alone are there is a gap, and the stream ends where it says', () => {
  const packets = conversation([{ from: 'client', octets: push }], { port: 2775 });
  const cut = packets.map((packet) => (packet.octets.length > 60 ? snapped(packet.octets, 54) : packet));
  const lacks = 'TCP, 48 octets that the capture lacks, in no message that is there';
  assert.deepEqual(
    explainAll(cut).map(({ note, frames, missing }) => [note, frames, missing]),
    [[lacks, [4], true]],
  );
  const head = { sequence: 1, acknowledgment: 1, flags: 0x18, port: 2775, source: 4000, version: 4 } as const;
  const bare = segment(push, { ...head, from: 'client' });
  assert.deepEqual(
    explainAll([snapped(bare, 54)]).map(({ note }) => note),
    [lacks],
  );
});

test('octets cut anywhere end in a verdict, whatever they are', () => {
  const whole = frame('sll2', datagram(push, { version: 6 }));
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(whole.length - 1), fc.nat(255), (length, at, value) => {
      const packet = snapped(whole.with(at, value), length);
      const reader = new CaptureReader();
      const file = pcap([packet], { linkType: 276 });
      for (const message of [...reader.feed(file), ...reader.end().messages]) explainCaptured(message);
    }),
  );
});

// Capture files: both forms, both orders of octets, in pieces of any size; what is damaged or cut ends with its place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { bytesToHex, concatBytes, type DecodeError } from '../../../src/core/index.ts';
import { CaptureFile, isCapture } from '../../../src/inspect/capture/capture-file.ts';
import type { CapturedSecrets, Packet } from '../../../src/inspect/capture/packet.ts';
import { timeText } from '../../../src/inspect/capture/time-stamp.ts';
import { BlockWriter, pcap } from './samples.ts';

interface Read {
  readonly packets: readonly Packet[];
  readonly secrets: readonly CapturedSecrets[];
  readonly error: DecodeError | undefined;
}

function read(octets: Uint8Array, pieces: readonly number[] = []): Read {
  const packets: Packet[] = [];
  const secrets: CapturedSecrets[] = [];
  const file = new CaptureFile({
    packet: (packet) => packets.push({ ...packet, octets: packet.octets.slice() }),
    secrets: (each) => secrets.push(each),
  });
  let at = 0;
  for (const size of pieces) {
    file.feed(octets.slice(at, at + size));
    at += size;
  }
  file.feed(octets.slice(at));
  file.end();
  return { packets, secrets, error: file.error };
}

const shown = ({ packets }: Read): readonly string[] =>
  packets.map(({ frame, time, linkType, octets, length }) =>
    [frame, time && timeText(time), linkType, bytesToHex(octets), length].join(' '),
  );

const octets = Uint8Array.of(1, 2, 3, 4, 5);

for (const little of [true, false]) {
  for (const nano of [true, false]) {
    test(`pcap, ${little ? 'little' : 'big'} endian, ${nano ? 'nano' : 'micro'}seconds`, () => {
      const file = pcap(
        [
          { octets, fraction: 123_456 },
          { octets: octets.slice(1), length: 9 },
        ],
        {
          ...{ little, nano, linkType: 113 },
        },
      );
      const result = read(file);
      assert.equal(result.error, undefined);
      assert.ok(isCapture(file));
      assert.deepEqual(shown(result), [
        `1 2023-11-14T22:13:20.${nano ? '000123456' : '123456'}Z 113 0102030405 5`,
        `2 2023-11-14T22:13:20.${nano ? '000000000' : '000000'}Z 113 02030405 9`,
      ]);
    });
  }
  test(`pcapng, ${little ? 'little' : 'big'} endian: sections, interfaces, three kinds of packets, keys, others`, () => {
    const w = new BlockWriter(little);
    const file = concatBytes(
      w.section(),
      w.interface(1, w.option(2, Uint8Array.of(108, 111)), w.option(9, Uint8Array.of(9))),
      w.block(0x0bad_cafe, new Uint8Array(30)),
      w.interface(276),
      w.packet(0, 1_700_000_000_000_000_001n, octets),
      w.packet(1, 1_700_000_000_000_002n, octets, 70),
      w.simplePacket(octets),
      w.oldPacket(1, 1_700_000_000_000_003n, octets),
      w.block(10, w.u32(0x544c534b), w.u32(5), Uint8Array.of(65, 66, 67, 68, 69)),
      new BlockWriter(!little).section(),
      new BlockWriter(!little).interface(101, new BlockWriter(!little).option(9, Uint8Array.of(0x8a))),
      new BlockWriter(!little).packet(0, 1_700_000_000n * 1024n + 512n, octets),
    );
    const result = read(file);
    assert.equal(result.error, undefined);
    assert.deepEqual(shown(result), [
      '1 2023-11-14T22:13:20.000000001Z 1 0102030405 5',
      '2 2023-11-14T22:13:20.000002Z 276 0102030405 70',
      '3  1 0102030405 5',
      '4 2023-11-14T22:13:20.000003Z 276 0102030405 5',
      '5 2023-11-14T22:13:20.500000000Z 101 0102030405 5',
    ]);
    assert.deepEqual(result.secrets, [{ type: 0x544c534b, data: Uint8Array.of(65, 66, 67, 68, 69) }]);
    assert.deepEqual(shown(read(file, Array(file.length).fill(1))), shown(result));
  });
}

test('if_tsoffset is added to every time', () => {
  const w = new BlockWriter();
  const offset = concatBytes(w.u32(0xffff_fff6), w.u32(0xffff_ffff));
  const file = concatBytes(
    w.section(),
    w.interface(1, w.option(14, offset)),
    w.packet(0, 20_000_000n, octets),
  );
  assert.deepEqual(shown(read(file)), ['1 1970-01-01T00:00:10.000000Z 1 0102030405 5']);
});

const w = new BlockWriter();
const start = concatBytes(w.section(), w.interface(1));
for (const [name, file, expected] of [
  ['an empty file', new Uint8Array(0), 'TRUNCATED 0'],
  ['no capture', new Uint8Array(40), 'BAD_VALUE 0'],
  ['another version of pcap', pcap([]).with(4, 9), 'UNSUPPORTED 4'],
  ['a packet longer than is read', concatBytes(pcap([{ octets }]).with(34, 9)), 'LIMIT 32'],
  [
    'a block that is too short',
    concatBytes(start, w.u32(6), w.u32(8), w.u32(8)),
    `BAD_VALUE ${start.length + 4}`,
  ],
  ['a block too long', concatBytes(start, w.u32(6), w.u32(0x200000), w.u32(0)), `LIMIT ${start.length + 4}`],
  ['lengths that differ', w.section().with(24, 9), 'BAD_VALUE 24'],
  [
    'an interface that is not described',
    concatBytes(start, w.packet(1, 0n, octets)),
    `BAD_VALUE ${start.length + 8}`,
  ],
  ['an order of octets that is none', w.section().with(8, 9), 'BAD_VALUE 8'],
  [
    'a packet beyond its block',
    concatBytes(start, w.packet(0, 0n, octets).with(20, 200)),
    `BAD_VALUE ${start.length + 20}`,
  ],
  [
    'an option beyond its block',
    concatBytes(w.section(), w.block(1, w.u32(1), w.u32(0), w.u16(9), w.u16(90))),
    'BAD_VALUE 44',
  ],
] as const) {
  test(`${name} ends with its place`, () => {
    const { error } = read(file);
    assert.equal(`${error?.code} ${error?.at.offset}`, expected, error?.message);
  });
}

const samples = [
  pcap([{ octets }, { octets: new Uint8Array(70) }, { octets }]),
  concatBytes(start, w.packet(0, 5n, octets), w.block(77, new Uint8Array(9)), w.simplePacket(octets)),
];

test('cut at each octet: what is whole is read, and the end is said', () => {
  for (const file of samples) {
    const whole = shown(read(file));
    const ends: number[] = [];
    for (let end = 0; end < file.length; end += 1) {
      const { packets, error } = read(file.slice(0, end));
      assert.deepEqual(shown({ packets, error, secrets: [] }), whole.slice(0, packets.length));
      if (error === undefined) ends.push(end);
      else assert.equal(error.code, 'TRUNCATED');
    }
    // Without an error it ends only between two records.
    assert.ok(ends.length <= 4, ends.join());
  }
});

test('in pieces of any size it is the same capture', () => {
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.array(fc.nat(40), { maxLength: 20 }), (file, pieces) => {
      assert.deepEqual(shown(read(file, pieces)), shown(read(file)));
    }),
  );
});

test('any octets, and any octets in the place of some, never do more than end with an error', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.array(fc.tuple(fc.nat(250), fc.nat(255)), { maxLength: 6 }),
      fc.uint8Array({ maxLength: 60 }),
      (file, changes, rest) => {
        const damaged = concatBytes(file, rest);
        for (const [at, octet] of changes) damaged[at] = octet;
        const { packets } = read(damaged);
        assert.ok(packets.every((packet) => packet.octets.length <= 262_144));
      },
    ),
    { numRuns: 300 },
  );
});

test('a compressed file, and one of a modified libpcap, are named and not read as octets', () => {
  const file = pcap([{ octets }]);
  const modified = Uint8Array.of(0x34, 0xcd, 0xb2, 0xa1);
  for (const [octets, expected] of [
    [gzipSync(file), /gzip: gunzip it first/],
    [concatBytes(modified, file.slice(4)), /modified libpcap/],
    [concatBytes(modified.toReversed(), file.slice(4)), /modified libpcap/],
  ] as const) {
    assert.ok(isCapture(octets));
    for (const pieces of [[], Array(9).fill(1)]) {
      const { packets, error } = read(octets, pieces);
      assert.equal(packets.length, 0);
      assert.equal(error?.code, 'UNSUPPORTED');
      assert.match(error.message, expected);
    }
  }
});

test('a fraction that is a second or more, as programs write that round, is carried', () => {
  for (const [nano, fraction, text] of [
    [false, 1_000_000, '21.000000'],
    [false, 2_000_001, '22.000001'],
    [true, 1_000_000_000, '21.000000000'],
    [true, 0xffff_ffff, '24.294967295'],
  ] as const) {
    const { packets, error } = read(pcap([{ octets, fraction }, { octets }], { nano }));
    assert.equal(error, undefined);
    const [first, second] = packets.map(({ time }) => time);
    assert.equal(first && timeText(first), `2023-11-14T22:13:${text}Z`);
    assert.ok((first?.carried ?? 0) > 0);
    assert.ok(second !== undefined && !('carried' in second));
  }
});

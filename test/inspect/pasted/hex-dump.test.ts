// What is a dump, and what is hex that only looks like one; headings, offsets that grow, and columns that stand apart.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '../../../src/core/index.ts';
import { isHexDump, readHexDump } from '../../../src/inspect/pasted/hex-dump.ts';

const read = (text: string): readonly string[] => readHexDump(text).map(bytesToHex);

describe('headings of dumps', () => {
  for (const [name, heading] of [
    ['of tshark', 'Frame (55 bytes):'],
    ['of tshark, with spaces that a mail left', 'Reassembled TCP (2 bytes):  '],
    ['of tcpdump', '12:34:56.123456 IP 192.0.2.1.2948 > 192.0.2.2.2948: UDP, length 2'],
    ['of tcpdump with the date', '2026-01-02 12:34:56.123456 IP 192.0.2.1.2948 > 192.0.2.2.2948: UDP'],
  ] as const) {
    it(`${name} begin another dump`, () => {
      const text = `${heading}\n0000  06 05\n${heading}\n0000  04 0b\n`;
      assert.ok(isHexDump(text));
      assert.deepEqual(read(text), ['0605', '040b']);
    });
  }

  it('are no sentences', () => {
    assert.throws(
      () => read('Frame of 55 bytes\n0000  06 05\n'),
      /line 1, column 1: an offset and octets were expected/,
    );
  });
});

describe('offsets of a dump', () => {
  it('of two digits grow to three', () => {
    const rows = Array.from({ length: 17 }, (_, index) => (index * 16).toString(16).padStart(2, '0'));
    const text = rows.map((offset) => `${offset}  ${'41 '.repeat(16)}\n`).join('');
    assert.match(text, /^100 /m);
    assert.ok(isHexDump(text));
    assert.deepEqual(read(text), ['41'.repeat(17 * 16)]);
  });

  it('of two digits stand apart from the octets, or they are octets', () => {
    assert.ok(isHexDump('00  06\n10  05\n'));
    assert.throws(
      () => read('00  06\n10  05\n'),
      /line 2, column 1: offset 10 does not follow: .* so 1 was expected/,
    );
    assert.ok(isHexDump('00: 06 05\n10: 04\n'), 'a colon');
    assert.ok(!isHexDump('00 06\n10 05\n'));
    assert.ok(!isHexDump('00  06'), 'one line');
  });

  it('grow by the octets of words, so that what hexdump -x prints is told as such', () => {
    const words = '0000 0605 040b 84c0 0201\n0008 0603 c4af 874e 94c5\n';
    assert.ok(isHexDump(words));
    assert.throws(() => read(words), /line 1, column 6: 0605 is no octet of two digits/);
    assert.ok(!isHexDump(words.replace('0008', '0009')), 'messages');
  });
});

describe('one line of a dump', () => {
  it('whose offset is not 0 is data or a dump, and is refused where nothing tells', () => {
    for (const line of ['00000010  06 05', '00000010 06 05', '00000010  06 05 <x']) {
      assert.throws(
        () => read(line),
        /line 1, column 1: 00000010 may be an offset or data: leave the offset out/,
      );
    }
  });

  it('is a dump where a text column, a colon or another line tells', () => {
    for (const line of [
      '00000010  06 05   ..',
      '00000010  06 05 |..|',
      '00000010  06 05  |..|  ',
      '00000010: 0605',
    ]) {
      assert.deepEqual(read(line), ['0605'], line);
    }
    assert.deepEqual(read('00000010  06 05\n00000012\n'), ['0605']);
  });

  it('has at most as many octets as those before it', () => {
    const text = `0000  ${'41 '.repeat(8)}\n0008  61 62 63 64 65 66 67 68  ab cd\n`;
    assert.deepEqual(read(text), [`${'41'.repeat(8)}6162636465666768`]);
  });

  it('has octets, unless it is the last one', () => {
    assert.throws(
      () => read('00000000\n00000010  06 05\n'),
      /line 2, column 1: offset 10 .* has 0 octets from 0/,
    );
    assert.throws(() => read('00000000\n'), /line 1, column 9: octets in two digits were expected/);
  });
});

describe('text columns on lines of their own', () => {
  it('are what the octets show', () => {
    assert.deepEqual(read('00000000: 4e01 797e\nN.y~\n'), ['4e01797e']);
    assert.deepEqual(read('00000000: 4e01797e  N.\ny~\n'), ['4e01797e'], 'folded within the text');
  });

  it('are refused where they show something else, and no offset says how many octets there are', () => {
    assert.throws(() => read('0000  06 05\n|ab|\n'), /line 2, column 1: an offset and octets were expected/);
    assert.deepEqual(read('0000  06 05\n|ab|\n0002\n'), ['0605']);
  });
});

describe('the base of offsets', () => {
  const pairs = '41 '.repeat(16);
  const hex = (lines: number): readonly string[] => ['41'.repeat(16 * lines)];

  it('is octal in seven digits only, and decimal', () => {
    assert.deepEqual(read(`0000000 ${pairs}\n0000020 ${pairs}\n0000040\n`), hex(2));
    assert.throws(
      () => read(`00000000 ${pairs}\n00000020 ${pairs}\n`),
      /line 2, .*offset 20 does not follow/,
    );
    assert.deepEqual(read(`00000000 ${pairs}\n00000016 ${pairs}\n00000032\n`), hex(2));
  });

  it('has no digits of another', () => {
    assert.throws(() => read('0000000 41\n0000018 41\n'), /line 2, .*offset 18 does not follow/);
    assert.throws(() => read('00000000 41\n0000001a 41\n'), /line 2, .*offset 1a does not follow/);
  });

  it('tells how often * repeats, and is refused where several bases would', () => {
    assert.deepEqual(read(`00000000 ${pairs}\n*\n00000030\n`), hex(3));
    assert.deepEqual(read(`0000000 ${pairs}\n*\n0000048\n`), hex(3), 'decimal');
    assert.deepEqual(
      read(`0000000 ${pairs}\n*\n0000060 ${pairs}\n0000100\n`),
      hex(4),
      'octal: the last line tells',
    );
    assert.throws(
      () => read(`0000000 ${pairs}\n*\n0000060 41\n0000061\n`),
      /line 2, column 1: how often \* repeats is not known: the offsets may be octal or hex/,
    );
    assert.throws(() => read(`00000000 ${pairs}\n*\n00000048\n`), /line 3, .*offset 48 does not follow/);
  });
});

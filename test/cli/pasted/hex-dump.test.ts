// What is a dump, and what is hex that only looks like one; headings, offsets that grow, and columns that stand apart.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isHexDump, readHexDump } from '../../../src/cli/pasted/hex-dump.ts';
import { bytesToHex } from '../../../src/core/index.ts';

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

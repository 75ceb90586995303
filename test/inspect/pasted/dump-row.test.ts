// One line of a dump: the octets end where the text column begins, and a text column that contradicts them is refused.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../../src/core/index.ts';
import { PasteError } from '../../../src/inspect/paste-forms/paste-error.ts';
import { isTextOf, octetsOf, readOctets, readRow } from '../../../src/inspect/pasted/dump-row.ts';

/** The octets of a line in hex. */
function octets(line: string, expected?: number, width = 16): string {
  const row = readRow(line, 1);
  assert.ok(row !== undefined, line);
  return bytesToHex(octetsOf(row, expected, width));
}

describe('a line of a dump', () => {
  it('is an offset with what stands around it, and the rest', () => {
    assert.deepEqual(readRow('  0x0010:  06 05', 3), {
      ...{ line: 3, offset: '0010', digits: 4, colon: true, prefixed: true },
      ...{ rest: '  06 05', column: 10 },
    });
    assert.equal(readRow('0605040b84c0020106 03', 1), undefined, 'more digits than an offset has');
    assert.equal(readRow('hello', 1), undefined);
  });

  it('has as many octets as stand before the frame, whatever its offset says', () => {
    const pairs = '06 05 04 0b 84 c0 02 01  06 03 c4 af 87 4e 94 c5';
    for (const frame of [
      '  |................|',
      '  |................|  ',
      ' |................|',
      '  >................<',
    ]) {
      assert.equal(octets(`00000000  ${pairs}${frame}`, 8), pairs.replaceAll(' ', ''), frame);
    }
    assert.equal(octets(`00000000  ${pairs}`, 8), '0605040b84c00201', 'no frame');
  });

  it('takes a bar that ends a text column for no frame', () => {
    assert.equal(octets('0000  61 62 20 78 20 7c  ab x |', 6), '61622078207c');
  });

  it('may show octets as text that ends with spaces', () => {
    assert.equal(octets('00000000: 6120  a '), '6120');
    assert.equal(octets('00000000: 6120 20  a  '), '612020');
    assert.throws(
      () => octets('00000000: 2061  a '),
      /line 1, column 11: the octets are not those of the text/,
    );
  });

  it('has words of four octets when the text column confirms them', () => {
    assert.equal(octets('00000000: 4e94c58c 01010101  N.......'), '4e94c58c01010101');
    assert.equal(octets('00000000: 4e94c58c 00000001  N.......'), '4e94c58c00000001');
    assert.throws(() => octets('00000000: 8cc5944e 01010101  N.......'), /use xxd without -e/);
  });

  it('tells words of binary digits from words of octets that look like them', () => {
    const header = '00000010 10000000 00000000 00000001';
    assert.equal(octets(`00000000: ${header}  ................`), header.replaceAll(' ', ''), 'xxd -g 4');
    assert.equal(octets('00000000: 00000001 00000004  ........'), '0000000100000004');
    for (const line of [
      '00000110 00000101  ..',
      '01000001                    A',
      '00000110 0000',
      '00100000 01000001   A',
    ]) {
      assert.throws(
        () => octets(`00000000: ${line}`),
        /column 11: binary digits are not read: use xxd without -b/,
        line,
      );
    }
  });

  it('is refused with the column of a word whose order of octets is not known', () => {
    assert.throws(
      () => octets('00000000  06 0504'),
      (error) => error instanceof PasteError && error.line === 1 && error.column === 11 + 3,
    );
    assert.throws(() => octets('00000000: 060 05'), /060 has an odd number of digits/);
  });

  it('has its text column at the right, behind a gap', () => {
    assert.equal(octets('00000000: 20616263                             abc'), '20616263');
    assert.equal(octets('00000000: 61626364      abcd  '), '61626364');
    assert.equal(octets('00000000: 7f41  .A'), '7f41');
    assert.throws(() => octets('00000000: 61626364      abcx'), /use xxd without -e/);
    assert.throws(() => octets('00000000: 8cc5944e 0101  x'), /use xxd without -e/);
    assert.throws(() => octets('00000000: 4e94c58c 01010101'), /use xxd without -e/, 'none');
  });

  it('may have lost its text column, or a part of it, where the octets stand alone', () => {
    for (const text of ['', '  ', '  a', '  abcde'])
      assert.equal(octets(`00000000: 6162${text}`), '6162', text);
  });

  it('leaves what stands behind its octets', () => {
    const row = readRow('00000000  06 05  |..|', 1);
    assert.ok(row !== undefined);
    assert.equal(readOctets(row, 2, 16).behind, '  |..|');
  });
});

describe('a text column on lines of its own', () => {
  const shown = (hex: string, ...lines: string[]): boolean => isTextOf(hexToBytes(hex), '', lines, false);

  it('shows a dot for what is no printable ASCII', () => {
    assert.ok(shown('4e94', 'N.'));
    assert.ok(shown('4e7f1f7e', 'N..~'));
    assert.ok(shown('4e94', '|N.|'));
    assert.ok(!shown('4e94', 'N\u0094'));
    assert.ok(!shown('4e95', 'NN'));
  });

  it('has spaces at its ends or not, within its frame alone', () => {
    assert.ok(
      shown('204120', 'A') && shown('204120', '| A |') && shown('412042', '  A B  ') && shown('4e', '>N<'),
    );
    assert.ok(!shown('4e94', 'x|N.|') && !shown('4e94', '|N.|x'));
  });

  it('is what a frame holds where no octet is missing', () => {
    const sure = (...lines: string[]): boolean => isTextOf(hexToBytes('4e94'), '', lines, true);
    assert.ok(sure('  |what else|  ') && sure('>what else<'));
    for (const line of ['|ab| x', 'x|ab|', 'ab']) assert.ok(!sure(line), line);
    assert.ok(!sure('|ab|', 'cd'));
  });

  it('may be cut', () => {
    assert.ok(shown('61626364', 'ab', 'cd'));
    assert.ok(isTextOf(hexToBytes('61626364'), '  |ab', ['cd|'], false));
  });
});

// Lines of hex: what stands around it is passed over, and what is no hex is named with its place.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '../../../src/core/index.ts';
import { HexLines, isHexLine } from '../../../src/inspect/pasted/hex-lines.ts';

function read(...lines: string[]): readonly string[] {
  const reader = new HexLines({ isMessage: () => false, areSegments: () => false, oneEach: true });
  const messages = [...lines.flatMap((line, index) => reader.push(line, index + 1)), ...reader.end()];
  return messages.map((each) =>
    'error' in each ? each.error.message : each.parts.map(bytesToHex).join(' '),
  );
}

describe('lines of hex', () => {
  it('may have 0x before them, quotes around them, and spaces between octets', () => {
    for (const line of [
      '060504',
      '0x060504',
      '0X060504',
      '0x06 0x05 0x04',
      '"060504";',
      "'06:05:04',",
      '06 05 04',
    ]) {
      assert.deepEqual(read(line), ['060504'], line);
    }
    assert.ok(isHexLine('"0x06-05";'));
    assert.ok(!isHexLine('06050z'));
  });

  it('have no 0x within a word, and the error says where', () => {
    const [found = ''] = read('06050x04');
    assert.match(found, /line 1, column 6: "x" is not a hex digit/);
  });

  it('are errors in their place when they are empty, or none', () => {
    const [first, second = '', third = '', ...more] = read('0605', '', '06z5');
    assert.deepEqual([first, more.length], ['0605', 0]);
    assert.match(second, /line 2, column 1: empty line: hex was expected/);
    assert.match(third, /line 3, column 3: "z" is not a hex digit/);
  });

  it('that are empty are counted at the beginning too', () => {
    const [first = '', second = '', third, ...more] = read('', ' ', '0605');
    assert.match(first, /line 1, column 1: empty line/);
    assert.match(second, /line 2, column 1: empty line/);
    assert.deepEqual([third, more.length], ['0605', 0]);
    assert.match(read('')[0] ?? '', /line 1, column 1: empty line/);
  });

  it('stand among what a modem says, and its empty lines are passed over', () => {
    assert.deepEqual(read('', '+CMT: ,3', '060504', '', 'OK'), ['060504']);
  });

  it('of one width are one message where they are one together, and none alone', () => {
    const half = '0605040b84c00201';
    const isMessage = (parts: readonly Uint8Array[]): boolean =>
      parts.map(bytesToHex).join('') === half + half;
    const reader = new HexLines({ isMessage, areSegments: () => false, oneEach: false });
    const lines = [half, half, '', half].flatMap((line, index) => reader.push(line, index + 1));
    const found = [...lines, ...reader.end()].map((each) =>
      'error' in each ? '' : each.parts.map(bytesToHex).join(' '),
    );
    assert.deepEqual(found, [half + half, half]);
  });
});

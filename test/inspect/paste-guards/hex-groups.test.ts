// Hex as printf prints it: an octet is a group, and digits of two groups are never one.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../../src/core/index.ts';
import { readPasted } from '../../../src/inspect/pasted/read-pasted.ts';
import { B, holds, octets, type Row } from './samples.ts';

const print = (each: (octet: number) => string, between: string): string => octets.map(each).join(between);
const short = (octet: number): string => octet.toString(16);
const signed = (octet: number): string =>
  `${octet > 127 ? 'ffffff' : ''}${octet.toString(16).padStart(2, '0')}`;

const rows: readonly Row[] = [
  ...[' ', '\t', '-', ':', '  ', ' - '].map((between): Row => [print(short, between), B]),
  ...[' ', '\t', '-', ':'].map((between): Row => [print(signed, between), B]),
  [print((octet) => (octet > 127 ? 'ffffff' : '') + short(octet), ' '), B],
  [print(signed, ' ').toUpperCase(), B],
  [`rx: ${print(signed, ' ')}`, B],
  ['6 5 4 b 84 c0 0 2', '0605040b84c00002'],
  ['1 6 3 c4 af 87 0a', '010603c4af870a'],
  ['0 a', '000a'],
  ['ffffffc4', 'ffffffc4'],
  ['0605 040b 84', '0605040b84'],
  [print(signed, ''), /column 1: ffffff stands before each octet from 80 on \(12 times\)/],
  ['ffffffc4 ffffffaf', /sign of a char.*or words/],
  ['01 06 03c', /column 7: "03c" has an odd number of digits/],
  ['0605 040 b84c', /column 6: "040" has an odd number/],
  ['0605040b8 4c002', /column 1: "0605040b8" has an odd number/],
  ['6:5:4:11', /hex, octal or decimal/],
  ['6 5', /hex, octal or decimal/],
  ['rx: 1 2 3 4 06 05 04 03 02 01', /column 11: "4" may be an octet or none/],
  [`rx: ${print(short, ' ')}`, /may be|is no octet/],
];

describe('groups of hex', () => {
  holds(rows);

  it('with --input hex, an octet that was broken is one, and one without its zero too', () => {
    const rules = { isMessage: () => false, areSegments: () => false, oneEach: false };
    for (const [text, expected] of [
      ['06 05 0\n4 0b', '0605040b'],
      ['0605040b8\n4c002', '0605040b84c002'],
      [print(short, ' '), B],
      [print(signed, '\n'), B],
    ] as const) {
      const [message] = readPasted(utf8ToBytes(text), 'hex', rules);
      assert.ok(message !== undefined && 'parts' in message);
      assert.deepEqual(message.parts.map(bytesToHex), [expected]);
    }
  });
});

// What is left of an octet that was damaged on its way is not read as another one, and what is no octet is not joined to those that are.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../../src/core/index.ts';
import { explainOctets } from '../../../src/inspect/explain/explain-octets.ts';
import { B, holds, octets, type Row, S, W, X } from './samples.ts';

const list = (print: (octet: number) => string): string => octets.map(print).join(', ');
const two = (octet: number): string => `0x${octet.toString(16).padStart(2, '0')}`;
const array = list(two);
const gdb = octets
  .map(
    (octet, index) =>
      `${index % 8 === 0 ? `\n0x7ffe${index.toString(16).padStart(4, '0')}:` : ''}\t${two(octet)}`,
  )
  .join('')
  .trim();
const kannel = [0, 16, 32].map((at) => `DEBUG:   data: ${S.slice(at * 3, at * 3 + 47)}`);
const dumpOf = (rows: readonly string[]): string =>
  ['DEBUG: Octet string at 0x1:', 'DEBUG:   len:  44', ...rows, 'DEBUG: Octet string dump ends.'].join('\n');
const base64 = Buffer.from(octets).toString('base64');

const slips: readonly Row[] = [
  [
    `{${array.replace('0x4e', '0xe').replace('0x0a', '0xa')}}`,
    /0xa has one digit, and others have their zero/,
  ],
  [`{${list((octet) => `0x${octet.toString(16)}`)}}`, B],
  [
    `[${list(String).replace('175, ', '17\n5, ')}]`,
    /column \d+: a comma is missing here, or a number was broken/,
  ],
  [`[${octets.join(' ').replace('175', '17\n5')}]`, /a line ends here, maybe within a number/],
  [X.replace('\\x63', 'x63'), /"x" stands for itself where all other octets are spelt/],
  [`"${X.replace('\\x63', '3\\x63')}"`, /column \d+: "3" stands for itself/],
  [B.replace(/../g, '%$&').replace('%63', '%63c'), /"c" stands for itself/],
  [X.replace(/(?<=.)\\/g, ',\\'), /column 5: a separator, or the octet 2C/],
  [B.replace(/../g, '\\x{$&}'), B],
  ['"\\0\\x01\\05x"', /column 8: \\05 may be octal, or a zero octet with a digit behind it/],
  ['06 05 4 0b', /column 7: "4" is one digit, and other octets have their zero/],
  ['6 5 4 b 0a', '0605040b0a'],
  [' 002406 005404 140204 000402\n', /column 2: octal words, as od prints them, or hex/],
  [dumpOf(kannel), B],
  [dumpOf([...kannel.slice(0, 2), ...kannel.slice(1)]), /44 octets in 4 lines: one is missing, stands twice/],
  [`unsigned char p[] = {${array}};\nunsigned int p_len = 44;`, B],
  [`unsigned char p[] = {${array}};\nunsigned int p_len = 50;`, /50 octets are declared, and 44/],
  [`header: ${W} payload: ${B}`, /header and payload may both be the octets/],
  ['```\n```\n06 05 04 0b', /no octets stand in this text where they are looked for/],
  ['--', /line 1, column 1: no octets in this line/],
];

const beside: readonly Row[] = [
  [`Hex dump (44) bytes:\n${B}`, B],
  [`id\tpdu\n1\t${S}\n2\t${S}\n`, `${B}|${B}`],
  [`{noformat}\n${S}\n{noformat}`, B],
  [`See:\n{code:title=push}\n${B}\n{code}\nThanks, Jo`, B],
  [`[code]${B}[/code]`, B],
  [`<pre>${S}</pre>`, B],
  [`${B.slice(0, 20)}\u200b${B.slice(20)}`, B],
  [`2026-11-30 ${B}`, /column 1: signs stand between some octets here, and not between others/],
  [`9b2a6f0e-7b1a-4b7f-9d1e-1a2b3c4d5e6f ${B}`, /column 1: signs stand/],
  [`00:11:22:33:44:55 ${B}`, /column 1: signs stand/],
  [`12:00 ${S}`, /column 1: signs stand/],
  [`0000- ${S}`, /column 1: signs stand/],
  [`<34>1 2026-11-30T12:00:00.003Z host app 4711 ID47 - rx ${B}`, B],
  [`$ xxd -p push.bin\n${B}`, B],
  [`>>> pdu.hex()\n'${B}'`, B],
  [`(gdb) x/44xb pdu\n${gdb}`, B],
  [`PS C:\\> Get-Content push.hex\n${B}`, B],
  [`(uint8_t[44]) $0 = {\n${octets.map((octet, index) => `  [${index}] = ${two(octet)}\n`).join('')}}`, B],
  [
    `(uint8_t[50]) $0 = {\n${octets.map((octet, index) => `  [${index}] = ${octet}\n`).join('')}}`,
    /50 octets are announced, and 44/,
  ],
  ['06:05:04:0b 84:c0:02:01 06', '0605040b84c0020106'],
  ['06-05-04-0b-84-c0', '0605040b84c0'],
];

describe('what is left of a damaged octet', () => holds(slips));
describe('what stands beside octets', () => holds(beside));

describe('what stands before a message', () => {
  const told = (text: string): string => {
    const [first] = explainOctets(utf8ToBytes(text));
    return first?.explanation.error?.message ?? (first === undefined ? '' : bytesToHex(first.octets));
  };
  for (const before of ['491701234567 ', '1796040000 ', '17:', '44 ', '2c ']) {
    it(`is none of it: ${before}`, () =>
      assert.match(
        told(`${before}${/^(?:44|2c) /.test(before) ? S : B}`),
        /may be octets or none: with it this is no message that is known/,
      ));
  }
  it('is the line before it, as SMPPSim prints words', () => {
    const words = B.toUpperCase().replace(/.{8}(?=.)/g, '$&:');
    assert.equal(told(words.replace(/(.{36})(?=.)/g, '$1\n')), B);
    assert.equal(told(`A push was received:\n${words.replace(/(.{36})(?=.)/g, '$1\n')}`), B);
  });
  it('is its header where it is one', () => assert.equal(told(`${W} ${B}`), W + B));
  it('a document in Base64, of hex or of marks stays one', () => {
    assert.equal(told(base64), B);
    const xml = '<SyncML><code>0605040b84c002</code><pre/></SyncML>';
    assert.equal(explainOctets(utf8ToBytes(xml))[0]?.octets.length, xml.length);
  });
});

// Counts and indexes that tools print beside octets are none of them, and are held against them.
import { describe } from 'node:test';
import { B, holds, octets, type Row, S, X } from '../paste-guards/samples.ts';

const two = (octet: number): string => octet.toString(16).padStart(2, '0');
const each = (print: (octet: number, index: number) => string, between: string): string =>
  octets.map(print).join(between);
const shown = (row: readonly number[]): string =>
  row.map((octet) => (octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.')).join('');
/** As curl --trace dumps. */
const curl = [0, 16, 32]
  .map((at) => {
    const row = octets.slice(at, at + 16);
    return `${at.toString(16).padStart(4, '0')}: ${row.map(two).join(' ').padEnd(48)}${shown(row)}\n`;
  })
  .join('');
const head =
  '=> Send header, 12 bytes (0xc)\n0000: 50 4f 53 54 20 2f 20 48 54 54 50 2f             POST / HTTP/\n';
const php = `Array\n(\n${each((octet, index) => `    [${index}] => ${octet}`, '\n')}\n)\n`;
const dump = `array(44) {\n${each((octet, index) => `  [${index}]=>\n  int(${octet})`, '\n')}\n}\n`;
const browser = `Uint8Array(44)\n${each((octet, index) => `${index}: ${octet}`, '\n')}\nbuffer: ArrayBuffer(44)\nbyteLength: 44\nbyteOffset: 0\nlength: 44\n`;
const pairs = S.replaceAll(' ', ':');

const rows: readonly Row[] = [
  [`=> Send data, 44 bytes (0x2c)\n${curl}`, B],
  [`01:00:00.123456 => Send data, 44 bytes (0x2c)\n${curl}`, B],
  [
    `== Info: Connected\n${head}=> Send data, 44 bytes (0x2c)\n${curl}== Info: done\n`,
    `504f5354202f20485454502f|${B}`,
  ],
  [`=> Send data, 50 bytes (0x32)\n${curl}`, /line 1.*50 octets are announced, and 44 are there/],
  ['06 05 04 [3]', '060504'],
  [`${S} [44]`, B],
  [`${S} (44 bytes)`, B],
  [`${B} (44 octets)`, B],
  ['06 05 04 [4]', /4 octets are announced, and 3 are there/],
  [php, B],
  [dump, B],
  [php.replace('    [3] => 196\n', ''), /index 4 does not follow 2/],
  [dump.replace('array(44)', 'array(50)'), /50 octets are announced, and 44/],
  [php.replace('196', '1960'), /hex|octet|digit/],
  [each((octet, index) => `[${index}]\t0x${two(octet)} '\\x${two(octet)}'\tunsigned char`, '\n'), B],
  [`\t${each((octet, index) => `[${index}]\t${octet}\tbyte`, '\n\t')}`, B],
  [browser, B],
  [browser.replace('Uint8Array(44)', 'Uint8Array(51)'), /51 octets are announced, and 44/],
  [`{udp, #Port<0.5>, {127,0,0,1}, 1234, <<${octets.join(',')}>>}`, B],
  [`{:udp, #Port<0.5>, {127, 0, 0, 1}, 1234, <<${octets.join(', ')}>>}`, B],
  ['{<<1,6>>, <<3,4>>}', /column 11: a second binary/],
  [` id |  payload \n----+---------\n  1 | \\x${B}\n(1 row)\n`, B],
  [`   payload    \n--------------\n \\x${B}\n \\x${B}\n(2 rows)\n`, `${B}|${B}`],
  [`payload = \\x${B}`, B],
  [`"${each((octet) => `\\${String(octet).padStart(3, '0')}`, '')}"`, B],
  [`"${each((octet) => `\\${octet}`, '')}"`, B],
  [`"${each((octet) => (octet > 0x40 && octet < 0x7f ? String.fromCharCode(octet) : `\\${octet}`), '')}"`, B],
  [`"${each((octet) => `\\${octet.toString(8).padStart(3, '0')}`, '')}"`, B],
  ['"\\001\\006\\003\\100"', /column 14: \\100 may be octal .* or decimal/],
  ["printf '\\001\\006\\003\\100'", '01060340'],
  ['"\\196\\377"', /\\377 is no decimal octet/],
  [`payload ${X}`, /column 1: a name, words, or octets/],
  [`payload=${X}`, /column 1: a name, words, or octets/],
  [`${X} sent`, /column 178: a name, words, or octets/],
  [`<<<<<< RAW:\n<<<<<<   length = 44\n<<<<<<   data   = ${pairs}\n`, B],
  [`<<<<<< RAW:\n<<<<<<   length = 50\n<<<<<<   data   = ${pairs}\n`, /line 3.*50 octets are announced/],
  [`<<<<<<   data = ${pairs}`, B],
  [`<- ${S}`, B],
  [`-> ${S}`, B],
  ['<- 06 05', '0605'],
  ['> 06 05', '0605'],
  [`<< ${S}\n>> ${S}`, `${B}|${B}`],
  [`${B}\x1a`, B],
  [`${B}\n\x1a`, B],
  [`${B}\0`, B],
  [`${S}\0`, B],
  [`unsigned char p[44] = {${octets.join(', ')}};`, B],
  [
    `unsigned char p[50] = {${octets.join(', ')}};`,
    B,
    /^1:15 50 octets are declared, and 44 are there: C adds zeros/,
  ],
  [`unsigned char p[40] = {${octets.join(', ')}};`, /40 octets are declared, and 44/],
  ['Uint8Array(44) [1, 6, 3]', /44 octets are declared, and 3/],
  ['let p: [u8; 50] = [1, 6, 3];', /50 octets are declared, and 3/],
  ['new byte[3] {1, 6}', /3 octets are declared, and 2/],
  [`{length = 50, bytes = 0x${B}}`, /length is 50, and 44 octets/],
];

describe('octets that tools list', () => holds(rows));

// Dumps with rulers and signs of their own, tables, records, and signs before octets.
import { describe } from 'node:test';
import { B, holds, octets, type Row, S } from '../paste-guards/samples.ts';

const two = (octet: number): string => octet.toString(16).padStart(2, '0');
const capital = (octet: number): string => two(octet).toUpperCase();
const digits = (at: number, width: number): string => at.toString(16).padStart(width, '0');
const shown = (row: readonly number[]): string =>
  row.map((octet) => (octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.')).join('');
const rowsOf = (print: (at: number, row: readonly number[]) => string): string =>
  [0, 16, 32].map((at) => print(at, octets.slice(at, at + 16))).join('\n');
const pairs = (row: readonly number[], middle: string, width: number): string =>
  row
    .map(two)
    .join(' ')
    .replace(/^(.{23}) /, `$1${middle}`)
    .padEnd(width);
const capitals = (row: readonly number[]): string => row.map(capital).join(' ').padEnd(47);

const ruler = '00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F';
const hxd = `Offset(h) ${ruler}\n\n${rowsOf((at, row) => `${digits(at, 8).toUpperCase()}  ${capitals(row)}  ${shown(row)}`)}`;
const powershell = `           ${ruler}\n\n${rowsOf((at, row) => `${digits(at, 8)}   ${capitals(row)}  ${shown(row)}`)}`;
const powershell7 = `   Label: String (System.String) <1A2B3C4D>\n\n          Offset Bytes                                           Ascii\n                 ${ruler}\n          ------ ----------------------------------------------- -----\n${rowsOf((at, row) => `${digits(at, 16)} ${capitals(row)} ${shown(row)}`)}\n`;
const radare = `- offset -   0 1  2 3  4 5  6 7  8 9  A B  C D  E F  0123456789ABCDEF\n${rowsOf(
  (at, row) =>
    `0x${digits(at, 8)}  ${row
      .map(two)
      .join('')
      .replace(/.{4}(?=.)/g, '$& ')
      .padEnd(39)}  ${shown(row)}`,
)}`;
const editor = `          0  1  2  3  4  5  6  7  8  9  A  B  C  D  E  F  0123456789ABCDEF\n${rowsOf((at, row) => `${digits(at, 4)}h: ${capitals(row)}  ${shown(row)}`)}`;
const windbg = rowsOf(
  (at, row) => `00000000\`${digits(0x401000 + at, 8)}  ${pairs(row, '-', 47)}  ${shown(row)}`,
);
const ngrep = `U 127.0.0.1:1234 -> 127.0.0.1:2948 #1\n${rowsOf((_at, row) => `  ${pairs(row, '    ', 50)}    ${shown(row)}`)}\n`;
const openssl = rowsOf((at, row) => `${digits(at, 4)} - ${pairs(row, '-', 47)}   ${shown(row)}`);
const hexyl = `┌────────┬─────┐\n${rowsOf((at, row) => `│${digits(at, 8)}│ ${row.slice(0, 8).map(two).join(' ')} ┊ ${row.slice(8).map(two).join(' ').padEnd(23)} │${shown(row.slice(0, 8))}┊${shown(row.slice(8))}│`)}\n└────────┴─────┘`;
const sum = (record: readonly number[]): number => record.reduce((all, octet) => all + octet, 0);
const intel = `${rowsOf((at, row) => {
  const record = [row.length, at >> 8, at & 255, 0, ...row];
  return `:${[...record, -sum(record) & 255].map(capital).join('')}`;
})}\n:00000001FF\n`;
const motorola = `S00600004844521B\n${rowsOf((at, row) => {
  const record = [row.length + 3, at >> 8, at & 255, ...row];
  return `S1${[...record, ~sum(record) & 255].map(capital).join('')}`;
})}\nS9030000FC\n`;
const printable = octets
  .map((octet) =>
    octet > 0x20 && octet < 0x7f && octet !== 0x3d ? String.fromCharCode(octet) : `=${capital(octet)}`,
  )
  .join('');
const node = `msg: <Buffer ${S}> {\n  address: '127.0.0.1',\n  family: 'IPv4',\n  port: 1234,\n  size: 44\n}`;
const border = '+----+------+\n';

const rows: readonly Row[] = [
  ...[hxd, powershell, powershell7, radare, editor, windbg, ngrep, openssl, hexyl].map(
    (dump): Row => [dump, B],
  ),
  [hxd.replace(/^00000010.*\n/m, ''), /offset 00000020 does not follow: the lines before have 16/],
  [openssl.replace(/c1 bb/, 'c1'), /offset 0020 does not follow: the lines before have 31/],
  [
    hexyl.replace(
      /│00000010.*\n/,
      '│*       │                         ┊                         │        ┊        │\n',
    ),
    /an offset and octets were expected/,
  ],
  [`${border}| id | pdu  |\n${border}|  1 | ${B} |\n${border}`, B],
  [`${border}| id | pdu  |\n${border}|  1 | 0x${B} |\n${border}1 row in set (0.00 sec)\n`, B],
  [`| id | pdu |\n|----|-----|\n| 1 | ${B} |\n| 2 | ${B} |\n`, `${B}|${B}`],
  [`┌────┬──────┐\n│ id │ pdu  │\n├────┼──────┤\n│ 1  │ ${B} │\n└────┴──────┘\n`, B],
  [`id  pdu\n--  ----\n1   ${B}\n`, B],
  [`| pdu | other |\n|---|---|\n| ${B} | ${B} |\n`, /hex on both sides of a sign/],
  [intel, B],
  [intel.replace('C4', 'C5'), /line 1.*the checksum of this record is wrong/],
  [intel.replace(/\n:1000.*/, ''), /line 2.*the address does not follow/],
  [intel.replace(':00000001FF\n', ''), /the last record is missing/],
  [motorola, B],
  [motorola.replace('C4', 'C5'), /line 2.*the checksum of this record is wrong/],
  [printable, B],
  [printable.replace('com', '=\ncom'), B],
  [node, B],
  [node.replace('size: 44', 'size: 50'), /50 octets are announced, and 44/],
  [octets.map((octet) => `$${capital(octet)}`).join(' '), B],
  [octets.map((octet) => `$${capital(octet)}`).join(', '), B],
  [octets.map((octet) => `&H${capital(octet)}`).join(', '), B],
  [octets.map((octet) => `&H${capital(octet)}`).join(' '), B],
  [octets.map(two).join('.'), B],
  [octets.map(two).join('\u2013'), B],
  [octets.map(two).join('\u2011'), B],
  ['0x0605, 0x040b, 0x84c0', /column 1: 0x0605 has 2 octets, whose order depends/],
  ['[0x0605, 0x040b]', /column 2: 0x0605 has 2 octets/],
  ['0x06050403, 0x01020304', /0x06050403 has 4 octets/],
  // Text columns that look like escapes and counts.
  ['0000  5c 31 30 00                                     \\10.\n', '5c313000'],
  ['0000  5c 31 5c 32                                     \\1\\2\n', '5c315c32'],
  ['0000  5b 33 5d                                        [3]\n', '5b335d'],
];

describe('dumps, tables and records of tools', () => holds(rows));

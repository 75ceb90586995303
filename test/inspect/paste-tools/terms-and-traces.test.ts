// Binaries of Erlang and Elixir, lists of Go and R, and dumps in the logs of other programs; what they count is held.
import { describe } from 'node:test';
import { B, holds, octets, type Row, S } from '../paste-guards/samples.ts';

const two = (octet: number): string => octet.toString(16).padStart(2, '0');
const shown = (row: readonly number[]): string =>
  row.map((octet) => (octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.')).join('');
const rows = (print: (at: number, row: readonly number[]) => string): string =>
  [0, 16, 32].map((at) => print(at, octets.slice(at, at + 16))).join('');
const pairs = (row: readonly number[]): string => row.map(two).join(' ');
const offset = (at: number, digits = 8): string => at.toString(16).padStart(digits, '0');

const decimal = octets.join(',');
/** The push without its last word, and that word. */
const mixed = `<<${octets.slice(0, -14).join(',')},"com.example.dm">>`;
const netty = (bytes: number): string =>
  [
    `12:00:00.123 [nio] DEBUG push - [id: 0x1a2b3c4d, L:/127.0.0.1:2948] READ: ${bytes}B`,
    '         +-------------------------------------------------+',
    '         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |',
    '+--------+-------------------------------------------------+----------------+',
    rows((at, row) => `|${offset(at)}| ${pairs(row).padEnd(47)} |${shown(row).padEnd(16)}|\n`).trimEnd(),
    '+--------+-------------------------------------------------+----------------+\n',
  ].join('\n');
const socat = (bytes: number, text: string): string =>
  `> 2026/11/30 12:00:00.000123456  length=${bytes} from=0 to=${bytes - 1}\n${text}--\n`;
const withText = rows((_, row) => ` ${pairs(row).padEnd(48)} ${shown(row)}\n`);
const kernel = rows(
  (at, row) => `[  123.45${at}] pdu: ${offset(at)}: ${pairs(row).padEnd(47)}  ${shown(row)}\n`,
);
const nc = rows((at, row) => `< ${offset(at)} ${pairs(row).padEnd(48)}# ${shown(row)}\n`);
const ncat = rows(
  (at, row) =>
    `[${offset(at, 4)}]   ${pairs(row.slice(0, 8))}   ${pairs(row.slice(8)).padEnd(23)}   ${shown(row)}\n`,
);
const ofR = [0, 20, 40]
  .map((at) => ` [${String(at + 1).padStart(2)}] ${pairs(octets.slice(at, at + 20))}\n`)
  .join('');

const terms: readonly Row[] = [
  [`1> Pdu.\n<<${decimal}>>\n`, B],
  [`iex(1)> pdu\n<<${octets.join(', ')}>>\n`, B],
  [`2026-11-30T12:00:00.123+00:00 info: pdu <<${decimal}>> from 127.0.0.1`, B],
  [mixed, B],
  [mixed.replace('">>', '"::binary>>'), B],
  [`<<16#${B}:${octets.length * 8}>>`, B],
  [`#Bin<${decimal}>`, B],
  ['<<1,6,"a\\tb\\x{63}\\n">>', '0106610962630a'],
  [`a <<${decimal}>>\nb <<1,6,"x">>\n`, `${B}|010678`],
  ['<<1,6,"x">> <<3,4>>', /column 13: a second binary/],
  ['<<1,256,"x">>', /column 5: 256 is no whole octets/],
  ['<<1:7,"x">>', /column 3: 1:7 is no whole octets/],
  ['<<1,6,"é">>', /column 7: é in a binary is one octet or several/],
];

const traces: readonly Row[] = [
  [netty(44), B],
  [`${netty(44)}${netty(44)}`, `${B}|${B}`],
  [netty(50), /line 1.*50 octets are announced, and 44 are there/],
  [netty(44).replace(/^\|00000010.*\n/m, ''), /line 6.*offset 00000020 does not follow/],
  [socat(44, ` ${S}\n`), B],
  [socat(44, withText), B],
  [`${socat(44, withText)}${socat(44, ` ${S}\n`)}`, `${B}|${B}`],
  [socat(45, withText), /line 1.*45 octets are announced, and 44 are there/],
  [kernel, B],
  [kernel.replace(/^.*00000010.*\n/m, ''), /line 2.*offset 20 does not follow/],
  [nc, B],
  [ncat, B],
  [`2026-11-30 12:00:00 host app: rx 44 bytes\n${kernel}`, B],
  [`pdu: [${octets.join(' ')}]`, B],
  [
    `2026/11/30 12:00:00 pdu: [${octets.join(' ')}]\n2026/11/30 12:00:01 pdu: [1 6 3 196 175 135]\n`,
    `${B}|010603c4af87`,
  ],
  [ofR, B],
  [ofR.replace(/^ \[21\].*\n/m, ''), /line 2.*index 41 does not follow 20/],
  [`[${octets.map((octet) => octet.toString(16)).join(', ')}]`, B],
];

describe('binaries of Erlang and Elixir', () => holds(terms));
describe('dumps and lists in logs', () => holds(traces));

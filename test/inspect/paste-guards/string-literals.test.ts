// Two string literals beside one another are one text only where a language joins them.
import { describe } from 'node:test';
import { B, holds, octets, type Row, X } from './samples.ts';

const address = '{sa_family=AF_INET, sin_port=htons(2948), sin_addr=inet_addr("127.0.0.1")}, 16) = 44';
/** As strace prints a string: octal, three digits before a digit. */
const strace = octets
  .map((octet, index) => {
    if (octet >= 0x20 && octet < 0x7f) return String.fromCharCode(octet);
    const next = octets[index + 1] ?? 0;
    return `\\${octet.toString(8).padStart(next >= 0x30 && next <= 0x39 ? 3 : 1, '0')}`;
  })
  .join('');
const said = /another text stands here, which was not read/;

const rows: readonly Row[] = [
  [`(b'${X}', ('127.0.0.1', 35601))`, B, /^1:184 another text/],
  [`(('127.0.0.1', 35601), b'${X}')`, B, /^1:3 another text/],
  [`sendto(3, "${X}", 44, 0, ${address}`, B, said],
  [`sendto(3, "${strace}", 44, 0, ${address}`, B, said],
  [`sendto(3, "${X.slice(0, 128)}"..., 44, 0, ${address}`, B.slice(0, 64), /the text was cut here/],
  [`10.0.0.1 - - [01/Dec/2026:01:00:00 +0000] "${X}" 400 157 "-" "-"`, B, said],
  [`10.0.0.1 - - [01/Dec/2026:01:00:00 +0000] "${X}" 400 157 "-" "-" 00f067aa0ba902b7`, B, said],
  [`data="${X}" peer="10.0.0.1"`, B, said],
  [`peer="10.0.0.1" data="${X}"`, B, said],
  [`Packet(data=b'${X}', peer='10.0.0.1')`, B, said],
  [`Packet(peer='10.0.0.1', data=b'${X}')`, B, said],
  [`Push { data: b"${X}", from: "10.0.0.1" }`, B, said],
  [`Push { from: "10.0.0.1", data: b"${X}" }`, B, said],
  [`printf "${X}" > "push.bin"`, B, said],
  [`SubmitSm { short_message: b'${X}', source_addr: b'491' }`, B, said],
  [`short_message: b'${X}' source_addr: b'491'`, B, said],
  [`source_addr: b'491' short_message: b'${X}'`, B, said],
  [`{'from': '491', 'payload': b'${X}'}`, B, said],
  [`payload=b'${X}' session=b'\\x00\\xf0\\x67'`, B, said],
  // Literals that are joined, and nothing said.
  ['"\\x01\\x06" "\\x03"', '010603'],
  ['"\\x01\\x06"\n  "\\x03";', '010603'],
  ["b'\\x01\\x06' +\n b'\\x03'", '010603'],
  ["'\\x01\\x06' . '\\x03'", '010603'],
  ['"\\x01\\x06" \\\n"a"', '010661'],
  ['"\\x01" /* "no" */ "\\x06"', '0106'],
  // Which one is meant cannot be told.
  ['a = "\\x01\\x06"; b = "\\x03\\x04"', /column 21: a second text/],
  ["(b'\\x01\\x06', b'\\x03')", /column 16: a second text/],
  [`payload="hello" other="${X}"`, /column 23: a second text/],
  [`data="${X}" msg="${X}"`, /a second text/],
  ['06 05 04 0b 84 "\\x01\\x06"', /column 1: octets in hex stand before/],
];

describe('a second string literal is no part of the first', () => holds(rows));

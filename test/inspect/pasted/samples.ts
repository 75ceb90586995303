// One push, App. C of DM-NOTI-1.2 as user data of a short message, in the forms that tools print; taken from the tools.
import { hexToBytes } from '../../../src/core/index.ts';

export const hex =
  '0605040b84c002010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765';
export const octets = hexToBytes(hex);

/** As `hexdump -C` prints it. */
export const hexdumpC = `00000000  06 05 04 0b 84 c0 02 01  06 03 c4 af 87 4e 94 c5  |.............N..|
00000010  8c 36 a8 c5 0a ab cd be  0c 29 6b 2b a7 02 d0 00  |.6.......)k+....|
00000020  00 00 12 34 12 63 6f 6d  2e 6d 67 6d 74 73 72 76  |...4.com.mgmtsrv|
00000030  2e 6d 61 6e 61 67 65                              |.manage|
00000037
`;

/** As `xxd` prints it. */
export const xxd = `00000000: 0605 040b 84c0 0201 0603 c4af 874e 94c5  .............N..
00000010: 8c36 a8c5 0aab cdbe 0c29 6b2b a702 d000  .6.......)k+....
00000020: 0000 1234 1263 6f6d 2e6d 676d 7473 7276  ...4.com.mgmtsrv
00000030: 2e6d 616e 6167 65                        .manage
`;

/** As Wireshark and `tshark -x` print it. */
export const wireshark = `0000  06 05 04 0b 84 c0 02 01 06 03 c4 af 87 4e 94 c5   .............N..
0010  8c 36 a8 c5 0a ab cd be 0c 29 6b 2b a7 02 d0 00   .6.......)k+....
0020  00 00 12 34 12 63 6f 6d 2e 6d 67 6d 74 73 72 76   ...4.com.mgmtsrv
0030  2e 6d 61 6e 61 67 65                              .manage

`;

const list = (bytes: Uint8Array): string =>
  Array.from(bytes, (octet) => `0x${octet.toString(16).padStart(2, '0')}`).join(', ');

/** Octets with \\x before each. */
export const escaped = (bytes: Uint8Array): string =>
  Array.from(bytes, (octet) => `\\x${octet.toString(16).padStart(2, '0')}`).join('');

/** Every form by its name. */
export const forms: Readonly<Record<string, string>> = {
  "PostgreSQL's bytea": `\\x${hex}`,
  "PostgreSQL's bytea, quoted and cast": `'\\x${hex.toUpperCase()}'::bytea`,
  'a binary of Erlang': `<<${[...octets].join(',')}>>.`,
  'a binary of Erlang, in hex': `<<${[...octets].map((octet) => `16#${octet.toString(16).padStart(2, '0')}`).join(',')}>>`,
  'a binary of Elixir': `<<${[...octets].map((octet) => `0x${octet.toString(16).padStart(2, '0')}`).join(', ')}>>`,
  hex,
  'hex in upper case': hex.toUpperCase(),
  'hex with colons': hex.replace(/..(?=.)/g, '$&:'),
  'hex in quotes': `"${hex}";`,
  'hexdump -C': hexdumpC,
  'hexdump -C, indented and without its last line': hexdumpC
    .replace(/^/gm, '  ')
    .replace(/\n {2}00000037\n {2}$/, ''),
  xxd,
  'xxd with line ends of Windows': xxd.replaceAll('\n', '\r\n'),
  'xxd -p': `${hex.slice(0, 60)}\n${hex.slice(60)}\n`,
  'xxd -i': `unsigned char s_bin[] = {\n  ${list(octets.subarray(0, 12))},\n  ${list(octets.subarray(12))}\n};\nunsigned int s_bin_len = 55;\n`,
  'tcpdump -x': xxd.replace(/^0000(.*?) {2}\S*$/gm, '\t0x$1').replace(/: /g, ':  '),
  Wireshark: wireshark,
  'Wireshark, older': wireshark.replace(/^(.{29})/gm, '$1 ').replaceAll('   .', '  .'),
  'Wireshark, a C array': `/* Frame (55 bytes) */\nstatic const unsigned char pkt1[55] = {\n${list(octets.subarray(0, 8))}, /* ..... */\n${list(octets.subarray(8))}  // end\n};\n`,
  'Wireshark, an escaped string': `"${escaped(octets.subarray(0, 16))}" \\\n"${escaped(octets.subarray(16))}"\n`,
  '0x06, 0x05': list(octets),
  '0x06 0x05': list(octets).replaceAll(',', ''),
  'an array of Java': `byte[] pdu = { ${list(octets).replaceAll('0x', '(byte) 0x')} };`,
  'an array of Go': `[]byte{${list(octets)}}`,
  'signed numbers': `[${Array.from(new Int8Array(octets)).join(', ')}]`,
  'bytes of Python': `b'${escaped(octets.subarray(0, 48))}.manage'`,
  'a list of Python': `bytes([${Array.from(octets).join(', ')}])`,
  'a Buffer of Node': `<Buffer ${hex.replace(/..(?=.)/g, '$& ')}>`,
  'bare escapes': escaped(octets),
  'a string of a shell': `$'${escaped(octets)}'`,
  Base64: Buffer.from(octets).toString('base64'),
  'Base64 in lines': Buffer.from(octets).toString('base64').replace(/.{20}/g, '$&\r\n'),
  'Base64 for URLs': Buffer.from(octets).toString('base64url'),
  'a data: URI': `data:application/octet-stream;base64,${Buffer.from(octets).toString('base64')}`,
};

const base64 = Buffer.from(octets).toString('base64');
const rows = (offset: (at: number) => string, text = ''): string =>
  (hex.match(/.{1,32}/g) ?? [])
    .map((row, index) => `${offset(index * 16)}${row.replace(/..(?=.)/g, '$& ')}${text}\n`)
    .join('');
const digits = (at: number, count: number): string => at.toString(16).padStart(count, '0');

/** Dumps whose offset column, or text column, is not as tools print them. */
export const oddDumps: Readonly<Record<string, string>> = {
  'hexdump -C, folded behind its octets': hexdumpC.replace(/^(.{60})(.+)$/gm, '$1\n$2'),
  'text columns on lines of their own': `${rows((at) => `${digits(at, 8)}  `, '\n|....|')}00000037\n`,
  'bullets of Markdown': rows((at) => `- ${digits(at, 8)}: `),
  '0x without a colon': rows((at) => `0x${digits(at, 4)}  `),
  'offsets of two digits': rows((at) => `${digits(at, 2)}  `),
  'offsets of two digits, one space': rows((at) => `${digits(at, 2)} `),
  'offsets of two digits and a colon': rows((at) => `${digits(at, 2)}: `),
  'offsets of three digits': rows((at) => `${digits(at, 3)}: `),
  'offsets with h': rows((at) => `${digits(at, 8)}h  `),
  'decimal offsets': rows((at) => `${String(at).padStart(4, '0')}  `),
  'decimal offsets of two digits': rows((at) => `${String(at).padStart(2, '0')}  `),
};

/** Octets as mails, tickets, logs and shells hand them on. */
export const wrapped: Readonly<Record<string, string>> = {
  'hex of quoted mail': `> ${hex}\n`,
  'a dump of quoted mail': hexdumpC.replace(/^/gm, '> ').replace(/> $/, ''),
  'mail quoted twice': xxd.replace(/^(?=.)/gm, '> > '),
  'Base64 of quoted mail': `> ${base64}\n`,
  'no-break spaces': hexdumpC.replaceAll(' ', '\u00a0'),
  'no-break spaces, one each': hexdumpC.replace(/ +/g, '\u00a0'),
  'a fence of Markdown': `Here is the push:\n\n\`\`\`text\n${xxd}\`\`\`\n\nThanks!\n`,
  'a fence without a language': `\`\`\`\n${hex}\n\`\`\`\n`,
  'a sentence above a dump': `Hi, here is the push:\n${hexdumpC}`,
  'a sentence above hex': `This is what the phone got:\n\n${hex}\n`,
  'Base64 in quotes': `"${base64}"`,
  'Base64 of quoted-printable': base64
    .replace(/.{40}/, '$&=\r\n')
    .replace(/=+$/, (pads) => '=3D'.repeat(pads.length)),
  'Base64 under its head': `Content-Type: application/vnd.syncml.notification\nContent-Transfer-Encoding: base64\n\n${base64}\n`,
  'percents of Kannel': hex.replace(/../g, '%$&'),
  'percents beside characters': hex.replace(/../g, '%$&').replace('%63%6f%6d', 'com'),
  'a Buffer of Node in JSON': JSON.stringify({ type: 'Buffer', data: Array.from(octets) }),
  'hex that a backslash continues': `${hex.slice(0, 40)} \\\n${hex.slice(40)}\n`,
  'hex with a backslash at its end': `${hex}\\`,
};

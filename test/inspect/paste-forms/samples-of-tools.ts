// One push in the forms that programs, debuggers and people give it; those of tools are taken from the tools.
import { hex, octets } from '../pasted/samples.ts';

const list = [...octets];
const join = (print: (octet: number) => string, between = ', '): string => list.map(print).join(between);
const two = (octet: number): string => octet.toString(16).padStart(2, '0');
const signed = (octet: number): string => String((octet << 24) >> 24);
const base64 = Buffer.from(octets).toString('base64');
const octal = join((octet) => `\\${octet.toString(8).padStart(3, '0')}`, '');
const rows = (width: number): readonly (readonly number[])[] =>
  Array.from({ length: Math.ceil(list.length / width) }, (_, row) =>
    list.slice(row * width, (row + 1) * width),
  );
const groups = hex.replace(/.{8}(?=.)/g, '$& ');
const psql = join(
  (octet) =>
    octet < 32 || octet > 126 ? `\\${octet.toString(8).padStart(3, '0')}` : String.fromCharCode(octet),
  '',
);
const gdb = (print: (octet: number) => string): string =>
  rows(8)
    .map((row, index) => {
      const name = index === 0 ? '<push>' : `<push+${index * 8}>`;
      return `0x${(0x4020 + index * 8).toString(16)} ${name}:\t${row.map(print).join('\t')}\n`;
    })
    .join('');

/** Each is read as the push. */
export const givenForms: Readonly<Record<string, string>> = {
  'Markdown: one line': `\`${hex}\``,
  'Markdown: in a sentence': `the push is \`${hex}\` as it was sent`,
  'Markdown: a fence in one line': `\`\`\`${hex}\`\`\``,
  'Markdown: a fence with a language': `\`\`\`hex\n${join(two, ' ')}\n\`\`\``,
  'JSON: numbers by a name': JSON.stringify({ payload: list }),
  'JSON: numbers among others': JSON.stringify({ to: '+49', port: 2948, payload: list }, undefined, 1),
  'JSON: signed numbers': JSON.stringify({ payload: list.map((octet) => (octet << 24) >> 24) }),
  'JSON: numbers by hex': JSON.stringify({ payload: list.map((octet) => `0x${octet.toString(16)}`) }),
  'JSON: a Buffer of Node': JSON.stringify(Buffer.from(octets)),
  'JSON: a Buffer of Node within': JSON.stringify({ to: 1, pdu: Buffer.from(octets) }),
  'JSON: a Uint8Array': JSON.stringify(octets),
  'Python: list of hex': `[${join((octet) => `0x${two(octet)}`)}]`,
  'Python: hex()': `[${join((octet) => `'0x${octet.toString(16)}'`)}]`,
  'Python: bytearray': `bytearray(b'${join((octet) => `\\x${two(octet)}`, '')}')`,
  'Python: bytes.fromhex': `data = bytes.fromhex("${join(two, ' ')}")`,
  'Python: base64': `base64.b64decode(b'${base64}')`,
  'Python: a name and bytes': `{'payload': b'${join((octet) => `\\x${two(octet)}`, '')}'}`,
  'Go: %#v': `[]byte{${join((octet) => `0x${octet.toString(16)}`)}}`,
  'Go: %v': `[${join(String, ' ')}]`,
  'Kotlin: byteArrayOf': `byteArrayOf(${join((octet) => `0x${two(octet)}.toByte()`)})`,
  'Kotlin: signed': `val push = byteArrayOf(${join(signed)})`,
  'Java: casts': `new byte[] {${join((octet) => `(byte) 0x${two(octet)}`)}};`,
  'Java: casts and decimals': `byte[] a = { ${join((octet) => (octet > 127 ? `(byte)0x${two(octet)}` : String(octet)))} };`,
  'Java: signed': `[${join(signed)}]`,
  'Java: signed, without brackets': join(signed),
  'Java: negative hex': `{${join((octet) => (octet > 127 ? `-0x${two(256 - octet)}` : `0x${two(octet)}`))}}`,
  'Java: Base64': `Base64.getDecoder().decode("${base64}")`,
  'JavaScript: atob': `atob("${base64}")`,
  'JavaScript: Buffer of hex': `Buffer.from("${hex}", "hex")`,
  'JavaScript: Buffer of Base64': `const push = Buffer.from('${base64}', 'base64');`,
  'JavaScript: a Uint8Array as Node prints it': `Uint8Array(55) [\n  ${join((octet) => String(octet).padStart(3))}\n]`,
  'C#: Base64': `Convert.FromBase64String("${base64}")`,
  'PHP: Base64': `base64_decode("${base64}")`,
  'Rust: an array': `let push: [u8; 55] = [${join((octet) => `0x${two(octet)}`)}];`,
  'Swift: an array': `let push: [UInt8] = [${join(String)}]`,
  'Swift: data': `<${groups}>`,
  'Swift: data, described': `{length = 55, bytes = 0x${groups} }`,
  'shell: octal escapes': octal,
  'shell: printf': `printf '${octal}'`,
  'shell: base64 -d': `echo ${base64} | base64 -d`,
  'protobuf: text': `payload: "${psql}"`,
  'PostgreSQL: escapes': psql,
  'PostgreSQL: E': `E'\\\\x${hex}'`,
  'YAML: !!binary': `payload: !!binary ${base64}`,
  'YAML: !!binary, quoted': `payload: !!binary "${base64}"`,
  'YAML: !!binary in lines': `to: 1\npayload: !!binary |\n  ${base64.slice(0, 40)}\n  ${base64.slice(40)}\nport: 2948\n`,
  'YAML: a list': `payload:\n${list.map((octet) => `  - ${octet}\n`).join('')}`,
  PEM: `A push:\n-----BEGIN PUSH-----\n${base64.slice(0, 64)}\n${base64.slice(64)}\n-----END PUSH-----\n`,
  'PEM, line ends of Windows': `-----BEGIN PUSH-----\r\n${base64}\r\n-----END PUSH-----\r\n`,
  'CSV: a cell': `"${hex}"`,
  'CSV: a row with quotes': `1,"2026-01-01","${hex}","ok"`,
  'CSV: a row': `1,+4912345678901,${hex},ok`,
  'CSV: Base64': `1,"${base64}",ok`,
  'CSV: names of the columns': `id;payload\n1;${hex}\n`,
  'a row between tabs': `1\t${hex}\tok`,
  'gdb: x/55xb': gdb((octet) => `0x${two(octet)}`),
  'gdb: x/55ub': gdb(String),
  'gdb: x/55db': gdb(signed),
  'gdb: x/55ob': gdb((octet) => (octet === 0 ? '0' : `0${octet.toString(8)}`)),
  'gdb: x/55tb': gdb((octet) => octet.toString(2).padStart(8, '0')),
  'gdb: p/x': `$1 = {${join((octet) => `0x${octet.toString(16)}`)}}`,
  'lldb: memory read': gdb((octet) => `0x${two(octet)}`)
    .replace(/ <[^>]*>:\t/g, ': ')
    .replaceAll('\t', ' '),
};

/** Each is read up to the mark of a cut, and says so. */
export const cutForms: readonly (readonly [text: string, read: string])[] = [
  [`${hex.slice(0, 40)}...`, hex.slice(0, 40)],
  [`${hex.slice(0, 40)}…`, hex.slice(0, 40)],
  [`${hex.slice(0, 41)}...`, hex.slice(0, 40)],
  [`${hex.slice(0, 40)} [...]`, hex.slice(0, 40)],
  [`${hex.slice(0, 40)}... (35 more bytes)`, hex.slice(0, 40)],
  [`"${hex.slice(0, 40)}..."`, hex.slice(0, 40)],
  [`06 05 04 0b 84 c0 …`, '0605040b84c0'],
  [`\`${hex.slice(0, 40)}...\``, hex.slice(0, 40)],
  ['<Buffer 06 05 04 ... 50 more bytes>', '060504'],
  ['Uint8Array(200) [\n  6, 5, 4, 11,\n  ... 100 more items\n]', '0605040b'],
  ['{0x06, 0x05, 0x04, ...}', '060504'],
  ['$1 = {0x6, 0x0 <repeats 3 times>, 0x5...}', ''],
];

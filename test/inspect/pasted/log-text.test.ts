// Octets as logs, databases, assemblers and JSON have them; where it is ambiguous which octets are meant, that is said with its place.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { PasteError } from '../../../src/inspect/paste-forms/paste-error.ts';
import { readPasted } from '../../../src/inspect/pasted/read-pasted.ts';
import { hex, octets, xxd } from './samples.ts';

const rules = { isMessage: () => false, areSegments: () => false, oneEach: false };
const outcome = (text: string): readonly string[] =>
  readPasted(utf8ToBytes(text), undefined, rules).map((message) =>
    'error' in message ? message.error.message : message.parts.map(bytesToHex).join(' '),
  );
const pairs = hex.replace(/..(?=.)/g, '$& ');
const base64 = Buffer.from(octets).toString('base64');

/** As `octstr_dump` of Kannel's gwlib prints a string. */
const kannel = (bytes: Uint8Array, before: string): string => {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const shown = Array.from(row, (octet) =>
      octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.',
    ).join('');
    rows.push(`  data: ${bytesToHex(row).replace(/../g, '$& ').padEnd(48)}  ${shown}`);
  }
  const lines = [
    'Octet string at 0x55d0c0de:',
    `  len:  ${bytes.length}`,
    `  size: ${bytes.length + 1}`,
    '  immutable: 0',
    ...rows,
    'Octet string dump ends.',
  ];
  return lines.map((line) => `${before}${line}\n`).join('');
};

const forms: Readonly<Record<string, string>> = {
  'a log line with day, time and words': `2026-11-30 12:00:00 [4711] DEBUG sent to 49151: ${pairs}`,
  'a log line with day and time alone': `2026-11-30 12:00:00 ${pairs}`,
  'day and time with a zone, hex in one word': `2026-11-30T12:00:00.123Z ${hex}`,
  'day and time of a system log': `Nov 30 12:00:00 host smsc[12]: recv ${pairs}`,
  'a time with milliseconds': `12:00:00.123 ${pairs}`,
  'a name and a colon': `pdu: ${hex}`,
  'a name and =, with quotes': `INFO push sent payload="${hex}"`,
  'a name and = at pairs': `data=${pairs}`,
  'brackets around': `[recv] <${pairs}>`,
  'a sentence on its line': `The handset got this push: ${hex}.`,
  'several lines of a log, of which one has hex': `2026-11-30 12:00:00 sent: ${hex}`,
  'a literal of SQL': `X'${hex.toUpperCase()}'`,
  'a literal in a statement': `INSERT INTO push (id, body) VALUES (12, x'${hex}');`,
  'a function of SQL': `SELECT UNHEX('${hex}');`,
  'a call of a program': `Buffer.from("${hex}", "hex")`,
  'octets with h': hex.replace(/../g, '$&h ').trim(),
  'octets with h and commas': `db ${hex.replace(/../g, (pair) => `${/^[a-f]/.test(pair) ? '0' : ''}${pair}h,`).slice(0, -1)}`,
  'curly quotes': `\u201c${hex}\u201d`,
  'curly quotes around pairs': `\u2018${pairs}\u2019`,
  'Base64 in curly quotes': `\u201e${base64}\u201c`,
  semicolons: hex.replace(/..(?=.)/g, '$&;'),
  'semicolons and 0x': hex.replace(/..(?=.)/g, '0x$&; ').replace(/..$/, '0x$&;'),
  underscores: hex.replace(/..(?=.)/g, '$&_'),
  'underscores between words': `0x${hex.replace(/.{8}(?=.)/g, '$&_')}`,
  "Kannel's dump of a string": kannel(octets, '2026-11-30 12:00:00 [4711] [6] DEBUG: '),
  "Kannel's dump, in quoted mail": kannel(octets, '> '),
  'JSON with a payload in Base64': JSON.stringify(
    { id: 12, to: 'tel:+49151', payload: base64, ttl: 60 },
    null,
    2,
  ),
  'JSON with a payload in hex': JSON.stringify({ push: { to: '49151', pdu: hex } }),
  'JSON with a / that is escaped': `{"data":"${base64.replaceAll('/', '\\/')}"}`,
  'JSON with an id beside the payload': JSON.stringify({
    id: '0123456789abcdef0123456789abcdef',
    body: base64,
  }),
  'JSON with one value of octets': JSON.stringify({ anything: base64 }),
};

describe('octets in logs, databases and JSON', () => {
  for (const [name, text] of Object.entries(forms)) {
    it(`are read: ${name}`, () => assert.deepEqual(outcome(text), [hex]));
  }

  it('are several where lines have some each', () => {
    const log = `2026-11-30 12:00:00 sent: ${hex}\n2026-11-30 12:00:01 sent: ${hex.slice(14)}\n`;
    assert.deepEqual(outcome(log), [hex, hex.slice(14)]);
    assert.deepEqual(outcome(`X'${hex}',\nX'${hex.slice(14)}'\n`), [hex, hex.slice(14)]);
    const two = kannel(octets, '') + kannel(octets.subarray(7), '');
    assert.deepEqual(outcome(two), [hex, hex.slice(14)]);
  });

  it("are Kannel's whatever they are, also where their text looks like hex", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 50 }),
      fc
        .array(fc.constantFrom(...'0123456789abcdef '), { minLength: 1, maxLength: 50 })
        .map((list) => utf8ToBytes(list.join(''))),
    );
    fc.assert(
      fc.property(bytes, (each) => assert.deepEqual(outcome(kannel(each, 'DEBUG: ')), [bytesToHex(each)])),
    );
  });

  for (const [name, text, expected] of [
    ['a time, or three octets', `12:00:00 ${pairs}`, /line 1, column 1: 12:00:00 may be a time or octets/],
    ['a number that may be the length', `sent 54 ${pairs.slice(3)}`, /column 6: "54" may be an octet/],
    ['a value before the octets', `push len=37 ${pairs}`, /column 10: "37" may be an octet, or belong/],
    [
      'two literals in a line',
      `VALUES (x'${hex}', x'${hex}')`,
      /column \d+: a second text of hex in this line/,
    ],
    ['decimal or hex, with semicolons', '10;20;30', /hex or decimal\?/],
    [
      'two values of JSON',
      JSON.stringify({ payload: base64, message: hex }),
      /column \d+: payload, message may be octets: paste one of these values/,
    ],
    [
      'a line that is missing in a dump of Kannel',
      kannel(octets, 'DEBUG: ')
        .replace(/^.*data: 0c.*\n/m, '')
        .replace(/^.*data: 8c.*\n/m, ''),
      /Kannel says len 55, and its data are 39 octets/,
    ],
  ] as const) {
    it(`are refused with their place: ${name}`, () => {
      const [message] = readPasted(utf8ToBytes(text), undefined, rules);
      assert.ok(message !== undefined && 'error' in message, name);
      assert.ok(message.error instanceof PasteError);
      assert.match(message.error.message, expected);
    });
  }

  it('stay what they were in other forms', () => {
    assert.deepEqual(outcome(xxd), [hex]);
    const sip = 'MESSAGE sip:a@b SIP/2.0\r\nAuthorization: Digest nonce="0123456789abcdef"\r\n\r\n';
    assert.deepEqual(outcome(sip), [bytesToHex(utf8ToBytes(sip))]);
    assert.deepEqual(outcome('0605040b84c002'), ['0605040b84c002']);
    assert.equal(bytesToHex(hexToBytes(hex)), hex);
  });

  it('any text of such pieces gives messages or errors with their place', () => {
    const pieces = fc.constantFrom(
      ...[
        '2026-11-30 12:00:00 ',
        '12:00:00 ',
        'len=',
        'data: ',
        'recv ',
        '06',
        '06 05 04 ',
        hex,
        base64,
        '\n',
      ],
      ...[
        "X'",
        "'",
        '"',
        '{"a":',
        '}',
        ',',
        ';',
        '_',
        'h ',
        'Octet string at 0x1:',
        'len: 4',
        '\u201c',
        ' [',
        ']',
      ],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (list) => {
        for (const message of readPasted(utf8ToBytes(list.join('')), undefined, rules)) {
          if ('error' in message) assert.ok(message.error.code !== '');
          else assert.ok(message.parts.length > 0);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

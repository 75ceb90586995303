// What engineers paste: octets in every form give the same octets, and no column of a dump is taken for data.
import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { largestMessage, PasteError } from '../../../src/inspect/paste-forms/paste-error.ts';
import type { PastedMessage } from '../../../src/inspect/pasted/hex-lines.ts';
import { formOf, readPasted } from '../../../src/inspect/pasted/read-pasted.ts';
import { forms, hex, hexdumpC, octets, oddDumps, wireshark, wrapped, xxd } from './samples.ts';

const rules = { isMessage: () => false, areSegments: () => false, oneEach: false };

function read(text: string | Uint8Array): readonly PastedMessage[] {
  return readPasted(typeof text === 'string' ? utf8ToBytes(text) : text, undefined, rules);
}

/** The octets of each message in hex, or what was refused. */
function outcome(text: string | Uint8Array): readonly string[] {
  return read(text).map((message) =>
    'error' in message ? message.error.message : message.parts.map(bytesToHex).join(' '),
  );
}

describe('octets that are pasted', () => {
  for (const [name, text] of Object.entries(forms)) {
    it(`reads ${name}`, () => assert.deepEqual(outcome(text), [hex]));
  }

  for (const [name, text] of Object.entries({ ...oddDumps, ...wrapped })) {
    it(`reads ${name}`, () => assert.deepEqual(outcome(text), [hex]));
  }

  it('takes no offset for data, however a dump was folded', () => {
    // A folded line that begins with 00 and nothing else may be a message.
    const { 'offsets of two digits, one space': _, ...odd } = oddDumps;
    const dumps = [...Object.values(odd), hexdumpC, xxd, wireshark];
    for (const dump of dumps) {
      for (let width = 20; width < 80; width += 1) {
        const folded = dump.replace(new RegExp(`^(.{${width}})(?=.)`, 'gm'), '$1\n');
        for (const each of outcome(folded)) {
          assert.ok(each === hex || /line \d+/.test(each), `${width}: ${each}\n${folded}`);
        }
      }
    }
    const cut = hexdumpC.replace(/^(.{40})/gm, '$1\n');
    assert.match(outcome(cut)[0] ?? '', /^(?:BAD_FORMAT: )?line 2, .*folded/);
    assert.match(
      outcome('00  06 05 04\n10  06 05\n20  01\n30  02\n')[0] ?? '',
      /line 2, .*offset 10 does not follow/,
    );
    assert.match(outcome('00000000  06-05 04-0b\n')[0] ?? '', /line 1, .*two digits were expected/);
    assert.deepEqual(outcome('00 06 01 02\n01 06 01 02\n'), ['00060102', '01060102'], 'messages, no offsets');
  });

  it('names what is ambiguous in percent-encoding', () => {
    assert.match(outcome('%06%05+a')[0] ?? '', /column 7: \+ is a space in forms/);
    assert.match(outcome('udh=%06%05&text=%01%06')[0] ?? '', /one value was expected/);
    assert.match(outcome('%06%05%4')[0] ?? '', /% without two hex digits/);
  });

  it('keeps line and column of a text that was quoted', () => {
    assert.match(outcome('> 0605040b84c002\n> 06050z')[1] ?? '', /line 2, column 8: "z"/);
    assert.match(
      outcome(xxd.replace(/^(?=.)/gm, '> ').replace('00000020', '00000030'))[0] ?? '',
      /line 3, column 1: offset 30/,
    );
  });

  it('reads octets as they are, and text of XML and SIP', () => {
    assert.deepEqual(outcome(octets), [hex]);
    const xml = '\n <SyncML/>';
    assert.deepEqual(outcome(xml), [bytesToHex(utf8ToBytes(xml))]);
    const sip = 'MESSAGE sip:a@b SIP/2.0\r\n\r\n';
    assert.deepEqual(outcome(sip), [bytesToHex(utf8ToBytes(sip))]);
    assert.deepEqual(outcome(sip.replaceAll('\r', '')), [bytesToHex(utf8ToBytes(sip))], 'CRs that were lost');
  });

  it('reads what PowerShell writes: UTF-16', () => {
    const text = `\ufeff${xxd}`;
    assert.deepEqual(outcome(new Uint8Array(Buffer.from(text, 'utf16le'))), [hex]);
    assert.deepEqual(outcome(new Uint8Array(Buffer.from(text, 'utf16le').swap16())), [hex]);
  });

  it('takes octets for UTF-16 only behind its mark, and only where they are text', () => {
    const none = hexToBytes('0030003600300035');
    assert.equal(formOf(none), 'binary');
    assert.deepEqual(outcome(none), [bytesToHex(none)]);
    for (const marked of ['fffe010203040506', 'feff0102030405']) {
      assert.equal(formOf(hexToBytes(marked)), 'binary');
      assert.deepEqual(outcome(hexToBytes(marked)), [marked]);
    }
  });

  it('reads several: lines, arrays, dumps of several frames, texts of Base64 with padding', () => {
    assert.deepEqual(outcome(`${hex}\n${hex.slice(14)}\n`), [hex, hex.slice(14)]);
    assert.deepEqual(outcome(`char a[] = { 0x01, 0x02 };\nchar b[] = { 0x03 };`), ['0102', '03']);
    assert.deepEqual(outcome(`${wireshark}${wireshark}`), [hex, hex]);
    const named = `Frame (55 bytes):\n${wireshark}Reassembled TCP (2 bytes):\n0000  01 02   ..\n`;
    assert.deepEqual(outcome(named), [hex, '0102']);
    const two = ['QUJDREVGR0hJSktMTU5PUA==', 'YWJjZGVmZ2hpamtsbW5vcA=='];
    assert.equal(outcome(two.join('\n')).length, 2);
  });

  it('expands * of a dump, up to the next offset', () => {
    const line = '06 05 04 0b 84 c0 02 01  06 03 c4 af 87 4e 94 c5';
    const dump = `00000000  ${line}\n*\n00000040  01 02\n00000042\n`;
    assert.deepEqual(outcome(dump), [`${line.replaceAll(' ', '').repeat(4)}0102`]);
    assert.match(outcome(`00000000  ${line}\n*\n`)[0] ?? '', /line 2, .*how often/);
    assert.match(outcome(`00000000  ${line}\n*\n00000048\n`)[0] ?? '', /line 3, .*offset 48 does not follow/);
    assert.match(outcome(`*\n${hexdumpC}`)[0] ?? '', /\* |hex digit/);
    assert.match(outcome(`00000000  ${line}\n*\nfffffff0\n`)[0] ?? '', /longer than 4194304/);
  });

  it('reads offsets in octal and decimal where those run on', () => {
    const pairs = (count: number): string => Array(count).fill('41').join(' ');
    assert.deepEqual(outcome(`0000000 ${pairs(16)}\n0000020 ${pairs(2)}\n0000022\n`), ['41'.repeat(18)]);
    assert.deepEqual(outcome(`0000000 ${pairs(16)}\n0000016 ${pairs(2)}\n0000018\n`), ['41'.repeat(18)]);
  });

  for (const [name, text, expected] of [
    [
      'offsets that do not run on',
      xxd.replace('00000020', '00000030'),
      /line 3, column 1: offset 30 does not follow: .* so 20/,
    ],
    [
      'a line that is missing',
      hexdumpC.replace(/^00000010.*\n/m, ''),
      /line 2, column 1: offset 20 does not follow/,
    ],
    [
      'an octet that is missing',
      wireshark.replace('0010  8c 36', '0010  8c'),
      /line 3, column 1: offset 20 does not follow/,
    ],
    [
      'words of hexdump',
      '0000000 0506 0b04 c084 0102 0306\n000000a\n',
      /line 1, column 9: 0506 is no octet.*hexdump -C/,
    ],
    ['words of od', '0000000 002406 005404\n0000004\n', /002406 is no octet/],
    [
      'words of xxd -e',
      '00000000: 0b040506 0102c084 afc40306 c5944e87  .............N..\n',
      /xxd without -e/,
    ],
    ['bits of xxd -b', '00000000: 00000110 00000101 00000100 00001011  ....\n', /without -b/],
    ['text in a dump', `${xxd}hello\n`, /line 5, column 1: an offset and octets were expected/],
    ['an offset or data', '0605 04 0b', /line 1, column 1: 0605 may be an offset or data/],
    [
      'a hex digit that is none',
      `${hex.slice(0, 8)}O${hex.slice(9)}`,
      /line 1, column 9: "O" is not a hex digit/,
    ],
    ['an odd number of digits', hex.slice(1), /line 1, column 1: odd number/],
    ['a number beyond an octet', '{ 0x06, 0x105 }', /line 1, column 9: "0x105" is no octet/],
    ['hex or decimal', '10, 20, 30', /line 1, column 1: hex or decimal\?/],
    ['a bracket that is not closed', '{ 0x06,\n 0x05', /line 1, column 1: the bracket/],
    ['a quote that is not closed', '"\\x06\\x05', /line 1, column 1: the quote is not closed/],
    ['an unknown escape', '"\\x06"\n"\\q"', /line 2, column 2: a backslash/],
    ['a character that is no octet', "b'\\x06é'", /column 7: a character that is no octet/],
    [
      'Base64 with a fault',
      `${Buffer.from(octets).toString('base64').slice(0, 60)}\n!aaa`,
      /line 1, column|not/,
    ],
  ] as const) {
    it(`refuses ${name}, with its place`, () => {
      const [first] = read(text);
      assert.ok(first !== undefined && 'error' in first, name);
      assert.match(first.error.message, expected);
      if (first.error instanceof PasteError) assert.ok(first.error.line >= 1 && first.error.column >= 1);
    });
  }

  it('does not take hex with a slip, or words, for Base64', () => {
    for (const text of [
      '0605040b84c002O10603c4af87',
      'nothing-like-hex',
      'capture',
      'C:/Users/me/push',
      '/tmp/reveille-lint-aB3xY9/nothing',
      'zz',
    ]) {
      assert.notEqual(formOf(utf8ToBytes(text)), 'base64', text);
    }
  });

  it('takes Base64 of octets by chance, of any length, and no prose', () => {
    // Each run of nine small letters would stop it; of 64 KiB there are some sixteen.
    const sizes = fc.constantFrom(128, 256, 512, 1024, 4096, 16_384, 65_536);
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        sizes,
        fc.boolean(),
        (key, size, folded) => {
          const chance = createCipheriv('aes-128-ctr', key, new Uint8Array(16)).update(new Uint8Array(size));
          const text = chance.toString('base64');
          const given = folded ? text.replace(/.{76}/g, '$&\n') : text;
          assert.equal(formOf(utf8ToBytes(given)), 'base64');
          assert.deepEqual(outcome(given), [chance.toString('hex')]);
        },
      ),
    );
    const prose = readFileSync(new URL('../../../docs/inspector.md', import.meta.url), 'utf8');
    for (const text of [prose, prose.replace(/[^A-Za-z0-9]/g, ''), prose.replace(/[^A-Za-z0-9\s]/g, '')]) {
      assert.notEqual(formOf(utf8ToBytes(text)), 'base64');
    }
  });

  it('takes the published vectors of WTLS in Base64', () => {
    const file = new URL('../../../vectors/wtls.json', import.meta.url);
    const { vectors }: { vectors: { id: string; octets: string }[] } = JSON.parse(readFileSync(file, 'utf8'));
    assert.ok(vectors.length > 4);
    for (const { id, octets } of vectors) {
      assert.deepEqual(outcome(Buffer.from(octets, 'hex').toString('base64')), [octets], id);
    }
  });

  it('bounds a message', () => {
    const long = new Uint8Array(largestMessage + 1);
    assert.match(outcome(long)[0] ?? '', /longer than/);
    assert.match(outcome('00'.repeat(largestMessage + 1))[0] ?? '', /longer than/);
    assert.match(outcome('\n'.repeat(300_000))[0] ?? '', /more than 250000 lines/);
  });

  it('dumps of any octets, as tools print them, give those octets', () => {
    const shown = (part: Uint8Array): string =>
      Array.from(part, (octet) => (octet >= 32 && octet < 127 ? String.fromCharCode(octet) : '.')).join('');
    const rows = (bytes: Uint8Array): readonly (readonly [number, Uint8Array])[] =>
      Array.from({ length: Math.ceil(bytes.length / 16) }, (_, row) => [
        row * 16,
        bytes.subarray(row * 16, row * 16 + 16),
      ]);
    const pairs = (part: Uint8Array): string => bytesToHex(part).replace(/..(?=.)/g, '$& ');
    const printers: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
      xxd: (bytes) =>
        rows(bytes)
          .map(
            ([at, part]) =>
              `${at.toString(16).padStart(8, '0')}: ${bytesToHex(part)
                .replace(/....(?=.)/g, '$& ')
                .padEnd(39)}  ${shown(part)}\n`,
          )
          .join(''),
      wireshark: (bytes) =>
        rows(bytes)
          .map(
            ([at, part]) =>
              `${at.toString(16).padStart(4, '0')}  ${pairs(part).padEnd(47)}   ${shown(part)}\n`,
          )
          .join(''),
      od: (bytes) =>
        `${rows(bytes)
          .map(
            ([at, part]) =>
              `${at.toString(16).padStart(6, '0')} ${pairs(part).padEnd(47)}  >${shown(part)}<\n`,
          )
          .join('')}${bytes.length.toString(16).padStart(6, '0')}\n`,
      hexdump: (bytes) =>
        `${rows(bytes)
          .map(([at, part]) => {
            const text = pairs(part).padEnd(47);
            return `${at.toString(16).padStart(8, '0')}  ${text.slice(0, 23)}  ${text.slice(24)}  |${shown(part)}|\n`;
          })
          .join('')}${bytes.length.toString(16).padStart(8, '0')}\n`,
    };
    const printable = fc.array(fc.constantFrom(...' abcdef0123456789|<>:*'), { minLength: 1, maxLength: 70 });
    const any = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 70 }),
      printable.map((list) => utf8ToBytes(list.join(''))),
    );
    for (const [name, print] of Object.entries(printers)) {
      fc.assert(
        fc.property(any, (bytes) =>
          assert.deepEqual(outcome(print(bytes)), [bytesToHex(bytes)], print(bytes)),
        ),
        { numRuns: 400 },
      );
      assert.deepEqual(outcome(print(octets)), [hex], name);
    }
  });

  it('any text gives messages or errors with their place', () => {
    const pieces = fc.constantFrom(
      ...[
        '00000000',
        '0000',
        ': ',
        '  ',
        ' ',
        '\n',
        '06',
        '0x06',
        ', ',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '\\x06',
        '\\',
        '*',
      ],
      ...[
        'b',
        'QUJD',
        '=',
        '|',
        '<',
        '>',
        '/*',
        '*/',
        '//',
        ';',
        'é',
        '00000010',
        '-',
        '(byte)',
        '...',
        '\t',
      ],
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 30 }).map((list) => list.join('')),
          fc.string(),
        ),
        (text) => {
          for (const message of read(text)) {
            if ('error' in message)
              assert.ok(message.error instanceof PasteError || message.error.code !== '');
            else assert.ok(message.parts.length > 0);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});

// Octets as programs, debuggers and people give them: read as they are, or refused with what is ambiguous; never read as others.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../../src/core/index.ts';
import { explainOctets } from '../../../src/inspect/explain/explain-octets.ts';
import { PasteError } from '../../../src/inspect/paste-forms/paste-error.ts';
import type { PastedMessage } from '../../../src/inspect/pasted/hex-lines.ts';
import { readPasted } from '../../../src/inspect/pasted/read-pasted.ts';
import { hex } from '../pasted/samples.ts';
import { cutForms, givenForms } from './samples-of-tools.ts';

const rules = { isMessage: () => false, areSegments: () => false, oneEach: false };
const read = (text: string): readonly PastedMessage[] => readPasted(utf8ToBytes(text), undefined, rules);
const outcome = (text: string): readonly string[] =>
  read(text).map((message) =>
    'error' in message ? message.error.message : message.parts.map(bytesToHex).join(' '),
  );

describe('octets are read as they were given', () => {
  for (const [name, text] of Object.entries(givenForms)) {
    it(name, () => {
      assert.deepEqual(outcome(text), [hex]);
      const [message] = read(text);
      assert.ok(message !== undefined && 'parts' in message && message.cut === undefined);
    });
  }

  it('several PEM blocks, several rows of a table', () => {
    assert.deepEqual(
      outcome('-----BEGIN A-----\nAQID\n-----END A-----\n-----BEGIN B-----\nBAUG\n-----END B-----\n'),
      ['010203', '040506'],
    );
    assert.deepEqual(outcome(`id,pdu\n1,${hex}\n2,${hex}\n`), [hex, hex]);
  });

  it('what gdb repeats is repeated', () => {
    assert.deepEqual(outcome('$1 = {0x1, 0x6, 0x0 <repeats 16 times>, 0x3}'), [`0106${'00'.repeat(16)}03`]);
    assert.deepEqual(outcome(`$1 = "\\001\\006", '\\000' <repeats 15 times>, "\\003a"`), [
      `0106${'00'.repeat(15)}0361`,
    ]);
    assert.match(outcome("'\\000' <repeats 9999999 times>")[0] ?? '', /longer than 4194304/);
    assert.match(outcome('{0x1, 0x0 <repeats 9999999 times>}')[0] ?? '', /longer than 4194304/);
  });

  it('words whose octets are turned round are refused where the message tells', () => {
    const message = '00000010000000150000000000000001';
    const turned = '0000 1000 0000 1500 0000 0000 0000 0100\n';
    const isMessage = (parts: readonly Uint8Array[]): boolean => parts.map(bytesToHex).join('') === message;
    const [first] = readPasted(utf8ToBytes(turned), undefined, { ...rules, isMessage });
    assert.ok(first !== undefined && 'error' in first);
    assert.match(first.error.message, /turned round.*od -t x1/);
  });
});

describe('a text that was cut', () => {
  for (const [text, expected] of cutForms) {
    if (expected === '') {
      it(`is refused where its last number may be cut: ${text}`, () =>
        assert.match(outcome(text)[0] ?? '', /may be cut itself/));
    } else {
      it(`is read up to there: ${JSON.stringify(text.slice(-24))}`, () => {
        const [message] = read(text);
        assert.ok(message !== undefined && 'parts' in message, outcome(text)[0]);
        assert.deepEqual(message.parts.map(bytesToHex), [expected]);
        assert.match(message.cut?.message ?? '', /was cut/);
      });
    }
  }

  it('says half an octet that it had', () => {
    const [message] = read(`${hex.slice(0, 41)}...`);
    assert.ok(message !== undefined && 'parts' in message);
    assert.match(message.cut?.message ?? '', /half an octet/);
  });

  it('has a deviation behind its last octet', () => {
    const [explained] = explainOctets(utf8ToBytes(`${hex.slice(0, 40)}...`));
    const [deviation] = explained?.explanation.deviations ?? [];
    assert.equal(deviation?.offset, 20);
    assert.match(deviation?.message ?? '', /line 1, column 41: the text was cut/);
  });

  it('has no mark in the text column of a dump, nor in octets that are characters', () => {
    const dump = '00000000  06 05 04 0b                                       |....|\n';
    const [message] = read(dump);
    assert.ok(message !== undefined && 'parts' in message && message.cut === undefined);
    assert.deepEqual(outcome('"\\x06..."'), ['062e2e2e']);
  });
});

describe('what could be read in two ways is refused with its place', () => {
  const refused: readonly (readonly [name: string, text: string, expected: RegExp])[] = [
    [
      'octets left out between others',
      `${hex.slice(0, 20)}...${hex.slice(-10)}`,
      /column 21: octets are left out/,
    ],
    [
      'data that Swift has cut',
      '{length = 55, bytes = 0x0605040b 84c00201 ... 6e616765 }',
      /octets are left out/,
    ],
    ['dots that may be octets', '\\x06\\x05...', /dots may be octets/],
    ['characters of another encoding', "Buffer.from('010603c4af87', 'utf8')", /characters \(utf8\)/],
    ['characters without an encoding', "Buffer.from('010603c4af87')", /characters \(utf8\)/],
    ['two lists', '{"payload":[1,2,3],"data":[4,5,6]}', /may be octets: paste one/],
    ['two texts of octets', "{'udh': b'\\x06\\x05', 'payload': b'\\x01'}", /a second text/],
    ['two texts of Base64', `[atob("AQID"), atob("BAUG")]`, /a second text of Base64/],
    ['two pieces of code in a line', '`0605040b` and `84c00201`', /a second text/],
    ['two columns', `id,udh,ud\n1,${hex},${hex}\n`, /columns 2 and 3 may both/],
    ['hex or decimal between brackets', '[10 20 30 40]', /hex or decimal/],
    ['decimals without brackets', '  6   5   4  11 132\n', /hex, octal or decimal/],
    ['octal without offsets', ' 006 005 004 013 204\n', /hex, octal or decimal/],
    ['binary digits', '00000110 00000101', /binary digits/],
    ['characters beyond ASCII', '{"payload":"\\u0006\\u0084"}', /column 19: \\u0084 is a character/],
    ['words of gdb', '0x4020 <push>:\t0x0b040506\t0x0102c084\n', /several octets, whose order/],
    ['words of gdb in decimal', '0x4020:\t1\t2\t3\t4\n0x4030:\t1\t2\t3\t4\n', /values of 4 octets/],
    ['one line of gdb in decimal', '0x4020:\t6\t5\n', /may be more than one octet/],
    ['addresses that do not run on', '0x4020:\t0x06\t0x05\n0x4023:\t0x04\n', /line 2.*does not follow/],
    ['a block of PEM without its end', '-----BEGIN PUSH-----\nAQID\n', /the block is cut/],
    [
      'an encrypted block of PEM',
      '-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nAQID\n-----END A-----\n',
      /encrypted/,
    ],
    [
      'a block of PEM with a fault',
      '-----BEGIN A-----\nAQ!D\n-----END A-----\n',
      /line 2, column 3: not Base64/,
    ],
    ['octal or characters', '0000000   1   2   3   4\n0000004\n', /octal, decimal or characters/],
    ['lines of od that are missing', '0000000 006 005\n0000010 004\n', /do not run on/],
  ];
  for (const [name, text, expected] of refused) {
    it(name, () => {
      const [first] = read(text);
      assert.ok(first !== undefined && 'error' in first, outcome(text).join());
      assert.ok(first.error instanceof PasteError);
      assert.match(first.error.message, expected);
    });
  }
});

// Escapes within quotes: each is one octet, and the next character stands right behind it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '../../../src/core/index.ts';
import { isEscapedText } from '../../../src/inspect/paste-forms/escaped-text.ts';
import { readEscapedText as readText } from '../../../src/inspect/paste-guards/escaped-texts.ts';

const readEscapedText = (text: string): Uint8Array => readText(text).octets;

describe('strings with escapes', () => {
  // In quotes: a reader that does not move on past an escape meets the quote before it again.
  for (const [text, hex] of [
    [String.raw`"\x41"`, '41'],
    [String.raw`"\x0605"`, '063035'],
    [String.raw`"\101"`, '41'],
    [String.raw`'\n'`, '0a'],
    [String.raw`b"\x06" "\x05"`, '0605'],
    [String.raw`"\x06" /* "no" */ "\x05"`, '0605'],
    ['"\\x06\\\n\\x05"', '0605'],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => assert.equal(bytesToHex(readEscapedText(text)), hex));
  }

  it('says where they are wrong', () => {
    assert.throws(
      () => readEscapedText(String.raw`"a" \x05`),
      /line 1, column 5: an octet outside the quotes/,
    );
    assert.throws(() => readEscapedText('"a\nb"'), /line 1, column 3: the line ends within quotes/);
    assert.throws(() => readEscapedText('"ab'), /line 1, column 1: the quote is not closed/);
    assert.throws(
      () => readEscapedText(String.raw`"\q"`),
      /line 1, column 2: a backslash with something behind it/,
    );
    assert.throws(() => readEscapedText(String.raw`"\777"`), /line 1, column 2: beyond one octet/);
    assert.throws(() => readEscapedText('"é"'), /line 1, column 2: a character that is no octet/);
  });

  it('are told from text by \\x and two digits', () => {
    assert.ok(isEscapedText(String.raw`"\x06"`));
    assert.ok(!isEscapedText(String.raw`"\x6"`));
  });
});

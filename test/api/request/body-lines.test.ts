// How lines end, one by one: each call is looked at, so that none goes on for ever.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BodyLines } from '../../../src/api/request/body-lines.ts';
import { ApiError } from '../../../src/api/request/problem.ts';
import { ValueError } from '../../../src/core/index.ts';

const tooLong = (limit: number) =>
  new ApiError(413, 'TOO_LONG', `the line is larger than this server takes: at most ${limit} octets fit`);

test('behind the last line there is none, whether the octets are text or not', () => {
  for (const [octets, first] of [
    [Buffer.from('a\nb\n'), { number: 1, text: 'a' }],
    [
      Buffer.from('\xff\nb\n', 'latin1'),
      { number: 1, text: '', fault: new ValueError('BAD_FORMAT', 'the line is not UTF-8 (octet 1)') },
    ],
    [Buffer.from('abcde\nb\n'), { number: 1, text: '', fault: tooLong(4) }],
  ] as const) {
    const lines = new BodyLines(4);
    assert.equal(lines.add(octets), true);
    assert.deepEqual(lines.next(), first);
    assert.deepEqual(lines.next(), { number: 2, text: 'b' });
    assert.equal(lines.next(), undefined);
    assert.equal(lines.next(), undefined);
    assert.equal(lines.add(Buffer.from('c\n')), true);
    assert.deepEqual(lines.next(), { number: 3, text: 'c' });
    assert.equal(lines.next(), undefined);
  }
});

test('a line that came in pieces is one, however large its place has to be', () => {
  for (const length of [1, 4095, 4096, 4097, 8192, 8193, 20_000]) {
    const lines = new BodyLines(20_000);
    const text = 'ab'.repeat(length).slice(0, length);
    for (let at = 0; at < length; at += 1000) {
      assert.equal(lines.add(Buffer.from(text.slice(at, at + 1000))), false);
    }
    assert.equal(lines.next(), undefined);
    assert.equal(lines.add(Buffer.from('\nnext\nand')), true);
    assert.equal(lines.isWithinLine, true);
    assert.deepEqual(lines.next(), { number: 1, text });
    assert.deepEqual(lines.next(), { number: 2, text: 'next' });
    assert.equal(lines.next(), undefined);
    lines.end();
    assert.equal(lines.isWithinLine, false);
    assert.deepEqual(lines.next(), { number: 3, text: 'and' });
    assert.equal(lines.next(), undefined);
  }
});

test('a line in pieces that is one octet too long is refused, and the next one is read', () => {
  for (const limit of [1, 10, 4096, 5000]) {
    const lines = new BodyLines(limit);
    lines.add(Buffer.from('x'.repeat(limit)));
    lines.add(Buffer.from('x'));
    lines.add(Buffer.from('x'.repeat(limit * 2)));
    assert.equal(lines.add(Buffer.from('\ny\n')), true);
    assert.deepEqual(lines.next(), { number: 1, text: '', fault: tooLong(limit) });
    assert.deepEqual(lines.next(), { number: 2, text: 'y' });
    assert.equal(lines.next(), undefined);
  }
});

test('blank lines count and are left out; a body without a line has none', () => {
  const lines = new BodyLines(100);
  lines.end();
  assert.equal(lines.next(), undefined);
  lines.add(Buffer.from('\n \t\r\n\ufeff\nz\n\u00a0\n'));
  assert.deepEqual(lines.next(), { number: 4, text: 'z' });
  // White space beyond that of JSON is for the reader of JSON to refuse.
  assert.deepEqual(lines.next(), { number: 5, text: '\u00a0' });
  assert.equal(lines.next(), undefined);
});

// Keys out of text: what is taken, what is refused and in which line, and what a key says of itself.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { ConfigError } from '../../../src/core/index.ts';
import { mostSealKeys, readSealKeys } from '../../../src/store/index.ts';

const octets = Buffer.from('8f1d4c7be2a09356f41b6ac8d3e50792bb6e1f48a5d2703c9914e7c65a0b8df2', 'hex');
const other = Buffer.from('0f1d4c7be2a09356f41b6ac8d3e50792bb6e1f48a5d2703c9914e7c65a0b8df2', 'hex');

test('hex, Base64 and Base64 for URLs are the same key', () => {
  const texts = ['hex', 'base64', 'base64url'].map((coding) => octets.toString(coding as BufferEncoding));
  const ids = texts.map((text) => readSealKeys(text, 'k')[0]?.id);
  assert.match(ids[0] ?? '', /^[0-9a-f]{16}$/);
  assert.deepEqual(ids, [ids[0], ids[0], ids[0]]);
  assert.deepEqual(readSealKeys(octets.toString('hex').toUpperCase(), 'k')[0]?.id, ids[0]);
});

test('one a line, the first one first; empty lines and remarks say nothing', () => {
  const text = `# new\r\n${other.toString('hex')}\r\n\r\n  ${octets.toString('base64')}  \n# end`;
  const [first, second, ...rest] = readSealKeys(text, 'k');
  assert.equal(first?.id, readSealKeys(other.toString('hex'), 'k')[0]?.id);
  assert.equal(second?.id, readSealKeys(octets.toString('hex'), 'k')[0]?.id);
  assert.notEqual(first?.id, second?.id);
  assert.deepEqual(rest, []);
});

const hex = octets.toString('hex');
const refused: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['no key', '\n# nothing\n', /^k has no key: make one with reveille seal new-key$/],
  ['a short one', `# a\n${hex.slice(2)}`, /^k, line 2: 31 octets, and a key has 32/],
  ['a long one', `${hex}00`, /^k, line 1: 33 octets/],
  ['half an octet', hex.slice(1), /^k, line 1: 47 octets|^k, line 1: neither hex nor Base64/],
  ['no Base64', `${hex}\nnot a key!`, /^k, line 2: neither hex nor Base64/],
  ['bits of no octet', `${octets.toString('base64').slice(0, 42)}9=`, /^k, line 1: neither hex nor Base64/],
  ['one that repeats', '00'.repeat(32), /^k, line 1: its octets repeat/],
  [
    'one that is text',
    Buffer.from('correct horse battery staple 123').toString('base64'),
    /^k, line 1: it is text/,
  ],
  [
    'one that counts',
    Buffer.from(Array.from({ length: 32 }, (_, at) => at * 3)).toString('hex'),
    /its octets count/,
  ],
  [
    'one that is there twice',
    `${hex}\n\n${octets.toString('base64')}`,
    /^k, line 3: the key of line 1 again$/,
  ],
  [
    'too many',
    Array.from({ length: mostSealKeys + 1 }, () => randomBytes(32).toString('hex')).join('\n'),
    /^k, line 17: more than 16 keys$/,
  ],
  ['far too much', `#${'x'.repeat(70_000)}`, /^k: 70001 characters/],
];

for (const [what, text, message] of refused) {
  test(`${what} is refused, without a word of it`, () => {
    assert.throws(
      () => readSealKeys(text, 'k'),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, message);
        for (const line of text.split('\n')) {
          if (line.length > 8) assert.ok(!error.message.includes(line.slice(0, 8)), error.message);
        }
        return true;
      },
    );
  });
}

test('keys that a machine drew are taken', () => {
  for (let count = 0; count < 2000; count += 1) readSealKeys(randomBytes(32).toString('base64'), 'k');
});

test('a key shows nothing of its octets', () => {
  const [key] = readSealKeys(hex, 'k');
  const shown = `${inspect(key, { depth: 9, showHidden: true })}${JSON.stringify(key)}${String(key?.key)}`;
  assert.ok(!shown.includes(hex.slice(0, 8)));
  assert.ok(!hex.includes(key?.id ?? ''));
});

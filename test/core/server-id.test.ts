import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isServerId, requireServerId, ValueError } from '../../src/core/index.ts';
import { parseAcl } from '../../src/tree/index.ts';

test('DM-TND-1.2 §7.7.1.5: a ServerID is exactly what an ACL can name as a server', () => {
  const named = (text: string): boolean => {
    try {
      const { Get: ids = [] } = parseAcl(`Get=${text}`) ?? {};
      return ids.length === 1 && ids[0] === text && text !== '*';
    } catch (error) {
      assert.ok(error instanceof ValueError);
      return false;
    }
  };
  const characters = fc.constantFrom(
    'a',
    '.',
    '-',
    '*',
    '+',
    '&',
    '=',
    ' ',
    '\t',
    '\n',
    '\0',
    'é',
    '\u2028',
    '\ud800',
  );
  const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: characters }), fc.string());
  fc.assert(fc.property(texts, (text) => assert.equal(isServerId(text), named(text), JSON.stringify(text))));
  for (const length of [1, 255, 256]) {
    assert.equal(isServerId('x'.repeat(length)), length < 256);
    assert.equal(named('x'.repeat(length)), length < 256);
  }
});

test('what is no ServerID is refused with its path and what is wrong', () => {
  assert.equal(requireServerId('com.example.dm', 'serverId'), 'com.example.dm');
  for (const text of [
    '',
    '*',
    'a+b',
    'a&b',
    'a=b',
    ' a',
    'a b',
    'a\u00a0b',
    'a\r',
    'a\0',
    'a\u202eb',
    '\udc00',
  ]) {
    assert.throws(() => requireServerId(text, 'accounts[0].serverId'), {
      code: 'BAD_FORMAT',
      path: 'accounts[0].serverId',
    });
  }
  assert.throws(() => requireServerId('é'.repeat(128), 'serverId'), {
    code: 'TOO_LONG',
    message: /256 octets/,
  });
});

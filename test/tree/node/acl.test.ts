import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ValueError } from '../../../src/core/index.ts';
import {
  type Acl,
  aclAllows,
  aclCommands,
  aclFor,
  aclWithout,
  formatAcl,
  isAclServerId,
  parseAcl,
} from '../../../src/tree/index.ts';

test('DM-TND-1.2 §7.7.1.5: the example of the grammar', () => {
  const text =
    'Add=www.sonera.fi-8765&Delete=www.sonera.fi-8765&Replace=www.sonera.fi-8765+321_ibm.com&Get=*';
  assert.deepEqual(parseAcl(text), {
    Add: ['www.sonera.fi-8765'],
    Delete: ['www.sonera.fi-8765'],
    Replace: ['321_ibm.com', 'www.sonera.fi-8765'],
    Get: ['*'],
  });
  assert.equal(
    formatAcl(parseAcl(text)),
    'Add=www.sonera.fi-8765&Delete=www.sonera.fi-8765&Get=*&Replace=321_ibm.com+www.sonera.fi-8765',
  );
});

test('DM-TND-1.2 §7.7.1.5: no value means inherited', () => {
  assert.equal(parseAcl(''), undefined);
  assert.equal(parseAcl(' \r\n'), undefined);
  assert.equal(formatAcl(undefined), '');
});

test('DM-TND-1.2 §7.7.1.5: * overrides other ids of its command; repeated commands and ids are one', () => {
  assert.equal(formatAcl(parseAcl('Get=a+*+b')), 'Get=*');
  assert.equal(formatAcl(parseAcl('Get=b&Exec=x&Get=a+b')), 'Exec=x&Get=a+b');
});

test('DM-TND-1.2 §7.7.1.5: what the grammar does not allow is refused', () => {
  const wrong = [
    'Get',
    'Get=',
    '=a',
    'get=a',
    'Copy=a',
    'Get=a&',
    '&Get=a',
    'Get=a++b',
    'Get=a b',
    'Get=a*',
    'Get=a=b',
    'Get=a\u0000',
  ];
  for (const text of [...wrong, 'constructor=a', '__proto__=a']) {
    assert.throws(() => parseAcl(text), { code: 'BAD_FORMAT' }, text);
  }
  assert.throws(() => parseAcl(`Get=${'a'.repeat(9000)}`), { code: 'TOO_LONG' });
});

test('an ACL has 8192 characters at most, and an id in it those of a ServerID, unless it was kept by an earlier version', () => {
  const long = (length: number): string => {
    const ids = Array.from(
      { length: 40 },
      (_, index) => `${String(index).padStart(3, '0')}${'a'.repeat(200)}`,
    );
    const text = `Get=${ids.join('+')}`;
    return `${text}+${'b'.repeat(length - text.length - 1)}`;
  };
  assert.equal(parseAcl(` ${long(8192)} `)?.Get?.length, 41);
  assert.throws(() => parseAcl(long(8193)), { code: 'TOO_LONG' });
  assert.equal(parseAcl(long(8193), 'kept')?.Get?.length, 41);
  assert.equal(parseAcl(`Get=${'a'.repeat(255)}`)?.Get?.[0]?.length, 255);
  assert.throws(() => parseAcl(`Get=${'a'.repeat(256)}`), { code: 'BAD_FORMAT' });
  assert.equal(parseAcl(`Get=${'a'.repeat(256)}`, 'kept')?.Get?.[0]?.length, 256);
  for (const text of ['Get=a b', 'Get=', 'Get', 'Copy=a']) {
    assert.throws(() => parseAcl(text, 'kept'), { code: 'BAD_FORMAT' }, text);
  }
});

test('DM-TND-1.2 §7.7.1.5: server ids are printable and free of the grammar’s own characters', () => {
  for (const id of ['com.mgmtsrv.manage', 'sérvër', '日本', 'a-b_c.d:8765/x'])
    assert.equal(isAclServerId(id), true, id);
  for (const id of ['', 'a b', 'a\u00a0b', 'a=b', 'a&b', '*', 'a+b', 'a\tb', 'a\u200bb', '\ud800']) {
    assert.equal(isAclServerId(id), false, JSON.stringify(id));
  }
});

test('only an id that is listed, or any id under *, may give the command', () => {
  const acl = parseAcl('Get=*&Replace=a+b') ?? {};
  assert.equal(aclAllows(acl, 'Get', 'anyone'), true);
  assert.equal(aclAllows(acl, 'Replace', 'b'), true);
  assert.equal(aclAllows(acl, 'Replace', 'c'), false);
  assert.equal(aclAllows(acl, 'Delete', 'a'), false);
  // An id that is itself a star is nobody.
  assert.equal(aclAllows(acl, 'Replace', '*'), false);
});

test('DM-TND-1.2 §7.7.1.4: an id is taken out of every command', () => {
  const acl = parseAcl('Add=a&Get=a+b&Replace=b') ?? {};
  assert.equal(formatAcl(aclWithout(acl, 'a')), 'Get=b&Replace=b');
  assert.equal(formatAcl(aclWithout(acl, 'a', 'everyone')), 'Add=*&Get=b&Replace=b');
  assert.equal(aclWithout(acl, 'c'), acl);
  assert.equal(aclWithout(aclFor('a', ['Get']), 'a'), undefined);
});

const id = fc
  .array(fc.constantFrom(...'ab.:/-_ü日'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));
const ids = fc.oneof(
  fc.constant(['*']),
  fc.uniqueArray(id, { minLength: 1, maxLength: 4 }).map((each) => each.sort()),
);
const acl: fc.Arbitrary<Acl> = fc
  .record(Object.fromEntries(aclCommands.map((command) => [command, ids])), {
    requiredKeys: [],
    noNullPrototype: true,
  })
  .filter((each) => Object.keys(each).length > 0);

test('any ACL → text → the same ACL', () => {
  fc.assert(fc.property(acl, (each) => assert.deepEqual(parseAcl(formatAcl(each)), each)));
});

test('any text is an ACL with one canonical form, or a ValueError', () => {
  const text = fc
    .array(fc.constantFrom('Get', 'Add', '=', '&', '+', '*', 'a', 'b', ' '))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (each) => {
      try {
        const canonical = formatAcl(parseAcl(each));
        assert.equal(formatAcl(parseAcl(canonical)), canonical);
      } catch (error) {
        assert.ok(error instanceof ValueError);
      }
    }),
    { numRuns: 500 },
  );
});

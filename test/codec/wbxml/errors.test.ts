// Octets that break a rule: each gives an error that says where.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type DecodeWbxmlOptions, decodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { writeXml } from '../../../src/codec/xml/index.ts';
import { type DecodeErrorCode, hexToBytes } from '../../../src/core/index.ts';
import { assertDecodeError, vector } from './support.ts';

const head = '02a4016a00';

describe('WBXML-1.3: octets that break a rule', () => {
  const rows: readonly [string, string, DecodeErrorCode, RegExp, number?][] = [
    ['§5.4: another major version', '12a4016a002d', 'UNSUPPORTED', /WBXML version 2\.2/, 0],
    ['§5.4: nothing at all', '', 'TRUNCATED', /§5\.4/, 0],
    ['§5.1: integer of six octets', '02818181818101', 'BAD_VALUE', /beyond 32 bits/, 1],
    ['§5.1: integer beyond 32 bits', '029fffffff7f6a002d', 'BAD_VALUE', /beyond 32 bits/, 1],
    ['§5.5: public identifier without tables', '02046a002d', 'UNSUPPORTED', /0x4/, 1],
    ['§5.5: textual identifier without tables', '0200006a02580000', 'UNSUPPORTED', /"X"/, 1],
    ['§5.5: textual identifier outside the table', '0200056a0258002d', 'BAD_VALUE', /outside/, 1],
    ['§5.6: charset that we do not have', '02a401876d002d', 'UNSUPPORTED', /MIBenum 1005/, 3],
    ['§5.7: table longer than the document', '02a4016a7f2d', 'TRUNCATED', /needs 127 octets, 1 left/, 5],
    ['§5.3: no element', head, 'TRUNCATED', /no root element/, 5],
    ['§5.3: text outside the root', `${head}036100`, 'BAD_VALUE', /outside the root/, 5],
    ['§5.3: octets outside the root', `${head}c30161`, 'BAD_VALUE', /outside the root/, 5],
    ['§5.3: a second root', `${head}2d2d`, 'TRAILING', /1 octets after/, 6],
    ['§5.3: octets after the root', `${head}6d0100`, 'TRAILING', /1 octets after/, 7],
    ['§5.8.4.7: END without an element', `${head}01`, 'BAD_VALUE', /END without/, 5],
    [
      '§5.8.4.7: element that is not closed',
      `${head}6d6c`,
      'TRUNCATED',
      /SyncML\.SyncHdr: SyncHdr is not/,
      7,
    ],
    ['§5.8.2: reserved tag', `${head}6d3001`, 'BAD_VALUE', /SyncML: unknown tag 0x30 on code page 0/, 6],
    ['§5.8.2: tag of an unknown page', `${head}6d000505`, 'BAD_VALUE', /page 5, which is not known/, 8],
    [
      '§5.8.2: attributes on a tag whose namespace differs',
      '02a4016a06786d6c6e7300ad0400037500' + '01',
      'BAD_VALUE',
      /namespace "u" on a tag/,
      12,
    ],
    ['§5.8.4.1: string without its 00', `${head}4f0361`, 'TRUNCATED', /terminating 00/, 7],
    ['§5.8.4.1: string that is not UTF-8', `${head}4f03ff0001`, 'BAD_VALUE', /not in the charset/, 7],
    [
      '§5.8.4.1: string reference outside the table',
      `${head}4f830001`,
      'BAD_VALUE',
      /string 0 is outside/,
      7,
    ],
    ['§5.8.4.2: extension', `${head}4fc001`, 'UNSUPPORTED', /EXT_0 has no meaning/, 6],
    ['§5.8.4.3: entity of a NUL', `${head}4f020001`, 'BAD_VALUE', /character 0/, 6],
    ['§5.8.4.3: entity of a surrogate', `${head}4f0283b00001`, 'BAD_VALUE', /character 55296/, 6],
    ['§5.8.4.3: entity beyond Unicode', `${head}4f02c4800001`, 'BAD_VALUE', /character 1114112/, 6],
    ['§5.8.4.4: processing instruction', `${head}43`, 'UNSUPPORTED', /processing instructions/, 5],
    ['§5.8.4.5: literal without a name', '02a4016a0100040001', 'BAD_VALUE', /"" is not an XML name/, 6],
    ['§5.8.4.5: literal that is no XML name', '02a4016a043c612000' + '0400', 'BAD_VALUE', /"<a " is not/, 9],
    ['§5.8.4.5: undeclared prefix', '02a4016a04613a62000400', 'BAD_VALUE', /prefix a is not declared/, 9],
    [
      '§5.8.4.6: OPAQUE longer than the document',
      `${head}4fc30561`,
      'TRUNCATED',
      /needs 5 octets, 1 left/,
      8,
    ],
    ['§5.8.3: attribute token', `${head}ad0501`, 'BAD_VALUE', /unknown attribute token 0x05/, 6],
    ['§5.8.3: attribute value token', '02a4016a026100ad04008501', 'BAD_VALUE', /attribute token 0x85/, 10],
    ['§5.8.3: attribute twice', '02a4016a026100ad0400040001', 'BAD_VALUE', /a occurs twice/, 10],
    ['§5.8.3: attribute list that does not end', '02a4016a026100ad0400', 'TRUNCATED', /ends inside/, 10],
  ];
  for (const [name, hex, code, detail, offset] of rows) {
    test(name, () => {
      assertDecodeError(() => decodeWbxml(hexToBytes(hex)), code, detail, offset);
    });
  }
});

test('WBXML-1.3 §5.8.4: a document cut short at any octet is an error, never a value', () => {
  for (const name of ['A. Get of ./DevDetail/LrgObj', 'the signed message', '5.5 a tree']) {
    const octets = hexToBytes(vector(name).hex);
    for (let length = 0; length < octets.length; length += 1) {
      assertDecodeError(() => decodeWbxml(octets.subarray(0, length)), 'TRUNCATED', /./);
    }
  }
});

describe('WBXML-1.3 §5.8.4.2, §5.8.4.4: what means nothing in SyncML can be skipped', () => {
  const skip: DecodeWbxmlOptions = { meaningless: 'skip' };
  const rows: readonly [string, string, string][] = [
    ['EXT_I', `${head}4f 40 78 00 42 00 03 61 00 01`, 'a'],
    ['EXT_T', `${head}4f 80 81 00 03 61 00 82 05 01`, 'a'],
    ['EXT', `${head}4f c0 03 61 00 c2 01`, 'a'],
    [
      'PI inside, before and after the root',
      '02a4016a02 7000 43 04 00 03 76 00 01 4f 43 04 00 01 03 61 00 01 43 04 00 01',
      'a',
    ],
  ];
  for (const [name, hex, text] of rows) {
    test(name, () => {
      const { root } = decodeWbxml(hexToBytes(hex), skip);
      assert.equal(writeXml(root), `<Data xmlns="SYNCML:SYNCML1.2">${text}</Data>`);
      assertDecodeError(() => decodeWbxml(hexToBytes(hex)), 'UNSUPPORTED', /no meaning|not allowed/);
    });
  }
  test('extensions in an attribute value', () => {
    const { root } = decodeWbxml(
      hexToBytes('02a4016a02 6100 ad 04 00 03 78 00 c1 40 79 00 03 7a 00 01'),
      skip,
    );
    assert.deepEqual(root.attributes, [{ name: 'a', namespace: '', value: 'xz' }]);
  });
});

describe('WBXML-1.3 §5.5, §5.6: what the transport knows', () => {
  test('its media type beats the public identifier', () => {
    const octets = hexToBytes('02046a002d');
    assert.equal(decodeWbxml(octets, { language: 'syncml' }).root.name, 'SyncML');
    const devinf = hexToBytes('02a4036a002d');
    assert.equal(decodeWbxml(devinf, { language: 'syncml' }).root.name, 'SyncML');
    assert.equal(decodeWbxml(hexToBytes('02a4016a000a'), { language: 'devinf' }).root.name, 'DevInf');
  });
  test('its charset is used where the header leaves it open', () => {
    const octets = hexToBytes('02a40100004f03e90001');
    assert.deepEqual(decodeWbxml(octets, { charset: 'ISO-8859-1' }).root.children, ['é']);
    assertDecodeError(() => decodeWbxml(octets), 'BAD_VALUE', /charset/, 7);
    assertDecodeError(() => decodeWbxml(octets, { charset: 'koi8-r' }), 'UNSUPPORTED', /"koi8-r"/);
  });
});

describe('WBXML: limits', () => {
  const text = (size: number) => '61'.repeat(size);
  const rows: readonly [string, string, DecodeWbxmlOptions['limits'], RegExp][] = [
    ['document', `${head}2d`, { maxOctets: 5 }, /document of 6 octets, at most 5/],
    ['depth', `${head}6d6d6d010101`, { maxDepth: 2 }, /nested more than 2 deep/],
    ['depth, default', `${head}${'6d'.repeat(65)}${'01'.repeat(65)}`, {}, /nested more than 64 deep/],
    ['elements', `${head}6d2d2d2d01`, { maxElements: 3 }, /more than 3 elements/],
    ['string table', '02a4016a04616161002d', { maxStringTable: 3 }, /string table of 4 octets, at most 3/],
    ['OPAQUE', `${head}4fc304${text(4)}01`, { maxOpaque: 3 }, /OPAQUE of 4 octets, at most 3/],
    ['OPAQUE that claims 4 GiB', `${head}4fc38fffffff7f01`, {}, /OPAQUE of 4294967295 octets/],
    ['content, inline', `${head}4f03${text(9)}0001`, { maxOutput: 8 }, /content of more than 8/],
    ['content, by reference', `02a4016a04616161004f${'8300'.repeat(4)}01`, { maxOutput: 14 }, /more than 14/],
    ['attributes', '02a4016a04610062' + '00ad0400040201', { maxAttributes: 1 }, /more than 1 attributes/],
  ];
  for (const [name, hex, limits, detail] of rows) {
    test(`${name}: beyond`, () => {
      const options = limits === undefined ? {} : { limits };
      assertDecodeError(() => decodeWbxml(hexToBytes(hex), options), 'LIMIT', detail);
    });
  }
  test('just within', () => {
    const deep = `${head}${'6d'.repeat(64)}${'01'.repeat(64)}`;
    assert.equal(decodeWbxml(hexToBytes(deep)).root.name, 'SyncML');
    const reference = `02a4016a04616161004f${'8300'.repeat(4)}01`;
    const { root } = decodeWbxml(hexToBytes(reference), { limits: { maxOutput: 15 } });
    assert.deepEqual(root.children, ['a'.repeat(12)]);
  });
});

test('octets come out as plain Uint8Array views, whatever kind of array goes in', () => {
  const octets = Buffer.from(hexToBytes(`${head}4fc302616201`));
  const [child] = decodeWbxml(octets).root.children;
  assert.ok(child instanceof Uint8Array);
  assert.equal(child.constructor, Uint8Array);
  assert.deepEqual(child, new Uint8Array([0x61, 0x62]));
  assert.equal(child.buffer, octets.buffer);
});

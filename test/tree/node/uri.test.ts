import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../../src/tree/node/outcome.ts';
import { checkLimits, formatUri, isNodeName, parseTreeUri, splitPath } from '../../../src/tree/node/uri.ts';

const unlimited = { maxDepth: 0, maxTotLen: 0, maxSegLen: 0 };
const parse = (text: string, limits = unlimited): unknown => {
  const uri = parseTreeUri(text, limits);
  return uri instanceof Refusal ? uri.status : uri;
};

test('DM-TND-1.2 §5: a URI is relative to the root, with or without "./"', () => {
  assert.deepEqual(parse('.'), { segments: [] });
  assert.deepEqual(parse('./A/B'), { segments: ['A', 'B'] });
  assert.deepEqual(parse('A/B'), { segments: ['A', 'B'] });
  assert.deepEqual(parse('./Ä ö%2F.x/…'), { segments: ['Ä ö%2F.x', '…'] });
  // Nothing after it can make "./" of the full stop.
  assert.deepEqual(parse('./A/B.'), { segments: ['A', 'B.'] });
});

test('DM-TND-1.2 §5: what is no URI is refused with 400', () => {
  const wrong = [
    '',
    './',
    '/',
    '/A',
    'A/',
    './A/',
    'A//B',
    '..',
    '../A',
    'A/../B',
    './A/./B',
    'A./B',
    'A/..',
    './.',
    'A/.',
  ];
  for (const text of [...wrong, 'A\u0000B', 'A\nB', '?prop=ACL'])
    assert.equal(parse(text), 400, JSON.stringify(text));
});

test('DM-TND-1.2 §7.3: ?prop= addresses a property; an unknown one is 406', () => {
  for (const property of ['ACL', 'Format', 'Name', 'Size', 'Title', 'TStamp', 'Type', 'VerNo']) {
    assert.deepEqual(parse(`./A?prop=${property}`), { segments: ['A'], property });
    assert.deepEqual(parse(`.?prop=${property}`), { segments: [], property });
  }
  for (const name of ['acl', 'Other', '', 'ACL&x=1', '__proto__'])
    assert.equal(parse(`A?prop=${name}`), 406, name);
  for (const query of ['', 'x=1', 'PROP=ACL', 'prop']) assert.equal(parse(`A?${query}`), 400, query);
});

test('DM-TND-1.2 §8.1: ?list= asks for structure, data or TNDS', () => {
  assert.deepEqual(parse('A?list=Struct'), { segments: ['A'], list: { list: 'Struct' } });
  assert.deepEqual(parse('A?list=StructData'), { segments: ['A'], list: { list: 'StructData' } });
  assert.deepEqual(parse('A?list=TNDS'), { segments: ['A'], list: { list: 'TNDS' } });
  assert.deepEqual(parse('A?list=TNDS+Value+ACL'), {
    segments: ['A'],
    list: { list: 'TNDS', include: ['Value', 'ACL'] },
  });
  assert.deepEqual(parse('A?list=TNDS-Format'), {
    segments: ['A'],
    list: { list: 'TNDS', exclude: ['Format'] },
  });
  assert.equal(parse('A?list=TNDS+Value-ACL'), 400, '+ and - do not mix');
  for (const list of ['struct', 'TNDS+', 'TNDS+Odd', 'TNDSValue', 'TNDS-', '']) {
    assert.equal(parse(`A?list=${list}`), 406, list);
  }
});

test('DM-StdObj-1.2 §5.3.3: MaxDepth counts segments', () => {
  assert.deepEqual(parse('./A/B', { ...unlimited, maxDepth: 2 }), { segments: ['A', 'B'] });
  assert.equal(parse('./A/B/C', { ...unlimited, maxDepth: 2 }), 414);
});

test('DM-StdObj-1.2 §5.3.3: MaxTotLen counts characters of the whole URI, not octets', () => {
  assert.deepEqual(parse('./ÄÖ💩', { ...unlimited, maxTotLen: 5 }), { segments: ['ÄÖ💩'] });
  assert.equal(parse('./ÄÖ💩x', { ...unlimited, maxTotLen: 5 }), 414);
  assert.equal(parse('A?prop=ACL', { ...unlimited, maxTotLen: 9 }), 414);
});

test('DM-StdObj-1.2 §5.3.3: MaxSegLen counts characters of a segment', () => {
  assert.deepEqual(parse('./A/💩💩', { ...unlimited, maxSegLen: 2 }), { segments: ['A', '💩💩'] });
  assert.equal(parse('./A/💩💩x', { ...unlimited, maxSegLen: 2 }), 414);
});

test('without limits of its own the tree still has bounds', () => {
  assert.equal(parse(`A${'/A'.repeat(100)}`), 414);
  assert.equal(parse('A'.repeat(65_536)), 414);
  assert.equal(
    checkLimits(
      Array.from({ length: 101 }, () => 'A'),
      unlimited,
    )?.status,
    414,
  );
});

test('any path of names → URI → the same path', () => {
  const name = fc
    .array(fc.constantFrom(...'aZ0.-_ %äß💩&=+*'), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(''))
    .filter((text) => isNodeName(text) && !text.endsWith('.'));
  fc.assert(
    fc.property(fc.array(name, { maxLength: 8 }), (segments) => {
      assert.deepEqual(splitPath(formatUri(segments)), segments);
    }),
  );
});

test('any text is a URI or is refused with 400, 406 or 414', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('.', '/', '?', 'A', 'prop=', 'list=', 'TNDS', '+', '-', 'ACL'))
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (uri) => {
      const parsed = parseTreeUri(uri, unlimited);
      assert.ok(!(parsed instanceof Refusal) || [400, 406, 414].includes(parsed.status));
    }),
    { numRuns: 500 },
  );
});

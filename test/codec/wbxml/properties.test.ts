// Rules that hold for any document and any octets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeWbxml, encodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { namespaces } from '../../../src/codec/xml/index.ts';
import { hexToBytes } from '../../../src/core/index.ts';
import { anyElement } from '../xml/arbitrary.ts';
import { valueOrDecodeError, vectors } from './support.ts';

const { syncml, metinf, dmddf, devinf } = namespaces;
const syncmlElement = anyElement({
  names: [
    ['SyncML', syncml],
    ['Data', syncml],
    ['Correlator', syncml],
    ['Add', syncml],
    ['Format', metinf],
    ['FieldLevel', metinf],
    ['MgmtTree', dmddf],
    ['Node', dmddf],
    ['node', dmddf],
    ['ZeroOrOne', dmddf],
    ['Nonsense', syncml],
  ],
  octets: true,
});

const options = fc.record(
  {
    version: fc.constantFrom('1.1', '1.2', '1.3'),
    stringTable: fc.boolean(),
    publicId: fc.constantFrom(0x1201, 1, '-//OMA//DTD-DM-DDF 1.2//EN'),
  },
  { requiredKeys: [], noNullPrototype: true },
);

test('any document → WBXML → the same document, in every version, with and without a string table', () => {
  fc.assert(
    fc.property(syncmlElement, options, (root, how) => {
      const document = decodeWbxml(encodeWbxml(root, how), { language: 'syncml' });
      assert.deepEqual(document.root, root);
      assert.equal(document.version, how.version ?? '1.2');
    }),
    { numRuns: 500 },
  );
});

test('any DevInf document → WBXML → the same document', () => {
  const names = [
    ['DevInf', devinf],
    ['Rx-Pref', devinf],
    ['SupportHierarchicalSync', devinf],
  ] as const;
  fc.assert(
    fc.property(anyElement({ names, octets: true }), (content) => {
      const root = { name: 'DevInf', namespace: devinf, attributes: [], children: [content] };
      assert.deepEqual(decodeWbxml(encodeWbxml(root)).root, root);
    }),
  );
});

test('text with a NUL survives as octets', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
      const text = `${before}\0${after}`;
      const root = { name: 'Data', namespace: syncml, attributes: [], children: [text] };
      const [octets] = decodeWbxml(encodeWbxml(root)).root.children;
      assert.ok(octets instanceof Uint8Array);
      assert.equal(new TextDecoder('utf-8', { ignoreBOM: true }).decode(octets), text);
    }),
  );
});

test('explaining a document changes nothing, and its lines cover every octet once, in order', () => {
  fc.assert(
    fc.property(syncmlElement, options, (root, how) => {
      const octets = encodeWbxml(root, how);
      let next = 0;
      const explained = decodeWbxml(octets, {
        language: 'syncml',
        annotate: ({ offset, length }) => {
          assert.equal(offset, next);
          next = offset + length;
        },
      });
      assert.equal(next, octets.length);
      assert.deepEqual(explained, decodeWbxml(octets, { language: 'syncml' }));
    }),
  );
});

// Octets that look like a document get further than random ones.
const bodyOctets = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0x6d, 0x6b, 0x4f, 0x03, 0x00, 0x01, 0x83, 0xc3, 0x04, 0x44, 0x84, 0xc4, 0x02, 0x43),
  ),
  { maxLength: 200 },
);
const likelyOctets = fc
  .tuple(
    fc.constantFrom('02a4016a00', '0200006a0278796100', '02a4016a0a61003a626300786d6c6e7300'),
    bodyOctets,
  )
  .map(([head, body]) => new Uint8Array([...hexToBytes(head), ...body]));

test('any octets give a document or a DecodeError', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 300 }), likelyOctets),
      fc.constantFrom('refuse', 'skip'),
      (octets, meaningless) => {
        const plain = valueOrDecodeError(() => decodeWbxml(octets, { meaningless }));
        const explained = valueOrDecodeError(() => decodeWbxml(octets, { meaningless, annotate: () => {} }));
        assert.deepEqual(explained, plain);
      },
    ),
    { numRuns: 2000 },
  );
});

test('a worked example with one octet changed gives a document or a DecodeError', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...vectors),
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      ({ hex }, at, octet) => {
        const octets = hexToBytes(hex);
        octets[at % octets.length] = octet;
        valueOrDecodeError(() => decodeWbxml(octets));
      },
    ),
    { numRuns: 2000 },
  );
});

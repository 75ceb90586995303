// Arbitrary TNDS documents, for properties.
import fc from 'fast-check';
import type { TndsDocument, TndsNode, TndsProperties } from '../../../src/codec/tnds/index.ts';

/** Characters that XML 1.0 can carry. */
const xmlCharacter = fc
  .oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
    fc.constantFrom(9, 10, 13, 0x85, 0xa0, 0x2028, 0xfeff, 0x1f4a9, 0xe000, 0xfffd),
    fc.integer({ min: 0xa1, max: 0xd7ff }),
  )
  .map((code) => String.fromCodePoint(code));

export const xmlText = fc.array(xmlCharacter, { maxLength: 20 }).map((parts) => parts.join(''));
const trimmedText = xmlText.map((text) => text.trim());

const nodeName = fc
  .array(fc.constantFrom(...'abcXYZ019-_.%äß '), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join('').trim())
  .filter((name) => name !== '' && !name.endsWith('.'));

const type = fc.oneof(
  fc.record({ mime: fc.constantFrom('text/plain', 'image/jpeg', '') }, { noNullPrototype: true }),
  fc.record(
    { ddfName: fc.constantFrom('urn:oma:mo:oma-dm-dmacc:1.0', 'com.example/1.2/Mail', '') },
    { noNullPrototype: true },
  ),
);

const properties = (
  format: fc.Arbitrary<NonNullable<TndsProperties['format']>>,
): fc.Arbitrary<TndsProperties> =>
  fc.record(
    {
      acl: fc.constantFrom('', 'Add=*&Get=*', 'Get=a+b'),
      format,
      name: nodeName,
      size: fc.integer({ min: 0, max: 0xffffffff }),
      title: xmlText,
      tstamp: fc.constant('20010711T163817Z'),
      type,
      verNo: fc.integer({ min: 0, max: 0xffff }),
    },
    { requiredKeys: [], noNullPrototype: true },
  );

const textLeaf: fc.Arbitrary<TndsNode> = fc.record(
  {
    name: nodeName,
    properties: properties(fc.constantFrom('chr', 'int', 'bool', 'xml', 'date', 'time', 'float')),
    value: xmlText,
    nodes: fc.constant([]),
  },
  { requiredKeys: ['nodes'], noNullPrototype: true },
);

const octetLeaf: fc.Arbitrary<TndsNode> = fc.record(
  {
    name: nodeName,
    properties: fc
      .tuple(properties(fc.constant('bin')), fc.constantFrom('bin', 'b64'))
      .map(([others, format]): TndsProperties => ({ ...others, format })),
    value: fc.uint8Array({ maxLength: 20 }),
    nodes: fc.constant([]),
  },
  { requiredKeys: ['nodes', 'properties'], noNullPrototype: true },
);

const node: fc.Arbitrary<TndsNode> = fc.letrec<{ node: TndsNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    textLeaf,
    octetLeaf,
    fc.record(
      {
        name: fc.oneof({ weight: 9, arbitrary: nodeName }, fc.constant('')),
        path: fc.constantFrom('.', 'Vendor/ISP', './A', ''),
        properties: properties(fc.constant('node')),
        nodes: fc.array(tie('node'), { maxLength: 4 }),
      },
      { requiredKeys: ['nodes'], noNullPrototype: true },
    ),
  ),
})).node;

export const tndsDocument: fc.Arbitrary<TndsDocument> = fc.record(
  {
    verDtd: fc.constant('1.2'),
    man: trimmedText,
    mod: xmlText,
    nodes: fc.array(node, { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: ['verDtd', 'nodes'], noNullPrototype: true },
);

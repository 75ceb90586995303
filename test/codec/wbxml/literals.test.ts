// Names without a token: literal elements and attributes, and their namespaces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeWbxml, encodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { element, namespaces, readXml, writeXml } from '../../../src/codec/xml/index.ts';
import { ByteWriter, hexToBytes, ValueError } from '../../../src/core/index.ts';
import { assertDecodeError } from './support.ts';

/** A document whose string table holds `names`, and whose body is `body`: a string `$name` is a table reference. */
function document(names: readonly string[], body: readonly (string | number)[]): Uint8Array {
  const offsets = new Map<string, number>();
  const table = new ByteWriter();
  for (const name of names) {
    offsets.set(name, table.length);
    table.utf8(name).u8(0);
  }
  const out = new ByteWriter().bytes(hexToBytes('02a4016a')).uintvar(table.length).bytes(table.view());
  for (const part of body) {
    if (typeof part === 'number') out.u8(part);
    else out.uintvar(offsets.get(part) ?? 0);
  }
  return out.finish();
}

test('WBXML-1.3 §5.8.4.5: prefixes of literal names are resolved and not kept', () => {
  // <SyncML><d:S xmlns:d="u"><d:I/><Foo d:a=""/></d:S></SyncML>
  const octets = document(
    ['d:S', 'xmlns:d', 'd:I', 'Foo', 'd:a'],
    [0x6d, 0xc4, 'd:S', 0x04, 'xmlns:d', 3, 0x75, 0, 1, 0x04, 'd:I', 0x84, 'Foo', 0x04, 'd:a', 1, 1, 1],
  );
  const { root } = decodeWbxml(octets);
  const [s] = root.children;
  assert.deepEqual(s, {
    name: 'S',
    namespace: 'u',
    attributes: [],
    children: [
      { name: 'I', namespace: 'u', attributes: [], children: [] },
      {
        name: 'Foo',
        namespace: namespaces.syncml,
        attributes: [{ name: 'a', namespace: 'u', value: '' }],
        children: [],
      },
    ],
  });
});

test('WBXML-1.3 §5.8.4.5: a prefix holds inside its element only', () => {
  const names = ['d:S', 'xmlns:d', 'd:I'];
  const declared = [0xc4, 'd:S', 0x04, 'xmlns:d', 3, 0x75, 0, 1];
  assertDecodeError(
    () => decodeWbxml(document(names, [0x6d, ...declared, 0x2b, 1, 0x04, 'd:I', 1])),
    'BAD_VALUE',
    /prefix d is not declared/,
  );
  // The same on an element without content.
  const empty = [0x84, 'd:S', 0x04, 'xmlns:d', 3, 0x75, 0, 1];
  assertDecodeError(
    () => decodeWbxml(document(names, [0x6d, ...empty, 0x6b, 0x04, 'd:I', 1, 1])),
    'BAD_VALUE',
    /prefix d is not declared/,
  );
});

test('WBXML-1.3 §5.8.4.5: two attributes of one namespace and name, under two prefixes, are an error', () => {
  const names = ['xmlns:a', 'xmlns:b', 'a:x', 'b:x'];
  const body = [0xad, 4, 'xmlns:a', 3, 0x75, 0, 4, 'xmlns:b', 3, 0x75, 0, 4, 'a:x', 4, 'b:x', 1];
  assertDecodeError(() => decodeWbxml(document(names, body)), 'BAD_VALUE', /x occurs twice/);
});

test('an attribute may repeat the namespace of the page', () => {
  const xmlns = [...new TextEncoder().encode(namespaces.syncml)];
  const { root } = decodeWbxml(document(['xmlns'], [0xad, 4, 'xmlns', 3, ...xmlns, 0, 1]));
  assert.deepEqual(root, element('SyncML', namespaces.syncml));
});

test('elements of an older SyncML version inside a newer one are literals with their namespace', () => {
  const xml = '<SyncML xmlns="SYNCML:SYNCML1.2"><Data xmlns="SYNCML:SYNCML1.1">a</Data></SyncML>';
  const { root } = decodeWbxml(encodeWbxml(readXml(xml)));
  assert.equal(writeXml(root), xml);
});

test('each root namespace has its public identifier', () => {
  for (const [name, namespace, publicId] of [
    ['SyncML', 'SYNCML:SYNCML1.0', 0x0fd1],
    ['SyncML', 'SYNCML:SYNCML1.1', 0x0fd3],
    ['SyncML', 'SYNCML:SYNCML1.2', 0x1201],
    ['MetInf', 'syncml:metinf', 0x1202],
    ['DevInf', 'syncml:devinf', 0x1203],
    ['MgmtTree', 'syncml:dmddf1.2', '-//OMA//DTD-DM-DDF 1.2//EN'],
    ['Foo', 'urn:foo', 1],
  ] as const) {
    const document = decodeWbxml(encodeWbxml(element(name, namespace)));
    assert.equal(document.publicId, publicId);
    assert.deepEqual(document.root, element(name, namespace));
  }
});

test('what cannot be carried is a ValueError', () => {
  const data = (...children: Parameters<typeof element>[2][]) =>
    element('Data', namespaces.syncml, ...children);
  const withAttribute = (name: string, value: string) => ({
    ...data(),
    attributes: [{ name, namespace: '', value }],
  });
  const deep = (levels: number): ReturnType<typeof element> =>
    levels === 1 ? data() : data(deep(levels - 1));
  const rows: readonly [string, () => Uint8Array, string][] = [
    ['lone surrogate', () => encodeWbxml(data('\ud800')), 'BAD_FORMAT'],
    ['lone surrogate in a long text', () => encodeWbxml(data(`${'a'.repeat(100)}\udc00`)), 'BAD_FORMAT'],
    ['element name', () => encodeWbxml(element('a b', '')), 'BAD_FORMAT'],
    ['attribute name', () => encodeWbxml(withAttribute('a"', 'v')), 'BAD_FORMAT'],
    ['NUL in an attribute', () => encodeWbxml(withAttribute('a', 'v\0')), 'BAD_FORMAT'],
    ['public identifier 0', () => encodeWbxml(data(), { publicId: 0 }), 'OUT_OF_RANGE'],
    ['depth', () => encodeWbxml(deep(65)), 'TOO_LONG'],
    [
      'depth, whatever limit is asked',
      () => encodeWbxml(deep(1001), { limits: { maxDepth: 1e9 } }),
      'TOO_LONG',
    ],
    ['elements', () => encodeWbxml(data(data(), data()), { limits: { maxElements: 2 } }), 'TOO_LONG'],
    ['octets', () => encodeWbxml(data(new Uint8Array(9)), { limits: { maxOpaque: 8 } }), 'TOO_LONG'],
    ['document, text', () => encodeWbxml(data('a'.repeat(60)), { limits: { maxOctets: 50 } }), 'TOO_LONG'],
    [
      'document, octets',
      () => encodeWbxml(data(new Uint8Array(60)), { limits: { maxOctets: 50 } }),
      'TOO_LONG',
    ],
    [
      'document, all told',
      () => encodeWbxml(data('a'.repeat(40)), { limits: { maxOctets: 48 } }),
      'TOO_LONG',
    ],
    ['string table', () => encodeWbxml(element('abcdef', ''), { limits: { maxStringTable: 6 } }), 'TOO_LONG'],
    ['attributes', () => encodeWbxml(withAttribute('a', 'v'), { limits: { maxAttributes: 0 } }), 'TOO_LONG'],
  ];
  for (const [name, run, code] of rows) {
    assert.throws(run, (error) => error instanceof ValueError && error.code === code, name);
  }
  assert.equal(encodeWbxml(deep(64)).length, 5 + 64 + 63);
  assert.equal(encodeWbxml(data('a'.repeat(40)), { limits: { maxOctets: 49 } }).length, 49);
});

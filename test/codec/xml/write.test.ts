// The XML writer, and how octets appear in XML.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  element,
  namespaces,
  opaqueToText,
  readXml,
  textToOpaque,
  writeXml,
  type XmlElement,
} from '../../../src/codec/xml/index.ts';
import { hexToBytes, ValueError } from '../../../src/core/index.ts';
import { anyElement } from './arbitrary.ts';

const { syncml, metinf, xmldsig } = namespaces;

test('RV-SIG-1: default-namespace declarations only, on each element whose namespace changes', () => {
  const meta = element(
    'Meta',
    syncml,
    element('Format', metinf, 'chr'),
    element('Type', metinf, 'text/plain'),
  );
  assert.equal(
    writeXml(element('SyncML', syncml, element('Item', syncml, meta), element('Final', syncml))),
    '<SyncML xmlns="SYNCML:SYNCML1.2"><Item><Meta><Format xmlns="syncml:metinf">chr</Format>' +
      '<Type xmlns="syncml:metinf">text/plain</Type></Meta></Item><Final/></SyncML>',
  );
  assert.equal(writeXml(element('a', 'u', element('b', ''))), '<a xmlns="u"><b xmlns=""/></a>');
});

test('RV-SIG-1: CR in text becomes &#xD;, and what is markup is escaped', () => {
  assert.equal(writeXml(element('a', '', '\r\n<&>"]]>')), '<a>&#xD;\n&lt;&amp;&gt;"]]&gt;</a>');
  const attributes = [{ name: 'b', namespace: '', value: '\r\n\t<&>"' }];
  assert.equal(writeXml({ ...element('a', ''), attributes }), '<a b="&#xD;&#xA;&#x9;&lt;&amp;>&quot;"/>');
});

test('XML-EXC-C14N: canonical form', () => {
  const root: XmlElement = {
    ...element('Signature', xmldsig, element('Transforms', xmldsig)),
    attributes: [
      { name: 'b', namespace: '', value: '1' },
      { name: 'a', namespace: '', value: '2' },
    ],
  };
  assert.equal(
    writeXml(root, { canonical: true }),
    '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" a="2" b="1"><Transforms></Transforms></Signature>',
  );
});

test('declaration and indentation are for documents and people', () => {
  const root = element('a', '', element('b', '', 'text'), element('c', '', element('d', '')));
  assert.equal(
    writeXml(root, { declaration: true, indent: 2 }),
    '<?xml version="1.0" encoding="UTF-8"?>\n<a>\n  <b>text</b>\n  <c>\n    <d/>\n  </c>\n</a>\n',
  );
  // White space is never added beside text.
  assert.equal(writeXml(element('a', '', 'x', element('b', '')), { indent: 2 }), '<a>x<b/></a>\n');
});

test('RV-SIG-1: octets are Base64 in Data of Format bin and of WBXML TNDS, and in a nonce; else UTF-8', () => {
  const octets = hexToBytes('616263');
  const item = (format: string, type: string) =>
    element(
      'Item',
      syncml,
      element('Meta', syncml, element('Format', metinf, format), element('Type', metinf, type)),
      element('Data', syncml, octets),
    );
  const data = (root: XmlElement) => writeXml(root).replace(/^.*<Data>|<\/Data>.*$/g, '');
  assert.equal(data(item('bin', 'text/plain')), 'YWJj');
  assert.equal(data(item('xml', 'application/vnd.syncml.dmtnds+wbxml')), 'YWJj');
  assert.equal(data(item('chr', 'text/plain')), 'abc');
  assert.equal(data(item('xml', 'application/vnd.syncml.dmtnds+xml')), 'abc');
  assert.equal(writeXml(element('NextNonce', '', octets)), '<NextNonce>YWJj</NextNonce>');
  assert.equal(writeXml(element('LocURI', '', octets)), '<LocURI>abc</LocURI>');
});

test('RV-SIG-1: Meta of the item governs before Meta of the command; texts of Meta may be octets themselves', () => {
  const meta = (format: string) =>
    element('Meta', syncml, element('Format', metinf, new TextEncoder().encode(format)));
  const data = element('Data', syncml, hexToBytes('616263'));
  const command = (...children: XmlElement[]) => element('Replace', syncml, meta('bin'), ...children);
  assert.match(writeXml(command(element('Item', syncml, data))), /<Data>YWJj</);
  assert.match(writeXml(command(element('Item', syncml, meta('chr'), data))), /<Data>abc</);
  // The Format of an item says nothing about its other texts.
  const target = element('Target', syncml, element('LocURI', syncml, hexToBytes('2e2f41')));
  assert.match(writeXml(command(element('Item', syncml, target, data))), /<LocURI>\.\/A</);
});

test('octets that XML cannot show are a ValueError, unless the caller knows better', () => {
  const data = element('Data', syncml, hexToBytes('ff00'));
  assert.throws(() => writeXml(data), { name: 'ValueError', code: 'BAD_FORMAT' });
  const shown = writeXml(data, { opaqueToText: (octets) => `${octets.length} octets` });
  assert.equal(shown, '<Data xmlns="SYNCML:SYNCML1.2">2 octets</Data>');
});

test('textToOpaque undoes opaqueToText where it is Base64', () => {
  const context = { name: 'Data', format: 'bin' };
  fc.assert(
    fc.property(fc.uint8Array(), (octets) => {
      assert.deepEqual(textToOpaque(opaqueToText(octets, context), context), octets);
    }),
  );
  assert.equal(textToOpaque('no Base64!', context), undefined);
  assert.equal(textToOpaque('YWJj', { name: 'Data', format: 'chr' }), undefined);
});

test('what XML cannot carry is a ValueError', () => {
  const deep = (levels: number): XmlElement => {
    let root = element('a', '');
    for (let i = 1; i < levels; i += 1) root = element('a', '', root);
    return root;
  };
  for (const root of [
    element('a', '', '\0'),
    element('a', '', '\u001f'),
    element('a', '', '\uffff'),
    element('a', '', '\ud800'),
    element('a b', ''),
    element('a:b', ''),
    element('', ''),
    element('-a', ''),
    { ...element('a', ''), attributes: [{ name: 'b"', namespace: '', value: '' }] },
    { ...element('a', ''), attributes: [{ name: 'b', namespace: '', value: '\u0001' }] },
    element('a', '\u0001'),
    deep(1001),
  ]) {
    assert.throws(() => writeXml(root), ValueError);
  }
  assert.equal(writeXml(deep(1000)).length, 999 * 7 + 4);
});

test('any element → XML → the same element', () => {
  fc.assert(
    fc.property(anyElement({ names, octets: false }), (root) => {
      assert.deepEqual(readXml(writeXml(root)), root);
    }),
    { numRuns: 500 },
  );
});

test('XML-EXC-C14N: the canonical form of the canonical form is itself', () => {
  fc.assert(
    fc.property(anyElement({ names, octets: false }), (root) => {
      const canonical = writeXml(root, { canonical: true });
      assert.equal(writeXml(readXml(canonical), { canonical: true }), canonical);
    }),
  );
});

const names = [
  ['SyncML', syncml],
  ['Format', metinf],
] as const;

test('for showing a peer’s document, nothing in its content is an error', () => {
  const root = element(
    'a',
    '',
    element('b', '', '1\u0001\ud8002', '😀'),
    element('c', '', hexToBytes('ff00')),
  );
  const withAttribute = { ...root, attributes: [{ name: 'd', namespace: '', value: '\0' }] };
  assert.equal(
    writeXml(withAttribute, { lenient: true }),
    '<a d="\ufffd"><b>1\ufffd\ufffd2😀</b><c>/wA=</c></a>',
  );
  assert.throws(() => writeXml(element('a b', ''), { lenient: true }), ValueError);
});

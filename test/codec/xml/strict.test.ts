// What the XML reader insists on, where its errors point, and what it does with documents that are made to be slow.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ReadXmlOptions, readXml } from '../../../src/codec/xml/index.ts';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { assertDecodeError } from '../wbxml/support.ts';

describe('XML: an error points behind the character that shows it', () => {
  // The mark stands where reading has come to; what is in front of it, and no more, has to be read to know.
  const rows: readonly [string, RegExp][] = [
    ['<a>\n<b></c>|</a>', /unexpected close tag/],
    ['<a>\r\n é\r&e;|</a>', /undefined entity/],
    ['<a>x & |y</a>', /disallowed character in entity name/],
    ['<a>&#x4G|;</a>', /malformed character entity/],
    ['<a>&#xD800;|</a>', /malformed character entity/],
    ['<a>1]]>|2</a>', /disallowed in char data/],
    ['<a b="1\r\n<|"/>', /disallowed character/],
    ['<a b="1"c|="2"/>', /no white space between attributes/],
    ['<a b=1|/>', /unquoted attribute value/],
    ['<a b>|</a>', /attribute without value/],
    ['<a /x|>', /forward-slash/],
    ['<a\n\u{f0000}|/>', /disallowed character in attribute name/],
    ['<a:b:c/>|', /malformed name/],
    ['<a><!-- -- |--></a>', /malformed comment/],
    ['<!-- é --> x|<a/>', /outside of root/],
    ['<a/>\n<b>|', /only one root/],
    ['\n<?xml |version="1.0"?><a/>', /at the start of the document/],
    ['<?xml version="1.0"\r\nencoding=U|TF-8?><a/>', /value must be quoted/],
    ['<a>é\u0001|</a>', /disallowed character/],
    ['<a xmlns:p=""|></a>', /undefine prefix/],
  ];
  for (const [marked, detail] of rows) {
    test(JSON.stringify(marked), () => {
      const at = marked.indexOf('|');
      const xml = marked.replace('|', '');
      const before = xml.slice(0, at);
      const lines = before.split(/\r\n|\r|\n/);
      const error = assertDecodeError(() => readXml(xml), 'BAD_VALUE', detail);
      assert.equal(error.at.offset, utf8ToBytes(before).length);
      assert.equal(error.at.path, `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`);
    });
  }
});

test('XML-1.0 §2.8: documents of another version 1.x are read by the rules of 1.0', () => {
  assert.deepEqual(readXml('<?xml version="1.1"?><a>\u0085\u2028\u007f</a>').children, [
    '\u0085\u2028\u007f',
  ]);
  assertDecodeError(() => readXml('<?xml version="1.1"?><a>&#1;</a>'), 'BAD_VALUE', /malformed character/);
  assertDecodeError(() => readXml('<?xml version="1.1"?><a xmlns:p=""/>'), 'BAD_VALUE', /undefine prefix/);
  for (const version of ['2.0', '1.', '1', '1.0 ', ''])
    assertDecodeError(() => readXml(`<?xml version="${version}"?><a/>`), 'BAD_VALUE', /version number/);
});

test('XML-NAMES-1.0 §4: what stands behind a prefix is a name of its own', () => {
  for (const name of ['p:1', 'p:-', 'p:', ':p', 'p:a:b']) {
    const root = `<${name} xmlns:p="urn:a"/>`;
    assertDecodeError(() => readXml(root), 'BAD_VALUE', /malformed name/);
    assertDecodeError(() => readXml(`<a xmlns:p="urn:a" ${name}=""/>`), 'BAD_VALUE', /malformed name/);
  }
});

test('XML-NAMES-1.0 §3: what may not be declared is not', () => {
  const [xml, xmlns] = ['http://www.w3.org/XML/1998/namespace', 'http://www.w3.org/2000/xmlns/'];
  for (const declaration of [
    ...[`xmlns="${xml}"`, `xmlns="${xmlns}"`, `xmlns:p="${xml}"`, `xmlns:p="${xmlns}"`, 'xmlns:p=" "'],
    ...['xmlns:xml="urn:a"', `xmlns:xmlns="${xmlns}"`, 'xmlns:xmlns="urn:a"'],
  ]) {
    assertDecodeError(() => readXml(`<a ${declaration}/>`), 'BAD_VALUE', /./);
  }
  assert.deepEqual(readXml(`<a xmlns:xml="${xml}" xml:b="1"/>`).attributes, [
    { name: 'b', namespace: xml, value: '1' },
  ]);
});

test('XML-NAMES-1.0 §6: a declaration ends with its element', () => {
  const root = readXml(
    '<a xmlns="1" xmlns:p="2"><b xmlns="3" xmlns:p="4"><p:c/></b><p:d/><e xmlns=""><f/></e><g/></a>',
  );
  const seen: string[] = [];
  JSON.stringify(root, (_, value) => {
    if (typeof value?.name === 'string') seen.push(`${value.name} ${value.namespace}`);
    return value;
  });
  assert.deepEqual(seen, ['a 1', 'b 3', 'c 4', 'd 2', 'e ', 'f ', 'g 1']);
  assertDecodeError(() => readXml('<a><b xmlns:p="1"/><p:c/></a>'), 'BAD_VALUE', /unbound namespace prefix/);
});

test('XML-1.0 §3.3.3: white space in the value of an attribute becomes blanks, references stay what they are', () => {
  const [attribute] = readXml('<a b="1\t2\r\n3\r4&#9;&#10;&#xD;&amp;&lt;"/>').attributes;
  assert.equal(attribute?.value, '1 2 3 4\t\n\r&<');
});

test('one byte order mark is passed over, a second one is text', () => {
  for (const input of ['\ufeff<a/>', utf8ToBytes('\ufeff<a/>')]) assert.equal(readXml(input).name, 'a');
  for (const input of ['\ufeff\ufeff<a/>', utf8ToBytes('\ufeff\ufeff<a/>')])
    assertDecodeError(() => readXml(input), 'BAD_VALUE', /outside of root/);
});

test('a preview is not confused by what it cuts in two', () => {
  const xml = '<a>1\r\n<𐐀 b="&amp;">😀<![CDATA[]]]]></𐐀><!-- --><?x?></a>';
  const end = xml.indexOf('<?x');
  for (let length = 3; length <= end + 4; length += 1) {
    let cut = false;
    const preview = { length, enough: () => false, onCut: () => (cut = true) };
    assert.equal(readXml(xml, { preview }).name, 'a', String(length));
    assert.ok(cut);
  }
});

test('no document takes longer than its length', () => {
  const n = 300_000;
  const documents: readonly string[] = [
    `<a>${'&amp;'.repeat(n)}</a>`,
    `<a>${'<![CDATA[&]]>'.repeat(n / 2)}</a>`,
    `<a>${'<!-- & ]]&gt; -->&lt;'.repeat(n / 10)}</a>`,
    `<a b="${'&#9;'.repeat(n)}"/>`,
    `<a>${'&'.repeat(n)}</a>`,
    `<a>${'<![CDATA['.repeat(n)}`,
    `<a>${'<!--'.repeat(n)}`,
    `<a b='${'"'.repeat(n)}`,
    `<a>&#${'1'.repeat(n)};</a>`,
    `<a>&${'a'.repeat(n)};</a>`,
    `<${'a'.repeat(n)}/>`,
    `<!DOCTYPE a [${'<!-- "\' -->'.repeat(n / 10)}`,
    `<!DOCTYPE a "${"'".repeat(n)}`,
    '\r\n'.repeat(n),
    `<a>${'\r\n'.repeat(n)}&e;</a>`,
    `<a xmlns:p="u">${'<p:b xmlns:p="v"/>'.repeat(n / 10)}</a>`,
  ];
  const options: ReadXmlOptions = { doctype: 'ignore', internalSubset: 'instructions' };
  for (const xml of documents) {
    try {
      readXml(xml, options);
    } catch (error) {
      assert.equal((error as Error).name, 'DecodeError', xml.slice(0, 40));
    }
  }
});

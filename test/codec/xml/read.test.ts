// The strict XML reader.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type ReadXmlOptions, readXml, writeXml } from '../../../src/codec/xml/index.ts';
import { type DecodeErrorCode, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { assertDecodeError, valueOrDecodeError } from '../wbxml/support.ts';

test('XML-NAMES-1.0 §6: prefixes and default namespaces are resolved, and not kept', () => {
  const root = readXml(
    '<a:x xmlns:a="urn:a" xmlns="urn:b" b="1" a:c="2" xml:lang="en"><y xmlns="">t</y><z/></a:x>',
  );
  assert.deepEqual(root, {
    name: 'x',
    namespace: 'urn:a',
    attributes: [
      { name: 'b', namespace: '', value: '1' },
      { name: 'c', namespace: 'urn:a', value: '2' },
      { name: 'lang', namespace: 'http://www.w3.org/XML/1998/namespace', value: 'en' },
    ],
    children: [
      { name: 'y', namespace: '', attributes: [], children: ['t'] },
      { name: 'z', namespace: 'urn:b', attributes: [], children: [] },
    ],
  });
});

test('XML-1.0 §2.4: text, CDATA, character references and predefined entities become one text', () => {
  const root = readXml('<a>1<![CDATA[<2>&amp;]]>&#51;&#x34;&lt;<!-- no -->5\r\n6&#xD;</a>');
  assert.deepEqual(root.children, ['1<2>&amp;34<5\n6\r']);
});

test('white space between elements is kept, or dropped where it is only between elements', () => {
  const xml = '<a>\n <b> </b>\n <c>x <d/></c>\n</a>';
  assert.equal(writeXml(readXml(xml)), xml);
  assert.equal(writeXml(readXml(xml, { whitespace: 'drop' })), '<a><b> </b><c>x <d/></c></a>');
});

describe('XML: what is refused', () => {
  const rows: readonly [string, string, ReadXmlOptions, DecodeErrorCode, RegExp][] = [
    ['DOCTYPE', '<!DOCTYPE a><a/>', {}, 'UNSUPPORTED', /DOCTYPE is not allowed/],
    [
      'DOCTYPE with an external subset',
      '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
      {},
      'UNSUPPORTED',
      /DOCTYPE/,
    ],
    [
      'internal subset, DOCTYPE ignored',
      '<!DOCTYPE a [<!ELEMENT a ANY>]><a/>',
      { doctype: 'ignore' },
      'UNSUPPORTED',
      /internal/,
    ],
    [
      'entity definition',
      '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
      { doctype: 'ignore' },
      'UNSUPPORTED',
      /internal/,
    ],
    ['undefined entity', '<a>&e;</a>', {}, 'BAD_VALUE', /undefined entity/],
    ['processing instruction', '<?php x?><a/>', {}, 'UNSUPPORTED', /processing instr/],
    ['style sheet', '<a><?xml-stylesheet href="x"?></a>', {}, 'UNSUPPORTED', /processing instr/],
    ['comment, when refused', '<a>1<!-- -->2</a>', { comments: 'refuse' }, 'UNSUPPORTED', /comments/],
    ['nothing', '', {}, 'BAD_VALUE', /root element/],
    ['text only', 'abc', {}, 'BAD_VALUE', /outside of root/],
    ['two roots', '<a/><b/>', {}, 'BAD_VALUE', /only one root/],
    ['text after the root', '<a/>b', {}, 'BAD_VALUE', /outside of root/],
    ['element that is not closed', '<a><b></b>', {}, 'TRUNCATED', /unclosed tag: a/],
    ['crossed elements', '<a><b></a></b>', {}, 'BAD_VALUE', /unexpected close tag|unmatched/],
    ['undeclared prefix', '<p:a/>', {}, 'BAD_VALUE', /unbound namespace prefix/],
    ['attribute twice', '<a b="1" b="2"/>', {}, 'BAD_VALUE', /duplicate attribute/],
    [
      'attribute twice by namespace',
      '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>',
      {},
      'BAD_VALUE',
      /duplicate/,
    ],
    ['control character', '<a>\u0001</a>', {}, 'BAD_VALUE', /disallowed character/],
    ['reference to a control character', '<a>&#1;</a>', {}, 'BAD_VALUE', /malformed character entity/],
    ['lone surrogate', '<a>\ud800<b></a>', {}, 'BAD_VALUE', /lone surrogate/],
    ['< in an attribute', '<a b="<"/>', {}, 'BAD_VALUE', /disallowed character/],
    ['document beyond its limit', '<a/>', { limits: { maxOctets: 3 } }, 'LIMIT', /4 octets, at most 3/],
    [
      'depth beyond its limit',
      '<a><b><c/></b></a>',
      { limits: { maxDepth: 2 } },
      'LIMIT',
      /more than 2 nested/,
    ],
    [
      'elements beyond their limit',
      '<a><b/><b/></a>',
      { limits: { maxElements: 2 } },
      'LIMIT',
      /more than 2 elements/,
    ],
    [
      'attributes beyond their limit',
      '<a x="" y="" xmlns:z="z"/>',
      { limits: { maxAttributes: 2 } },
      'LIMIT',
      /2 attrib/,
    ],
    [
      'depth beyond what any limit allows',
      '<a>'.repeat(1001),
      { limits: { maxDepth: 1e6 } },
      'LIMIT',
      /1000/,
    ],
  ];
  for (const [name, xml, options, code, detail] of rows) {
    test(name, () => {
      assertDecodeError(() => readXml(xml, options), code, detail);
    });
  }
});

test('an external DOCTYPE can be ignored; nothing is fetched', () => {
  const xml = '<!DOCTYPE SyncML PUBLIC "-//SYNCML//DTD SyncML 1.2//EN" "http://127.0.0.1:1/x.dtd"><SyncML/>';
  assert.equal(readXml(xml, { doctype: 'ignore' }).name, 'SyncML');
});

test('XML-1.0 §2.8: brackets and quotes inside the identifiers of a DOCTYPE are part of them', () => {
  const ignore = { doctype: 'ignore' } as const;
  for (const doctype of [
    "SyncML SYSTEM 'a>b[c.dtd'",
    'SyncML SYSTEM "a>b[c]\'d.dtd"',
    `SyncML PUBLIC "it's" 'a"b[<!ENTITY e "x">]'`,
  ]) {
    assert.equal(readXml(`<!DOCTYPE ${doctype}><SyncML/>`, ignore).name, 'SyncML', doctype);
    const entity = `<!DOCTYPE ${doctype} [<!ENTITY lol "x">]><SyncML/>`;
    assertDecodeError(() => readXml(entity, ignore), 'UNSUPPORTED', /internal DTD subset.*"lol"/);
    const instructions = { ...ignore, internalSubset: 'instructions' } as const;
    assert.equal(readXml(`<!DOCTYPE ${doctype} [<?a?>]><SyncML/>`, instructions).name, 'SyncML');
    assertDecodeError(() => readXml(entity, instructions), 'UNSUPPORTED', /internal DTD subset/);
  }
});

describe('an internal subset of processing instructions can be accepted', () => {
  const read = (subset: string): string => {
    let doctype = '';
    readXml(`<!DOCTYPE pap PUBLIC "-//X//EN" "http://127.0.0.1:1/x.dtd" ${subset}><pap/>`, {
      doctype: 'ignore',
      internalSubset: 'instructions',
      onDoctype: (text) => {
        doctype = text;
      },
    });
    return doctype;
  };
  for (const subset of ['', '[]', '[ <?wap-pap-ver supported-versions="2.0,1.*"?> ]', '[<?a?>\n<?b c?>]']) {
    test(`taken: ${subset}`, () => {
      assert.equal(read(subset), ` pap PUBLIC "-//X//EN" "http://127.0.0.1:1/x.dtd" ${subset}`);
    });
  }
  const refused = [
    '[<!ENTITY e "x">]',
    '[<?a?><!ENTITY % e SYSTEM "file:///etc/passwd"> %e;]',
    '[<?a?>%e;]',
    '[<!ATTLIST pap x CDATA "y">]',
    '[<!-- <?a?> -->]',
    '[<?a <b?>]',
    '[<?a [b]?>]',
  ];
  for (const subset of refused) {
    test(`refused: ${subset}`, () => {
      assertDecodeError(() => read(subset), 'UNSUPPORTED', /internal/);
    });
  }
  test('not where a DOCTYPE is refused', () => {
    const options = { internalSubset: 'instructions' } as const;
    assertDecodeError(() => readXml('<!DOCTYPE a [<?b?>]><a/>', options), 'UNSUPPORTED', /DOCTYPE/);
  });
  test('a subset that never ends takes no time', () => {
    const endless = `<!DOCTYPE a [${'<?b?> '.repeat(100_000)}`;
    const options = { doctype: 'ignore', internalSubset: 'instructions' } as const;
    assertDecodeError(() => readXml(`${endless}<`, options), 'BAD_VALUE', /root element/);
    assertDecodeError(() => readXml(`${endless}%e;]><a/>`, options), 'UNSUPPORTED', /internal/);
  });
});

test('an error says line, column and octet', () => {
  const error = assertDecodeError(() => readXml('<a>\n é<b></c></a>'), 'BAD_VALUE', /line 2, column 10/);
  // The é takes two octets.
  assert.equal(error.at.offset, utf8ToBytes('<a>\n é<b></c>').length);
  const long = `<${'a'.repeat(5000)}>`;
  assert.ok(assertDecodeError(() => readXml(long), 'TRUNCATED', /unclosed/).message.length < 300);
});

describe('XML-1.0 §4.3.3: charsets', () => {
  const hex = (text: string, size: 1 | 2, mark = '') =>
    hexToBytes(
      mark + [...text].map((c) => (c.codePointAt(0) ?? 0).toString(16).padStart(size * 2, '0')).join(''),
    );
  const declared = (name: string) => `<?xml version="1.0" encoding="${name}"?><a>é</a>`;
  const rows: readonly [string, Uint8Array, ReadXmlOptions][] = [
    ['UTF-8 when nothing says otherwise', utf8ToBytes('<a>é</a>'), {}],
    ['UTF-8 with a byte order mark', utf8ToBytes('\ufeff<a>é</a>'), {}],
    ['UTF-16 big-endian with its mark', hex('<a>é</a>', 2, 'feff'), {}],
    ['ISO-8859-1 as declared', hex(declared('ISO-8859-1'), 1), {}],
    ['ISO-8859-1 as the transport says', hex('<a>é</a>', 1), { charset: 'iso-8859-1' }],
    ['the transport before the declaration', utf8ToBytes(declared('ISO-8859-1')), { charset: 'utf-8' }],
    ['the mark before the transport', utf8ToBytes('\ufeff<a>é</a>'), { charset: 'iso-8859-1' }],
  ];
  for (const [name, octets, options] of rows) {
    test(name, () => {
      assert.deepEqual(readXml(octets, options).children, ['é']);
    });
  }
  test('others, and octets that are not in the charset, are refused', () => {
    assertDecodeError(() => readXml(utf8ToBytes(declared('koi8-r'))), 'UNSUPPORTED', /koi8-r/);
    assertDecodeError(() => readXml(hex('<a>é</a>', 1)), 'BAD_VALUE', /not utf-8/);
    assertDecodeError(
      () => readXml(hex('<a>é</a>', 1), { charset: 'us-ascii' }),
      'BAD_VALUE',
      /not us-ascii/,
    );
    assertDecodeError(() => readXml(hexToBytes('feff00')), 'BAD_VALUE', /not utf-16be/);
  });
});

const fragments = fc.constantFrom(
  ...[
    '<a>',
    '</a>',
    '<b x="1"/>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '&amp;',
    '&#x41;',
    '&',
    '<?x ?>',
    'é',
    '\ud800',
  ],
  ...[
    '<!DOCTYPE a>',
    '<!DOCTYPE a [',
    ']>',
    '<!ENTITY e "e">',
    '&e;',
    'xmlns="u"',
    '<a xmlns:p="u">',
    '<p:b/>',
    '\0',
  ],
);

test('any text, and any octets, give an element or a DecodeError', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fragments, { maxLength: 12 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(texts, fc.constantFrom('refuse', 'ignore'), (text, doctype) => {
      valueOrDecodeError(() => readXml(text, { doctype }));
      valueOrDecodeError(() => readXml(utf8ToBytes(text), { doctype }));
    }),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.uint8Array(), (octets) => valueOrDecodeError(() => readXml(octets)) === undefined || true),
  );
});

test('a document cut short at any octet is an error', () => {
  const octets = utf8ToBytes('<?xml version="1.0"?><a b="1">é<c><![CDATA[x]]></c>&amp;<!-- y --><d/></a>');
  for (let length = 0; length < octets.length; length += 1) {
    assert.equal(
      valueOrDecodeError(() => readXml(octets.subarray(0, length))),
      undefined,
      String(length),
    );
  }
  assert.equal(readXml(octets).name, 'a');
});

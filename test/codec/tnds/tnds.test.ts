import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  buildTnds,
  isTndsElement,
  parseTnds,
  readTnds,
  type TndsDocument,
  tndsForm,
  tndsMediaTypes,
  writeTnds,
} from '../../../src/codec/tnds/index.ts';
import { element, namespaces, readXml, writeXml } from '../../../src/codec/xml/index.ts';
import { bytesToHex, DecodeError, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { tndsDocument } from './arbitrary.ts';

const mgmtTree = (inner: string): string =>
  `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${inner}</MgmtTree>`;

/** The e-mail object of DM-TNDS-1.2 §5.3, with a second leaf in octets. */
const mailXml = `<?xml version="1.0"?>
${mgmtTree(`
  <Node>
    <NodeName>E-Mail</NodeName>
    <RTProperties><Format><node/></Format><Type><DDFName>com.operatorX.dm/1.0/EMail</DDFName></Type></RTProperties>
    <Node>
      <NodeName>POP3</NodeName>
      <Node>
        <NodeName>POPServer</NodeName>
        <RTProperties>
          <ACL>Get=*</ACL><Format><chr/></Format><Type><MIME>text/plain</MIME></Type>
        </RTProperties>
        <Value>mail.Operatorx.com</Value>
      </Node>
      <Node>
        <NodeName>Key</NodeName>
        <RTProperties><Format><bin/></Format><Type><MIME>application/octet-stream</MIME></Type></RTProperties>
        <Value>
          AAEC
          /w==
        </Value>
      </Node>
    </Node>
  </Node>`)}`;
const mail: TndsDocument = {
  verDtd: '1.2',
  nodes: [
    {
      name: 'E-Mail',
      properties: { format: 'node', type: { ddfName: 'com.operatorX.dm/1.0/EMail' } },
      nodes: [
        {
          name: 'POP3',
          nodes: [
            {
              name: 'POPServer',
              properties: { acl: 'Get=*', format: 'chr', type: { mime: 'text/plain' } },
              value: 'mail.Operatorx.com',
              nodes: [],
            },
            {
              name: 'Key',
              properties: { format: 'bin', type: { mime: 'application/octet-stream' } },
              value: Uint8Array.of(0, 1, 2, 255),
              nodes: [],
            },
          ],
        },
      ],
    },
  ],
};

test('DM-TNDS-1.2 §5.3: an object as the specification writes it, from XML and back', () => {
  const read = readTnds(mailXml);
  assert.deepEqual(read, mail);
  assert.deepEqual(readTnds(writeTnds(read, 'xml')), mail);
  assert.deepEqual(readTnds(writeTnds(read, 'wbxml')), mail);
});

test('libwbxml: the tree that libwbxml encoded', () => {
  const { documents }: { documents: readonly { name: string; hex: string }[] } = JSON.parse(
    readFileSync(new URL('../../vectors/wbxml.json', import.meta.url), 'utf8'),
  );
  const vector = documents.find(({ name }) => name === '5.5 a tree');
  assert.ok(vector);
  assert.deepEqual(readTnds(hexToBytes(vector.hex)), {
    verDtd: '1.2',
    nodes: [
      {
        name: 'Reveille',
        properties: { format: 'node', type: { mime: 'text/plain' } },
        nodes: [{ name: 'Mode', properties: { format: 'chr' }, value: 'awake', nodes: [] }],
      },
    ],
  });
});

test('DM-TNDS-1.2 §6.3.1: elements are written in the order of the DTD', () => {
  const document: TndsDocument = {
    verDtd: '1.2',
    man: 'M',
    mod: 'm',
    nodes: [
      {
        name: '',
        path: './A',
        properties: {
          acl: 'Get=*',
          format: 'int',
          name: 'N',
          size: 1,
          title: 'T',
          tstamp: '20010711T163817Z',
          type: { mime: 'text/plain' },
          verNo: 3,
        },
        dfProperties: element('DFProperties', namespaces.dmddf, element('AccessType', namespaces.dmddf)),
        value: '7',
        nodes: [],
      },
    ],
  };
  assert.equal(
    writeXml(buildTnds(document)),
    '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Man>M</Man><Mod>m</Mod><Node><NodeName/><Path>./A</Path>' +
      '<RTProperties><ACL>Get=*</ACL><Format><int/></Format><Name>N</Name><Size>1</Size><Title>T</Title>' +
      '<TStamp>20010711T163817Z</TStamp><Type><MIME>text/plain</MIME></Type><VerNo>3</VerNo></RTProperties>' +
      '<DFProperties><AccessType/></DFProperties><Value>7</Value></Node></MgmtTree>',
  );
  assert.deepEqual(parseTnds(buildTnds(document)), document);
});

test('DM-REPPRO-1.2: octets are Base64, or OPAQUE in WBXML when asked for; both are read', () => {
  assert.match(writeXml(buildTnds(mail)), /<Value>AAEC\/w==<\/Value>/);
  const base64 = writeTnds(mail, 'wbxml');
  assert.match(bytesToHex(base64), /7603414145432f773d3d0001/);
  const raw = writeTnds(mail, 'wbxml', { octets: 'raw' });
  assert.match(bytesToHex(raw), /76c304000102ff01/);
  assert.deepEqual(readTnds(base64), mail);
  assert.deepEqual(readTnds(raw), mail);
});

test('WBXML versions: only the first octet differs', () => {
  const [first, ...rest] = [...writeTnds(mail, 'wbxml')];
  assert.equal(first, 2);
  for (const [version, octet] of [
    ['1.1', 1],
    ['1.2', 2],
    ['1.3', 3],
  ] as const) {
    assert.deepEqual([...writeTnds(mail, 'wbxml', { version })], [octet, ...rest]);
  }
});

test('the form follows the octets, not the media type', () => {
  assert.deepEqual(readTnds(utf8ToBytes(mailXml)), mail);
  assert.deepEqual(readTnds(mailXml), mail);
  assert.deepEqual(readTnds(readXml(mailXml)), mail);
  assert.equal(tndsForm('Application/VND.syncml.dmtnds+XML; charset=utf-8'), 'xml');
  assert.equal(tndsForm(tndsMediaTypes.wbxml), 'wbxml');
  assert.equal(tndsForm('text/plain'), undefined);
  assert.equal(isTndsElement(readXml(mailXml)), true);
  assert.equal(isTndsElement(element('Other', '')), false);
  assert.equal(isTndsElement(mailXml), false);
});

test('DM-TNDS-1.2 §6.2.1: what a decoder need not understand is passed over', () => {
  const document = readTnds(
    mgmtTree(
      `<Future>x</Future><Node><NodeName> A </NodeName><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>
       <RTProperties><Size/><VerNo></VerNo><Type/><Format/><Other/></RTProperties><Value>1</Value></Node>`,
    ),
  );
  assert.deepEqual(document.nodes, [{ name: 'A', properties: {}, value: '1', nodes: [] }]);
});

test('a value of format xml may stand as elements', () => {
  const [node] = readTnds(
    mgmtTree(
      '<Node><NodeName>A</NodeName><RTProperties><Format><xml/></Format></RTProperties><Value><a xmlns="u">1</a></Value></Node>',
    ),
  ).nodes;
  assert.equal(node?.value, '<a xmlns="u">1</a>');
});

test('NodeName left out, NodeName empty and no NodeName differ where they must', () => {
  const [left, empty] = readTnds(mgmtTree('<Node><Value/></Node><Node><NodeName/></Node>')).nodes;
  assert.deepEqual(left, { value: '', nodes: [] });
  assert.deepEqual(empty, { name: '', nodes: [] });
});

const broken: readonly [string, string, string, RegExp][] = [
  ['§6.3.1.1: another root', '<Other/>', 'BAD_VALUE', /^Other: .*not MgmtTree/],
  ['§6.3.1.1: no node', mgmtTree(''), 'BAD_VALUE', /no Node/],
  [
    '§6.3.1.2: another version',
    '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>2.0</VerDTD><Node/></MgmtTree>',
    'UNSUPPORTED',
    /version "2.0"/,
  ],
  [
    '§6.3.1.5: value beside nodes',
    mgmtTree('<Node><NodeName>A</NodeName><Node/><Value>1</Value></Node>'),
    'BAD_VALUE',
    /^A\/Value: /,
  ],
  ['§6.3.1.5: text between elements', mgmtTree('<Node>text</Node>'), 'BAD_VALUE', /^Node\[0\]: text/],
  [
    '§6.3.1.6: two names',
    mgmtTree('<Node><NodeName>A</NodeName><NodeName>B</NodeName></Node>'),
    'BAD_VALUE',
    /twice/,
  ],
  [
    '§6.3.1.6: element in a name',
    mgmtTree('<Node><NodeName><b/></NodeName></Node>'),
    'BAD_VALUE',
    /element b/,
  ],
  [
    '§6.3.1.11: unknown format',
    mgmtTree('<Node><NodeName>A</NodeName><RTProperties><Format><odd/></Format></RTProperties></Node>'),
    'BAD_VALUE',
    /^A\/Format: unknown format odd/,
  ],
  [
    '§6.3.1.13: neither MIME nor DDFName',
    mgmtTree('<Node><NodeName>A</NodeName><RTProperties><Type><b/></Type></RTProperties></Node>'),
    'BAD_VALUE',
    /^A\/Type: holds b/,
  ],
  [
    '§6.3.1.14: VerNo beyond 16 bits',
    mgmtTree('<Node><NodeName>A</NodeName><RTProperties><VerNo>65536</VerNo></RTProperties></Node>'),
    'BAD_VALUE',
    /^A\/VerNo: .*65535/,
  ],
  [
    '§6.3.1.9: Size that is no number',
    mgmtTree('<Node><NodeName>A</NodeName><RTProperties><Size>-1</Size></RTProperties></Node>'),
    'BAD_VALUE',
    /^A\/Size: /,
  ],
  [
    '§6.3.1.16: value that is not Base64',
    mgmtTree(
      '<Node><NodeName>A</NodeName><Node><NodeName>B</NodeName><RTProperties><Format><bin/></Format></RTProperties><Value>*</Value></Node></Node>',
    ),
    'BAD_VALUE',
    /^A\/B\/Value: is not Base64/,
  ],
  [
    '§6.3.1.20: leaf format above nodes',
    mgmtTree(
      '<Node><NodeName>A</NodeName><RTProperties><Format><chr/></Format></RTProperties><Node/></Node>',
    ),
    'BAD_VALUE',
    /^A\/Format: /,
  ],
  [
    '§6.3.1.22: null with a value',
    mgmtTree(
      '<Node><NodeName>A</NodeName><RTProperties><Format><null/></Format></RTProperties><Value>1</Value></Node>',
    ),
    'BAD_VALUE',
    /^A\/Value: must be empty/,
  ],
  [
    'a document type definition with entities',
    `<!DOCTYPE MgmtTree [<!ENTITY a "b">]>${mgmtTree('<Node/>')}`,
    'UNSUPPORTED',
    /./,
  ],
];
for (const [name, text, code, message] of broken) {
  test(`DM-TNDS-1.2 ${name}`, () => {
    assert.throws(
      () => readTnds(text),
      (error) => error instanceof DecodeError && error.code === code && message.test(error.message),
    );
  });
}

test('bounds: nodes in all and nodes inside one another', () => {
  const many = mgmtTree('<Node/>'.repeat(11));
  assert.throws(() => readTnds(many, { nodes: { maxNodes: 10 } }), { code: 'LIMIT', message: /10 nodes/ });
  assert.equal(readTnds(many, { nodes: { maxNodes: 11 } }).nodes.length, 11);
  const deep = mgmtTree('<Node>'.repeat(5) + '</Node>'.repeat(5));
  assert.throws(() => readTnds(deep, { nodes: { maxDepth: 4 } }), { code: 'LIMIT' });
  assert.equal(readTnds(deep, { nodes: { maxDepth: 5 } }).nodes.length, 1);
});

test('any document → XML → document', () => {
  fc.assert(
    fc.property(tndsDocument, (document) => {
      assert.deepEqual(readTnds(writeTnds(document, 'xml')), document);
    }),
  );
});

test('any document → WBXML → document', () => {
  fc.assert(
    fc.property(tndsDocument, (document) => {
      assert.deepEqual(readTnds(writeTnds(document, 'wbxml')), document);
      assert.deepEqual(readTnds(writeTnds(document, 'wbxml', { octets: 'raw' })), document);
    }),
  );
});

test('any octets give a document or a DecodeError', () => {
  const whole = writeTnds(mail, 'wbxml');
  const octets = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, value]) => whole.with(at, value)),
    fc.nat(mailXml.length).map((length) => utf8ToBytes(mailXml.slice(0, length))),
  );
  fc.assert(
    fc.property(octets, (bytes) => {
      try {
        readTnds(bytes);
      } catch (error) {
        assert.ok(error instanceof DecodeError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('a WBXML document cut short at any octet is a DecodeError', () => {
  const whole = writeTnds(mail, 'wbxml');
  for (let length = 0; length < whole.length; length += 1) {
    assert.throws(() => readTnds(whole.subarray(0, length)), DecodeError);
  }
});

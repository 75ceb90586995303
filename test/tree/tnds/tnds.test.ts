// TNDS into the tree and out of it (DM-RepPro-1.2 §6.6.1, §6.6.7, §6.6.11; DM-TND-1.2 §8; DM-TND-1.2, DM-TNDS-1.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTnds, tndsMediaTypes, writeTnds } from '../../../src/codec/tnds/index.ts';
import { readXml } from '../../../src/codec/xml/index.ts';
import { bytesToBase64 } from '../../../src/core/index.ts';
import {
  ManagementTree,
  type NodeSnapshot,
  type TreeTransaction,
  type ValueCommand,
} from '../../../src/tree/index.ts';
import { deviceTree, manualClock } from '../tools.ts';

const mgmtTree = (inner: string): string =>
  `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${inner}</MgmtTree>`;
const leaf = (name: string, value: string, rt = ''): string =>
  `<Node><NodeName>${name}</NodeName><RTProperties>${rt}<Type><MIME>text/plain</MIME></Type></RTProperties><Value>${value}</Value></Node>`;
const interior = (name: string, inner: string, rt = ''): string =>
  `<Node><NodeName>${name}</NodeName><RTProperties>${rt}<Format><node/></Format><Type><DDFName/></Type></RTProperties>${inner}</Node>`;
const command = (uri: string, inner: string): ValueCommand => ({
  uri,
  format: 'xml',
  type: tndsMediaTypes.xml,
  data: mgmtTree(inner),
});

async function open(): Promise<TreeTransaction> {
  const { tree } = await deviceTree({}, (transaction) => {
    transaction.set('.', { acl: 'Add=*&Delete=s&Get=*&Replace=s' });
    transaction.set('./V', { format: 'node', type: 'com.example/1.0/V' });
    transaction.set('./V/Old', { value: 'old' });
    transaction.set('./V/Sub/Leaf', { value: 'x' });
  });
  return tree.transaction();
}
const urisOf = (tree: TreeTransaction, uri: string): unknown =>
  tree.get('s', `${uri}?list=Struct`).results?.map((item) => item.uri);

const mail = interior(
  'E-Mail',
  interior(
    'POP3',
    leaf('POPServer', 'mail.Operatorx.com') + leaf('UserID', 'UserName') + leaf('PWD', '4571F7C34A9876B3'),
  ),
);

test('DM-TNDS-1.2 §5.3: the e-mail object is added below the Target, which is made on the way', async () => {
  const tree = await open();
  assert.deepEqual(tree.add('s', command('./OperatorX', mail)), { status: 200 });
  assert.deepEqual(urisOf(tree, './OperatorX'), [
    './OperatorX',
    './OperatorX/E-Mail',
    './OperatorX/E-Mail/POP3',
    './OperatorX/E-Mail/POP3/POPServer',
    './OperatorX/E-Mail/POP3/UserID',
    './OperatorX/E-Mail/POP3/PWD',
  ]);
  assert.equal(tree.node('./OperatorX/E-Mail/POP3/PWD')?.value, '4571F7C34A9876B3');
});

test('SM-C-002 DM-REPPRO-1.2: TNDS as text, as WBXML octets, as an inline element, as Base64 in XML', async () => {
  const document = readTnds(mgmtTree(mail));
  const octets = writeTnds(document, 'wbxml');
  const forms: readonly Omit<ValueCommand, 'uri'>[] = [
    { type: tndsMediaTypes.xml, format: 'xml', data: mgmtTree(mail) },
    { type: tndsMediaTypes.wbxml, format: 'xml', data: octets },
    { type: tndsMediaTypes.wbxml, format: 'xml', data: readXml(mgmtTree(mail)) },
    { format: 'xml', data: readXml(mgmtTree(mail)) },
    { type: tndsMediaTypes.wbxml, format: 'b64', data: bytesToBase64(octets) },
    { type: `${tndsMediaTypes.xml}; charset=UTF-8`, format: 'xml', data: octets },
  ];
  for (const form of forms) {
    const tree = await open();
    assert.deepEqual(tree.add('s', { uri: './Op', ...form }), { status: 200 });
    assert.equal(tree.node('./Op/E-Mail/POP3/UserID')?.value, 'UserName');
  }
});

test('DM-TNDS-1.2 §6.3.1.7: nodes that continue elsewhere by their Path', async () => {
  const tree = await open();
  const node = (name: string, path: string, value = ''): string =>
    `<Node><NodeName>${name}</NodeName>${path === '' ? '' : `<Path>${path}</Path>`}<RTProperties/>${value}</Node>`;
  const all =
    node('Vendor', '') +
    node('ISP', 'Vendor') +
    node('GWInfo', 'Vendor/ISP') +
    node('GWName', 'Vendor/ISP/GWInfo', '<Value>gw.yyy.se</Value>');
  assert.equal(tree.add('s', command('.', all)).status, 200);
  assert.equal(tree.node('./Vendor/ISP/GWInfo/GWName')?.value, 'gw.yyy.se');
  assert.equal(tree.node('./Vendor/ISP')?.format, 'node');
});

test('DM-TNDS-1.2 §6.3.1.6: an empty or missing NodeName is the last segment of the Target', async () => {
  for (const name of ['<NodeName/>', '']) {
    const tree = await open();
    const result = tree.add(
      's',
      command('./V/Given', `<Node>${name}<RTProperties/>${leaf('A', '1')}</Node>`),
    );
    assert.equal(result.status, 200);
    assert.deepEqual(urisOf(tree, './V/Given'), ['./V/Given', './V/Given/A']);
  }
});

test('a first node that has the Target’s own name, or its whole URI by Path, is the Target', async () => {
  const tree = await open();
  assert.equal(tree.add('s', command('./V/Same', interior('Same', leaf('A', '1')))).status, 200);
  assert.deepEqual(urisOf(tree, './V/Same'), ['./V/Same', './V/Same/A']);
  const withPath = interior('Other', leaf('A', '1')).replace(
    '<RTProperties>',
    '<Path>./V</Path><RTProperties>',
  );
  assert.equal(tree.add('s', command('./V/Other', withPath)).status, 200);
  assert.deepEqual(urisOf(tree, './V/Other'), ['./V/Other', './V/Other/A']);
  // A Target that exists takes it as a child.
  assert.equal(tree.add('s', command('./V/Same', interior('Same', ''))).status, 200);
  assert.deepEqual(urisOf(tree, './V/Same'), ['./V/Same', './V/Same/A', './V/Same/Same']);
});

test('an Add is all or nothing: the code of the node that failed, and the tree as before', async () => {
  const tree = await open();
  const cases: readonly [string, string, number, string | undefined][] = [
    ['./V', leaf('New', '1') + leaf('Old', '2'), 418, './V/Old'],
    ['./V', leaf('New', '1') + interior('Sub', ''), 418, './V/Sub'],
    ['.', interior('New', '') + leaf('DevInfo', 'x'), 418, './DevInfo'],
    ['./DevInfo', leaf('Extra', 'x'), 405, './DevInfo/Extra'],
    ['./V/Old', leaf('Below', 'x'), 405, './V/Old/Below'],
    ['./V', leaf('New', '1') + leaf('a/b', '2'), 400, undefined],
    ['./V', leaf('New', '1', '<ACL>nonsense</ACL>'), 400, undefined],
    ['./V', leaf('New', '1', `<Title>${'x'.repeat(256)}</Title>`), 413, undefined],
    ['./V', `<Node><NodeName>A</NodeName><Node><Value>1</Value></Node></Node>`, 400, undefined],
  ];
  for (const [uri, inner, status, failedUri] of cases) {
    const result = tree.add('s', command(uri, inner));
    assert.equal(result.status, status, `${uri} ${inner}: ${result.reason}`);
    if (failedUri !== undefined) assert.equal(result.failedUri, failedUri);
    assert.equal(tree.changed, false, uri);
  }
});

test('what is no TNDS document: 400 unreadable, 412 none', async () => {
  const tree = await open();
  const type = tndsMediaTypes.xml;
  assert.equal(tree.add('s', { uri: './New', type, data: '<Other/>' }).status, 400);
  assert.equal(tree.add('s', { uri: './New', type, data: 'no xml' }).status, 400);
  assert.equal(tree.add('s', { uri: './New', type, data: Uint8Array.of(2, 0xa4, 1, 0x6a) }).status, 400);
  assert.equal(tree.add('s', { uri: './New', type, format: 'b64', data: '*' }).status, 400);
  assert.equal(tree.add('s', { uri: './New', type }).status, 412);
  assert.equal(tree.replace('s', { uri: './V', type, data: '<Other/>' }).status, 400);
  assert.equal(tree.add('s', { uri: './New', type: 'text/xml', data: readXml('<a/>') }).status, 415);
});

test('DM-SESSIONLESS-1.3 §5.4: ACLs in the document become the nodes’ own', async () => {
  const tree = await open();
  const inner = interior('N', leaf('A', '1', '<ACL>Get=*&amp;Replace=b</ACL>'), '<ACL>Get=b+a</ACL>');
  assert.equal(tree.add('s', command('./V', inner)).status, 200);
  assert.equal(tree.aclOf('./V/N'), 'Get=a+b');
  assert.equal(tree.aclOf('./V/N/A'), 'Get=*&Replace=b');
});

test('DM-RepPro-1.2 §6.6.1: ACLs in a document follow the rules of Replace ?prop=ACL', async () => {
  // The stranger may Add below the root, and owns what it makes there; but a leaf below the root is the root's affair.
  const tree = await open();
  const own = interior('Own', leaf('A', '1', '<ACL>Get=*</ACL>'), '<ACL>Get=*&amp;Delete=stranger</ACL>');
  assert.equal(tree.add('stranger', command('.', own)).status, 200);
  assert.equal(tree.aclOf('./Own'), 'Delete=stranger&Get=*');
  assert.equal(tree.aclOf('./Own/A'), 'Get=*');
  const result = tree.add('stranger', command('.', leaf('Loose', '1', '<ACL>Get=*</ACL>')));
  assert.equal(result.status, 425);
  assert.equal(result.failedUri, './Loose');
  assert.equal(tree.node('./Loose'), undefined);
});

test('DM-RepPro-1.2 §6.6.11: a Replace leaves exactly what the document holds', async () => {
  const tree = await open();
  const inner = interior('V', leaf('New', 'n') + interior('Sub', leaf('Second', '2')));
  assert.deepEqual(tree.replace('s', command('./V', inner)), { status: 200 });
  assert.deepEqual(urisOf(tree, './V'), ['./V', './V/New', './V/Sub', './V/Sub/Second']);
  // Nodes that stand below the Target only.
  assert.equal(tree.replace('s', command('./V', leaf('Only', '1'))).status, 200);
  assert.deepEqual(urisOf(tree, './V'), ['./V', './V/Only']);
});

test('DM-RepPro-1.2 §6.6.11: Replace on the Target is the right it takes, and its ACL stays unless given', async () => {
  const tree = await open();
  tree.set('./V', { acl: 'Get=*&Replace=owner' });
  tree.set('./V/Sub', { acl: 'Replace=third' });
  assert.equal(tree.replace('s', command('./V', leaf('A', '1'))).status, 425);
  assert.equal(tree.replace('owner', command('./V', leaf('A', '1'))).status, 200);
  assert.equal(tree.aclOf('./V'), 'Get=*&Replace=owner');
  assert.equal(tree.node('./V/Sub'), undefined);
  const givenAway = interior('V', leaf('B', '2'), '<ACL>Get=*&amp;Replace=heir</ACL>');
  assert.equal(tree.replace('owner', command('./V', givenAway)).status, 200);
  assert.equal(tree.aclOf('./V'), 'Get=*&Replace=heir');
  assert.equal(tree.replace('owner', command('./V', leaf('C', '3'))).status, 425);
});

test('a Replace keeps Type and Title of its Target unless the document gives them', async () => {
  const tree = await open();
  tree.set('./V', { title: 'Titel' });
  assert.equal(tree.replace('s', command('./V', interior('V', leaf('A', '1')))).status, 200);
  assert.equal(tree.node('./V')?.type, 'com.example/1.0/V');
  assert.equal(tree.node('./V')?.title, 'Titel');
  const retyped = interior('V', '', '<Title>Neu</Title>').replace(
    '<DDFName/>',
    '<DDFName>com.example/1.1/V</DDFName>',
  );
  assert.equal(tree.replace('s', command('./V', retyped)).status, 200);
  assert.equal(tree.node('./V')?.type, 'com.example/1.1/V');
  assert.equal(tree.node('./V')?.title, 'Neu');
});

test('DM-RepPro-1.2 §6.6.11: a Replace that cannot be done whole changes nothing', async () => {
  const tree = await open();
  tree.set('./FwUpdate/P/State', { format: 'int', value: '10' });
  const cases: readonly [string, string, number][] = [
    ['./None', leaf('A', '1'), 404],
    ['./DevInfo', leaf('A', '1'), 405],
    ['.', leaf('A', '1'), 405],
    ['./FwUpdate/P', leaf('PkgName', 'x'), 405],
    ['./V', leaf('V', 'a leaf'), 405],
    ['./V/Old', interior('Old', ''), 405],
    ['./V', leaf('A', '1') + leaf('A', '2'), 418],
    ['./V', leaf('A', '1', '<Format><bin/></Format>').replace('>1<', '>*<'), 400],
  ];
  const before = tree.savepoint();
  for (const [uri, inner, status] of cases) {
    assert.equal(tree.replace('s', command(uri, inner)).status, status, `${uri} ${inner}`);
    assert.deepEqual(tree.savepoint(), before);
  }
});

test('a leaf can be replaced by a document of one leaf', async () => {
  const tree = await open();
  assert.equal(
    tree.replace('s', command('./V/Old', leaf('Old', '7', '<Format><int/></Format>'))).status,
    200,
  );
  assert.equal(tree.node('./V/Old')?.value, '7');
  assert.equal(tree.node('./V/Old')?.format, 'int');
});

test('the server of an account replaces it whole, secrets included, and nobody else’s ServerID', async () => {
  const tree = await open();
  tree.set('./DMAcc/Other/ServerID', { value: 'other' });
  tree.set('./DMAcc/Op', { format: 'node', acl: 'Delete=op&Get=op&Replace=op' });
  tree.set('./DMAcc/Op/ServerID', { value: 'op' });
  const account = (id: string): string =>
    interior('Op', leaf('ServerID', id) + interior('AppAuth', interior('1', leaf('AAuthSecret', 'new'))));
  assert.equal(tree.replace('op', command('./DMAcc/Op', account('op'))).status, 200);
  assert.equal(tree.node('./DMAcc/Op/AppAuth/1/AAuthSecret')?.value, 'new');
  assert.equal(tree.replace('op', command('./DMAcc/Op', account('other'))).status, 418);
});

test('DM-TND-1.2 §8.2: ?list=TNDS is one Item of Format xml, with all properties but Name and Size', async () => {
  const tree = await open();
  tree.set('./V/Old', { title: 'Alt', acl: 'Get=*' });
  const { results } = tree.get('s', './V/Old?list=TNDS');
  assert.deepEqual(results, [
    {
      uri: './V/Old',
      format: 'xml',
      type: 'application/vnd.syncml.dmtnds+xml',
      data: mgmtTree(
        '<Node><NodeName>Old</NodeName><RTProperties><ACL>Get=*</ACL><Format><chr/></Format><Title>Alt</Title>' +
          '<TStamp>20010711T163817Z</TStamp><Type><MIME>text/plain</MIME></Type><VerNo>1</VerNo></RTProperties><Value>old</Value></Node>',
      ),
    },
  ]);
  const octets = tree.get('s', './V/Old?list=TNDS', { tnds: 'wbxml' }).results?.[0];
  assert.equal(octets?.type, 'application/vnd.syncml.dmtnds+wbxml');
  assert.ok(octets.data instanceof Uint8Array && typeof results?.[0]?.data === 'string');
  assert.deepEqual(readTnds(octets.data), readTnds(results[0].data));
});

test('DM-TND-1.2 §8.2: ?list=TNDS+… only these parts, ?list=TNDS-… all but these', async () => {
  const tree = await open();
  const data = (query: string): unknown => tree.get('s', `./V/Old?list=TNDS${query}`).results?.[0]?.data;
  assert.equal(data('+Value'), mgmtTree('<Node><NodeName>Old</NodeName><Value>old</Value></Node>'));
  assert.equal(
    data('+Name+Size'),
    mgmtTree(
      '<Node><NodeName>Old</NodeName><RTProperties><Name>Old</Name><Size>3</Size></RTProperties></Node>',
    ),
  );
  assert.equal(
    data('-Value-TStamp-VerNo-Format'),
    mgmtTree(
      '<Node><NodeName>Old</NodeName><RTProperties><Type><MIME>text/plain</MIME></Type></RTProperties></Node>',
    ),
  );
});

test('a Path may end with the "/" before the name; what is no path is 400', async () => {
  const tree = await open();
  const at = (path: string): number =>
    tree.add('s', command('./V', leaf('P', '1').replace('<RTP', `<Path>${path}</Path><RTP`))).status;
  assert.equal(at('./One/Two/'), 200);
  assert.equal(tree.node('./V/One/Two/P')?.value, '1');
  assert.equal(at('./'), 200);
  assert.equal(tree.node('./V/P')?.value, '1');
  for (const path of ['/One', '../One', 'One//Two', '//']) assert.equal(at(path), 400, path);
});

test('text that XML cannot carry is refused, so that one leaf cannot spoil the lists of all servers', async () => {
  const tree = await open();
  const nul = 'a\u0000b';
  assert.equal(tree.add('s', { uri: './V/Nul', data: nul }).status, 400);
  assert.equal(tree.add('s', { uri: './V/Nul', data: Uint8Array.of(0) }).status, 400);
  assert.equal(tree.add('s', { uri: './V/Nul', type: nul, data: '' }).status, 400);
  assert.equal(tree.add('s', { uri: './V/Nul\uffff', data: '' }).status, 400);
  assert.equal(tree.replace('s', { uri: './V/Old', data: nul }).status, 400);
  assert.equal(tree.replace('s', { uri: './V/Old', type: nul, data: '' }).status, 400);
  assert.equal(tree.replace('s', { uri: './V/Old?prop=Title', data: nul }).status, 400);
  assert.equal(tree.replace('s', { uri: './V/Old?prop=Name', data: '\ud800' }).status, 400);
  const inline = (name: string, text: string): ValueCommand => {
    const element = readXml(mgmtTree(leaf('New', 'MARK', '<Title>TITLE</Title>')));
    const swapped = JSON.parse(JSON.stringify(element).replace(name, JSON.stringify(text).slice(1, -1)));
    return { uri: './V', data: swapped };
  };
  assert.equal(tree.add('s', inline('MARK', nul)).status, 400);
  assert.equal(tree.add('s', inline('TITLE', nul)).status, 400);
  assert.equal(tree.add('s', inline('text/plain', nul)).status, 400);
  assert.equal(tree.add('s', inline('MARK', 'fine')).status, 200);
  assert.throws(() => tree.set('./V/Nul', { value: nul }), { code: 'BAD_FORMAT' });
});

test('a snapshot that holds such text all the same makes ?list=TNDS a 500, not a crash', () => {
  const root: NodeSnapshot = {
    format: 'node',
    tstamp: 0,
    children: [{ name: 'A', text: '\u0001', tstamp: 0 }],
  };
  const tree = new ManagementTree({ snapshot: { kind: 'reveille-tree', version: 1, root } });
  assert.equal(tree.get('s', './A?list=TNDS').status, 500);
  assert.equal(tree.get('s', './A').status, 200);
});

// Trees that the server may read and write throughout.
const nodeName = fc
  .array(fc.constantFrom(...'abXY09-_ ä.%'), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''))
  .filter((name) => name.trim() === name && !name.endsWith('.'));
const text = fc
  .array(fc.constantFrom(...'ab <>&"\'\t\n\rä💩]', '\u0085'), { maxLength: 8 })
  .map((parts) => parts.join(''));
const common = {
  name: nodeName,
  acl: fc.constantFrom('', 'Add=s&Get=*&Replace=s', 'Add=*&Get=*&Replace=a+s'),
  title: text,
  tstamp: fc.constant(0),
};
const treeNode: fc.Arbitrary<NodeSnapshot> = fc.letrec<{ node: NodeSnapshot }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.record({
      ...common,
      format: fc.constantFrom('chr', 'int', 'xml'),
      type: fc.constantFrom('text/plain', 'a/b'),
      text,
    }),
    fc.record({
      ...common,
      format: fc.constant('bin'),
      base64: fc.uint8Array({ maxLength: 9 }).map(bytesToBase64),
    }),
    fc.record({ ...common, format: fc.constant('null') }),
    fc.record({
      ...common,
      format: fc.constant('node'),
      type: fc.constantFrom('', 'urn:oma:mo:oma-fumo:1.0'),
      children: fc.uniqueArray(tie('node'), { selector: ({ name }) => name, maxLength: 4 }),
    }),
  ),
})).node;

test('any tree → TNDS → tree, in XML and WBXML, by Add and by Replace', () => {
  fc.assert(
    fc.property(treeNode, fc.constantFrom('xml', 'wbxml'), (generated, form) => {
      const root: NodeSnapshot = {
        format: 'node',
        acl: 'Add=*&Get=*&Replace=s',
        tstamp: 0,
        children: [{ ...generated, name: 'Top' }],
      };
      const source = new ManagementTree({
        snapshot: { kind: 'reveille-tree', version: 1, root },
        clock: manualClock(),
      });
      const item = source.get('s', './Top?list=TNDS', { tnds: form }).results?.[0];
      assert.ok(item?.data !== undefined && item.type !== undefined);
      const target = new ManagementTree({ clock: manualClock() }).transaction();
      target.set('.', { acl: 'Add=*&Get=*&Replace=s' });
      const carried = { uri: './Top', format: 'xml', type: item.type, data: item.data };
      assert.deepEqual(target.add('s', carried), { status: 200 });
      const parts = '+ACL+Format+Title+Type+Value';
      const wanted = source.get('s', `./Top?list=TNDS${parts}`);
      assert.deepEqual(target.get('s', `./Top?list=TNDS${parts}`), wanted);
      assert.deepEqual(target.replace('s', carried), { status: 200 });
      assert.deepEqual(target.get('s', `./Top?list=TNDS${parts}`), wanted);
    }),
    { numRuns: 150 },
  );
});

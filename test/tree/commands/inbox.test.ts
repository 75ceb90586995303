// The Inbox (DM-StdObj-1.2 §5.3.4, DM-SESSIONLESS-1.3 §5.5; DM-TNDS-1.2).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { tndsMediaTypes } from '../../../src/codec/tnds/index.ts';
import { hexToBytes } from '../../../src/core/index.ts';
import {
  addAccount,
  parseMoIdentifier,
  readAccounts,
  type TreeTransaction,
  type ValueCommand,
} from '../../../src/tree/index.ts';
import { deviceTree } from '../tools.ts';

const leaf = (name: string, value: string): string =>
  `<Node><NodeName>${name}</NodeName><RTProperties><Format><chr/></Format><Type><MIME>text/plain</MIME></Type></RTProperties><Value>${value}</Value></Node>`;
const object = (name: string | undefined, type: string, inner: string, acl = ''): string =>
  `<Node>${name === undefined ? '' : `<NodeName>${name}</NodeName>`}<RTProperties>${acl}<Format><node/></Format><Type><DDFName>${type}</DDFName></Type></RTProperties>${inner}</Node>`;
const dmacc = (name: string | undefined, serverId: string, inner = '', version = '1.0'): string =>
  object(
    name,
    `urn:oma:mo:oma-dm-dmacc:${version}`,
    leaf('AppID', 'w7') + leaf('ServerID', serverId) + inner,
  );
const nap = (name: string, inner = leaf('ID', 'x')): string =>
  object(name, 'urn:oma:mo:oma-connmo-nap:1.0', inner);
const command = (uri: string, inner: string, ignoreUnsupported = false): ValueCommand => ({
  uri,
  format: 'xml',
  type: tndsMediaTypes.xml,
  data: `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${inner}</MgmtTree>`,
  ignoreUnsupported,
});
const open = async (): Promise<TreeTransaction> => (await deviceTree()).tree.transaction();

test('DM-StdObj-1.2 §5.3.4: a Get on the Inbox or below it is 405, in any form', async () => {
  const tree = await open();
  for (const uri of ['./Inbox', 'Inbox', './Inbox/Any', './Inbox/Any/Deeper']) {
    for (const query of ['', '?prop=ACL', '?prop=Name', '?list=Struct', '?list=TNDS']) {
      assert.equal(tree.get('s', uri + query).status, 405, uri + query);
    }
  }
  assert.doesNotMatch(JSON.stringify(tree.get('s', '.?list=Struct')), /Inbox/);
});

test('DM-StdObj-1.2 §5.3.4: Add is all that the Inbox takes, of TNDS documents', async () => {
  const tree = await open();
  tree.set('.', { acl: 'Add=*&Delete=*&Exec=*&Get=*&Replace=*' });
  assert.equal(tree.add('s', { uri: './Inbox/X', data: 'x' }).status, 415);
  assert.equal(tree.add('s', { uri: './Inbox/X', format: 'node' }).status, 415);
  assert.equal(tree.replace('s', { uri: './Inbox', format: 'node', type: 'x' }).status, 405);
  assert.equal(tree.replace('s', command('./Inbox', dmacc('Op', 'op'))).status, 405);
  assert.equal(tree.delete('s', './Inbox').status, 405);
  assert.equal((await tree.exec('s', { uri: './Inbox' })).status, 405);
});

test('SM-C-003 an account goes to ./DMAcc by its management object identifier', async () => {
  const tree = await open();
  const types = [
    'urn:oma:mo:oma-dm-dmacc:1.0',
    'urn:oma:mo:oma-dm-dmacc:1.2',
    'org.openmobilealliance/1.0/w7',
  ];
  for (const type of types) {
    const id = `id${types.indexOf(type)}`;
    const result = tree.add('s', command('./Inbox', object(id, type, leaf('ServerID', id))));
    assert.equal(result.status, 200);
    assert.deepEqual(result.placed, [{ type, from: `./Inbox/${id}`, uri: `./DMAcc/${id}` }]);
    assert.equal(tree.node(`./DMAcc/${id}/ServerID`)?.value, id);
    assert.equal(tree.node(`./DMAcc/${id}`)?.type, type);
  }
  assert.equal(readAccounts(tree).length, 3);
});

test('SM-C-002 SM-C-003 the Add to ./Inbox that libwbxml encoded', async () => {
  const { documents }: { documents: readonly { name: string; hex: string }[] } = JSON.parse(
    readFileSync(new URL('../../vectors/wbxml.json', import.meta.url), 'utf8'),
  );
  const octets = hexToBytes(documents.find(({ name }) => name === 'D. the document inside')?.hex ?? '');
  const tree = await open();
  const result = tree.add('s', { uri: './Inbox', format: 'xml', type: tndsMediaTypes.wbxml, data: octets });
  assert.deepEqual(
    result.placed?.map(({ uri }) => uri),
    ['./DMAcc/Op'],
  );
  assert.equal(tree.node('./DMAcc/Op/AppID')?.value, 'w7');
});

test('SM-C-003 an object without a name gets one, and one whose name is taken is renamed', async () => {
  const tree = await open();
  const add = (uri: string, inner: string): unknown =>
    tree.add('s', command(uri, inner)).placed?.map((each) => each.uri);
  assert.deepEqual(add('./Inbox', dmacc(undefined, 'a')), ['./DMAcc/Account']);
  assert.deepEqual(add('./Inbox', dmacc('', 'b')), ['./DMAcc/Account_2']);
  assert.deepEqual(add('./Inbox/Given', dmacc(undefined, 'c')), ['./DMAcc/Given']);
  assert.deepEqual(add('./Inbox', dmacc('Given', 'd')), ['./DMAcc/Given_2']);
  assert.deepEqual(add('./Inbox', dmacc('Given', 'e')), ['./DMAcc/Given_3']);
  assert.deepEqual(add('./Inbox', nap('N', leaf('A', '1')) + nap('N', leaf('A', '2'))), [
    './NAP/N',
    './NAP/N_2',
  ]);
});

test('SM-C-003 DM-SESSIONLESS-1.3 §5.5: references through ./Inbox become the final places', async () => {
  const tree = await open();
  const inner =
    dmacc('OperatorX', 'opx', leaf('PrefConRef', './Inbox/Internet') + leaf('Name', './Inbox/Nowhere')) +
    nap('Internet', leaf('Bearer', 'x') + leaf('Proxy', './Inbox/P/Deep/Leaf')) +
    object('P', 'urn:oma:mo:oma-connmo-proxy:1.0', leaf('A', '1'));
  const result = tree.add('s', command('./Inbox', inner));
  assert.deepEqual(
    result.placed?.map(({ uri }) => uri),
    ['./DMAcc/OperatorX', './NAP/Internet', './Proxy/P'],
  );
  assert.equal(tree.node('./DMAcc/OperatorX/PrefConRef')?.value, './NAP/Internet');
  assert.equal(tree.node('./NAP/Internet/Proxy')?.value, './Proxy/P/Deep/Leaf');
  assert.equal(tree.node('./DMAcc/OperatorX/Name')?.value, './Inbox/Nowhere', 'no object stands there');
});

test('SM-C-003 DM-SESSIONLESS-1.3 §5.5: references follow a renamed connectivity object', async () => {
  const tree = await open();
  tree.add('s', command('./Inbox', nap('Internet')));
  const references =
    leaf('PrefConRef', './Inbox/Internet') +
    `<Node><NodeName>ToConRef</NodeName><RTProperties/><Node><NodeName>1</NodeName><RTProperties/>${leaf('ConRef', './NAP/Internet')}</Node>` +
    `<Node><NodeName>2</NodeName><RTProperties/>${leaf('ConRef', 'Internet')}</Node></Node>`;
  const result = tree.add('s', command('./Inbox', dmacc('Op', 'op', references) + nap('Internet')));
  assert.equal(result.placed?.[1]?.uri, './NAP/Internet_2');
  for (const name of ['PrefConRef', 'ToConRef/1/ConRef']) {
    assert.equal(tree.node(`./DMAcc/Op/${name}`)?.value, './NAP/Internet_2');
  }
  assert.equal(tree.node('./DMAcc/Op/ToConRef/2/ConRef')?.value, 'Internet_2');
});

test('a value that only looks like endless references is taken as it is, and soon', async () => {
  const tree = await open();
  const value = `./Inbox${'/'.repeat(1_000_000)}`;
  const result = tree.add('s', command('./Inbox', nap('N', leaf('A', value) + leaf('B', './Inbox/Nearby'))));
  assert.equal(result.status, 200);
  assert.equal(tree.node('./NAP/N/A')?.value, value);
  assert.equal(tree.node('./NAP/N/B')?.value, './Inbox/Nearby', 'only whole segments match');
});

test('of two objects with the same place, a reference means the first', async () => {
  const tree = await open();
  const inner =
    nap('N', leaf('A', '1')) + nap('N', leaf('A', '2')) + dmacc('N', 'n', leaf('PrefConRef', 'N'));
  tree.add('s', command('./Inbox', inner + dmacc('M', 'm', leaf('PrefConRef', './NAP/N'))));
  assert.equal(tree.node('./DMAcc/N/PrefConRef')?.value, 'N');
  assert.equal(tree.node('./DMAcc/M/PrefConRef')?.value, './NAP/N');
});

test('SM-C-003 objects below a node that is none are found with their place in the document', async () => {
  const tree = await open();
  const inner = `<Node><NodeName>Wrap</NodeName><RTProperties/>${nap('I')}${dmacc('Op', 'op', leaf('PrefConRef', './Inbox/Wrap/I'))}</Node>`;
  const result = tree.add('s', command('./Inbox', inner));
  assert.deepEqual(
    result.placed?.map(({ from, uri }) => [from, uri]),
    [
      ['./Inbox/Wrap/I', './NAP/I'],
      ['./Inbox/Wrap/Op', './DMAcc/Op'],
    ],
  );
  assert.equal(tree.node('./DMAcc/Op/PrefConRef')?.value, './NAP/I');
});

test('DM-SESSIONLESS-1.3 §5.5: an unsupported object is refused, or left out so that the rest succeeds', async () => {
  const tree = await open();
  const unknown = object('U', 'urn:oma:mo:oma-unknown:1.0', leaf('A', '1'));
  const major2 = dmacc('Two', 'two', '', '2.0');
  for (const inner of [
    unknown + dmacc('Op', 'op'),
    major2 + dmacc('Op', 'op'),
    leaf('Loose', 'x') + dmacc('Op', 'op'),
  ]) {
    assert.equal(tree.add('s', command('./Inbox', inner)).status, 415);
    assert.equal(tree.changed, false);
  }
  const result = tree.add(
    's',
    command('./Inbox', unknown + major2 + leaf('Loose', 'x') + dmacc('Op', 'op'), true),
  );
  assert.equal(result.status, 200);
  assert.deepEqual(
    result.placed?.map(({ uri }) => uri),
    ['./DMAcc/Op'],
  );
  assert.equal(result.ignored?.length, 3);
});

test('DM-SESSIONLESS-1.3 §5.5: of several versions the newest that is supported is taken', async () => {
  const tree = await open();
  const inner =
    dmacc('Old', 'op', '', '1.0') + dmacc('New', 'op', '', '1.2') + dmacc('Future', 'op', '', '2.0');
  const result = tree.add('s', command('./Inbox', inner, true));
  assert.deepEqual(
    result.placed?.map(({ uri }) => uri),
    ['./DMAcc/New'],
  );
  assert.equal(result.ignored?.length, 2);
});

test('DM-SESSIONLESS-1.3 §5.5: versions are those of one object: accounts of two servers both come', async () => {
  const tree = await open();
  const inner = dmacc('One', 'one', '', '1.0') + dmacc('Two', 'two', '', '1.1');
  const result = tree.add('s', command('./Inbox', inner + nap('A') + nap('B'), true));
  assert.deepEqual(
    result.placed?.map(({ uri }) => uri),
    ['./DMAcc/One', './DMAcc/Two', './NAP/A', './NAP/B'],
  );
  assert.equal(result.ignored, undefined);
});

test('DM-SESSIONLESS-1.3 §5.5: versions of one access point have its NAPID, or else its name', async () => {
  const tree = await open();
  const versions = (name: string, inner: string, ...minors: readonly number[]): string =>
    minors.map((minor) => object(name, `urn:oma:mo:oma-connmo-nap:1.${minor}`, inner)).join('');
  const inner =
    versions('N', leaf('A', '1'), 3, 0) +
    versions('X', leaf('NAPID', 'internet'), 0) +
    versions('Y', leaf('NAPID', 'internet'), 1) +
    versions('Z', leaf('NAPID', 'mms'), 1);
  const result = tree.add('s', command('./Inbox', inner, true));
  assert.deepEqual(
    result.placed?.map(({ uri, type }) => [uri, type.slice(-3)]),
    [
      ['./NAP/N', '1.0'],
      ['./NAP/X', '1.0'],
      ['./NAP/Z', '1.1'],
    ],
  );
  assert.equal(result.ignored?.length, 2);
});

test('DM-SESSIONLESS-1.3 §5.5: a minor version that is not known does not beat one that is, and comes where it is alone', async () => {
  for (const [minors, taken] of [
    [[0, 9], '1.0'],
    [[9, 1, 0], '1.1'],
    [[9, 8], '1.8'],
    [[9], '1.9'],
  ] as const) {
    const tree = await open();
    const inner = minors.map((minor) => dmacc(`V${minor}`, 'op', '', `1.${minor}`)).join('');
    const { placed, ignored = [] } = tree.add('s', command('./Inbox', inner));
    assert.deepEqual(
      placed?.map(({ type }) => type.slice(-3)),
      [taken],
    );
    assert.equal(ignored.length, minors.length - 1);
  }
});

test('objects that belong to the device are refused with 405', async () => {
  const tree = await open();
  const inner =
    dmacc('Op', 'op') + object('DevDetail', 'urn:oma:mo:oma-dm-devdetail:1.0', leaf('FwV', 'mine'));
  const result = tree.add('s', command('./Inbox', inner, true));
  assert.equal(result.status, 405);
  assert.equal(result.failedUri, './Inbox/DevDetail');
  assert.equal(tree.changed, false);
});

test('the ACL of the Inbox says who may use it, and nothing else does', async () => {
  const tree = await open();
  tree.set('./Inbox', { acl: 'Add=trusted' });
  tree.set('./DMAcc', { acl: 'Get=*' });
  assert.equal(tree.add('s', command('./Inbox', dmacc('Op', 'op'))).status, 425);
  assert.equal(tree.add('trusted', command('./Inbox', dmacc('Op', 'op'))).status, 200);
});

test('a new object belongs to the server that sent it, unless the document says otherwise', async () => {
  const tree = await open();
  tree.add('s', command('./Inbox', dmacc('Op', 'op')));
  assert.equal(tree.aclOf('./DMAcc/Op'), 'Add=s&Delete=s&Replace=s');
  const acl = '<ACL>Get=op&amp;Replace=op&amp;Delete=op</ACL>';
  const inner = object('Two', 'urn:oma:mo:oma-dm-dmacc:1.0', leaf('ServerID', 'two'), acl);
  tree.add('s', command('./Inbox', inner));
  assert.equal(tree.aclOf('./DMAcc/Two'), 'Delete=op&Get=op&Replace=op');
  assert.equal(tree.add('s', command('./Inbox', nap('N'))).status, 200);
  assert.equal(tree.aclOf('./NAP'), '', 'the container is nobody’s');
});

test('DM-SESSIONLESS-1.3 §5.5: no second account for a server through the Inbox', async () => {
  const { tree } = await deviceTree();
  await addAccount(tree, { serverId: 'op', addresses: [], credentials: [] });
  const transaction = tree.transaction();
  assert.equal(transaction.add('s', command('./Inbox', dmacc('Evil', 'op'))).status, 418);
  assert.equal(transaction.add('s', command('./Inbox', dmacc('A', 'a') + dmacc('B', 'a'))).status, 418);
  assert.equal(transaction.changed, false);
});

test('where objects go can be configured', async () => {
  const { tree } = await deviceTree({
    placements: [{ identifier: 'org.example/Mail', major: 2, parent: './Mail', name: 'Mail' }],
  });
  const transaction = tree.transaction();
  const mail = (version: string): string => object(undefined, `org.example/${version}/Mail`, leaf('A', '1'));
  assert.equal(transaction.add('s', command('./Inbox', mail('2.7'))).placed?.[0]?.uri, './Mail/Mail');
  assert.equal(transaction.add('s', command('./Inbox', mail('1.0'))).status, 415);
});

test('DM-TND-1.2 §7.7.7.2: management object identifiers, URN and reversed domain', () => {
  assert.deepEqual(parseMoIdentifier('urn:oma:mo:oma-dm-dmacc:1.2'), {
    base: 'urn:oma:mo:oma-dm-dmacc',
    version: { major: 1, minor: 2 },
  });
  assert.deepEqual(parseMoIdentifier('se.yyy.dm/2.10/Profile/Class1'), {
    base: 'se.yyy.dm/Profile/Class1',
    version: { major: 2, minor: 10 },
  });
  assert.deepEqual(parseMoIdentifier('something'), { base: 'something', version: undefined });
});

test('the containers of the Inbox belong to nobody: no server makes one its own, nor a leaf of it', async () => {
  const tree = await open();
  assert.equal(tree.add('first', { uri: './NAP', data: 'mine' }).status, 405);
  assert.equal(tree.add('first', { uri: './Proxy/Mine/Leaf', data: 'x' }).status, 200);
  assert.equal(tree.add('first', { uri: './NAP', format: 'node' }).status, 200);
  assert.deepEqual(
    ['./NAP', './Proxy'].map((uri) => tree.aclOf(uri)),
    ['', ''],
  );
  assert.equal(tree.aclOf('./Proxy/Mine'), 'Add=first&Delete=first&Replace=first');
  assert.equal(tree.add('s', command('./Inbox', nap('Theirs'))).status, 200);
  for (const uri of ['./NAP', './Proxy', './NAP/Theirs']) {
    assert.equal(tree.delete('first', uri).status, 425, uri);
    assert.equal(tree.replace('first', { uri: `${uri}?prop=ACL`, data: 'Delete=first' }).status, 425, uri);
  }
});

// The device description holds for everything that servers write, whichever way they write it (DM-TND-1.2 §6.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tndsMediaTypes } from '../../../src/codec/tnds/index.ts';
import type { TreeTransaction, ValueCommand } from '../../../src/tree/index.ts';
import { dmAccount, leaf, node, tnds } from '../../device/signed-server.ts';
import { deviceTree } from '../tools.ts';

const fumo = 'urn:oma:mo:oma-fumo:1.0';
const document = (uri: string, ...objects: readonly string[]): ValueCommand => ({
  uri,
  format: 'xml',
  type: tndsMediaTypes.xml,
  data: tnds(...objects),
});
const everything = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';
const operations = node('Operations', node('1', leaf('Operation', 'Update') + leaf('ServerID', 'op')));

async function open(): Promise<TreeTransaction> {
  const { tree } = await deviceTree({}, (own) => {
    own.set('.', { acl: everything });
    own.set('./DMAcc/Op/AppID', { value: 'w7' });
    own.set('./DMAcc/Op/ServerID', { value: 'op' });
    own.set('./DMAcc/Op/Name', { value: 'Operator' });
    own.set('./FwUpdate/Main', { format: 'node', type: fumo });
    own.set('./FwUpdate/Main/State', { format: 'int', value: '10' });
    own.set('./FwUpdate/Main/Update/PkgData', { format: 'bin', value: new Uint8Array() });
    own.set('./Reveille/Messages/x', { value: 'seen' });
  });
  return tree.transaction();
}

test('what no single Add may make comes through the Inbox neither, at any depth: the whole Add is refused', async () => {
  const tree = await open();
  const before = tree.savepoint();
  for (const inner of [
    node('Ext', operations),
    node('Ext', node('Operations', '')),
    leaf('State', '60', 'int'),
    node('Download', leaf('PkgURL', 'http://x/')) + node('Ext', leaf('Fine', 'x') + operations),
  ]) {
    for (const command of [
      document('./Inbox', node('New', inner, { type: fumo })),
      document('./Inbox', dmAccount('Good', 'good'), node('New', inner, { type: fumo })),
      document('./Inbox/Main', node('Main', inner, { type: fumo })),
      document('./FwUpdate/New', node('New', inner, { type: fumo })),
      document('./FwUpdate', node('New', inner, { type: fumo })),
      document('./FwUpdate/Main/Ext', operations),
      document('./FwUpdate/Main', node('Ext', operations)),
    ]) {
      for (const ignoreUnsupported of [false, true]) {
        assert.equal(tree.add('s', { ...command, ignoreUnsupported }).status, 405, String(command.data));
        assert.deepEqual(tree.savepoint(), before);
      }
    }
  }
  const plain = node('New', node('Ext', leaf('Note', 'x')) + node('Update', ''), { type: fumo });
  assert.equal(tree.add('s', document('./Inbox', plain)).status, 200);
});

test('a TNDS Replace changes and drops what single commands may, and nothing else', async () => {
  const tree = await open();
  const account = (inner: string): ValueCommand => document('./DMAcc/Op', node('Op', inner));
  const before = tree.savepoint();
  for (const inner of [
    leaf('AppID', 'w8') + leaf('ServerID', 'op'),
    leaf('ServerID', 'op'),
    node('AppID', '') + leaf('ServerID', 'op'),
    leaf('AppID', 'w7', 'int') + leaf('ServerID', 'op'),
  ]) {
    assert.equal(tree.replace('s', account(inner)).status, 405, inner);
    assert.deepEqual(tree.savepoint(), before);
  }
  assert.equal(tree.replace('s', account(leaf('AppID', 'w7') + leaf('ServerID', 'op'))).status, 200);
  assert.equal(tree.node('./DMAcc/Op/Name'), undefined);
});

test('a place of the device’s own answers 405 to every command, whether a node is there or not', async () => {
  const tree = await open();
  tree.set('./Mine', { value: 'x' });
  const before = tree.savepoint();
  for (const uri of [
    './Reveille',
    './Reveille/Messages/x',
    './Reveille/Nothing',
    './FwUpdate/Main/Ext/Operations',
  ]) {
    const results = [
      tree.get('s', uri),
      tree.get('s', `${uri}?prop=Title`),
      tree.get('s', `${uri}?list=Struct`),
      tree.replace('s', { uri, data: 'x' }),
      tree.replace('s', document(uri, node('X', ''))),
      tree.replace('s', { uri: `${uri}?prop=Title`, data: 'x' }),
      tree.replace('s', { uri: `${uri}?prop=ACL`, data: everything }),
      tree.replace('s', { uri: `${uri}?prop=Name`, data: 'x' }),
      tree.delete('s', uri),
      tree.add('s', { uri: `${uri}/New`, data: 'x' }),
      tree.add('s', document(`${uri}/New`, leaf('New', 'x'))),
      tree.copy('s', './Mine', `${uri}/New`),
    ];
    assert.deepEqual(
      results.map(({ status }) => status),
      results.map(() => 405),
      uri,
    );
  }
  assert.deepEqual(tree.savepoint(), before);
  assert.equal(tree.replace('s', { uri: './Mine?prop=Name', data: 'Reveille' }).status, 418);
});

test('whatever servers with every right on the ACLs do, what the description protects stays as it was', async () => {
  const names = fc.constantFrom('FwUpdate', 'Main', 'New', 'State', 'Ext', 'Operations', 'Update', 'PkgData');
  const others = fc.constantFrom(
    'DMAcc',
    'Op',
    'AppID',
    'ServerID',
    'DevInfo',
    'DevDetail',
    'FwV',
    'Reveille',
    'Inbox',
  );
  const uri = fc
    .array(fc.oneof(names, others), { minLength: 1, maxLength: 4 })
    .map((segments) => `./${segments.join('/')}`);
  const inner: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      fc
        .tuple(fc.oneof(names, others), fc.constantFrom('1', 'op', 'w7'))
        .map(([name, text]) => leaf(name, text)),
      fc
        .tuple(fc.oneof(names, others), fc.array(tie('node'), { maxLength: 3 }), fc.constantFrom('', fumo))
        .map(([name, children, type]) => node(name, children.join(''), { type })),
    ),
  })).node;
  const command = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), uri, inner }),
    fc.record({ kind: fc.constant('inbox' as const), uri, inner }),
    fc.record({ kind: fc.constant('replace' as const), uri, inner }),
    fc.record({ kind: fc.constant('delete' as const), uri, inner: fc.constant('') }),
    fc.record({ kind: fc.constant('copy' as const), uri, inner: uri }),
    fc.record({ kind: fc.constant('rename' as const), uri, inner: names }),
    fc.record({ kind: fc.constant('value' as const), uri, inner: fc.constantFrom('x', 'op') }),
  );
  type Command = { readonly kind: string; readonly uri: string; readonly inner: string };
  const run = (tree: TreeTransaction, { kind, uri: at, inner: text }: Command): void => {
    if (kind === 'add') tree.add('s', document(at, text));
    if (kind === 'inbox') tree.add('s', document('./Inbox', node('New', text, { type: fumo })));
    if (kind === 'replace') tree.replace('s', document(at, text));
    if (kind === 'delete') tree.delete('s', at);
    if (kind === 'copy') tree.copy('s', at, text);
    if (kind === 'rename') tree.replace('s', { uri: `${at}?prop=Name`, data: text });
    if (kind === 'value') {
      tree.add('s', { uri: at, data: text });
      tree.replace('s', { uri: at, data: text });
    }
  };
  // Below Ext a server may add at will.
  const leavesOf = (tree: TreeTransaction, at: string): unknown =>
    tree.leaves(at).filter((each) => !each.uri.includes('/Ext'));
  const own = (tree: TreeTransaction): unknown => [
    leavesOf(tree, './DevInfo'),
    leavesOf(tree, './DevDetail'),
    tree.node('./Reveille'),
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
      const tree = await open();
      const before = own(tree);
      for (const each of commands) {
        run(tree, each);
        assert.deepEqual(own(tree), before);
        for (const [name, object] of tree.node('./FwUpdate')?.children ?? []) {
          assert.equal(object.children?.get('Ext')?.children?.get('Operations'), undefined, name);
          const state = object.children?.get('State');
          assert.ok(state === undefined || state.value === '10', `State of ${name}`);
        }
      }
    }),
    { numRuns: 150 },
  );
});

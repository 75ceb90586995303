// The behaviour of each command (DM-RepPro-1.2 §6.6; DM-REPPRO-1.2, DM-TND-1.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandResult, TreeTransaction } from '../../../src/tree/index.ts';
import { ManagementTree, writeDevDetail } from '../../../src/tree/index.ts';
import { devDetail, deviceTree, manualClock } from '../tools.ts';

/** A transaction in which server `s` may do everything, and `other` may read. */
async function open(
  fill: (transaction: TreeTransaction) => void = () => undefined,
): Promise<TreeTransaction> {
  const { tree } = await deviceTree({}, (transaction) => {
    transaction.set('.', { acl: 'Add=*&Delete=s&Exec=s&Get=*&Replace=s' });
    transaction.set('./V', { format: 'node', type: 'com.example/1.0/V' });
    transaction.set('./V/Text', { value: 'text' });
    transaction.set('./V/Pic', { format: 'bin', type: 'image/jpeg', value: Uint8Array.of(0, 255) });
    transaction.set('./V/Sub', { format: 'node' });
    fill(transaction);
  });
  return tree.transaction();
}
const item = (result: CommandResult): unknown => {
  assert.equal(result.status, 200);
  assert.equal(result.results?.length, 1);
  return result.results?.[0];
};

test('Get of a leaf: value, with Format and Type where they are not the defaults', async () => {
  const tree = await open();
  assert.deepEqual(item(tree.get('s', 'V/Text')), { uri: 'V/Text', data: 'text' });
  assert.deepEqual(item(tree.get('s', './V/Pic')), {
    uri: './V/Pic',
    format: 'bin',
    type: 'image/jpeg',
    data: Uint8Array.of(0, 255),
  });
});

test('Get of an interior node: names of its children under Format node; none gives empty data', async () => {
  const tree = await open();
  assert.deepEqual(item(tree.get('s', './V')), { uri: './V', format: 'node', data: 'Text/Pic/Sub' });
  assert.deepEqual(item(tree.get('s', './V/Sub')), { uri: './V/Sub', format: 'node', data: '' });
  assert.deepEqual(item(tree.get('s', '.')), {
    uri: '.',
    format: 'node',
    data: 'DevInfo/DevDetail/DMAcc/Inbox/V',
  });
});

test('Get ?list=Struct and StructData, as the example of DM-TND-1.2 prints them', async () => {
  const tree = await open((own) => {
    own.set('./A', { format: 'node' });
    own.set('./A/C', { format: 'node' });
    own.set('./A/D', { format: 'node' });
    own.set('./A/D/E', { format: 'node' });
    own.set('./A/D/E/G', { value: 'leaf node data' });
    own.set('./A/D/E/H', { format: 'bin', type: 'image/jpeg', value: Uint8Array.of(1) });
    own.set('./A/D/F', { format: 'xml', value: '<XML document/>' });
  });
  assert.deepEqual(tree.get('s', './A?list=Struct').results, [
    { uri: './A', format: 'node' },
    { uri: './A/C', format: 'node' },
    { uri: './A/D', format: 'node' },
    { uri: './A/D/E', format: 'node' },
    { uri: './A/D/E/G' },
    { uri: './A/D/E/H', format: 'bin', type: 'image/jpeg' },
    { uri: './A/D/F', format: 'xml' },
  ]);
  assert.deepEqual(tree.get('s', './A/D?list=StructData').results, [
    { uri: './A/D', format: 'node' },
    { uri: './A/D/E', format: 'node' },
    { uri: './A/D/E/G', data: 'leaf node data' },
    { uri: './A/D/E/H', format: 'bin', type: 'image/jpeg', data: Uint8Array.of(1) },
    { uri: './A/D/F', format: 'xml', data: '<XML document/>' },
  ]);
  assert.deepEqual(tree.get('s', './V?list=Struct').results?.[0], {
    uri: './V',
    format: 'node',
    type: 'com.example/1.0/V',
  });
});

test('Get refuses: 404 no node, 425 no right, 400 no URI, 406 unknown list', async () => {
  const tree = await open((own) => own.set('./V', { acl: 'Get=s' }));
  assert.equal(tree.get('s', './V/None').status, 404);
  assert.equal(tree.get('s', './V/Text/Below').status, 404);
  assert.equal(tree.get('other', './V/Text').status, 425);
  assert.equal(tree.get('other', './V/None').status, 404, 'existence comes before rights');
  assert.equal(tree.get('s', './V/').status, 400);
  assert.equal(tree.get('s', './V?list=All').status, 406);
});

test('Add of a leaf, with the defaults and with its own Format and Type', async () => {
  const tree = await open();
  assert.deepEqual(tree.add('s', { uri: './V/New', data: 'x' }), { status: 200 });
  assert.deepEqual(item(tree.get('s', './V/New')), { uri: './V/New', data: 'x' });
  assert.equal(tree.add('s', { uri: './V/Int', format: 'int', data: '7' }).status, 200);
  assert.equal(tree.node('./V/Int')?.format, 'int');
  assert.equal(tree.add('s', { uri: './V/Null', format: 'null' }).status, 200);
  assert.deepEqual(item(tree.get('s', './V/Null')), { uri: './V/Null', format: 'null', data: '' });
});

test('Add of an interior node keeps its management object identifier, and takes no data', async () => {
  const tree = await open();
  const type = 'urn:oma:mo:oma-fumo:1.0';
  assert.equal(tree.add('s', { uri: './V/I', format: 'node', type, data: '' }).status, 200);
  assert.equal(item(tree.get('s', './V/I?prop=Type')) !== undefined, true);
  assert.equal(tree.node('./V/I')?.type, type);
  assert.equal(tree.add('s', { uri: './V/J', format: 'node', type: 'text/plain' }).status, 200);
  assert.equal(tree.node('./V/J')?.type, '', 'the default of Meta is no identifier');
  assert.equal(tree.add('s', { uri: './V/K', format: 'node', data: 'x' }).status, 400);
});

test('binary values are kept decoded: b64 text, octets, and Base64 text under bin', async () => {
  const tree = await open();
  const octets = Uint8Array.of(0, 1, 255);
  tree.add('s', { uri: './V/B1', format: 'b64', type: 'audio/x', data: 'AAH/' });
  tree.add('s', { uri: './V/B2', format: 'bin', data: octets });
  tree.add('s', { uri: './V/B3', format: 'bin', data: 'AAH/' });
  octets.fill(9);
  for (const name of ['B1', 'B2', 'B3']) {
    assert.deepEqual(tree.node(`./V/${name}`)?.value, Uint8Array.of(0, 1, 255), name);
    assert.equal(tree.get('s', `./V/${name}?prop=Format`).results?.[0]?.data, 'bin');
    assert.equal(tree.get('s', `./V/${name}?prop=Size`).results?.[0]?.data, '3');
  }
  assert.equal(tree.add('s', { uri: './V/B4', format: 'b64', data: '*' }).status, 400);
});

test('text that came as octets is text; octets that are no text need Format bin', async () => {
  const tree = await open();
  assert.equal(tree.add('s', { uri: './V/T', data: new TextEncoder().encode('ä') }).status, 200);
  assert.equal(tree.node('./V/T')?.value, 'ä');
  assert.equal(tree.add('s', { uri: './V/U', data: Uint8Array.of(255) }).status, 415);
});

test('Add refuses in the order of DM-REPPRO-1.2', async () => {
  const tree = await open((own) => {
    own.set('./V', { acl: 'Get=*' });
    own.set('./Open', { value: 'leaf' });
  });
  const format = 'odd';
  assert.equal(tree.add('s', { uri: './V//New', format, data: 'x' }).status, 400);
  assert.equal(tree.add('s', { uri: './V/New' }).status, 412, 'no Data');
  assert.equal(tree.add('s', { uri: './V/Text', format, data: 'x' }).status, 418);
  assert.equal(tree.add('s', { uri: '.', format: 'node' }).status, 418);
  assert.equal(tree.add('s', { uri: './V/New', format, data: 'x' }).status, 425);
  assert.equal(tree.add('s', { uri: './DevInfo/New', format, data: 'x' }).status, 405);
  assert.equal(tree.add('s', { uri: './Open/New', format, data: 'x' }).status, 405, 'below a leaf');
  assert.equal(tree.add('s', { uri: './New', format, data: 'x' }).status, 415);
  assert.equal(tree.add('s', { uri: './New?prop=ACL', data: 'x' }).status, 405, 'a property is never added');
  assert.equal(tree.add('s', { uri: './New?list=Struct', data: 'x' }).status, 405);
});

test('Add names the parent that it could not make on the way', async () => {
  const tree = await open();
  const result = tree.add('s', { uri: './DevInfo/Odd/Leaf', data: 'x' });
  assert.equal(result.status, 405);
  assert.equal(result.failedUri, './DevInfo/Odd');
  assert.equal(tree.changed, false);
});

test('device full: 420 beyond the room for nodes and octets, and nothing changes', async () => {
  const tree = new ManagementTree({ clock: manualClock(), maxNodes: 3, maxOctets: 100 }).transaction();
  assert.equal(tree.add('s', { uri: './A', data: 'a'.repeat(90) }).status, 200);
  assert.equal(tree.add('s', { uri: './B', data: 'b'.repeat(20) }).status, 420);
  assert.equal(tree.add('s', { uri: './I/J', format: 'node' }).status, 420);
  assert.equal(tree.add('s', { uri: './B', data: '' }).status, 200);
  assert.equal(tree.add('s', { uri: './C', data: '' }).status, 420);
  assert.equal(tree.get('s', '.').results?.[0]?.data, 'A/B');
  tree.set('.', { acl: 'Add=*&Get=*&Replace=s' });
  assert.equal(tree.replace('s', { uri: './A', data: 'a'.repeat(100) }).status, 420);
  assert.equal(tree.copy('s', './A', './B').status, 420);
});

test('a tree that servers have filled still has room for what the device itself writes, and may be emptied', async () => {
  const tree = new ManagementTree({ clock: manualClock(), maxNodes: 40, maxOctets: 1000 });
  await tree.run((transaction) => {
    assert.equal(transaction.add('s', { uri: './G', format: 'node' }).status, 200);
    assert.equal(transaction.add('s', { uri: './G/A', data: 'a'.repeat(990) }).status, 200);
    assert.equal(transaction.add('s', { uri: './G/B', data: 'b'.repeat(20) }).status, 420);
  });
  await tree.run((transaction) => transaction.set('./Reveille/Messages', { value: 'm'.repeat(80) }));
  await tree.run((transaction) => {
    assert.equal(transaction.add('s', { uri: './G/C', data: '' }).status, 420);
    assert.equal(transaction.replace('s', { uri: './G/A', data: 'a'.repeat(950) }).status, 200);
    assert.equal(transaction.delete('s', './G/A').status, 200);
  });
  await assert.rejects(
    tree.run((transaction) => transaction.set('./Reveille/Messages', { value: 'm'.repeat(2000) })),
    { code: 'TREE_FULL' },
  );
});

test('Replace of a value; without Meta the leaf keeps its Format and Type', async () => {
  const tree = await open((own) => own.set('./V/Int', { format: 'int', type: 'x/int', value: '1' }));
  assert.equal(tree.replace('s', { uri: './V/Int', data: '2' }).status, 200);
  const { format, type, value } = tree.node('./V/Int') ?? {};
  assert.deepEqual({ format, type, value }, { format: 'int', type: 'x/int', value: '2' });
  assert.equal(
    tree.replace('s', { uri: './V/Int', format: 'chr', type: 'text/html', data: 'b' }).status,
    200,
  );
  assert.deepEqual(item(tree.get('s', './V/Int')), { uri: './V/Int', type: 'text/html', data: 'b' });
  assert.equal(tree.replace('s', { uri: './V/Pic', data: 'now text' }).status, 200);
  assert.equal(tree.node('./V/Pic')?.format, 'chr');
});

test('Replace never creates and never turns a leaf into an interior node', async () => {
  const tree = await open();
  assert.equal(tree.replace('s', { uri: './V/None', data: 'x' }).status, 404);
  assert.equal(tree.replace('s', { uri: './V/Text', format: 'node' }).status, 405);
  assert.equal(tree.replace('s', { uri: './V', data: 'x' }).status, 405);
  assert.equal(tree.replace('s', { uri: './V', format: 'node' }).status, 405);
  assert.equal(tree.replace('s', { uri: './V', format: 'node', type: 'com.example/1.1/V' }).status, 200);
  assert.equal(tree.node('./V')?.type, 'com.example/1.1/V');
  assert.equal(tree.replace('s', { uri: './V/Text' }).status, 412);
  assert.equal(tree.replace('s', { uri: './V/Text', format: 'odd', data: 'x' }).status, 415);
  assert.equal(tree.replace('other', { uri: './V/Text', data: 'x' }).status, 425);
  assert.equal(tree.replace('s', { uri: './V?list=Struct', data: 'x' }).status, 405);
});

test('Delete takes the subtree with it; the root and permanent nodes stay', async () => {
  const tree = await open((own) => own.set('./V/Sub/Deep/Leaf', { value: 'x' }));
  assert.equal(tree.delete('s', './V/Sub').status, 200);
  assert.equal(tree.node('./V/Sub/Deep/Leaf'), undefined);
  assert.equal(tree.get('s', './V').results?.[0]?.data, 'Text/Pic');
  assert.equal(tree.delete('s', '.').status, 405);
  assert.equal(tree.delete('s', './DevInfo').status, 405);
  assert.equal(tree.delete('s', './Inbox').status, 405);
  assert.equal(tree.delete('s', './V/None').status, 404);
  assert.equal(tree.delete('other', './V').status, 425);
  assert.equal(tree.delete('s', './V?prop=Title').status, 405);
});

test('DM-TND-1.2 §6.2.5: a node without Delete in its description goes with its parent', async () => {
  const tree = await open((own) => {
    own.set('./DMAcc/X/ServerID', { value: 'x' });
    own.set('./DMAcc/X/AppID', { value: 'w7' });
  });
  assert.equal(tree.delete('s', './DMAcc/X/ServerID').status, 405);
  assert.equal(tree.delete('s', './DMAcc/X').status, 200);
});

test('Copy of a leaf onto a leaf, or to a new one; what is copied is independent', async () => {
  const tree = await open();
  assert.equal(tree.copy('s', './V/Pic', './V/Text').status, 200);
  assert.deepEqual(item(tree.get('s', './V/Text')), {
    uri: './V/Text',
    format: 'bin',
    type: 'image/jpeg',
    data: Uint8Array.of(0, 255),
  });
  assert.equal(tree.copy('s', './V/Text', './V/Sub/New').status, 200);
  tree.replace('s', { uri: './V/Text', data: 'other' });
  assert.deepEqual(tree.node('./V/Sub/New')?.value, Uint8Array.of(0, 255));
});

test('Copy refuses: 403 interior nodes, 404 no source, 405 properties and the description', async () => {
  const tree = await open();
  assert.equal(tree.copy('s', './V', './W').status, 403);
  assert.equal(tree.copy('s', './V/Text', './V/Sub').status, 403);
  assert.equal(tree.copy('s', './V/None', './V/Text').status, 404);
  assert.equal(tree.copy('s', './V/Text?prop=Name', './V/Pic').status, 405);
  assert.equal(tree.copy('s', './V/Text', './DevInfo/DevId').status, 405);
  assert.equal(tree.copy('s', './V/Text', './DevInfo/New').status, 405);
  assert.equal(tree.copy('s', './V//', './V/Text').status, 400);
});

test('DM-StdObj-1.2 §5.3.3: the limits that DevDetail states hold for every command', async () => {
  const tree = await open((own) =>
    writeDevDetail(own, { ...devDetail, maxDepth: 3, maxTotLen: 20, maxSegLen: 8 }),
  );
  assert.equal(tree.add('s', { uri: './V/Sub/12345678', data: 'x' }).status, 200);
  assert.equal(tree.add('s', { uri: './V/Sub/123456789', data: 'x' }).status, 414);
  assert.equal(tree.add('s', { uri: './V/Sub/12345678/x', data: 'x' }).status, 414);
  assert.equal(tree.add('s', { uri: './V/Sub2345/12345678', data: 'x' }).status, 200, '20 characters');
  assert.equal(tree.add('s', { uri: './VV/Sub2345/12345678', data: 'x' }).status, 414);
  assert.equal(tree.add('s', { uri: 'VV/Sub2345/1234567', data: 'x' }).status, 200);
  assert.equal(
    tree.add('s', { uri: 'VVV/Sub2345/12345678', data: 'x' }).status,
    414,
    'canonical: 22 characters',
  );
  assert.equal(tree.get('s', './V/Sub/123456789').status, 414);
  assert.equal(tree.replace('s', { uri: './V/Sub/123456789', data: 'x' }).status, 414);
  assert.equal(tree.delete('s', './V/Sub/123456789').status, 414);
  assert.equal(tree.replace('s', { uri: './V/Text?prop=Name', data: '123456789' }).status, 414);
  // The child of a renamed node becomes too long.
  assert.equal(tree.replace('s', { uri: './V?prop=Name', data: 'VVV' }).status, 414);
});

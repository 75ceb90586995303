// What a bootstrap may bring, by its content alone: one account of its own server and its connectivity.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DmCommand, writeMessage } from '../../../src/codec/syncml/index.ts';
import { utf8ToBytes } from '../../../src/core/index.ts';
import {
  applyBootstrap,
  BootstrapRefusal,
  largestBootstrap,
  type WithAccounts,
} from '../../../src/device/bootstrap/bootstrap-content.ts';
import { ManagementTree, readAccounts, writeAccount, writeStandardObjects } from '../../../src/tree/index.ts';
import { command, dmAccount, leaf, messageOf, node, tndsItem, toInbox } from '../signed-server.ts';

const serverId = 'org.new';
const deviceId = 'IMEI:1';

async function treeWith(...servers: readonly string[]): Promise<ManagementTree> {
  const tree = new ManagementTree();
  await tree.run((own) => {
    writeStandardObjects(
      own,
      { devId: deviceId, man: 'Example', mod: 'One', dmV: '1.3', lang: 'en' },
      { devTyp: 'phone', oem: 'Example', fwV: '1', swV: '2', hwV: '3' },
    );
    for (const id of servers) writeAccount(own, { serverId: id, addresses: [], credentials: [] });
  });
  return tree;
}

type Form = Parameters<typeof applyBootstrap>[2];

async function applied(tree: ManagementTree, body: Uint8Array, form: Form, rule: WithAccounts = 'add') {
  return await tree.run((own) => applyBootstrap(own, body, form, rule));
}

/** Why it is refused, and in whose name; nothing of it may be there then. */
async function refusal(tree: ManagementTree, body: Uint8Array, form: Form, rule: WithAccounts = 'add') {
  const before = tree.transaction().savepoint().root;
  try {
    await applied(tree, body, form, rule);
  } catch (error) {
    assert.ok(error instanceof BootstrapRefusal, String(error));
    assert.equal(tree.transaction().savepoint().root, before);
    return { detail: error.message, serverId: error.serverId };
  }
  return 'taken';
}

const message = (commands: readonly DmCommand[], from = serverId, to = ''): Uint8Array =>
  writeMessage(messageOf(from, to, commands), 'wbxml');
const own = toInbox(dmAccount('New', serverId));

const w7 = (id: string): string =>
  `<characteristic type="APPLICATION"><parm name="APPID" value="w7"/><parm name="PROVIDER-ID" value="${id}"/>` +
  '<parm name="ADDR" value="https://dm.example.com/dm"/><characteristic type="APPAUTH">' +
  '<parm name="AAUTHLEVEL" value="APPSRV"/><parm name="AAUTHNAME" value="d1"/><parm name="AAUTHSECRET" value="s"/>' +
  '</characteristic></characteristic>';
const napDef = (id: string): string =>
  `<characteristic type="NAPDEF"><parm name="NAPID" value="${id}"/><parm name="NAME" value="Net"/>` +
  '<parm name="BEARER" value="GSM-GPRS"/><parm name="NAP-ADDRESS" value="internet"/>' +
  '<parm name="NAP-ADDRTYPE" value="APN"/></characteristic>';
const document = (...parts: readonly string[]): Uint8Array =>
  utf8ToBytes(`<wap-provisioningdoc version="1.1">${parts.join('')}</wap-provisioningdoc>`);

test('DM profile: the account of the server that it is from is made, for any device or for this one', async () => {
  for (const to of ['', deviceId]) {
    const tree = await treeWith();
    const account = await applied(tree, message([own], serverId, to), 'dm');
    assert.deepEqual([account.serverId, account.uri], [serverId, './DMAcc/New']);
    assert.deepEqual(
      readAccounts(tree).map((each) => each.uri),
      ['./DMAcc/New'],
    );
  }
  const other = await refusal(await treeWith(), message([own], serverId, 'IMEI:2'), 'dm');
  assert.deepEqual(other, { detail: 'the message is for another device', serverId });
});

test('DM profile: nothing but Adds to the Inbox', async () => {
  const detail = 'a bootstrap may only add objects to ./Inbox';
  for (const commands of [
    [],
    [command('Replace', tndsItem('./Inbox', dmAccount('New', serverId)))],
    [command('Add', tndsItem('./DMAcc', dmAccount('New', serverId)))],
    [command('Add', tndsItem('./Inboxes', dmAccount('New', serverId)))],
    [command('Add', { data: 'x' })],
    [command('Add', tndsItem('./A./Inbox', dmAccount('New', serverId)))],
    [own, command('Delete', { target: { uri: './Inbox' } })],
    [{ ...own, items: [...('items' in own ? own.items : []), { target: { uri: './Other' }, data: 'x' }] }],
  ] as readonly (readonly DmCommand[])[]) {
    assert.deepEqual(await refusal(await treeWith(), message(commands), 'dm'), { detail, serverId });
  }
  const below = command('Add', tndsItem('./Inbox/Any', dmAccount('New', serverId)));
  assert.equal(await refusal(await treeWith(), message([below]), 'dm'), 'taken');
});

test('DM profile: exactly the account of its own server, and nothing beside it', async () => {
  const detail = 'it does not bring exactly the account of its own server';
  const nap = node('Net', leaf('ID', 'x'), { type: 'urn:oma:mo:oma-connmo-nap:1.0' });
  for (const objects of [
    [dmAccount('Other', 'org.other')],
    [dmAccount('New', serverId), dmAccount('Other', 'org.other')],
    [nap],
  ]) {
    assert.deepEqual(await refusal(await treeWith(), message([toInbox(...objects)]), 'dm'), {
      detail,
      serverId,
    });
  }
  assert.equal(
    await refusal(await treeWith(), message([toInbox(dmAccount('New', serverId), nap)]), 'dm'),
    'taken',
  );
  const fumo = node('Main', leaf('PkgName', 'x'), { type: 'urn:oma:mo:oma-fumo:1.0' });
  const beyond = await refusal(await treeWith(), message([toInbox(dmAccount('New', serverId), fumo)]), 'dm');
  assert.ok(beyond !== 'taken');
  assert.match(
    beyond.detail,
    /^it brings more than the account of its server and its connectivity: \.\/FwUpdate/,
  );
  assert.equal(beyond.serverId, serverId);
});

test('DM profile: a command that fails undoes all of it, and says why', async () => {
  const twice = [own, toInbox(node('Odd', leaf('A', '1'), { type: 'org.example/1.0/Odd' }))];
  const broken = command('Add', { target: { uri: './Inbox' }, data: 'no tree' });
  for (const commands of [[broken], [own, broken]]) {
    const found = await refusal(await treeWith(), message(commands), 'dm');
    assert.ok(found !== 'taken');
    assert.match(found.detail, /^Add refused with \d{3}: ./);
    assert.ok(found.detail.length <= 300);
    assert.equal(found.serverId, serverId);
  }
  const odd = await refusal(await treeWith(), message(twice), 'dm');
  assert.ok(odd === 'taken' || odd.serverId === serverId);
});

test('DM profile: whoever it says it is from must be a server by its name, and speak a version of ours', async () => {
  for (const from of ['', '*', 'a b']) {
    const found = await refusal(await treeWith(), message([own], from), 'dm');
    assert.ok(found !== 'taken' && found.serverId === undefined);
    assert.match(found.detail, /^SyncHdr\/Source\/LocURI: ./);
    const cp = await refusal(await treeWith(), document(w7(from)), 'xml');
    assert.ok(cp !== 'taken' && cp.serverId === undefined);
  }
  const made = messageOf(serverId, '', [own]);
  const later = writeMessage({ ...made, header: { ...made.header, verProto: 'DM/9.9' } }, 'wbxml');
  const found = await refusal(await treeWith(), later, 'dm');
  assert.ok(found !== 'taken' && found.serverId === serverId);
  assert.match(found.detail, /"DM\/9\.9" is not spoken here/);
  const xml = await refusal(await treeWith(), writeMessage(made, 'xml'), 'dm');
  assert.ok(xml !== 'taken' && xml.serverId === undefined, 'the DM profile is WBXML');
});

test('what is no document of its form is refused, and more than 64 KiB is not read', async () => {
  for (const form of ['dm', 'wbxml', 'xml'] as const) {
    const found = await refusal(await treeWith(), Uint8Array.of(1, 2, 3), form);
    assert.ok(found !== 'taken' && found.serverId === undefined);
    const large = await refusal(await treeWith(), new Uint8Array(largestBootstrap + 1), form);
    assert.deepEqual(large, { detail: '65537 octets, at most 65536 are read', serverId: undefined });
    const full = await refusal(await treeWith(), new Uint8Array(largestBootstrap), form);
    assert.ok(full !== 'taken' && !/at most/.test(full.detail));
  }
});

test('Client Provisioning: one w7 application is the account, with its access points where there is room', async () => {
  const tree = await treeWith();
  await tree.run((transaction) => transaction.set('./NAP/Net_1', { format: 'node' }));
  const account = await applied(
    tree,
    document(napDef('Net 1'), napDef('Net:1'), napDef('é'), w7(serverId)),
    'xml',
  );
  assert.equal(account.serverId, serverId);
  assert.equal(tree.node('./NAP/Net_1_2/NAPID')?.value, 'Net 1');
  assert.equal(tree.node('./NAP/Net_1_3/NAPID')?.value, 'Net:1');
  assert.equal(tree.node('./NAP/_/NAPID')?.value, 'é');
  assert.equal(tree.node('./NAP/_/BearerType')?.value, 'GSM-GPRS');
  assert.equal(tree.get(serverId, './NAP/_/NapAddr').status, 200);
  assert.equal(tree.get('org.other', './NAP/_/NapAddr').status, 425);
  for (const [parts, detail] of [
    [[napDef('A')], 'the document has no w7 application'],
    [[w7(serverId), w7('org.other')], 'the document has several w7 applications'],
  ] as const) {
    const found = await refusal(await treeWith(), document(...parts), 'xml');
    assert.deepEqual(found, { detail, serverId: undefined });
  }
});

for (const [profile, form, of] of [
  ['DM profile', 'dm', (id: string) => message([toInbox(dmAccount('New', id))], id)],
  ['Client Provisioning', 'xml', (id: string) => document(w7(id))],
] as const) {
  test(`${profile}: accounts that are there stay as the rule has it`, async () => {
    const further = { detail: 'the device has accounts, and the policy allows no further one', serverId };
    const same = { detail: 'there is an account of this server, and the policy keeps it', serverId };
    for (const [rule, there, found] of [
      ['refuse', [], 'taken'],
      ['refuse', ['org.old'], further],
      ['refuse', [serverId], further],
      ['add', ['org.old'], 'taken'],
      ['add', ['org.old', serverId], same],
      ['replace', ['org.old'], 'taken'],
      ['replace', ['org.old', serverId], 'taken'],
    ] as const) {
      const tree = await treeWith(...there);
      assert.deepEqual(await refusal(tree, of(serverId), form, rule), found);
      const ids = readAccounts(tree).map((account) => account.serverId);
      const expected = found === 'taken' ? [...new Set([...there, serverId])] : [...there];
      assert.deepEqual(ids.sort(), expected.sort());
    }
  });
}

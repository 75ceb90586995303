// A pushed message opened: whose it is, and why it is not taken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToBase64, utf8ToBytes } from '../../../src/core/index.ts';
import { rememberProcessed } from '../../../src/device/message/message-memory.ts';
import { isDmMessage, openPushed } from '../../../src/device/message/process-message.ts';
import { contentTypes, type ReceivedPush } from '../../../src/push/index.ts';
import { ManagementTree, writeAccount, writeStandardObjects } from '../../../src/tree/index.ts';
import { dm12, pushOf, received } from '../fixtures.ts';
import { signedBy } from '../signed-server.ts';

const serverId = 'com.example.dm';
const secret = 'a secret of some length';
const deviceId = 'IMEI:493005100592800';

async function treeWith(...servers: readonly string[]) {
  const tree = new ManagementTree();
  await tree.run((own) => {
    writeStandardObjects(
      own,
      { devId: deviceId, man: 'Example', mod: 'One', dmV: '1.3', lang: 'en' },
      { devTyp: 'phone', oem: 'Example', fwV: '1', swV: '2', hwV: '3' },
    );
    for (const id of servers) {
      const credentials = [{ level: 'SRVCRED', type: 'DIGEST', secret }] as const;
      writeAccount(own, { serverId: id, addresses: [], credentials });
    }
  });
  return tree;
}

const push = signedBy(serverId, secret, deviceId, []);
const named = (name: 'dm+wbxml' | 'dm+xml') => ({ code: undefined, mime: contentTypes[name].mime });
const refusalOf = (given: ReceivedPush, tree: ManagementTree) => {
  const opened = openPushed(given, tree);
  if (!('ignore' in opened)) return 'opened';
  const { detail, ...rest } = opened;
  assert.notEqual(detail, '');
  return rest;
};

test('a DM message is known by its type, in either encoding; only WBXML may be pushed', async () => {
  const tree = await treeWith(serverId);
  assert.deepEqual(
    [push, { ...push, contentType: named('dm+xml') }, pushOf(dm12)].map((each) => isDmMessage(each)),
    [true, true, false],
  );
  assert.equal(refusalOf(push, tree), 'opened');
  const text = utf8ToBytes(bytesToBase64(push.body));
  assert.equal(refusalOf({ ...push, contentType: named('dm+wbxml') }, tree), 'opened');
  assert.equal(refusalOf({ ...push, contentType: named('dm+wbxml'), body: text }, tree), 'opened');
  assert.notEqual(refusalOf({ ...push, body: text }, tree), 'opened', 'not where the type has a number');
  const xml = { ...push, contentType: named('dm+xml') };
  assert.deepEqual(refusalOf(xml, tree), { ignore: 'message-not-wbxml' });
});

test('what is opened has its server, and is refused when it was processed before', async () => {
  const tree = await treeWith(serverId, 'com.other');
  const opened = openPushed(push, tree);
  assert.ok(!('ignore' in opened));
  assert.equal(opened.serverId, serverId);
  await tree.run((own) => rememberProcessed(own, 'com.other', opened.contentDigest));
  assert.equal(refusalOf(push, tree), 'opened');
  await tree.run((own) => rememberProcessed(own, serverId, opened.contentDigest));
  assert.deepEqual(refusalOf(push, tree), { ignore: 'message-replay', serverId });
});

test('of a refused one the server is told as far as it was read', async () => {
  const known = await treeWith(serverId);
  const unread = refusalOf(received(Uint8Array.of(1, 2, 3), 0x42), known);
  assert.ok(unread !== 'opened' && !('serverId' in unread), JSON.stringify(unread));
  for (const [tree, given, ignore] of [
    [await treeWith(), push, 'message-unknown-server'],
    [known, signedBy(serverId, 'another secret of length', deviceId, []), 'message-wrong-signature'],
    [known, signedBy(serverId, secret, 'IMEI:1', []), 'message-other-device'],
  ] as const) {
    assert.deepEqual(refusalOf(given, tree), { ignore, serverId });
  }
});

// One commit for a sessionless message, on a whole device.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DmCommand } from '../../src/codec/syncml/index.ts';
import { readXml } from '../../src/codec/xml/index.ts';
import { Device, memoryState, provisionDevice, type StateStorage } from '../../src/device/index.ts';
import { SharedKey, signMessage } from '../../src/security/index.ts';
import { deviceId, secret, serverId, sessionless } from '../security/message-keys.ts';
import { received } from './fixtures.ts';

const key = new SharedKey(secret);

async function provisioned(): Promise<StateStorage> {
  const storage = memoryState();
  await provisionDevice(storage, {
    deviceId,
    man: 'M',
    mod: 'X',
    accounts: [
      {
        serverId,
        address: 'http://127.0.0.1:1/dm',
        client: { scheme: 'md5', name: 'device', secret: 'OhBehave' },
        server: { scheme: 'md5', secret: 'shared-secret-16b' },
      },
    ],
  });
  return storage;
}

function push(commands: readonly DmCommand[]) {
  return received(signMessage({ ...sessionless([]), commands }, key), 0x42);
}

const add = (cmdId: string, uri: string): DmCommand => ({
  name: 'Add',
  cmdId,
  items: [{ target: { uri }, meta: { format: 'chr' }, data: 'x' }],
});

describe('the commit of a sessionless message', () => {
  test('a command that fails leaves the others; an Atomic is undone to where it began', async () => {
    const device = new Device({ storage: await provisioned() });
    await device.start();
    const outcome = await device.handlePush(
      push([
        add('1', './Outside'),
        {
          name: 'Atomic',
          cmdId: '2',
          commands: [add('3', './Inside'), add('4', './DevInfo/Nope')],
        } as DmCommand,
        add('5', './After'),
      ]),
    );
    assert.ok(outcome.outcome === 'processed' && outcome.failed > 0, JSON.stringify(outcome));
    assert.notEqual(device.tree?.node('./Outside'), undefined);
    assert.equal(device.tree?.node('./Inside'), undefined);
    assert.notEqual(device.tree?.node('./After'), undefined);
    await device.stop();
  });

  test('what cannot be stored is not processed, and may come again', async () => {
    const storage = await provisioned();
    let broken = false;
    const device = new Device({
      storage: {
        ...storage,
        save: (document) => (broken ? Promise.reject(new Error('full')) : storage.save(document)),
      },
    });
    await device.start();
    broken = true;
    const message = push([add('1', './Outside')]);
    const outcome = await device.handlePush(message);
    assert.ok('reason' in outcome && outcome.reason === 'message-not-stored');
    assert.equal(device.tree?.node('./Outside'), undefined);
    broken = false;
    assert.equal((await device.handlePush(message)).outcome, 'processed');
    await device.stop();
  });

  test('SM-C-004: a ServerID that two accounts have is refused, and nothing is processed', async () => {
    const storage = await provisioned();
    const writer = new Device({ storage });
    await writer.start();
    const message = push([add('1', './Outside')]);
    // No command can make a second one, so a damaged state has to.
    const { tree } = writer;
    assert.ok(tree !== undefined);
    const lookup = tree.node.bind(tree);
    tree.node = (uri) => {
      const node = lookup(uri);
      const [first] = node?.children?.values() ?? [];
      if (uri !== './DMAcc' || node === undefined || first === undefined) return node;
      return { ...node, children: new Map([...(node.children ?? []), ['Second', first]]) };
    };
    const outcome = await writer.handlePush(message);
    assert.ok('reason' in outcome && outcome.reason === 'message-ambiguous-server', JSON.stringify(outcome));
    assert.equal(tree.node('./Outside'), undefined);
    await writer.stop();
  });

  test('SM-C-005: the ServerID of the account is the subject of every ACL decision', async () => {
    const device = new Device({ storage: await provisioned() });
    await device.start();
    await device.tree?.run((transaction) => {
      transaction.set('./Mine', { value: 'old', acl: `Replace=${serverId}` });
      transaction.set('./Theirs', { value: 'old', acl: 'Replace=org.other' });
    });
    const replace = (cmdId: string, uri: string): DmCommand =>
      ({ ...add(cmdId, uri), name: 'Replace' }) as DmCommand;
    const outcome = await device.handlePush(push([replace('1', './Mine'), replace('2', './Theirs')]));
    assert.deepEqual(outcome, { outcome: 'processed', serverId, succeeded: 1, failed: 1, ignored: 0 });
    assert.equal(device.tree?.node('./Mine')?.value, 'x');
    assert.equal(device.tree?.node('./Theirs')?.value, 'old');
    await device.stop();
  });

  test('SM-C-002, SM-C-003: a Connectivity MO and an account that refers to it are placed; the unsupported is left out', async () => {
    const device = new Device({ storage: await provisioned() });
    await device.start();
    const leaf = (name: string, value: string): string =>
      `<Node><NodeName>${name}</NodeName><RTProperties><Format><chr/></Format><Type><MIME>text/plain</MIME></Type></RTProperties><Value>${value}</Value></Node>`;
    const object = (name: string, type: string, inner: string): string =>
      `<Node><NodeName>${name}</NodeName><RTProperties><Format><node/></Format><Type><DDFName>${type}</DDFName></Type></RTProperties>${inner}</Node>`;
    const account =
      leaf('AppID', 'w7') + leaf('ServerID', 'org.new') + leaf('PrefConRef', './Inbox/Internet');
    const inner =
      object('New', 'urn:oma:mo:oma-dm-dmacc:1.0', account) +
      object('Internet', 'urn:oma:mo:oma-connmo-nap:1.0', leaf('ID', 'x')) +
      object('Odd', 'org.example/1.0/Odd', leaf('A', '1'));
    const data = readXml(`<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${inner}</MgmtTree>`);
    await device.tree?.run((transaction) => transaction.set('./NAP/Internet', { format: 'node' }));
    const outcome = await device.handlePush(
      push([
        {
          name: 'Add',
          cmdId: '1',
          items: [
            {
              target: { uri: './Inbox' },
              meta: { format: 'xml', type: 'application/vnd.syncml.dmtnds+wbxml' },
              data,
            },
          ],
        },
      ]),
    );
    assert.deepEqual(outcome, { outcome: 'processed', serverId, succeeded: 1, failed: 0, ignored: 1 });
    const reference = device.tree?.node('./DMAcc/New/PrefConRef')?.value;
    assert.ok(typeof reference === 'string' && /^\.\/NAP\/Internet.+/.test(reference), String(reference));
    assert.equal(device.tree?.node(`${reference}/ID`)?.value, 'x');
    await device.stop();
  });
});

// Composing sessionless messages, opened again as a device does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { embeddedTree, type Item, type ManagementCommand, mediaTypes } from '../../src/codec/syncml/index.ts';
import { parseTnds, type TndsDocument } from '../../src/codec/tnds/index.ts';
import { decodeWbxml, encodeWbxml } from '../../src/codec/wbxml/index.ts';
import { readXml } from '../../src/codec/xml/index.ts';
import { base64ToBytes, hexToBytes, ValueError } from '../../src/core/index.ts';
import {
  encryptedParts,
  isRefused,
  openMessage,
  signatureKeyName,
  TransportPrivateKey,
  TransportPublicKey,
  WrappingKey,
} from '../../src/security/index.ts';
import { composeMessage } from '../../src/sessionless/index.ts';
import { device, signers } from '../security/message-keys.ts';

const who = { serverId: 'com.example.dm', deviceId: 'IMEI:490154203237518', sessionId: '1A' };
const replace: ManagementCommand = {
  name: 'Replace',
  cmdId: '9',
  noResp: true,
  items: [{ target: { uri: './Vendor/Secret' }, data: 'hush' }],
};
const tree: ManagementCommand = {
  name: 'Add',
  cmdId: '9',
  items: [
    {
      target: { uri: './Vendor/New' },
      meta: { format: 'xml', type: 'application/vnd.syncml.dmtnds+xml' },
      data:
        '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>New</NodeName>' +
        '<RTProperties><ACL>Get=com.example.dm</ACL><Format><node/></Format></RTProperties></Node></MgmtTree>',
    },
  ],
};

/** The tree in an item of an opened message: in the signed text, WBXML is Base64. */
function arrivedTree(item: Item | undefined): TndsDocument {
  const data = item?.data ?? '';
  const base64 = typeof data === 'string' && item?.meta?.type === mediaTypes.tndsWbxml;
  return parseTnds(embeddedTree(base64 ? base64ToBytes(data) : data));
}

describe('composeMessage', () => {
  for (const { name, sign, verify } of signers) {
    for (const wbxmlVersion of ['1.1', '1.2', '1.3'] as const) {
      test(`SM-S-001, SM-S-002, SM-S-003, SM-S-004: ${name} in WBXML ${wbxmlVersion} opens on the device`, () => {
        const { octets, contentDigest } = composeMessage(
          { ...who, commands: [{ name: 'Atomic', cmdId: '1', commands: [replace, tree] }] },
          { key: sign, wbxmlVersion },
        );
        assert.equal(octets[0], { '1.1': 1, '1.2': 2, '1.3': 3 }[wbxmlVersion]);
        const opened = openMessage(octets, () => [verify], { deviceId: who.deviceId });
        if (isRefused(opened)) assert.fail(opened.detail);
        assert.equal(opened.serverId, who.serverId);
        assert.equal(opened.message.header.source.uri, who.serverId);
        assert.deepEqual(opened.contentDigest, contentDigest);
        assert.equal(opened.message.final, true);
        const [atomic] = opened.message.commands;
        if (atomic?.name !== 'Atomic') assert.fail('no Atomic');
        assert.deepEqual(
          [atomic, ...atomic.commands].map(({ cmdId, noResp }) => [cmdId, noResp]),
          [
            ['1', undefined],
            ['2', undefined],
            ['3', undefined],
          ],
        );
      });
    }
  }

  const [signer] = signers;
  if (signer === undefined) throw new Error('no signer');
  const { sign: key, verify } = signer;

  for (const parts of ['body', ['./Vendor/Secret']] as const) {
    test(`DM-SESSIONLESS-1.3 §5.2: ${String(parts)} is encrypted to the device's key`, () => {
      const encrypt = { parts, key: new TransportPublicKey(device.publicPem) };
      const { octets } = composeMessage({ ...who, commands: [replace] }, { key, encrypt });
      assert.equal(Buffer.from(octets).includes('hush'), false);
      const decryptionKeys = [new TransportPrivateKey(device.privatePem)];
      const opened = openMessage(octets, () => [verify], { decryptionKeys });
      if (isRefused(opened)) assert.fail(opened.detail);
      const [command] = opened.message.commands;
      assert.equal(command?.name === 'Replace' && command.items[0]?.data, 'hush');
    });
  }

  for (const octets of [16, 24, 32]) {
    for (const content of ['aes128-gcm', 'aes256-gcm'] as const) {
      test(`DM-SESSIONLESS-1.3 §5.2: ${content} under AES-${octets * 8} key wrap opens with that key only`, () => {
        const wrapping = hexToBytes('5a'.repeat(octets));
        const encrypt = { parts: 'body', key: new WrappingKey(wrapping), content } as const;
        const sealed = composeMessage({ ...who, commands: [replace] }, { key, encrypt });
        assert.deepEqual(encryptedParts(decodeWbxml(sealed.octets).root), [
          { cmdId: '1', content, transport: `kw-aes${octets * 8}` },
        ]);
        const open = (own: Uint8Array) =>
          openMessage(sealed.octets, () => [verify], { decryptionKeys: [new WrappingKey(own)] });
        const opened = open(wrapping);
        if (isRefused(opened)) assert.fail(opened.detail);
        const [command] = opened.message.commands;
        assert.equal(command?.name === 'Replace' && command.items[0]?.data, 'hush');
        const other = open(hexToBytes('a5'.repeat(octets)));
        assert.equal(isRefused(other) && other.reason, 'undecryptable');
      });
    }
  }

  test('RV-SIG-1: KeyName of the signature and of the device key are in the message, as hints', () => {
    const transport = new TransportPublicKey(device.publicPem, 'rsa-oaep-sha256');
    const encrypt = { parts: ['./Vendor/Secret'], key: transport, keyName: 'device-1' };
    const { octets } = composeMessage(
      { ...who, commands: [tree, replace] },
      { key, keyName: 'server-2026', encrypt },
    );
    const { root } = decodeWbxml(octets);
    assert.equal(signatureKeyName(root), 'server-2026');
    assert.deepEqual(encryptedParts(root), [
      { cmdId: '2', content: 'aes128-gcm', transport: 'rsa-oaep-sha256', keyName: 'device-1' },
    ]);
    const plain = composeMessage({ ...who, commands: [replace] }, { key });
    assert.equal(signatureKeyName(decodeWbxml(plain.octets).root), undefined);
  });

  for (const wbxmlVersion of ['1.1', '1.2', '1.3'] as const) {
    test(`SM-S-006: the ACL of a new tree arrives as a property in its TNDS, WBXML ${wbxmlVersion}`, () => {
      const [item] = tree.name === 'Add' ? tree.items : [];
      const asElement: ManagementCommand = {
        name: 'Add',
        cmdId: '1',
        items: [{ ...item, data: embeddedTree(item?.data ?? '') }],
      };
      // As text, and as the element that travels as WBXML in WBXML.
      for (const command of [tree, asElement]) {
        const { octets } = composeMessage({ ...who, commands: [command] }, { key, wbxmlVersion });
        const opened = openMessage(octets, () => [verify], { deviceId: who.deviceId });
        if (isRefused(opened)) assert.fail(opened.detail);
        const [add] = opened.message.commands;
        if (add?.name !== 'Add') assert.fail('no Add');
        const arrived = arrivedTree(add.items[0]);
        assert.equal(arrived.nodes[0]?.name, 'New');
        assert.equal(arrived.nodes[0]?.properties?.acl, 'Get=com.example.dm');
      }
    });
  }

  test('SM-S-006: an ACL of a node of a new tree is refused outside of the tree', () => {
    const acl: ManagementCommand = {
      name: 'Replace',
      cmdId: '1',
      items: [{ target: { uri: './Vendor/New/Leaf?prop=ACL' }, data: 'Get=*' }],
    };
    assert.throws(() => composeMessage({ ...who, commands: [tree, acl] }, { key }), /§5\.4/);
    composeMessage({ ...who, commands: [replace, acl] }, { key });
  });

  /** A tree of one object for the Inbox, in each form that Data may have. */
  const inboxTree = (object: string, target = './Inbox'): readonly ManagementCommand[] => {
    const text = `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${object}</MgmtTree>`;
    const type = mediaTypes.tndsXml;
    return [
      {
        name: 'Add',
        cmdId: '1',
        items: [{ target: { uri: target }, meta: { format: 'xml', type }, data: text }],
      },
      {
        name: 'Add',
        cmdId: '1',
        meta: { format: 'xml', type: mediaTypes.tndsWbxml },
        items: [{ target: { uri: target }, data: encodeWbxml(readXml(text)) }],
      },
      {
        name: 'Atomic',
        cmdId: '1',
        commands: [
          {
            name: 'Add',
            cmdId: '2',
            items: [{ target: { uri: target }, meta: { format: 'xml', type }, data: embeddedTree(text) }],
          },
        ],
      },
    ];
  };
  const named = (name: string): string =>
    `<Node>${name}<RTProperties><Format><node/></Format><Type><DDFName>urn:oma:mo:oma-dm-dmacc:1.0</DDFName></Type>` +
    '</RTProperties><Node><NodeName>Name</NodeName><RTProperties><Format><chr/></Format></RTProperties>' +
    '<Value>x</Value></Node></Node>';
  const aclOf = (uri: string): ManagementCommand => ({
    name: 'Replace',
    cmdId: '1',
    items: [{ target: { uri: `${uri}?prop=ACL` }, data: 'Get=*' }],
  });
  const operator = named('<NodeName>Operator</NodeName>');
  const within = `<Node><NodeName>Set</NodeName>${operator}</Node>`;
  for (const [name, trees, uri] of [
    ['where our devices put it', inboxTree(operator), './DMAcc/Operator'],
    ['below that', inboxTree(operator), './DMAcc/Operator/Name'],
    ['where another device may put it', inboxTree(operator), './SyncML/DMAcc/Operator'],
    ['in the Inbox itself', inboxTree(operator), './Inbox/Operator'],
    ['of a URI without ./', inboxTree(operator, 'Inbox'), 'DMAcc/Operator'],
    ['named by the Target alone', inboxTree(named('<NodeName/>'), './Inbox/Operator'), './DMAcc/Operator'],
    ['in a folder of the tree', inboxTree(within), './DMAcc/Operator'],
    ['without any name', inboxTree(named('')), './DMAcc/Account'],
  ] as const) {
    test(`DM-SESSIONLESS-1.3 §5.4: an ACL of an object for the Inbox is refused outside of its tree: ${name}`, () => {
      for (const added of trees) {
        for (const commands of [
          [added, aclOf(uri)],
          [aclOf(uri), added],
        ]) {
          assert.throws(() => composeMessage({ ...who, commands }, { key }), /§5\.4/);
        }
      }
    });
  }

  test('DM-SESSIONLESS-1.3 §5.4: an ACL of what is on the device already goes beside a tree for the Inbox', () => {
    for (const added of inboxTree(operator)) {
      composeMessage({ ...who, commands: [added, aclOf('./DMAcc/Other')] }, { key });
    }
  });

  const refusedCommands: readonly (readonly [string, ManagementCommand])[] = [
    ['Get', { name: 'Get', cmdId: '1', items: [{ target: { uri: './DevInfo' } }] }],
    ['text input', { name: 'Alert', cmdId: '1', data: '1102', items: [] }],
    [
      'a chunk of a large object',
      { name: 'Add', cmdId: '1', items: [{ target: { uri: './A' }, data: 'x', moreData: true }] },
    ],
  ];
  for (const [name, command] of refusedCommands) {
    test(`${name} is refused, also inside a group`, () => {
      const group: ManagementCommand = { name: 'Sequence', cmdId: '1', commands: [command] };
      for (const commands of [[command], [group]]) {
        assert.throws(() => composeMessage({ ...who, commands }, { key }), ValueError);
      }
    });
  }

  test('bad identifiers, no commands and unknown parts are refused', () => {
    const commands = [replace];
    const encrypt = { parts: ['./Other'], key: new TransportPublicKey(device.publicPem) };
    assert.throws(() => composeMessage({ ...who, commands: [] }, { key }), ValueError);
    assert.throws(() => composeMessage({ ...who, commands, serverId: '' }, { key }), ValueError);
    assert.throws(() => composeMessage({ ...who, commands, sessionId: '12345' }, { key }), ValueError);
    assert.throws(() => composeMessage({ ...who, commands, msgId: '0' }, { key }), ValueError);
    assert.throws(() => composeMessage({ ...who, commands }, { key, encrypt }), ValueError);
  });
});

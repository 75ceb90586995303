// Composing sessionless messages, opened again as a device does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ManagementCommand } from '../../src/codec/syncml/index.ts';
import { ValueError } from '../../src/core/index.ts';
import { isRefused, openMessage, TransportPrivateKey, TransportPublicKey } from '../../src/security/index.ts';
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

  test('SM-S-006: an ACL of a node of a new tree is refused outside of the tree', () => {
    const acl: ManagementCommand = {
      name: 'Replace',
      cmdId: '1',
      items: [{ target: { uri: './Vendor/New/Leaf?prop=ACL' }, data: 'Get=*' }],
    };
    assert.throws(() => composeMessage({ ...who, commands: [tree, acl] }, { key }), /§5\.4/);
    composeMessage({ ...who, commands: [replace, acl] }, { key });
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

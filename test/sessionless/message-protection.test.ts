// Which keys a sessionless message is signed and encrypted with: opened again as a device does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeWbxml } from '../../src/codec/wbxml/index.ts';
import { hexToBytes } from '../../src/core/index.ts';
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
import { device } from '../security/message-keys.ts';
import { key, replace, tree, verify, who } from './compose-samples.ts';

describe('protection of a composed message', () => {
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
});

// Keys of signed and encrypted messages below an account: written checked, read as far as they are keys.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '../../../src/core/index.ts';
import {
  decryptionKeys,
  type MessageKeysInput,
  mostMessageKeys,
  verificationKeys,
  writeMessageKeys,
} from '../../../src/device/account/message-keys.ts';
import { ManagementTree } from '../../../src/tree/index.ts';
import { device, ec, rsa } from '../../security/message-keys.ts';
import { accountOf, clientEntry, serverEntry } from '../fixtures.ts';

const account = accountOf();
const shared = '00112233445566778899aabbccddeeff';

async function treeWith(keys: MessageKeysInput): Promise<ManagementTree> {
  const tree = new ManagementTree();
  await tree.run((transaction) => writeMessageKeys(transaction, account.uri, keys));
  return tree;
}

test('each kind of key is read back as what it was written as, in order', async () => {
  const tree = await treeWith({
    verify: [
      { algorithm: 'rsa-sha256', publicKey: rsa.publicPem },
      { algorithm: 'ecdsa-sha256', publicKey: ec.publicPem },
      { algorithm: 'hmac-sha256', secret: shared },
    ],
    decrypt: [
      { transport: 'rsa-oaep', privateKey: device.privatePem },
      { transport: 'aes-wrap', key: shared },
    ],
  });
  assert.deepEqual(
    verificationKeys(tree, account).map((key) => [key.constructor.name, key.algorithm]),
    [
      ['PublicKey', 'rsa-sha256'],
      ['PublicKey', 'ecdsa-sha256'],
      ['SharedKey', 'hmac-sha256'],
    ],
  );
  assert.deepEqual(
    decryptionKeys(tree, account).map((key) => key.constructor.name),
    ['TransportPrivateKey', 'WrappingKey'],
  );
  const folder = `${account.uri}/Ext/Reveille`;
  assert.equal(tree.node(`${folder}/Signing/3/Key`)?.value, shared);
  assert.equal(tree.node(`${folder}/Decryption/2/Key`)?.value, shared);
});

test('without keys of its own the secret of SRVCRED verifies; without a usable one nothing does', () => {
  const tree = new ManagementTree();
  const keysOf = (...credentials: (typeof serverEntry)[]) =>
    verificationKeys(tree, accountOf({ credentials }));
  const secret = 'a secret of some length';
  assert.deepEqual(
    keysOf(clientEntry, { ...serverEntry, secret }).map((key) => key.algorithm),
    ['hmac-sha256'],
  );
  assert.deepEqual(keysOf(clientEntry), []);
  assert.deepEqual(keysOf({ ...serverEntry, secret: '' }), []);
  assert.deepEqual(decryptionKeys(tree, account), []);
});

test('own keys go before the secret of SRVCRED, those that are none too', async () => {
  const tree = await treeWith({ verify: [{ algorithm: 'rsa-sha256', publicKey: rsa.publicPem }] });
  const strong = accountOf({ credentials: [{ ...serverEntry, secret: 'a secret of some length' }] });
  assert.equal(verificationKeys(tree, strong).length, 1);
  await tree.run((own) => own.set(`${account.uri}/Ext/Reveille/Signing/1/Key`, { value: 'no key' }));
  assert.deepEqual(verificationKeys(tree, strong), []);
});

test('what a server wrote and is no key opens nothing, and the others count, eight at most', async () => {
  const tree = await treeWith({
    verify: [{ algorithm: 'hmac-sha256', secret: shared }],
    decrypt: [{ transport: 'aes-wrap', key: shared }],
  });
  const folder = `${account.uri}/Ext/Reveille`;
  await tree.run((own) => {
    own.set(`${folder}/Signing/a/Algorithm`, { value: 'md5' });
    own.set(`${folder}/Signing/a/Key`, { value: shared });
    own.set(`${folder}/Signing/b`, { format: 'node' });
    own.set(`${folder}/Signing/c/Algorithm`, { value: 'hmac-sha256' });
    own.set(`${folder}/Signing/c/Key`, { format: 'bin', value: Uint8Array.of(1) });
    own.set(`${folder}/Decryption/a/Transport`, { value: 'rsa-1_5' });
    own.set(`${folder}/Decryption/a/Key`, { value: device.privatePem });
    own.set(`${folder}/Decryption/b/Transport`, { value: 'rsa-oaep' });
  });
  assert.equal(verificationKeys(tree, account).length, 1);
  assert.equal(decryptionKeys(tree, account).length, 1);
  const leaf = new ManagementTree();
  await leaf.run((own) => {
    own.set(`${folder}/Signing`, { value: 'x' });
    own.set(`${folder}/Decryption`, { value: 'x' });
  });
  assert.equal(verificationKeys(leaf, account).length, 1, 'that of SRVCRED');
  assert.deepEqual(decryptionKeys(leaf, account), []);
  const many = Array.from({ length: mostMessageKeys + 1 }, (_, index) => `${shared}0${index}`);
  const full = await treeWith({
    verify: many.map((secret) => ({ algorithm: 'hmac-sha256', secret })),
    decrypt: many.map(() => ({ transport: 'aes-wrap', key: shared })),
  });
  assert.equal(verificationKeys(full, account).length, mostMessageKeys);
  assert.equal(decryptionKeys(full, account).length, mostMessageKeys);
});

test('a key that cannot be used is refused with its place, and never with its text', async () => {
  for (const [keys, path] of [
    [{ verify: [{ algorithm: 'rsa-sha256', publicKey: 'no key' }] }, 'messages.verify[0]'],
    [{ verify: [{ algorithm: 'ecdsa-sha256', publicKey: rsa.publicPem }] }, 'messages.verify[0]'],
    [
      {
        verify: [
          { algorithm: 'hmac-sha256', secret: shared },
          { algorithm: 'hmac-sha256', secret: 'no key' },
        ],
      },
      'messages.verify[1]',
    ],
    [{ verify: [{ algorithm: 'md5', secret: shared }] }, 'messages.verify[0]'],
    [{ decrypt: [{ transport: 'aes-wrap', key: 'no key' }] }, 'messages.decrypt[0]'],
    [{ decrypt: [{ transport: 'rsa-oaep', privateKey: rsa.publicPem }] }, 'messages.decrypt[0]'],
    [{ decrypt: [{ transport: 'none', key: shared }] }, 'messages.decrypt[0]'],
  ] as const) {
    await assert.rejects(treeWith(keys as unknown as MessageKeysInput), (error) => {
      assert.ok(error instanceof ValueError);
      assert.equal(error.path, path);
      assert.doesNotMatch(error.message, /no key|BEGIN|0011/);
      return true;
    });
  }
});

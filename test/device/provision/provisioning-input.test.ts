import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '../../../src/core/index.ts';
import { parseProvisioning } from '../../../src/device/provision/provisioning-input.ts';

const account = {
  serverId: 'com.mgmtsrv.manage',
  address: 'https://dm.example/dm',
  client: { scheme: 'md5', name: 'Bruce2', secret: 'OhBehave', nonceBase64: 'Tm9uY2U=' },
  server: { scheme: 'basic', secret: 'srvpwd' },
};
const device = { deviceId: 'IMEI:493005100592800', man: 'Example', mod: 'One', accounts: [account] };

function errorOf(value: unknown): ValueError {
  try {
    parseProvisioning(value);
  } catch (error) {
    assert.ok(error instanceof ValueError);
    assert.doesNotMatch(error.message, /\n|OhBehave|srvpwd/);
    return error;
  }
  return assert.fail('no error');
}

test('a device with its accounts is read as given', () => {
  assert.deepEqual(parseProvisioning(device), device);
  const full = {
    ...device,
    dmV: '1.2',
    lang: 'de',
    fwV: '2.0',
    swV: '3',
    hwV: '4',
    accounts: [
      {
        ...account,
        name: 'Operator',
        moreAddresses: ['http://b/'],
        notification: { secret: 'n', identifier: 'i' },
      },
    ],
  };
  assert.deepEqual(parseProvisioning(full), full);
});

test('keys of signed and encrypted messages are read as given, of each kind', () => {
  const messages = {
    verify: [
      { algorithm: 'rsa-sha256', publicKey: 'a' },
      { algorithm: 'ecdsa-sha256', publicKey: 'b' },
      { algorithm: 'hmac-sha256', secret: '00' },
    ],
    decrypt: [
      { transport: 'rsa-oaep', privateKey: 'c' },
      { transport: 'aes-wrap', key: '00' },
    ],
  };
  for (const given of [messages, { verify: messages.verify }, { decrypt: messages.decrypt }, {}]) {
    const value = { ...device, accounts: [{ ...account, messages: given }] };
    assert.deepEqual(parseProvisioning(value), value);
  }
  const names = { firmwareUpdate: 'Main', firmwareServers: ['com.example.a', 'com.example.b'] };
  assert.deepEqual(parseProvisioning({ ...device, ...names }), { ...device, ...names });
});

test('a key of another kind than its place, or with the parts of two kinds, is refused', () => {
  const at = 'accounts[0].messages';
  for (const [messages, path, code] of [
    [{ verify: [{ algorithm: 'md5', secret: '00' }] }, `${at}.verify[0].algorithm`, 'BAD_FORMAT'],
    [{ verify: [{ algorithm: 'md5', publicKey: 'a' }] }, `${at}.verify[0].algorithm`, 'BAD_FORMAT'],
    [
      { verify: [{ algorithm: 'hmac-sha256', secret: '00', publicKey: 'a' }] },
      `${at}.verify[0].algorithm`,
      'BAD_FORMAT',
    ],
    [
      { verify: [{ algorithm: 'rsa-sha256', secret: '00', publicKey: 'a' }] },
      `${at}.verify[0].algorithm`,
      'BAD_FORMAT',
    ],
    [
      { verify: [{ algorithm: 'ecdsa-sha256', secret: '00', publicKey: 'a' }] },
      `${at}.verify[0].algorithm`,
      'BAD_FORMAT',
    ],
    [{ verify: [{ algorithm: 'hmac-sha256' }] }, `${at}.verify[0].secret`, 'WRONG_TYPE'],
    [{ verify: [{ algorithm: 'rsa-sha256' }] }, `${at}.verify[0].publicKey`, 'WRONG_TYPE'],
    [{ decrypt: [{ transport: 'none', key: '00' }] }, `${at}.decrypt[0].transport`, 'BAD_FORMAT'],
    [{ decrypt: [{ transport: 'none', privateKey: 'a' }] }, `${at}.decrypt[0].transport`, 'BAD_FORMAT'],
    [
      { decrypt: [{ transport: 'aes-wrap', key: '00', privateKey: 'a' }] },
      `${at}.decrypt[0].transport`,
      'BAD_FORMAT',
    ],
    [
      { decrypt: [{ transport: 'rsa-oaep', key: '00', privateKey: 'a' }] },
      `${at}.decrypt[0].transport`,
      'BAD_FORMAT',
    ],
    [{ decrypt: [{ transport: 'aes-wrap' }] }, `${at}.decrypt[0].key`, 'WRONG_TYPE'],
    [{ decrypt: [{ transport: 'rsa-oaep' }] }, `${at}.decrypt[0].privateKey`, 'WRONG_TYPE'],
    [{ decrypt: [{}] }, `${at}.decrypt[0].transport`, 'MISSING'],
    [{ verify: [{}] }, `${at}.verify[0].algorithm`, 'MISSING'],
    [{ verify: {} }, `${at}.verify`, 'WRONG_TYPE'],
    [{ verify: ['x'] }, `${at}.verify[0]`, 'WRONG_TYPE'],
    [
      { decrypt: Array.from({ length: 9 }, () => ({ transport: 'aes-wrap', key: '00' })) },
      `${at}.decrypt`,
      'TOO_LONG',
    ],
    [{ sign: [] }, `${at}.sign`, 'UNKNOWN_FIELD'],
  ] as const) {
    const error = errorOf({ ...device, accounts: [{ ...account, messages }] });
    assert.deepEqual([error.path, error.code], [path, code]);
  }
});

test('the server needs credentials, unless the account trusts the transport', () => {
  const { server, ...certified } = account;
  const withAccount = (changes: object) => ({ ...device, accounts: [changes] });
  const trusting = withAccount({ ...certified, trustTransport: true });
  assert.deepEqual(parseProvisioning(trusting), trusting);
  const both = withAccount({ ...account, trustTransport: true });
  assert.deepEqual(parseProvisioning(both), both);
  assert.deepEqual(parseProvisioning(withAccount({ ...account, trustTransport: false })), device);
  for (const changes of [certified, { ...certified, trustTransport: false }]) {
    const error = errorOf(withAccount(changes));
    assert.deepEqual([error.path, error.code], ['accounts[0].server', 'MISSING']);
  }
  const wrong = errorOf(withAccount({ ...certified, trustTransport: 'yes' }));
  assert.deepEqual([wrong.path, wrong.code], ['accounts[0].trustTransport', 'WRONG_TYPE']);
});

test('what cannot be used is a ValueError that names the place', () => {
  const withAccount = (changes: object) => ({ ...device, accounts: [{ ...account, ...changes }] });
  const cases: readonly [value: unknown, path: string, code: string][] = [
    [null, '', 'WRONG_TYPE'],
    [[], '', 'WRONG_TYPE'],
    [{ ...device, deviceId: undefined }, 'deviceId', 'MISSING'],
    [{ ...device, deviceId: '' }, 'deviceId', 'BAD_FORMAT'],
    [{ ...device, man: 7 }, 'man', 'WRONG_TYPE'],
    [{ ...device, model: 'x' }, 'model', 'UNKNOWN_FIELD'],
    [{ ...device, accounts: {} }, 'accounts', 'WRONG_TYPE'],
    [{ ...device, accounts: ['x'] }, 'accounts[0]', 'WRONG_TYPE'],
    [{ ...device, accounts: [account, account] }, 'accounts[1].serverId', 'BAD_FORMAT'],
    [withAccount({ serverId: 'é'.repeat(128) }), 'accounts[0].serverId', 'TOO_LONG'],
    [{ ...device, firmwareServers: 'com.example.dm' }, 'firmwareServers', 'WRONG_TYPE'],
    [{ ...device, firmwareServers: ['com.example.dm', 'a+b'] }, 'firmwareServers[1]', 'BAD_FORMAT'],
    [{ ...device, firmwareServers: [7] }, 'firmwareServers[0]', 'WRONG_TYPE'],
    [{ ...device, firmwareServers: Array.from({ length: 65 }, () => 'x') }, 'firmwareServers', 'TOO_LONG'],
    [withAccount({ address: 'dm.example' }), 'accounts[0].address', 'BAD_FORMAT'],
    [withAccount({ address: 'obex://dm.example' }), 'accounts[0].address', 'BAD_FORMAT'],
    [withAccount({ moreAddresses: ['x'] }), 'accounts[0].moreAddresses[0]', 'BAD_FORMAT'],
    [withAccount({ client: { scheme: 'md5', secret: 's' } }), 'accounts[0].client.name', 'MISSING'],
    [
      withAccount({ client: { ...account.client, scheme: 'sha' } }),
      'accounts[0].client.scheme',
      'BAD_FORMAT',
    ],
    [
      withAccount({ client: { ...account.client, nonceBase64: '*' } }),
      'accounts[0].client.nonceBase64',
      'BAD_FORMAT',
    ],
    [withAccount({ server: undefined }), 'accounts[0].server', 'MISSING'],
    [withAccount({ server: { scheme: 'basic' } }), 'accounts[0].server.secret', 'MISSING'],
    [withAccount({ notification: { nonce: 'n' } }), 'accounts[0].notification.nonce', 'UNKNOWN_FIELD'],
    [withAccount({ secret: 'OhBehave' }), 'accounts[0].secret', 'UNKNOWN_FIELD'],
  ];
  for (const [value, path, code] of cases) {
    const error = errorOf(value);
    assert.equal(error.path, path);
    assert.equal(error.code, code, path);
  }
});

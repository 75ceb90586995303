import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToHex, ConfigError, ValueError } from '../../../src/core/index.ts';
import { accountAddresses } from '../../../src/device/account/account.ts';
import { Device, memoryState, provisionDevice } from '../../../src/device/index.ts';

const account = {
  serverId: 'com.mgmtsrv.manage',
  address: 'https://dm.example/dm',
  client: { scheme: 'md5', name: 'Bruce2', secret: 'OhBehave', nonceBase64: 'Tm9uY2U=' },
  server: { scheme: 'hmac', secret: 'srvpwd' },
} as const;
const input = { deviceId: 'IMEI:1', man: 'Example', mod: 'One', accounts: [account] };

async function started(storage: ReturnType<typeof memoryState>): Promise<Device> {
  const device = new Device({ storage });
  await device.start();
  return device;
}

test('a provisioned device has its accounts, DevInfo, DevDetail and Inbox', async () => {
  const storage = memoryState();
  const full = {
    ...account,
    name: 'Operator',
    moreAddresses: ['http://backup.example/'],
    notification: { secret: 'noti', identifier: 'srvname' },
  };
  await provisionDevice(storage, {
    ...input,
    fwV: '7',
    accounts: [full, { ...account, serverId: 'b.example' }],
  });
  const device = await started(storage);
  assert.equal(device.deviceId, 'IMEI:1');
  const [first, second] = device.accounts;
  assert.ok(first !== undefined && second !== undefined);
  assert.equal(first.name, 'Operator');
  assert.equal(first.digestIdentifier, 'srvname');
  assert.equal(second.digestIdentifier, undefined);
  assert.deepEqual(accountAddresses(first), ['https://dm.example/dm', 'http://backup.example/']);
  assert.deepEqual(
    first.credentials.map(({ level, type, name, secret, data }) => [
      level,
      type,
      name,
      secret,
      data && bytesToHex(data),
    ]),
    [
      ['CLCRED', 'DIGEST', 'Bruce2', 'OhBehave', '4e6f6e6365'],
      ['SRVCRED', 'HMAC', 'com.mgmtsrv.manage', 'srvpwd', undefined],
      ['NOTICRED', 'DIGEST', undefined, 'noti', undefined],
    ],
  );
  assert.equal(device.tree?.node('./DevDetail/FwV')?.value, '7');
  assert.ok(device.tree?.node('./Inbox') !== undefined);
  await device.stop();
});

test('a state that is there is replaced on purpose only', async () => {
  const storage = memoryState();
  await provisionDevice(storage, input);
  await assert.rejects(provisionDevice(storage, input), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /holds a device already/);
    return true;
  });
  await provisionDevice(storage, { ...input, deviceId: 'IMEI:2' }, { replace: true });
  const device = await started(storage);
  assert.equal(device.deviceId, 'IMEI:2');
  await device.stop();
});

test('a server identifier that cannot stand in an ACL is a ValueError with its place', async () => {
  await assert.rejects(
    provisionDevice(memoryState(), { ...input, accounts: [account, { ...account, serverId: 'a b' }] }),
    (error) => {
      assert.ok(error instanceof ValueError);
      assert.equal(error.path, 'accounts[1].serverId');
      return true;
    },
  );
});

test('no state, a state of something else, of a later version, and a damaged one are one-line errors', async () => {
  const cases: readonly [document: unknown, pattern: RegExp][] = [
    [undefined, /does not exist yet; provision the device first/],
    [[], /is not the state of a device/],
    [{ format: 'other' }, /is not the state of a device/],
    [{ format: 'reveille-device', version: 3 }, /has version 3, this program reads 1 and 2/],
    [{ format: 'reveille-device', version: 1, servers: [] }, /damaged at servers/],
    [{ format: 'reveille-device', version: 1, servers: { a: { floor: 'x' } } }, /damaged at servers\["a"\]/],
    [{ format: 'reveille-device', version: 1, servers: {}, tree: {} }, /damaged at its tree/],
  ];
  for (const [document, pattern] of cases) {
    await assert.rejects(started(memoryState(document)), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, pattern);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  }
});

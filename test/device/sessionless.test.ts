// Sessionless messages on a whole device, over `handlePush`.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeWbxml, encodeWbxml } from '../../src/codec/wbxml/index.ts';
import { readXml, writeXml } from '../../src/codec/xml/index.ts';
import {
  Device,
  type DeviceEvent,
  memoryState,
  provisionDevice,
  type StateStorage,
} from '../../src/device/index.ts';
import { PrivateKey, SharedKey, signMessage } from '../../src/security/index.ts';
import { deviceId, ec, rsa, serverId, sessionless, stranger } from '../security/message-keys.ts';
import { received } from './fixtures.ts';

const item = { target: { uri: './DMAcc/1/Name' }, meta: { format: 'chr' }, data: 'renamed' };

async function storageOf(verify: object[]): Promise<StateStorage> {
  const storage = memoryState();
  const client = { scheme: 'md5', name: 'device', secret: 'OhBehave' } as const;
  const account = (id: string) => ({
    serverId: id,
    address: 'http://127.0.0.1:1/dm',
    client,
    server: { scheme: 'md5' as const, secret: 'shared-secret-16b' },
  });
  const accounts = [{ ...account(serverId), name: 'before', messages: { verify } }, account('org.other')];
  await provisionDevice(storage, { deviceId, man: 'M', mod: 'X', accounts } as never);
  return storage;
}

async function deviceOf(storage: StateStorage) {
  const events: DeviceEvent[] = [];
  const device = new Device({ storage, onEvent: (event) => events.push(event) });
  await device.start();
  return { device, events };
}

const rsaKey = [{ algorithm: 'rsa-sha256', publicKey: rsa.publicPem }];

function message(
  device: Device,
  key: PrivateKey | SharedKey,
  from = serverId,
  versions: { readonly verDtd?: string; readonly verProto?: string } = {},
): Uint8Array {
  const uri = device.accounts.find((each) => each.serverId === serverId)?.uri;
  const made = sessionless([{ ...item, target: { uri: `${uri}/Name` } }], { from });
  return signMessage({ ...made, header: { ...made.header, ...versions } }, key);
}

const nameOf = (device: Device): string | undefined =>
  device.accounts.find((each) => each.serverId === serverId)?.name;

describe('sessionless messages on a device', () => {
  for (const [name, verify, key] of [
    ['rsa-sha256', rsaKey, new PrivateKey(rsa.privatePem)],
    ['ecdsa-sha256', [{ algorithm: 'ecdsa-sha256', publicKey: ec.publicPem }], new PrivateKey(ec.privatePem)],
    ['hmac-sha256 under SRVCRED', [], new SharedKey(new TextEncoder().encode('shared-secret-16b'))],
  ] as const) {
    test(`SM-C-001, PB-C-001: a pushed message signed with ${name} is processed, and once only`, async () => {
      const storage = await storageOf([...verify]);
      const { device, events } = await deviceOf(storage);
      const push = received(message(device, key), 0x42);
      const outcome = await device.handlePush(push);
      assert.deepEqual(outcome, { outcome: 'processed', serverId, succeeded: 1, failed: 0, ignored: 0 });
      assert.equal(nameOf(device), 'renamed');
      assert.ok(events.some(({ event }) => event === 'message-processed'));
      const again = await device.handlePush(push);
      assert.ok('reason' in again && again.reason === 'message-replay');
      await device.stop();
      const later = await deviceOf(storage);
      const afterRestart = await later.device.handlePush(push);
      assert.ok('reason' in afterRestart && afterRestart.reason === 'message-replay');
      await later.device.stop();
    });
  }

  const refusals: [string, string, (device: Device) => Uint8Array, number?][] = [
    ['a stranger’s key', 'message-wrong-signature', (d) => message(d, new PrivateKey(stranger.privatePem))],
    [
      'SM-C-004: unknown server',
      'message-unknown-server',
      (d) => message(d, new PrivateKey(rsa.privatePem), 'no.one'),
    ],
    [
      'ServerID of another account',
      'message-substituted-algorithm',
      (d) => message(d, new PrivateKey(rsa.privatePem), 'org.other'),
    ],
    [
      'algorithm substitution: HMAC with the shared secret where a public key stands',
      'message-substituted-algorithm',
      (d) => message(d, new SharedKey(new TextEncoder().encode('shared-secret-16b'))),
    ],
    [
      'body changed after WBXML',
      'message-digest-mismatch',
      (d) => {
        const xml = writeXml(decodeWbxml(message(d, new PrivateKey(rsa.privatePem))).root);
        return encodeWbxml(readXml(xml.replace('renamed', 'evilled')));
      },
    ],
    ['XML instead of WBXML', 'message-not-wbxml', (d) => message(d, new PrivateKey(rsa.privatePem)), 0x43],
    ['no octets', 'message-undecodable', () => new Uint8Array()],
    [
      'VerProto DM/9.9, which is status 513 in a session',
      'message-unsupported-version',
      (d) => message(d, new PrivateKey(rsa.privatePem), serverId, { verProto: 'DM/9.9' }),
    ],
    [
      'VerDTD 9.9, which is status 505 in a session',
      'message-unsupported-version',
      (d) => message(d, new PrivateKey(rsa.privatePem), serverId, { verDtd: '9.9' }),
    ],
  ];
  for (const [name, reason, make, code] of refusals) {
    test(`refused, tree unchanged: ${name}`, async () => {
      const { device, events } = await deviceOf(await storageOf(rsaKey));
      const before = JSON.stringify(device.tree?.snapshot());
      const outcome = await device.handlePush(received(make(device), code ?? 0x42));
      assert.ok('reason' in outcome && outcome.reason === reason, JSON.stringify(outcome));
      assert.equal(JSON.stringify(device.tree?.snapshot()), before);
      assert.ok(
        events.some((each) => each.event === 'ignored' && each.reason === reason && each.detail !== ''),
      );
      await device.stop();
    });
  }

  test('no server reads the keys or the memory of messages', async () => {
    const { device } = await deviceOf(await storageOf(rsaKey));
    const uri = device.accounts.find((each) => each.serverId === serverId)?.uri;
    await device.handlePush(received(message(device, new PrivateKey(rsa.privatePem)), 0x42));
    for (const each of [`${uri}/Ext/Reveille/Signing/1/Key`, './Reveille/Messages']) {
      assert.notEqual(device.tree?.node(each), undefined, each);
      assert.notEqual(device.tree?.get(serverId, each).status, 200, each);
    }
    await device.stop();
  });
});

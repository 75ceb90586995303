// Ways through a whole device that need no network: pushes that no policy takes, and reports that are told before their turn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeMessage } from '../../src/codec/syncml/index.ts';
import { forgetOperation, pendingOperations } from '../../src/device/firmware/firmware-object.ts';
import {
  type BootstrapGate,
  Device,
  type DeviceEvent,
  type DeviceOptions,
  memoryState,
  provisionDevice,
} from '../../src/device/index.ts';
import type { DmResponse } from '../../src/device/transport/dm-http-client.ts';
import { contentTypes, type ReceivedPush } from '../../src/push/index.ts';
import { received } from './fixtures.ts';
import { messageOf } from './signed-server.ts';

const serverId = 'com.example.dm';
const account = {
  serverId,
  address: 'http://dm.example/dm',
  client: { scheme: 'md5', name: 'd1', secret: 'client secret' },
  server: { scheme: 'md5', secret: 'server secret of 16+' },
} as const;

async function started(more: Partial<DeviceOptions> = {}) {
  const storage = memoryState();
  const input = { deviceId: 'IMEI:1', man: 'E', mod: 'E1', accounts: [account], firmwareUpdate: 'Main' };
  await provisionDevice(storage, input);
  const events: DeviceEvent[] = [];
  const device = new Device({ storage, onEvent: (event) => events.push(event), ...more });
  await device.start();
  return { device, events };
}

const provisioning = received(Uint8Array.of(1), contentTypes['connectivity+wbxml'].code);
const unsigned = received(writeMessage(messageOf(serverId, '', []), 'wbxml'), contentTypes['dm+wbxml'].code);
const asBootstrap: ReceivedPush = { ...unsigned, parameters: { SEC: 'NETWPIN', MAC: '0'.repeat(40) } };

test('a bootstrap on a device without a policy says what whoever runs the device can do', async () => {
  const { device, events } = await started();
  for (const push of [provisioning, asBootstrap]) {
    const outcome = await device.handlePush(push);
    assert.equal(outcome.outcome === 'ignored' && outcome.reason, 'bootstrap-refused');
    const event = events.at(-1);
    assert.ok(event?.event === 'ignored');
    assert.match(event.detail, /has no bootstrap policy/);
    assert.match(event.remedy ?? '', /--bootstrap FILE/);
  }
  await device.handlePush(unsigned);
  const event = events.at(-1);
  assert.ok(event?.event === 'ignored' && event.reason === 'message-not-signed' && !('remedy' in event));
  await device.stop();
});

test('with a policy that does not take it, it is a message without a signature, whatever its SEC', async () => {
  const seen: ReceivedPush[] = [];
  const bootstrap: BootstrapGate = {
    takes: (push) => {
      seen.push(push);
      return push === provisioning;
    },
    admit: async () => ({ verdict: 'refused', detail: 'not today', serverId: 'org.new' }),
  };
  const { device, events } = await started({ bootstrap });
  const outcome = await device.handlePush(asBootstrap);
  assert.equal(outcome.outcome === 'ignored' && outcome.reason, 'message-not-signed');
  await device.handlePush(provisioning);
  assert.deepEqual(events.at(-1), {
    ...{ event: 'ignored', reason: 'bootstrap-refused', detail: 'not today', serverId: 'org.new' },
  });
  assert.deepEqual(seen, [asBootstrap, provisioning]);
  await device.stop();
});

test('a session for a report is left out when another session has told it before its turn', async () => {
  const first = Promise.withResolvers<DmResponse>();
  let exchanges = 0;
  const httpClient = {
    exchange: (): Promise<DmResponse> => {
      exchanges += 1;
      return first.promise;
    },
    close: async () => undefined,
  };
  const { device, events } = await started({
    httpClient,
    firmware: { install: () => ({ installed: true, version: '2' }) },
  });
  const { tree } = device;
  assert.ok(tree);
  const connected = device.connect(serverId);
  const object = './FwUpdate/Main';
  await tree.run(async (own) => {
    own.set(`${object}/Update/PkgData`, { format: 'bin', value: Uint8Array.of(1) });
    assert.equal((await own.exec(serverId, { uri: `${object}/Update` })).status, 202);
  });
  while (!events.some((event) => event.event === 'firmware' && event.stage === 'ended')) {
    await new Promise(setImmediate);
  }
  await tree.run((own) => {
    for (const { id } of pendingOperations(own)) forgetOperation(own, id);
  });
  first.resolve({ outcome: 'refused', reason: 'HTTP status 404', status: 404 });
  assert.equal((await connected).outcome, 'failed');
  await device.stop();
  assert.deepEqual([exchanges, device.counters.sessions], [1, 1]);
});

// What else the device takes from its tree, where servers write: it is taken of the account that it was meant for, or not at
// all (spec-notes ruling 20).
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { pendingOperations } from '../../src/device/firmware/firmware-object.ts';
import { owedAlerts } from '../../src/device/firmware/firmware-report.ts';
import {
  Device,
  type DeviceEvent,
  type FirmwareInstaller,
  memoryState,
  provisionDevice,
} from '../../src/device/index.ts';
import {
  rememberedMessages,
  rememberProcessed,
  wasProcessed,
} from '../../src/device/message/message-memory.ts';
import { DeviceState } from '../../src/device/state/device-state.ts';
import { eventually, ManualClock } from '../../src/testing/index.ts';
import { operator, operatorAccount, operatorSecret, withFirmware } from './firmware-bench.ts';
import { clientEntry, pushOf, secret, serverId, storedNonce } from './fixtures.ts';
import { deviceId, ScriptedServer } from './scripted-server.ts';
import { command, dmAccount, group, leaf, node, signedBy, toInbox } from './signed-server.ts';

const remove = (uri: string) => command('Delete', { target: { uri } });
const rename = (uri: string, name: string) =>
  command('Replace', { target: { uri: `${uri}?prop=Name` }, data: name });

test('no account tells the device to trust the transport: that is the word of its provisioning', () =>
  withFirmware({}, async ({ device, say }) => {
    const more = node('Ext', leaf('TrustTransport', 'true'));
    const added = toInbox(dmAccount('Trusting', 'com.example.trusting', { more }));
    assert.deepEqual(await say(operator, operatorSecret, [added]), [1, 0]);
    assert.deepEqual(
      device.accounts.map((each) => [each.serverId, each.trustTransport]),
      [
        [operator, undefined],
        ['com.example.trusting', undefined],
      ],
    );
  }));

test('a report goes to the account that asked for the operation, not to one of that name that came since', () =>
  withFirmware({}, async ({ device, say }) => {
    const { tree } = device;
    assert.ok(tree);
    const url = { target: { uri: './FwUpdate/Main/DownloadAndUpdate/PkgURL' }, data: 'nonsense' };
    const exec = command('Exec', { target: { uri: './FwUpdate/Main/DownloadAndUpdate' } });
    assert.deepEqual(await say(operator, operatorSecret, [command('Replace', url), exec]), [2, 0]);
    await eventually(() => owedAlerts(tree, operator).length === 1);
    const again = toInbox(dmAccount('Again', operator, { secret: operatorSecret }));
    const own = remove(`./DMAcc/${operator}`);
    assert.deepEqual(await say(operator, operatorSecret, [group('Sequence', [own, again])]), [2, 0]);
    assert.deepEqual(owedAlerts(tree, operator), []);
  }));

test('an operation goes on under another name of its object, once, and ends there', async () => {
  const gate = Promise.withResolvers<void>();
  let installs = 0;
  const install: FirmwareInstaller = async () => {
    installs += 1;
    await gate.promise;
    return { installed: true, version: '2.0' };
  };
  const storage = memoryState();
  await provisionDevice(storage, {
    deviceId,
    man: 'Example',
    mod: 'E1',
    accounts: [operatorAccount],
    firmwareUpdate: 'Main',
  });
  const device = new Device({ storage, firmware: { install }, backOff: { firstMs: 60_000 } });
  await device.start();
  after(() => device.stop());
  const { tree } = device;
  assert.ok(tree);
  await tree.run(async (transaction) => {
    const data = Uint8Array.of(1);
    transaction.replace(operator, { uri: './FwUpdate/Main/Update/PkgData', format: 'bin', data });
    assert.equal((await transaction.exec(operator, { uri: 'FwUpdate/Main/Update' })).status, 202);
  });
  await tree.run((transaction) => {
    const renamed = { uri: './FwUpdate/Main?prop=Name', data: 'Renamed' };
    assert.equal(transaction.replace(operator, renamed).status, 200);
  });
  // Another object under the old name has no part in it.
  await tree.run((transaction) => {
    assert.equal(transaction.add(operator, { uri: './FwUpdate/Main', format: 'node' }).status, 200);
  });
  gate.resolve();
  await eventually(() => tree.node('./DevDetail/FwV')?.value === '2.0');
  assert.equal(installs, 1);
  assert.equal(tree.node('./FwUpdate/Renamed/State')?.value, '100');
  assert.equal(tree.node('./FwUpdate/Main/State'), undefined);
  assert.deepEqual(
    pendingOperations(tree).map(({ object, result }) => [object, result]),
    [['./FwUpdate/Renamed', 200]],
  );
});

/** A device with the account of a scripted server, and one more. */
async function withSessions(
  work: (device: Device, server: ScriptedServer, events: readonly DeviceEvent[]) => Promise<void>,
  meanwhile: (device: Device) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const server = new ScriptedServer({ client: storedNonce, server: storedNonce });
  await server.start();
  const storage = memoryState();
  const nonceBase64 = Buffer.from(storedNonce).toString('base64');
  await provisionDevice(storage, {
    deviceId,
    man: 'Example',
    mod: 'E1',
    accounts: [
      operatorAccount,
      {
        serverId,
        address: server.url,
        client: {
          scheme: 'md5',
          name: clientEntry.name ?? '',
          secret: clientEntry.secret ?? '',
          nonceBase64,
        },
        server: { scheme: 'md5', secret, nonceBase64 },
      },
    ],
  });
  const events: DeviceEvent[] = [];
  const device: Device = new Device({
    storage,
    backOff: { attempts: 1 },
    user: {
      inform: () => undefined,
      confirm: async () => {
        await meanwhile(device);
        return true;
      },
    },
    onEvent: (event) => events.push(event),
  });
  try {
    await device.start();
    await work(device, server, events);
  } finally {
    await device.stop();
    await server.close();
  }
}

test('a session is held under the account that the notification was for, or not: never under what took its place', () =>
  withSessions(
    async (device, server) => {
      const push = pushOf({ format: 'dm1.2', serverId, sessionId: 0x1234, uiMode: 'user-interaction' });
      const outcome = await device.handlePush(push);
      assert.ok(
        outcome.outcome === 'failed' && /its account is gone/.test(outcome.reason ?? ''),
        JSON.stringify(outcome),
      );
      assert.equal(server.requests.length, 0, 'the credentials of the other account went nowhere');
    },
    async (device) => {
      const uri = `./DMAcc/${serverId}`;
      const swap = [remove(uri), rename(`./DMAcc/${operator}`, serverId)];
      await device.handlePush(signedBy(serverId, secret, deviceId, [swap[0] as never]));
      const moved = await device.handlePush(signedBy(operator, operatorSecret, deviceId, [swap[1] as never]));
      assert.ok(moved.outcome === 'processed' && moved.failed === 0);
    },
  ));

test('a server that renames its account in a session keeps the nonces of that session', () =>
  withSessions(async (device, server) => {
    server.script = [[rename(`./DMAcc/${serverId}`, 'Renamed') as never]];
    assert.equal((await device.connect(serverId)).outcome, 'completed');
    const account = device.accounts.find((each) => each.serverId === serverId);
    assert.equal(account?.uri, './DMAcc/Renamed');
    const nonceOf = (level: string) => account?.credentials.find((each) => each.level === level)?.data;
    assert.deepEqual(
      [nonceOf('CLCRED'), nonceOf('SRVCRED')].map((nonce) => Buffer.from(nonce ?? []).toString('hex')),
      [server.nonces.client, server.nonces.server].map((nonce) => Buffer.from(nonce).toString('hex')),
    );
    assert.equal((await device.connect(serverId)).outcome, 'completed');
  }));

test('what servers put below ./DevInfo/Ext makes the sessions of others no larger than a kibibyte', () =>
  withSessions(async (device, server) => {
    const add = (name: string, size: number) =>
      device.tree?.run((transaction) => {
        const data = 'x'.repeat(size);
        assert.equal(transaction.add(operator, { uri: `./DevInfo/Ext/${name}`, data }).status, 200);
      });
    const sent = async (): Promise<string> => {
      const before = server.messages.length;
      assert.equal((await device.connect(serverId)).outcome, 'completed');
      return JSON.stringify(server.messages[before]);
    };
    await add('Small', 100);
    assert.match(await sent(), /DevInfo\/Ext\/Small/);
    await add('Large', 1_000_000);
    const first = await sent();
    assert.match(first, /DevInfo\/DevId/);
    assert.doesNotMatch(first, /DevInfo\/Ext/);
    assert.ok(first.length < 5000, String(first.length));
  }));

test('a server whose account another one deletes and adds anew, in one message, has none of its rights there', () =>
  withFirmware({}, async ({ device, say }) => {
    const guest = 'com.example.guest';
    const account = (id: string) =>
      dmAccount('Guest', id, { secret: operatorSecret, acl: `Delete=${operator}&Get=*` });
    await device.tree?.run((own) =>
      own.set('./Vendor', { format: 'node', acl: `Get=*&Replace=${guest}+${operator}` }),
    );
    assert.deepEqual(await say(operator, operatorSecret, [toInbox(account(guest))]), [1, 0]);
    const anew = group('Sequence', [remove('./DMAcc/Guest'), toInbox(account(guest))]);
    assert.deepEqual(await say(operator, operatorSecret, [anew]), [2, 0]);
    assert.equal(device.tree?.transaction().aclOf('./Vendor'), `Get=*&Replace=${operator}`);
  }));

test('messages of accounts that are gone stay known, of the last 64 of them', async () => {
  const clock = new ManualClock(1_000_000_000_000);
  const storage = memoryState();
  await provisionDevice(storage, { deviceId, man: 'E', mod: 'E1', accounts: [operatorAccount] }, { clock });
  const state = new DeviceState(storage, clock);
  const digest = Uint8Array.of(1);
  const ids = Array.from({ length: 200 }, (_, index) => `gone-${index}`);
  await state.tree.run((transaction) => {
    for (const id of [operator, ...ids]) {
      rememberProcessed(transaction, id, digest);
      clock.advance(1000);
    }
  });
  const known = ids.filter((id) => wasProcessed(state.tree, id, digest));
  assert.deepEqual(known, ids.slice(-64));
  assert.equal(wasProcessed(state.tree, operator, digest), true);
  for (const id of [operator, ...ids]) state.memory(id);
  assert.deepEqual(
    ids.filter((id) => state.peekMemory(id) !== undefined),
    ids.slice(-64),
  );
  assert.notEqual(state.peekMemory(operator), undefined);
  assert.equal(rememberedMessages, 1024);
  await state.close();
});

// Names that are no ServerIDs, on a whole device: from wherever an account can come, none does (spec-notes ruling 19).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { ValueError } from '../../src/core/index.ts';
import {
  type BootstrapPolicy,
  bootstrapByPolicy,
  Device,
  memoryState,
  parseProvisioning,
  provisionDevice,
} from '../../src/device/index.ts';
import { contentTypes, type ReceivedPush } from '../../src/push/index.ts';
import { bootstrapMac, imsiOctets } from '../../src/security/index.ts';
import { composeBootstrap } from '../../src/sessionless/index.ts';
import type { NewDmAccount } from '../../src/tree/index.ts';
import { command, dmAccount, leaf, node, signedBy, tndsItem, toInbox } from './signed-server.ts';

const deviceId = 'IMEI:493005100592800';
const serverId = 'com.example.dm';
const secret = 'server secret of 16+';
const client = { scheme: 'md5', name: 'd1', secret: 'client secret of 16+' } as const;
const account = {
  serverId,
  address: 'http://127.0.0.1:9/dm',
  client,
  server: { scheme: 'md5', secret },
} as const;
const input = { deviceId, man: 'Example', mod: 'E1', accounts: [account] };
const refused = ['*', 'a+b', 'a&b', 'a=b', '', ' ', 'a b', 'a\tb', 'a\u202eb'];
const escaped = (id: string): string => id.replaceAll('&', '&amp;');

const devices: Device[] = [];
after(() => Promise.all(devices.map((device) => device.stop())));

async function started(state?: unknown, bootstrap?: BootstrapPolicy): Promise<Device> {
  const storage = memoryState(state);
  if (state === undefined) await provisionDevice(storage, input);
  const device = new Device({
    storage,
    ...(bootstrap !== undefined && { bootstrap: bootstrapByPolicy(bootstrap) }),
  });
  devices.push(device);
  await device.start();
  return device;
}

const idsOf = (device: Device): readonly string[] => device.accounts.map((each) => each.serverId);

test('a signed message brings no account under such a name, alone or beside another, and the others come', async () => {
  const device = await started();
  for (const id of refused) {
    const push = signedBy(serverId, secret, deviceId, [
      toInbox(dmAccount('One', escaped(id))),
      toInbox(dmAccount('One', escaped(id)), dmAccount('Beside', 'com.example.beside')),
      command('Add', { target: { uri: './DMAcc/Two/ServerID' }, meta: { format: 'chr' }, data: id }),
      command('Add', tndsItem('./DMAcc/Three', node('Three', leaf('ServerID', escaped(id))))),
    ]);
    const outcome = await device.handlePush(push);
    assert.ok(outcome.outcome === 'processed' && outcome.succeeded === 0, JSON.stringify([id, outcome]));
    assert.deepEqual(idsOf(device), [serverId]);
  }
  const honest = signedBy(serverId, secret, deviceId, [toInbox(dmAccount('Other', 'com.example.other'))]);
  assert.equal((await device.handlePush(honest)).outcome, 'processed');
  assert.deepEqual(idsOf(device), [serverId, 'com.example.other']);
});

test('a signed message changes no account to another server, and takes no ServerID away', async () => {
  const device = await started();
  const uri = device.accounts[0]?.uri ?? '';
  await device.tree?.run((own) => own.set('./Vendor', { format: 'node', acl: `Replace=${serverId}` }));
  const without = node('X', leaf('Name', 'nobody'));
  for (const object of [dmAccount(uri.slice('./DMAcc/'.length), 'com.example.other'), without]) {
    const push = signedBy(serverId, secret, deviceId, [command('Replace', tndsItem(uri, object))]);
    const outcome = await device.handlePush(push);
    assert.ok(outcome.outcome === 'processed' && outcome.failed === 1, JSON.stringify(outcome));
    assert.deepEqual(idsOf(device), [serverId]);
  }
  assert.equal(device.tree?.transaction().aclOf('./Vendor'), `Replace=${serverId}`);
});

const network = imsiOctets('262011234567890');
const newAccount: NewDmAccount = {
  serverId: 'XXXXXXXXXXXXXXXX',
  addresses: [{ addr: 'https://dm.example.com/dm' }],
  credentials: [
    { level: 'CLCRED', type: 'DIGEST', name: 'd1', secret: 'client secret' },
    { level: 'SRVCRED', type: 'DIGEST', name: 's', secret: 'server secret' },
  ],
};

/** An honest bootstrap with another name in it, of the same length, under the right MAC. */
function bootstrapOf(profile: 'dm' | 'cp', id: string): ReceivedPush {
  const made = composeBootstrap({
    profile,
    account: newAccount,
    protection: { sec: 'NETWPIN', network },
    wbxmlVersion: '1.2',
  });
  const body = Buffer.from(made.body);
  for (let at = body.indexOf(newAccount.serverId); at >= 0; at = body.indexOf(newAccount.serverId)) {
    body.write(id.padEnd(16, 'x'), at, 'latin1');
  }
  const { mime, code } = contentTypes[made.kind];
  return {
    binding: 'wap',
    from: '127.0.0.1:1',
    contentType: { mime, code },
    parameters: { SEC: 'NETWPIN', MAC: bootstrapMac(body, { sec: 'NETWPIN', network }) },
    body,
  };
}

for (const profile of ['dm', 'cp'] as const) {
  test(`${profile} profile: a bootstrap under such a name is refused, and one under a good name is taken`, async () => {
    const device = await started(undefined, { allow: ['NETWPIN'], network, withAccounts: 'add' });
    for (const id of ['*', 'a+b', 'a&b', 'a=b', 'a b', 'a\tb']) {
      const outcome = await device.handlePush(bootstrapOf(profile, `${id}${id}`));
      assert.ok(
        outcome.outcome === 'ignored' && /cannot|ServerID|printable/.test(outcome.detail),
        JSON.stringify(outcome),
      );
      assert.deepEqual(idsOf(device), [serverId], id);
    }
    assert.equal((await device.handlePush(bootstrapOf(profile, 'good'))).outcome, 'bootstrapped');
    assert.deepEqual(idsOf(device), [serverId, 'goodxxxxxxxxxxxx']);
  });

  test(`${profile} profile: no bootstrap is made under such a name`, () => {
    for (const id of refused) {
      const content = {
        profile,
        account: { ...newAccount, serverId: id },
        protection: { sec: 'none' },
      } as const;
      assert.throws(() => composeBootstrap(content), { code: 'BAD_FORMAT', path: 'account.serverId' });
    }
  });
}

test('a provisioning file with such a name is refused with its field', async () => {
  for (const id of refused) {
    const wrong = { ...input, accounts: [account, { ...account, serverId: id }] };
    for (const refusal of [() => parseProvisioning(wrong), () => provisionDevice(memoryState(), wrong)]) {
      await assert.rejects(
        async () => await refusal(),
        (error) => {
          assert.ok(error instanceof ValueError);
          assert.equal(error.path, 'accounts[1].serverId');
          return true;
        },
      );
    }
  }
});

test('a state of an earlier version with such accounts opens: they stay until they are deleted, and * stays in the ACLs', async () => {
  const state: unknown = JSON.parse(readFileSync(new URL('old-state/state-1.json', import.meta.url), 'utf8'));
  const device = await started(state);
  const { tree } = device;
  assert.ok(tree);
  const before = [serverId, 'com.example.tls', 'com.example.late', '*', 'a+b'];
  assert.deepEqual(idsOf(device), before);
  const acl = (uri: string): string => tree.transaction().aclOf(uri);
  assert.deepEqual([acl('.'), acl('./Vendor')], ['Add=*&Get=*', 'Get=*&Replace=*']);
  // Who brought them may take them away.
  const away = ['./DMAcc/Star', './DMAcc/Plus'].map((uri) => command('Delete', { target: { uri } }));
  const outcome = await device.handlePush(signedBy(serverId, secret, deviceId, away));
  assert.ok(outcome.outcome === 'processed' && outcome.failed === 0, JSON.stringify(outcome));
  assert.deepEqual(idsOf(device), before.slice(0, 3));
  assert.deepEqual([acl('.'), acl('./Vendor')], ['Add=*&Get=*', 'Get=*&Replace=*']);
});

test('DM-SESSIONLESS-1.3 §5.5: two accounts of different servers in one message, of DMAcc 1.0 and 1.1: both come', async () => {
  const device = await started();
  const one = dmAccount('One', 'com.example.one', { version: '1.0' });
  const two = dmAccount('Two', 'com.example.two', { version: '1.1' });
  const outcome = await device.handlePush(signedBy(serverId, secret, deviceId, [toInbox(one, two)]));
  assert.deepEqual(outcome, { outcome: 'processed', serverId, succeeded: 1, failed: 0, ignored: 0 });
  assert.deepEqual(idsOf(device), [serverId, 'com.example.one', 'com.example.two']);
});

// Bootstrap of a whole device: in both profiles, by SEC and MAC, under the policy alone (DM-BOOT-1.2, OMA ProvBoot 1.1).
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hexToBytes } from '../../src/core/index.ts';
import {
  type BootstrapPolicy,
  bootstrapByPolicy,
  Device,
  type DeviceEvent,
  memoryState,
  provisionDevice,
} from '../../src/device/index.ts';
import { contentTypes, type ReceivedPush } from '../../src/push/index.ts';
import { imsiOctets } from '../../src/security/index.ts';
import { type BootstrapContent, composeBootstrap } from '../../src/sessionless/index.ts';
import { ManualClock } from '../../src/testing/index.ts';
import { type NewDmAccount, readAccounts } from '../../src/tree/index.ts';

const network = imsiOctets('262011234567890');
const secret = 'server secret of 16+';
const account: NewDmAccount = {
  serverId: 'com.example.new',
  name: 'New operator',
  addresses: [{ addr: 'https://dm.example.com/dm' }],
  authPreference: 'DIGEST',
  credentials: [
    { level: 'CLCRED', type: 'DIGEST', name: 'd1', secret: 'client secret', data: Uint8Array.of(1, 2, 3) },
    { level: 'SRVCRED', type: 'DIGEST', name: 'com.example.new', secret, data: Uint8Array.of(4, 5, 6) },
  ],
};

const old = {
  serverId: 'com.example.old',
  address: 'https://old.example.com/dm',
  client: { scheme: 'md5', name: 'o', secret: 'old client' },
  server: { scheme: 'md5', secret: 'old server' },
} as const;

async function startDevice(policy: BootstrapPolicy | undefined, accounts: readonly (typeof old)[] = []) {
  const storage = memoryState();
  const clock = new ManualClock(Date.now());
  await provisionDevice(storage, { deviceId: 'IMEI:1', man: 'E', mod: 'E1', accounts });
  const events: DeviceEvent[] = [];
  const device = new Device({
    storage,
    clock,
    ...(policy !== undefined && { bootstrap: bootstrapByPolicy(policy, clock) }),
    onEvent: (event) => events.push(event),
  });
  await device.start();
  const refusal = (): string => {
    const last = events.findLast(({ event }) => event === 'ignored');
    return last?.event === 'ignored' ? `${last.reason}: ${last.detail}` : '';
  };
  return { device, storage, clock, events, refusal };
}

function pushOf(
  content: Partial<BootstrapContent> = {},
): ReceivedPush & { readonly pin: string | undefined } {
  const made = composeBootstrap({
    profile: 'dm',
    account,
    protection: { sec: 'NETWPIN', network },
    ...content,
  });
  const { mime, code } = contentTypes[made.kind];
  return {
    binding: 'wap',
    from: '127.0.0.1:1',
    contentType: { mime, code },
    parameters: made.parameters,
    body: made.body,
    pin: made.pinForUser,
  };
}

const accessPoint = { id: 'INTERNET_1', name: 'Internet', address: 'internet.example', bearer: 'GSM-GPRS' };

for (const profile of ['dm', 'cp'] as const) {
  test(`${profile} profile: the account and its access point are there, the reference leads to it, and last`, async () => {
    const { device, storage } = await startDevice({ allow: ['NETWPIN'], network });
    const push = pushOf({ profile, accessPoint });
    assert.equal((await device.handlePush(push)).outcome, 'bootstrapped');
    await device.stop();
    const again = new Device({ storage });
    await again.start();
    const { tree } = again;
    assert.ok(tree !== undefined);
    const [made] = readAccounts(tree);
    assert.equal(made?.serverId, 'com.example.new');
    assert.equal(made?.name, 'New operator');
    assert.equal(made?.addresses[0]?.addr, 'https://dm.example.com/dm');
    assert.equal(made?.prefConRef, './NAP/INTERNET_1');
    assert.equal(tree.node('./NAP/INTERNET_1/NapAddr')?.value, 'internet.example');
    assert.deepEqual(
      made?.credentials.map(({ level, type, name, secret: own, data }) => ({
        level,
        type,
        name,
        secret: own,
        data,
      })),
      account.credentials,
    );
    await again.stop();
  });

  test(`${profile} profile: each protection, and each in every WBXML version`, async () => {
    for (const wbxmlVersion of ['1.1', '1.2', '1.3'] as const) {
      for (const protection of [
        { sec: 'NETWPIN', network },
        { sec: 'USERPIN', pin: '1234' },
        { sec: 'USERNETWPIN', network, pin: '1234' },
        { sec: 'USERNETWPIN', network, pin: '1234', joined: 'cp' },
        { sec: 'USERNETWPIN', network, pin: '1234', joined: 'dm' },
        { sec: 'USERPINMAC', pin: '1234' },
      ] as const) {
        const push = pushOf({ profile, protection, wbxmlVersion });
        const asked: number[] = [];
        const { device } = await startDevice({
          allow: [protection.sec],
          network,
          askPin: async ({ attempt }) => {
            asked.push(attempt);
            return push.pin;
          },
        });
        assert.equal((await device.handlePush(push)).outcome, 'bootstrapped', protection.sec);
        assert.deepEqual(asked, protection.sec === 'NETWPIN' ? [] : [1]);
        await device.stop();
      }
    }
  });

  test(`${profile} profile: without a policy, an allowed protection or a MAC nothing is taken`, async () => {
    const none = await startDevice(undefined);
    assert.equal((await none.device.handlePush(pushOf({ profile }))).outcome, 'ignored');
    const other = await startDevice({ allow: ['USERPIN'] });
    assert.equal((await other.device.handlePush(pushOf({ profile }))).outcome, 'ignored');
    assert.match(other.refusal(), /bootstrap-refused: protection NETWPIN is not allowed/);
    const { MAC: _, ...rest } = pushOf({ profile }).parameters;
    const bare = await startDevice({ allow: ['NETWPIN'], network });
    await bare.device.handlePush({ ...pushOf({ profile }), parameters: rest });
    assert.match(bare.refusal(), /SEC and no MAC/);
    for (const { device } of [none, other, bare]) {
      assert.deepEqual(device.accounts, []);
      await device.stop();
    }
  });

  test(`${profile} profile: a body or a MAC that was changed is refused before it is read`, async () => {
    const { device, refusal } = await startDevice({ allow: ['NETWPIN'], network });
    const push = pushOf({ profile });
    const body = Uint8Array.from(push.body);
    body[body.length - 2] = (body[body.length - 2] ?? 0) ^ 1;
    for (const wrong of [
      { ...push, body },
      { ...push, body: hexToBytes('ff') },
      { ...push, parameters: { ...push.parameters, MAC: '0'.repeat(40) } },
      { ...push, parameters: { ...push.parameters, MAC: 'x' } },
    ]) {
      assert.equal((await device.handlePush(wrong)).outcome, 'ignored');
      assert.match(refusal(), /the MAC is wrong/);
    }
    assert.deepEqual(device.accounts, []);
    await device.stop();
  });

  test(`${profile} profile: accounts that are there stay, but where the policy says otherwise`, async () => {
    const policy = { allow: ['NETWPIN'], network } as const;
    const refusing = await startDevice(policy, [old]);
    await refusing.device.handlePush(pushOf({ profile }));
    assert.match(refusing.refusal(), /the device has accounts/);

    const adding = await startDevice({ ...policy, withAccounts: 'add' }, [old]);
    const [before] = adding.device.accounts;
    assert.equal((await adding.device.handlePush(pushOf({ profile }))).outcome, 'bootstrapped');
    assert.deepEqual(
      adding.device.accounts.find(({ serverId }) => serverId === old.serverId),
      before,
    );
    assert.equal(adding.device.accounts.length, 2);
    // The same one again, and one in the name of the old server.
    for (const serverId of ['com.example.new', old.serverId]) {
      const credentials = account.credentials.map((each) => ({ ...each, secret: 'of somebody else' }));
      await adding.device.handlePush(pushOf({ profile, account: { ...account, serverId, credentials } }));
      assert.match(adding.refusal(), /there is an account of this server/);
    }
    assert.deepEqual(
      adding.device.accounts.find(({ serverId }) => serverId === old.serverId),
      before,
    );

    const replacing = await startDevice({ ...policy, withAccounts: 'replace' }, [old]);
    const next = { ...account, serverId: old.serverId };
    assert.equal(
      (await replacing.device.handlePush(pushOf({ profile, account: next }))).outcome,
      'bootstrapped',
    );
    const [only, ...others] = replacing.device.accounts;
    assert.equal(others.length, 0);
    assert.equal(only?.name, 'New operator');
    for (const { device } of [refusing, adding, replacing]) await device.stop();
  });
}

test('three wrong PINs end a message, and ten failures end all for the hour', async () => {
  let asked = 0;
  const { device, refusal, clock } = await startDevice({
    allow: ['USERPIN'],
    askPin: async () => {
      asked += 1;
      return '0000';
    },
  });
  const push = pushOf({ protection: { sec: 'USERPIN', pin: '1234' } });
  for (let message = 1; message <= 10; message += 1) await device.handlePush(push);
  assert.match(refusal(), /3 wrong PINs/);
  assert.equal(asked, 30);
  await device.handlePush(push);
  assert.match(refusal(), /too many bootstraps failed/);
  assert.equal(asked, 30);
  clock.advance(3_600_001);
  await device.handlePush(push);
  assert.equal(asked, 33);
  assert.deepEqual(device.accounts, []);
  await device.stop();
});

test('DM profile: a message for another device is refused', async () => {
  const { device, refusal } = await startDevice({ allow: ['NETWPIN'], network });
  await device.handlePush(pushOf({ deviceId: 'IMEI:2' }));
  assert.match(refusal(), /for another device/);
  assert.deepEqual(device.accounts, []);
  await device.stop();
});

test('a policy that allows none takes Client Provisioning without a MAC, and never a DM message without one', async () => {
  const { device, refusal } = await startDevice({ allow: ['none'] });
  await device.handlePush(pushOf({ protection: { sec: 'none' } }));
  assert.match(refusal(), /message-not-signed/);
  const taken = await device.handlePush(pushOf({ profile: 'cp', protection: { sec: 'none' } }));
  assert.equal(taken.outcome, 'bootstrapped');
  await device.stop();
});

test('what the device logs and reports of a bootstrap holds no secret', async () => {
  const { device, events } = await startDevice({ allow: ['NETWPIN'], network });
  await device.handlePush(pushOf());
  await device.handlePush({ ...pushOf(), body: Uint8Array.of(1) });
  assert.doesNotMatch(JSON.stringify(events), /server secret|client secret/);
  await device.stop();
});

const auth = [
  { type: 'PAP', name: 'net user', secret: 'NETWORK-SECRET' },
  { type: 'CHAP', name: 'other', secret: 'OTHER-SECRET' },
];

for (const profile of ['dm', 'cp'] as const) {
  test(`${profile} profile: what the device proves itself with to the network is not lost, and no server reads it`, async () => {
    const { device, events } = await startDevice({ allow: ['NETWPIN'], network });
    const push = pushOf({ profile, accessPoint: { ...accessPoint, auth } });
    assert.equal((await device.handlePush(push)).outcome, 'bootstrapped');
    const { tree } = device;
    assert.ok(tree !== undefined);
    for (const [index, { type, name, secret: own }] of auth.entries()) {
      const at = `./NAP/INTERNET_1/AuthInfo/${index + 1}`;
      assert.equal(tree.node(`${at}/AuthType`)?.value, type);
      assert.equal(tree.node(`${at}/AuthName`)?.value, name);
      assert.equal(tree.node(`${at}/AuthSecret`)?.value, own);
    }
    await tree.run(async (transaction) => {
      const read = await transaction.get(account.serverId, './NAP/INTERNET_1/AuthInfo/1/AuthSecret');
      assert.equal(read.status, 405);
    });
    assert.doesNotMatch(JSON.stringify(events), /-SECRET/);
    await device.stop();
  });
}

test('Client Provisioning: PXAUTHINFO of a proxy, and NAPAUTHINFO, as a foreign encoder writes them', async () => {
  const { device } = await startDevice({ allow: ['none'] });
  // Made with libwbxml's xml2wbxml from the document type's own names.
  const body = readFileSync(new URL('../vectors/provisioning-auth.wbxml', import.meta.url));
  const { mime, code } = contentTypes['connectivity+wbxml'];
  const push = { binding: 'wap', from: '127.0.0.1:1', contentType: { mime, code }, parameters: {}, body };
  assert.equal((await device.handlePush(push)).outcome, 'bootstrapped');
  const value = (uri: string) => device.tree?.node(uri)?.value;
  assert.equal(value('./NAP/NAP1/AuthInfo/1/AuthType'), 'PAP');
  assert.equal(value('./NAP/NAP1/AuthInfo/1/AuthName'), 'wap');
  assert.equal(value('./NAP/NAP1/AuthInfo/1/AuthSecret'), 'wap-secret');
  assert.equal(value('./Proxy/PROXY1/AuthInfo/1/AuthType'), 'HTTP-BASIC');
  assert.equal(value('./Proxy/PROXY1/AuthInfo/1/AuthName'), 'px');
  assert.equal(value('./Proxy/PROXY1/AuthInfo/1/AuthSecret'), 'px-secret');
  await device.stop();
});

test('USERNETWPIN is keyed as the profile has it: PIN:secret in the DM profile, secret and PIN in Client Provisioning', () => {
  const protection = { sec: 'USERNETWPIN', network, pin: '4711' } as const;
  const mac = (key: string, body: Uint8Array) =>
    createHmac('sha1', Buffer.from(key, 'hex')).update(body).digest('hex').toUpperCase();
  const octets = Buffer.from(network).toString('hex');
  const dm = composeBootstrap({ profile: 'dm', account, protection });
  assert.equal(dm.parameters.MAC, mac(`34373131${'3a'}${octets}`, dm.body));
  const cp = composeBootstrap({ profile: 'cp', account, protection });
  assert.equal(cp.parameters.MAC, mac(`${octets}34373131`, cp.body));
});

for (const [from, to, status] of [
  ['DM/1.2', 'DM/9.9', 513],
  ['\x031.2\0', '\x039.9\0', 505],
] as const) {
  test(`dm profile: a bootstrap of a version that is not spoken is refused, as ${status} in a session`, async () => {
    const { device, refusal } = await startDevice({ allow: ['NETWPIN'], network });
    const push = pushOf();
    const text = Buffer.from(push.body).toString('latin1');
    assert.ok(text.includes(from));
    const body = Buffer.from(text.replace(from, to), 'latin1');
    const mac = createHmac('sha1', network).update(body).digest('hex').toUpperCase();
    const outcome = await device.handlePush({ ...push, body, parameters: { ...push.parameters, MAC: mac } });
    assert.equal(outcome.outcome, 'ignored');
    assert.match(refusal(), new RegExp(`9\\.9" is not spoken here: status ${status}`));
    assert.deepEqual(device.accounts, []);
    await device.stop();
  });
}

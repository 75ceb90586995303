// A bootstrap for a device that the server knows: which of its credentials go into it, in either profile, and what it needs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dmApplications, readProvisioning } from '../../../src/codec/provisioning/index.ts';
import { embeddedTree, readMessage } from '../../../src/codec/syncml/index.ts';
import { parseTnds, type TndsNode } from '../../../src/codec/tnds/index.ts';
import { decodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { utf8ToBytes, ValueError } from '../../../src/core/index.ts';
import { imsiOctets, verifyBootstrapMac } from '../../../src/security/index.ts';
import { composeDeviceBootstrap } from '../../../src/server/message/bootstrap-request.ts';
import type { AccountRecord, DeviceRecord } from '../../../src/store/index.ts';
import { sampleAccount, sampleDevice } from '../../../src/testing/index.ts';

const now = Date.UTC(2026, 0, 1);
const { firstSessionId: _, ...input } = sampleDevice();
const device: DeviceRecord = {
  ...input,
  notificationSecret: 'notice',
  resynchronisations: { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 },
  reported: {},
  createdAt: now,
  updatedAt: now,
};
const account: AccountRecord = { ...sampleAccount, createdAt: now, updatedAt: now };
const pin = { sec: 'USERPIN', pin: '1234' };
const imsi = '262011234567890';

const compose = (value: unknown, of: Partial<DeviceRecord> = {}, by: AccountRecord = account) =>
  composeDeviceBootstrap(value, by, { ...device, ...of });

type Values = Readonly<Record<string, unknown>>;

/** Leaves below a node by their names. */
const leavesOf = (node: TndsNode | undefined): Values =>
  Object.fromEntries(
    (node?.nodes ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );

/** The account in a bootstrap of the DM profile: its leaves, those of each entry of AppAuth, and its addresses. */
function accountIn(body: Uint8Array) {
  const [add] = readMessage(body, 'wbxml').commands;
  const data = add?.name === 'Add' ? add.items[0]?.data : undefined;
  const [node] = parseTnds(embeddedTree(data ?? '')).nodes;
  const entries = (branch: string): readonly Values[] =>
    (node?.nodes.find(({ name }) => name === branch)?.nodes ?? []).map(leavesOf);
  return { own: leavesOf(node), auth: entries('AppAuth'), addresses: entries('AppAddr') };
}

test('DM profile: all three credentials with their types, names, secrets and nonces', () => {
  const { body, contentType, summary, pinForUser, warnings } = compose(pin);
  const { own, auth, addresses } = accountIn(body);
  assert.deepEqual(addresses, [{ Addr: account.url, AddrType: 'URI' }]);
  assert.deepEqual(
    [own.AppID, own.ServerID, own.Name, own.AAuthPref],
    ['w7', account.serverId, 'Example', 'DIGEST'],
  );
  const { serverCredentials, clientCredentials } = input;
  assert.deepEqual(auth, [
    {
      AAuthLevel: 'CLCRED',
      AAuthType: 'DIGEST',
      AAuthName: 'Bruce2',
      AAuthSecret: 'OhBehave',
      AAuthData: clientCredentials.nonce,
    },
    {
      AAuthLevel: 'SRVCRED',
      AAuthType: 'DIGEST',
      AAuthName: account.serverId,
      AAuthSecret: 'server secret',
      AAuthData: serverCredentials.nonce,
    },
    { AAuthLevel: 'NOTICRED', AAuthType: 'DIGEST', AAuthSecret: 'notice' },
  ]);
  assert.deepEqual(summary, { kind: 'bootstrap', profile: 'dm', sec: 'USERPIN' });
  assert.deepEqual(
    [contentType.mime, contentType.parameters?.SEC],
    ['application/vnd.syncml.dm+wbxml', 'USERPIN'],
  );
  const mac = contentType.parameters?.MAC ?? '';
  assert.equal(verifyBootstrapMac(body, mac, { sec: 'USERPIN', pin: '1234' }), 'accepted');
  assert.deepEqual([pinForUser, warnings], ['1234', []]);
});

test('DM profile: what the record does not have is not in it', () => {
  const { notificationSecret: __, ...plain } = device;
  const bare = { scheme: 'hmac', name: 'n', secret: 's' } as const;
  const { name: ___, ...nameless } = account;
  const { body } = composeDeviceBootstrap(pin, nameless, {
    ...plain,
    clientCredentials: bare,
    serverCredentials: { ...bare, scheme: 'basic' },
  });
  const { own, auth } = accountIn(body);
  assert.deepEqual([own.Name, own.AAuthPref], [undefined, 'HMAC']);
  assert.deepEqual(auth, [
    { AAuthLevel: 'CLCRED', AAuthType: 'HMAC', AAuthName: 'n', AAuthSecret: 's' },
    { AAuthLevel: 'SRVCRED', AAuthType: 'BASIC', AAuthName: 'n', AAuthSecret: 's' },
  ]);
});

test('CP profile: the two credentials that w7 has, and no secret of NOTICRED', () => {
  const { body, contentType, summary } = compose({ ...pin, profile: 'cp' });
  assert.equal(contentType.mime, 'application/vnd.wap.connectivity-wbxml');
  assert.deepEqual(summary, { kind: 'bootstrap', profile: 'cp', sec: 'USERPIN' });
  const [application] = dmApplications(readProvisioning(body, 'wbxml'));
  assert.deepEqual(
    application?.auth.map(({ level, name, secret }) => [level, name, secret]),
    [
      ['APPSRV', 'Bruce2', 'OhBehave'],
      ['CLIENT', account.serverId, 'server secret'],
    ],
  );
  assert.equal(Buffer.from(body).includes(Buffer.from(utf8ToBytes('notice'))), false);
});

test('profile and version are those that are asked for, or that the family reads', () => {
  const shown = (value: object, of: Partial<DeviceRecord> = {}) => {
    const { body, summary } = compose({ ...pin, ...value }, of);
    return [summary.kind === 'bootstrap' && summary.profile, decodeWbxml(body).version];
  };
  assert.deepEqual(shown({}), ['dm', '1.2']);
  for (const wbxmlVersion of ['1.1', '1.2', '1.3']) {
    assert.deepEqual(shown({ wbxmlVersion }), ['dm', wbxmlVersion]);
    assert.deepEqual(shown({ wbxmlVersion, profile: 'dm' }, { family: 'windows' }), ['dm', wbxmlVersion]);
  }
  assert.deepEqual(shown({}, { family: 'windows' }), ['cp', '1.3']);
  assert.deepEqual(shown({ profile: 'cp' }, { family: 'aosp' }), ['cp', '1.2']);
});

test('each protection has the secret that it says: of the network, of the user, or of both', () => {
  const network = imsiOctets(imsi);
  for (const [value, secret, told] of [
    [{ sec: 'NETWPIN', imsi }, { sec: 'NETWPIN', network }, undefined],
    [
      { sec: 'USERNETWPIN', imsi, pin: '1234' },
      { sec: 'USERNETWPIN', network, pin: '1234', joined: 'dm' },
      '1234',
    ],
  ] as const) {
    const { body, contentType, pinForUser } = compose(value);
    assert.equal(verifyBootstrapMac(body, contentType.parameters?.MAC ?? '', secret), 'accepted');
    assert.equal(pinForUser, told);
  }
  const { contentType, pinForUser } = compose({ sec: 'USERPINMAC', pin: '1234' });
  assert.deepEqual(contentType.parameters, { SEC: 'USERPINMAC' });
  assert.match(pinForUser ?? '', /^1234\d{4}$/);
});

test('what a bootstrap lacks is named', () => {
  for (const [value, path, code] of [
    [{}, 'bootstrap.sec', 'MISSING'],
    [{ sec: 'NONE' }, 'bootstrap.sec', 'OUT_OF_RANGE'],
    [{ sec: 'NETWPIN', pin: '1234' }, 'bootstrap.imsi', 'MISSING'],
    [{ sec: 'USERPIN', imsi }, 'bootstrap.pin', 'MISSING'],
    [{ sec: 'USERPINMAC' }, 'bootstrap.pin', 'MISSING'],
    [{ sec: 'USERNETWPIN', imsi }, 'bootstrap.pin', 'MISSING'],
    [{ sec: 'USERNETWPIN', pin: '1234' }, 'bootstrap.imsi', 'MISSING'],
    [{ ...pin, colour: 'red' }, 'bootstrap.colour', 'UNKNOWN_FIELD'],
    [{ ...pin, profile: 'w7' }, 'bootstrap.profile', 'OUT_OF_RANGE'],
    [{ ...pin, wbxmlVersion: '1.4' }, 'bootstrap.wbxmlVersion', 'OUT_OF_RANGE'],
    [{ sec: 'USERPIN', pin: '1'.repeat(21) }, 'bootstrap.pin', 'TOO_LONG'],
    [{ sec: 'NETWPIN', imsi: '1'.repeat(16) }, 'bootstrap.imsi', 'TOO_LONG'],
    ['USERPIN', 'bootstrap', 'WRONG_TYPE'],
  ] as const) {
    assert.throws(
      () => compose(value),
      (error) => {
        assert.ok(error instanceof ValueError);
        assert.deepEqual([error.path, error.code], [path, code]);
        return true;
      },
    );
  }
  const { clientCredentials: __, ...certified } = device;
  assert.throws(() => composeDeviceBootstrap(pin, account, certified), { code: 'MISSING', path: 'device' });
});

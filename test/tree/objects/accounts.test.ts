import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addAccount,
  clientCredentials,
  findAccount,
  ManagementTree,
  type NewDmAccount,
  notificationCredentials,
  readAccounts,
  removeAccount,
  serverCredentials,
  setAuthData,
} from '../../../src/tree/index.ts';
import { deviceTree } from '../tools.ts';

const account12: NewDmAccount = {
  serverId: 'com.mgmtsrv.manage',
  name: 'Management',
  addresses: [
    { addr: 'https://dm.example/', portNumbers: [443, 8443] },
    { addr: '192.0.2.1', addrType: 'IPv4' },
    { addr: '2001:db8::1', addrType: 'IPv6' },
  ],
  prefConRef: './NAP/Internet',
  toConRefs: ['./NAP/Other'],
  authPreference: 'DIGEST',
  credentials: [
    { level: 'CLCRED', type: 'BASIC', name: 'user', secret: 'basic' },
    { level: 'CLCRED', type: 'DIGEST', name: 'user', secret: 'digest', data: Uint8Array.of(0, 58, 255) },
    { level: 'SRVCRED', type: 'HTTP-DIGEST', name: 'srv', secret: 'http' },
    { level: 'SRVCRED', type: 'DIGEST', name: 'srv', secret: 'srvpwd', data: Uint8Array.of(1, 2) },
    { level: 'SRVCRED', type: 'HMAC', name: 'srv', secret: 'mac' },
  ],
};
const account13: NewDmAccount = {
  serverId: 'thirteen',
  addresses: [{ addr: 'https://thirteen.example/dm' }],
  credentials: [
    { level: 'CLCRED', type: 'HMAC', name: 'user', secret: 'c' },
    { level: 'SRVCRED', type: 'HMAC', name: 'thirteen', secret: 's' },
    { level: 'NOTICRED', type: 'HMAC', secret: 'n' },
  ],
};

test('DM-StdObj-1.2 §5.3.1: an account is read back as it was added', async () => {
  const { tree, storage } = await deviceTree();
  const uri = await addAccount(tree, account12);
  assert.equal(uri, './DMAcc/com.mgmtsrv.manage');
  const expected = {
    uri,
    serverId: 'com.mgmtsrv.manage',
    name: 'Management',
    addresses: [
      { uri: `${uri}/AppAddr/1`, addr: 'https://dm.example/', addrType: 'URI', portNumbers: [443, 8443] },
      { uri: `${uri}/AppAddr/2`, addr: '192.0.2.1', addrType: 'IPv4', portNumbers: [] },
      { uri: `${uri}/AppAddr/3`, addr: '2001:db8::1', addrType: 'IPv6', portNumbers: [] },
    ],
    prefConRef: './NAP/Internet',
    toConRefs: ['./NAP/Other'],
    authPreference: 'DIGEST',
    credentials: account12.credentials.map((entry, index) => ({
      uri: `${uri}/AppAuth/${index + 1}`,
      ...entry,
    })),
  };
  assert.deepEqual(readAccounts(tree), [expected]);
  assert.equal(tree.node(uri)?.type, 'urn:oma:mo:oma-dm-dmacc:1.0', 'no credential of the 1.3 form');
  const again = new ManagementTree({ snapshot: JSON.parse(JSON.stringify(storage.snapshot)) });
  assert.deepEqual(readAccounts(again), [expected]);
});

test('DM-StdObj-1.2 §5.3.1: the nodes of an account are those of the standard', async () => {
  const { tree } = await deviceTree();
  await addAccount(tree, { ...account13, node: 'X' });
  const uris = tree.leaves('./DMAcc').map((leaf) => leaf.uri);
  assert.deepEqual(uris, [
    './DMAcc/X/AppID',
    './DMAcc/X/ServerID',
    './DMAcc/X/AppAddr/1/Addr',
    './DMAcc/X/AppAddr/1/AddrType',
    './DMAcc/X/AppAuth/1/AAuthLevel',
    './DMAcc/X/AppAuth/1/AAuthType',
    './DMAcc/X/AppAuth/1/AAuthName',
    './DMAcc/X/AppAuth/2/AAuthLevel',
    './DMAcc/X/AppAuth/2/AAuthType',
    './DMAcc/X/AppAuth/2/AAuthName',
    './DMAcc/X/AppAuth/3/AAuthLevel',
    './DMAcc/X/AppAuth/3/AAuthType',
  ]);
  assert.equal(tree.node('./DMAcc/X/AppID')?.value, 'w7');
  assert.equal(tree.node('./DMAcc/X')?.type, 'urn:oma:mo:oma-dm-dmacc:1.1');
  assert.deepEqual(tree.objects('urn:oma:mo:oma-dm-dmacc'), ['./DMAcc/X']);
});

test('DM-StdObj-1.2 §5.3.1: client and server credentials follow AAuthPref or the type asked for', async () => {
  const { tree } = await deviceTree();
  await addAccount(tree, account12);
  const account = findAccount(tree, 'com.mgmtsrv.manage');
  assert.ok(account);
  assert.equal(clientCredentials(account)?.secret, 'digest');
  assert.equal(clientCredentials(account, 'BASIC')?.secret, 'basic');
  assert.equal(clientCredentials(account, 'HMAC'), undefined);
  assert.equal(serverCredentials(account)?.secret, 'srvpwd');
  const { authPreference: _, ...rest } = account;
  assert.equal(clientCredentials(rest)?.secret, 'basic', 'the first without a preference');
});

test('DM-NOTI-1.3 §6.6: the notification secret is that of NOTICRED, else of SRVCRED', async () => {
  const { tree } = await deviceTree();
  await addAccount(tree, account12);
  await addAccount(tree, account13);
  const [twelve, thirteen] = readAccounts(tree);
  assert.ok(twelve && thirteen);
  assert.equal(notificationCredentials(thirteen, 'dm1.3')?.secret, 'n');
  assert.equal(notificationCredentials(twelve, 'dm1.3')?.secret, 'http', 'the first SRVCRED');
  assert.equal(notificationCredentials(thirteen, 'dm1.2')?.secret, 's', 'NOTICRED is for 1.3 only');
});

test('DM-NOTI-1.3-2010 §6.2.10: auth-type picks the SRVCRED of that AAuthType', async () => {
  const { tree } = await deviceTree();
  await addAccount(tree, account12);
  const [account] = readAccounts(tree);
  assert.ok(account);
  assert.equal(notificationCredentials(account, 'dm1.3-2010', 'http-digest')?.secret, 'http');
  assert.equal(notificationCredentials(account, 'dm1.3-2010', 'digest')?.secret, 'srvpwd');
  assert.equal(notificationCredentials(account, 'dm1.3-2010', 'hmac')?.secret, 'mac');
  assert.equal(notificationCredentials(account, 'dm1.3-2010')?.secret, 'srvpwd');
});

test('DM-StdObj-1.2 §5.3.1: AAuthData keeps nonce octets of any value, durably', async () => {
  const { tree, storage } = await deviceTree();
  await addAccount(tree, account12);
  const [account] = readAccounts(tree);
  assert.ok(account);
  const nonce = Uint8Array.of(0, 0, 0, 0, 58, 255, 128);
  await setAuthData(tree, account, 'SRVCRED', nonce);
  nonce.fill(9);
  const again = new ManagementTree({ snapshot: JSON.parse(JSON.stringify(storage.snapshot)) });
  const read = readAccounts(again)[0];
  assert.ok(read);
  assert.deepEqual(serverCredentials(read, 'DIGEST')?.data, Uint8Array.of(0, 0, 0, 0, 58, 255, 128));
  assert.equal(serverCredentials(read, 'HMAC')?.data, undefined);
  await setAuthData(tree, account, 'SRVCRED', Uint8Array.of(7), 'HMAC');
  assert.deepEqual(serverCredentials(readAccounts(tree)[0] ?? account, 'HMAC')?.data, Uint8Array.of(7));
  await assert.rejects(setAuthData(tree, account, 'NOTICRED', nonce), {
    code: 'MISSING',
    path: 'level',
    message: /\.\/DMAcc\/com\.mgmtsrv\.manage has no NOTICRED$/,
  });
  await assert.rejects(setAuthData(tree, account, 'SRVCRED', nonce, 'BASIC'), {
    code: 'MISSING',
    message: /has no SRVCRED BASIC$/,
  });
});

test('DM-SEC-1.2: AAuthData provisioned as text is Base64, or else its characters', async () => {
  const { tree } = await deviceTree();
  await addAccount(tree, account12);
  const read = async (value: string): Promise<Uint8Array | undefined> => {
    await tree.run((transaction) => {
      transaction.remove('./DMAcc/com.mgmtsrv.manage/AppAuth/2/AAuthData');
      transaction.set('./DMAcc/com.mgmtsrv.manage/AppAuth/2/AAuthData', { value });
    });
    return readAccounts(tree)[0]?.credentials[1]?.data;
  };
  assert.deepEqual(await read('AAAAAA=='), new Uint8Array(4));
  assert.deepEqual(await read('no*base64'), new TextEncoder().encode('no*base64'));
});

test('an AddrType that nobody knows, or that is left out, is read as URI', async () => {
  const { tree } = await deviceTree();
  const uri = await addAccount(tree, { ...account13, addresses: [{ addr: 'x', addrType: 'IPv6' }] });
  const typeNow = (): unknown => readAccounts(tree)[0]?.addresses[0]?.addrType;
  assert.equal(typeNow(), 'IPv6');
  await tree.run((transaction) => transaction.set(`${uri}/AppAddr/1/AddrType`, { value: 'E164' }));
  assert.equal(typeNow(), 'URI');
  await tree.run((transaction) => transaction.remove(`${uri}/AppAddr/1/AddrType`));
  assert.equal(typeNow(), 'URI');
});

test('DM-STDOBJ-1.2: the server of an account has Delete, Get and Replace on it', async () => {
  const { tree } = await deviceTree();
  const uri = await addAccount(tree, account13);
  assert.equal(tree.transaction().aclOf(uri), 'Delete=thirteen&Get=thirteen&Replace=thirteen');
  assert.equal(tree.get('thirteen', `${uri}/ServerID`).status, 200);
  assert.equal(tree.get('other', `${uri}/ServerID`).status, 425);
  const transaction = tree.transaction();
  assert.equal(
    transaction.replace('thirteen', { uri: `${uri}/AppAddr/1/Addr`, data: 'https://new/' }).status,
    200,
  );
  assert.equal(transaction.replace('thirteen', { uri: `${uri}/ServerID`, data: 'x' }).status, 405);
  assert.equal(transaction.delete('thirteen', `${uri}/ServerID`).status, 405);
});

test('DM-StdObj-1.2 §5.3.1: AAuthSecret and AAuthData can be replaced but not read, in no way', async () => {
  const { tree } = await deviceTree();
  const uri = await addAccount(tree, { ...account12, serverId: 's', node: 'X' });
  const transaction = tree.transaction();
  const entry = `${uri}/AppAuth/2`;
  for (const name of ['AAuthSecret', 'AAuthData']) {
    for (const query of ['', '?prop=Size', '?prop=ACL', '?list=StructData', '?list=TNDS']) {
      assert.equal(transaction.get('s', `${entry}/${name}${query}`).status, 405, name + query);
    }
    assert.equal(transaction.copy('s', `${entry}/${name}`, './Leaked').status, 405);
    const rename = { uri: `${entry}/${name}?prop=Name`, data: 'Open' };
    assert.equal(transaction.replace('s', rename).status, 405);
    assert.equal(
      transaction.replace('s', { uri: `${entry}/${name}`, data: 'bmV3', format: 'b64' }).status,
      200,
    );
  }
  for (const query of ['?list=StructData', '?list=TNDS', '?list=Struct']) {
    const text = JSON.stringify(transaction.get('s', uri + query));
    assert.match(text, /AAuthName/);
    assert.doesNotMatch(text, /AAuthSecret|AAuthData|digest|srvpwd/);
  }
  assert.doesNotMatch(JSON.stringify(tree.leaves(uri)), /AAuthSecret|AAuthData|srvpwd/);
});

test('DM-SESSIONLESS-1.3 §5.5: no second account for a ServerID, by whatever command', async () => {
  const { tree } = await deviceTree();
  const uri = await addAccount(tree, account13);
  await assert.rejects(addAccount(tree, account13), { code: 'OUT_OF_RANGE' });
  const transaction = tree.transaction();
  assert.equal(transaction.add('evil', { uri: './DMAcc/Evil/ServerID', data: 'thirteen' }).status, 418);
  assert.equal(transaction.add('evil', { uri: './DMAcc/Evil/ServerID', data: 'evil' }).status, 200);
  assert.equal(transaction.add('evil', { uri: './Mine', data: 'thirteen' }).status, 200);
  assert.equal(transaction.copy('evil', './Mine', './DMAcc/Evil/ServerID').status, 405);
  assert.equal(transaction.add('evil', { uri: './DMAcc/Evil2', format: 'node' }).status, 200);
  assert.equal(transaction.copy('evil', './Mine', './DMAcc/Evil2/ServerID').status, 418);
  assert.equal(findAccount(tree, 'thirteen')?.uri, uri);
});

test('an account can be removed, and its name used again', async () => {
  const { tree } = await deviceTree();
  const uri = await addAccount(tree, account13);
  assert.equal(await removeAccount(tree, uri), true);
  assert.equal(await removeAccount(tree, uri), false);
  assert.equal(findAccount(tree, 'thirteen'), undefined);
  assert.equal(await addAccount(tree, account13), uri);
});

test('an account that cannot be is refused with a reason', async () => {
  const { tree } = await deviceTree();
  await assert.rejects(addAccount(tree, { ...account13, serverId: 'a b' }), {
    code: 'BAD_FORMAT',
    path: 'serverId',
  });
  await assert.rejects(addAccount(tree, { ...account13, node: 'a/b' }), { code: 'BAD_FORMAT', path: 'node' });
  await addAccount(tree, { ...account13, node: 'X' });
  await assert.rejects(addAccount(tree, { ...account12, node: 'X' }), { code: 'OUT_OF_RANGE', path: 'node' });
});

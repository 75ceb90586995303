// From a w7 application to a DM account in the tree.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type DmApplication,
  dmApplications,
  readProvisioning,
} from '../../../src/codec/provisioning/index.ts';
import { hexToBytes, utf8ToBytes, ValueError } from '../../../src/core/index.ts';
import { accountFromW7, addAccount, findAccount } from '../../../src/tree/index.ts';
import { deviceTree } from '../tools.ts';

const application: DmApplication = {
  providerId: 'com.mgmtsrv.manage',
  name: 'Operator',
  init: false,
  addresses: [{ addr: 'https://dm.example/', portNumbers: [443] }],
  auth: [
    { level: 'APPSRV', type: 'DIGEST', name: 'Bruce2', secret: 'OhBehave', data: 'LG3iZQhhdmKNHg==' },
    { level: 'CLIENT', type: 'DIGEST', name: 'server', secret: 'srvpwd', data: 'AAAAAA==' },
  ],
  toProxies: ['PX1'],
  toNapIds: ['NAP1', 'INTERNET'],
};

test('DM-StdObj-1.2, mapping of Device Management parameters: every value in its place', () => {
  assert.deepEqual(accountFromW7(application), {
    serverId: 'com.mgmtsrv.manage',
    name: 'Operator',
    addresses: [{ addr: 'https://dm.example/', addrType: 'URI', portNumbers: [443] }],
    prefConRef: 'PX1',
    toConRefs: ['NAP1', 'INTERNET'],
    authPreference: 'DIGEST',
    credentials: [
      {
        level: 'CLCRED',
        type: 'DIGEST',
        name: 'Bruce2',
        secret: 'OhBehave',
        data: hexToBytes('2c6de265086176628d1e'),
      },
      { level: 'SRVCRED', type: 'DIGEST', name: 'server', secret: 'srvpwd', data: hexToBytes('00000000') },
    ],
  });
});

test('the account goes into the tree and is found again', async () => {
  const { tree } = await deviceTree();
  const uri = await addAccount(tree, accountFromW7(application));
  const account = findAccount(tree, 'com.mgmtsrv.manage');
  assert.ok(account);
  assert.equal(account.uri, uri);
  assert.equal(account.prefConRef, 'PX1');
  assert.deepEqual(account.toConRefs, ['NAP1', 'INTERNET']);
  assert.deepEqual(
    account.credentials.map(({ level, name, data }) => [level, name, data]),
    [
      ['CLCRED', 'Bruce2', hexToBytes('2c6de265086176628d1e')],
      ['SRVCRED', 'server', hexToBytes('00000000')],
    ],
  );
});

test('from the octets of a push to the tree', async () => {
  const xml =
    '<wap-provisioningdoc version="1.0"><characteristic type="APPLICATION"><parm name="APPID" value="w7"/>' +
    '<parm name="PROVIDER-ID" value="op"/><parm name="ADDR" value="https://op.example/dm"/></characteristic></wap-provisioningdoc>';
  const [one] = dmApplications(readProvisioning(utf8ToBytes(xml), 'xml'));
  assert.ok(one);
  const { tree } = await deviceTree();
  assert.equal(await addAccount(tree, accountFromW7(one)), './DMAcc/op');
  assert.equal(findAccount(tree, 'op')?.addresses[0]?.addr, 'https://op.example/dm');
});

describe('references', () => {
  test('to objects of the tree, as the device places them', () => {
    const connectivity = ({ kind, id }: { kind: string; id: string }) =>
      id === 'INTERNET' ? undefined : `./ConnMO/${kind}/${id}`;
    const { prefConRef, toConRefs } = accountFromW7(application, { connectivity });
    assert.equal(prefConRef, './ConnMO/proxy/PX1');
    assert.deepEqual(toConRefs, ['./ConnMO/access-point/NAP1']);
  });
  test('none', () => {
    const account = accountFromW7({ ...application, toProxies: [], toNapIds: [] });
    assert.ok(!('prefConRef' in account));
    assert.deepEqual(account.toConRefs, []);
  });
});

describe('addresses', () => {
  const typeOf = (addr: string, addrType?: string) => {
    const address = { addr, portNumbers: [], ...(addrType === undefined ? {} : { addrType }) };
    return accountFromW7({ ...application, addresses: [address] }).addresses[0]?.addrType;
  };
  const rows = [
    ['https://dm.example/', undefined, 'URI'],
    ['https://dm.example/', 'URI', 'URI'],
    // What the document says holds, whatever the address looks like.
    ['dm.example:8080', 'URI', 'URI'],
    ['192.0.2.1', ' uri ', 'URI'],
    ['dm.example', 'IPV4', 'IPv4'],
    ['https://dm.example/', 'IPV4', 'URI'],
    ['192.0.2.1', 'IPV4', 'IPv4'],
    ['192.0.2.1', 'IPv4', 'IPv4'],
    ['192.0.2.1', undefined, 'IPv4'],
    ['2001:db8::1', 'IPV6', 'IPv6'],
    ['2001:db8::1', undefined, 'IPv6'],
  ] as const;
  for (const [addr, addrType, expected] of rows) {
    test(`${addr}, ADDRTYPE ${addrType}`, () => assert.equal(typeOf(addr, addrType), expected));
  }
});

describe('authentication', () => {
  const credentials = (level: string, type?: string, data?: string) =>
    accountFromW7({
      ...application,
      auth: [{ level, ...(type === undefined ? {} : { type }), ...(data === undefined ? {} : { data }) }],
    }).credentials;

  test('a list of types makes one entry for each', () => {
    assert.deepEqual(credentials('OBEX', 'HTTP-BASIC, HTTP-DIGEST'), [
      { level: 'OBEX', type: 'HTTP-BASIC' },
      { level: 'OBEX', type: 'HTTP-DIGEST' },
    ]);
  });
  test('without a type it is DIGEST', () => {
    assert.deepEqual(credentials('APPSRV'), [{ level: 'CLCRED', type: 'DIGEST' }]);
  });
  test('the first type of the client is preferred, wherever its entries stand', () => {
    const auth = [
      { level: 'CLIENT', type: 'HMAC' },
      { level: 'OBEX', type: 'BASIC' },
      { level: 'APPSRV', type: 'HTTP-DIGEST,DIGEST' },
    ];
    assert.equal(accountFromW7({ ...application, auth }).authPreference, 'HTTP-DIGEST');
    const [server] = auth;
    assert.ok(server);
    assert.ok(!('authPreference' in accountFromW7({ ...application, auth: [server] })));
  });
  test('without entries there is no preference', () => {
    assert.ok(!('authPreference' in accountFromW7({ ...application, auth: [] })));
  });
});

describe('what DMAcc cannot hold is a ValueError that says where', () => {
  const rows: readonly [string, Partial<DmApplication>, string, string][] = [
    ['no address', { addresses: [] }, 'MISSING', 'addresses'],
    [
      'an address of a telephone',
      { addresses: [{ addr: '+49170', addrType: 'E164', portNumbers: [] }] },
      'OUT_OF_RANGE',
      'addresses[0].addrType',
    ],
    [
      'an address that is none',
      { addresses: [{ addr: 'somewhere', portNumbers: [] }] },
      'BAD_FORMAT',
      'addresses[0].addr',
    ],
    ['a level that nobody knows', { auth: [{ level: 'constructor' }] }, 'OUT_OF_RANGE', 'auth[0].level'],
    ['a nonce that is not Base64', { auth: [{ level: 'CLIENT', data: '*' }] }, 'BAD_FORMAT', 'auth[0].data'],
  ];
  for (const [name, part, code, path] of rows) {
    test(name, () => {
      assert.throws(
        () => accountFromW7({ ...application, ...part }),
        (error) => error instanceof ValueError && error.code === code && error.path === path,
      );
    });
  }
});

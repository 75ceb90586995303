// What the device reads out of an account: its entries, and where its server is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNotification } from '../../../src/codec/notification/index.ts';
import {
  accountAddresses,
  deviceAccounts,
  notificationEntry,
  schemeOfEntry,
  sessionEntry,
  typeOfScheme,
} from '../../../src/device/account/account.ts';
import { noteTrustTransport } from '../../../src/device/account/account-notes.ts';
import { type DmAddress, ManagementTree, writeAccount } from '../../../src/tree/index.ts';
import { accountOf, clientEntry, dm12, dm13, dm2010, entryOf, serverEntry } from '../fixtures.ts';

test('DM-STDOBJ-1.2: an address of any type is a URL, with the Port of the account where it names none', () => {
  const at = (addr: string, addrType: string, ...portNumbers: number[]): DmAddress =>
    ({ uri: '', addr, addrType, portNumbers }) as DmAddress;
  for (const [address, url] of [
    [at('https://dm.example/dm', 'URI'), 'https://dm.example/dm'],
    [at('https://dm.example', 'URI'), 'https://dm.example'],
    [at('https://dm.example/dm', 'URI', 8443), 'https://dm.example:8443/dm'],
    [at('https://dm.example/dm', 'URI', 8443, 9443), 'https://dm.example:8443/dm'],
    [at('https://dm.example:1/dm', 'URI', 8443), 'https://dm.example:1/dm'],
    [at('192.0.2.1', 'IPv4'), 'http://192.0.2.1/'],
    [at('192.0.2.1', 'IPv4', 8080), 'http://192.0.2.1:8080/'],
    [at('2001:db8::1', 'IPv6'), 'http://[2001:db8::1]/'],
    [at('2001:db8::1', 'IPv6', 8080), 'http://[2001:db8::1]:8080/'],
    [at('no URL', 'URI', 8080), 'no URL'],
  ] as const) {
    assert.deepEqual(accountAddresses({ ...accountOf(), addresses: [address] }), [url]);
  }
});

test('a session takes the entry of AAuthPref, else the first, of those that are of the application layer and have a secret', () => {
  const basic = entryOf('SRVCRED', 'BASIC', { secret: 'b' });
  const hmac = entryOf('SRVCRED', 'HMAC', { secret: 'h' });
  const tls = entryOf('SRVCRED', 'TRANSPORT', { secret: 't' });
  const http = entryOf('SRVCRED', 'HTTP-DIGEST', { secret: 'd' });
  const bare = entryOf('SRVCRED', 'DIGEST');
  const credentials = [clientEntry, bare, tls, http, basic, hmac];
  for (const [authPreference, found] of [
    [undefined, basic],
    ['HMAC', hmac],
    ['BASIC', basic],
    ['DIGEST', basic],
    ['TRANSPORT', basic],
  ] as const) {
    const account = accountOf({ credentials, ...(authPreference !== undefined && { authPreference }) });
    assert.equal(sessionEntry(account, 'SRVCRED'), found);
    assert.equal(sessionEntry(account, 'CLCRED'), clientEntry);
  }
  assert.equal(sessionEntry(accountOf({ credentials: [bare, tls] }), 'SRVCRED'), undefined);
});

test('AAuthTypes and schemes name each other; others, and what every object has, are no scheme', () => {
  for (const [type, scheme] of [
    ['BASIC', 'basic'],
    ['DIGEST', 'md5'],
    ['HMAC', 'hmac'],
  ] as const) {
    assert.equal(schemeOfEntry({ type }), scheme);
    assert.equal(typeOfScheme(scheme), type);
  }
  for (const type of ['HTTP-BASIC', 'TRANSPORT', 'toString', '']) {
    assert.equal(schemeOfEntry({ type }), undefined);
  }
});

test('DM-NOTI-1.3 §6.6, DM-NOTI-1.3-2010 §6.2.10: which entry signs a notification', () => {
  const basic = entryOf('SRVCRED', 'BASIC', { secret: 'b' });
  const noti = entryOf('NOTICRED', 'DIGEST', { secret: 'n' });
  const tls = entryOf('SRVCRED', 'TRANSPORT', { secret: 't' });
  const draft = (authType: 'not-specified' | 'digest' | 'hmac') => ({ ...dm2010, authType });
  for (const [input, credentials, found] of [
    [dm12, [noti, basic, serverEntry], basic],
    [dm12, [tls, basic, serverEntry], basic],
    [draft('not-specified'), [basic, serverEntry], basic],
    [draft('not-specified'), [tls, basic, serverEntry], basic],
    [draft('digest'), [basic, serverEntry], serverEntry],
    [draft('hmac'), [basic, serverEntry], undefined],
    [draft('hmac'), [noti, serverEntry], serverEntry],
    [dm13, [basic, noti], noti],
    [dm13, [clientEntry, basic], basic],
    [dm12, [clientEntry, noti], undefined],
  ] as const) {
    const account = accountOf({ credentials });
    assert.equal(notificationEntry(parseNotification(input), account), found);
  }
  const preferring = accountOf({ credentials: [basic, serverEntry], authPreference: 'DIGEST' });
  for (const input of [dm12, dm2010, dm13]) {
    assert.equal(notificationEntry(parseNotification(input), preferring), serverEntry);
  }
});

test('accounts of the tree have the identifier for their digests, and the trust in TLS, that stand beside them', async () => {
  const tree = new ManagementTree();
  await tree.run((transaction) => {
    for (const serverId of ['plain', 'named', 'empty', 'octets', 'trusted']) {
      writeAccount(transaction, { serverId, addresses: [], credentials: [] });
    }
    transaction.set('./DMAcc/named/Ext/DigestIdentifier', { value: 'Bruce2' });
    transaction.set('./DMAcc/empty/Ext/DigestIdentifier', { value: '' });
    const octets = { format: 'bin', value: Uint8Array.of(65) } as const;
    transaction.set('./DMAcc/octets/Ext/DigestIdentifier', octets);
    noteTrustTransport(transaction, './DMAcc/trusted');
  });
  const found = deviceAccounts(tree).map(({ serverId, ...account }) => [
    serverId,
    Object.entries(account).filter(([name]) => name === 'digestIdentifier' || name === 'trustTransport'),
  ]);
  assert.deepEqual(found, [
    ['plain', []],
    ['named', [['digestIdentifier', 'Bruce2']]],
    ['empty', []],
    ['octets', []],
    ['trusted', [['trustTransport', true]]],
  ]);
});

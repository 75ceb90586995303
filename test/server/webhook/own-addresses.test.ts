// Addresses that webhooks do not go to, in all the forms that they are written in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AllowedNetworks } from '../../../src/server/index.ts';
import { isOwnAddress } from '../../../src/server/webhook/own-addresses.ts';

const own = [
  '0.0.0.0',
  '10.255.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  '2606:4700::1%eth0',
  'fec0::1',
  'ff02::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:db8::1',
  '64:ff9b:1::1',
  'not an address',
  '',
];
const others = [
  '93.184.216.34',
  '8.8.8.8',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '2a00:1450:4001::8a',
];

test('own addresses are known, and those of the Internet are none', () => {
  for (const address of own) assert.equal(isOwnAddress(address), true, address);
  for (const address of others) assert.equal(isOwnAddress(address), false, address);
});

test('an address of IPv4 is what it is inside one of IPv6 too: mapped, translated, NAT64, 6to4, ISATAP', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
      const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
      const isOwn = isOwnAddress(address);
      for (const form of [
        `::ffff:${address}`,
        `::ffff:${hex}`,
        `::ffff:0:${address}`,
        `64:ff9b::${hex}`,
        `2002:${hex}::1`,
      ])
        assert.equal(isOwnAddress(form), isOwn, form);
      assert.equal(isOwnAddress(`2606:4700::5efe:${hex}`), isOwn);
    }),
  );
});

test('what is allowed is so in all its forms, and nothing beside it', () => {
  const allowed = new AllowedNetworks(['10.1.0.0/16', 'fd00:1::/64', '127.0.0.1']);
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '64:ff9b::10.1.2.3', 'fd00:1::5', '127.0.0.1'])
    assert.equal(allowed.has(address), true, address);
  for (const address of ['10.2.0.1', 'fd00:2::5', '127.0.0.2', '::1', 'fd00:1::5%eth0', 'x'])
    assert.equal(allowed.has(address), false, address);
  assert.equal(new AllowedNetworks().isEmpty, true);
  assert.equal(allowed.isEmpty, false);
  for (const wrong of [
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0/8',
    'localhost',
    '',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'fe80::1%a/64',
  ])
    assert.throws(() => new AllowedNetworks([wrong]), { name: 'ConfigError' }, wrong);
});

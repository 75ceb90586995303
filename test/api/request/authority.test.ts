// Hosts as they are named: each spelling, and what is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopbackHost, normalHost, parseAuthority } from '../../../src/api/request/authority.ts';

test('a host comes in one spelling, with the port that is named', () => {
  const wanted: readonly (readonly [string, object | undefined])[] = [
    ['localhost', { host: 'localhost' }],
    ['LocalHost', { host: 'localhost' }],
    ['localhost.', { host: 'localhost' }],
    ['localhost.:8080', { host: 'localhost', port: 8080 }],
    ['a.example.com:443', { host: 'a.example.com', port: 443 }],
    ['127.0.0.1:1', { host: '127.0.0.1', port: 1 }],
    ['127.0.0.1:65535', { host: '127.0.0.1', port: 65_535 }],
    ['host:', { host: 'host' }],
    ['host:00080', { host: 'host', port: 80 }],
    ['[::1]', { host: '::1' }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['[0:0:0:0:0:0:0:1]:', { host: '::1' }],
    ['[2001:DB8::A]', { host: '2001:db8::a' }],
    ['[::FFFF:127.0.0.1]:9', { host: '127.0.0.1', port: 9 }],
    ['x'.repeat(255), { host: 'x'.repeat(255) }],
    ['x'.repeat(256), undefined],
    ['', undefined],
    [':80', undefined],
    ['host:0', undefined],
    ['host:65536', undefined],
    ['host:000080', undefined],
    ['host:8a', undefined],
    ['host:80:80', undefined],
    ['host ', undefined],
    [' host', undefined],
    ['me@host', undefined],
    ['host/path', undefined],
    ['::1', undefined],
    ['[::1', undefined],
    ['::1]', undefined],
    ['[::1].', undefined],
    ['[127.0.0.1]', undefined],
    ['[12:34]', undefined],
    ['[]', undefined],
    ['[:]', undefined],
    ['a[::1]', undefined],
  ];
  for (const [text, authority] of wanted) assert.deepEqual(parseAuthority(text), authority, text);
});

test('an address has one spelling: without its zone, IPv4 in its four numbers', () => {
  assert.equal(normalHost('FE80::1%eth0'), 'fe80::1');
  assert.equal(normalHost('::ffff:192.0.2.255'), '192.0.2.255');
  assert.equal(normalHost('::FFFF:C000:2FF'), '192.0.2.255');
  assert.equal(normalHost('0::ffff:0:1'), '0.0.0.1');
  assert.equal(normalHost('1::ffff:c000:2ff'), '1::ffff:c000:2ff');
  assert.equal(normalHost('A%B'), 'a%b');
});

test('names of this machine are those that no other one has', () => {
  for (const host of ['localhost', '::1', '127.0.0.1', '127.255.255.254']) {
    assert.equal(isLoopbackHost(host), true, host);
  }
  for (const host of [
    '127.example',
    '127.0.0.1.example',
    '10.0.0.127',
    '128.0.0.1',
    '::2',
    'localhost.example',
  ]) {
    assert.equal(isLoopbackHost(host), false, host);
  }
});

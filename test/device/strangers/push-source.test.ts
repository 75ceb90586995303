// Whose share of the device's places a push takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostOf, senderOf } from '../../../src/device/strangers/push-source.ts';

test('the host is the address without its port, of IPv6 its network, and otherwise whatever the carrier names', () => {
  for (const [from, host] of [
    ['192.0.2.1:9200', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['[2001:db8::1]:9200', '2001:db8:0:0::/64'],
    ['[2001:db8::1]', '2001:db8:0:0::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['[::ffff:192.0.2.1]:9200', '192.0.2.1'],
    ['gateway.example:80', 'gateway.example'],
    ['gateway.example:80 and more', 'gateway.example:80 and more'],
    ['[2001:db8::1]:9200x', '[2001:db8::1]:9200x'],
    ['+4912345', '+4912345'],
    ['', ''],
  ] as const) {
    assert.equal(hostOf({ from }), host, from);
  }
});

test('the sender that a carrier names goes before the host, in any case', () => {
  assert.equal(senderOf({ from: '192.0.2.1:5060', sender: 'sip:Push@Example.COM' }), 'sip:push@example.com');
  assert.equal(senderOf({ from: '192.0.2.1:5060' }), '192.0.2.1');
});

test('of either 256 characters tell senders apart', () => {
  for (const long of [{ from: 'x'.repeat(300) }, { from: 'a', sender: 'X'.repeat(300) }]) {
    assert.equal(senderOf(long), 'x'.repeat(256));
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ValueError } from '../../src/core/index.ts';
import { addressSchemes, parseAddress, parseHostPort } from '../../src/push/index.ts';

const good: readonly (readonly [string, object])[] = [
  ['wap:192.0.2.1', { scheme: 'wap', uri: 'wap:192.0.2.1', host: '192.0.2.1', port: 2948 }],
  [
    'WAP:phone.example:9000',
    { scheme: 'wap', uri: 'wap:phone.example:9000', host: 'phone.example', port: 9000 },
  ],
  ['wap:[2001:db8::1]', { scheme: 'wap', uri: 'wap:[2001:db8::1]', host: '2001:db8::1', port: 2948 }],
  [
    'wap:[fe80::1%br-lan0]:5',
    { scheme: 'wap', uri: 'wap:[fe80::1%br-lan0]:5', host: 'fe80::1%br-lan0', port: 5 },
  ],
  [
    'wap:[::ffff:192.0.2.1]:1',
    { scheme: 'wap', uri: 'wap:[::ffff:192.0.2.1]:1', host: '::ffff:192.0.2.1', port: 1 },
  ],
  ['waps:192.0.2.1', { scheme: 'waps', uri: 'waps:192.0.2.1', host: '192.0.2.1', port: 2949 }],
  ['sms:+491701234567', { scheme: 'sms', uri: 'sms:+491701234567', user: '+491701234567' }],
  ['sms:12345', { scheme: 'sms', uri: 'sms:12345', user: '12345' }],
  ['sip:dev1@example.com', { scheme: 'sip', uri: 'sip:dev1@example.com', user: 'dev1@example.com' }],
  [
    'pap:WAPPUSH=+491701234567/TYPE=PLMN@gateway.example',
    {
      scheme: 'pap',
      uri: 'pap:WAPPUSH=+491701234567/TYPE=PLMN@gateway.example',
      user: 'WAPPUSH=+491701234567/TYPE=PLMN@gateway.example',
    },
  ],
  ['obex://192.0.2.1', { scheme: 'obex', uri: 'obex://192.0.2.1', host: '192.0.2.1', port: 650 }],
  ['obex://[::1]:6500', { scheme: 'obex', uri: 'obex://[::1]:6500', host: '::1', port: 6500 }],
  [
    'http://dev.example/push',
    { scheme: 'http', uri: 'http://dev.example/push', host: 'dev.example', port: 80 },
  ],
  ['https://[::1]:4036/', { scheme: 'https', uri: 'https://[::1]:4036/', host: '::1', port: 4036 }],
];
for (const [text, expected] of good) {
  test(`address ${text}`, () => assert.deepEqual(parseAddress(text), expected));
}

const bad: readonly (readonly [string, RegExp])[] = [
  ['', /no scheme; use one of wap: waps: sms:/],
  ['192.0.2.1', /"192\.0\.2\.1" has no scheme/],
  ['smtp:a@b', /unknown scheme "smtp"/],
  ['toString:x', /unknown scheme "tostring"/],
  ['wap:', /not HOST/],
  ['wap:a:0', /port 0 is not between 1 and 65535/],
  ['wap:a:65536', /port 65536/],
  ['wap:a:99999999999999999999', /is not between/],
  ['wap:a:', /not HOST/],
  ['wap:a b', /not HOST/],
  ['wap:a/b', /not HOST/],
  ['wap:u@a', /not HOST/],
  ['wap:2001:db8::1', /\[IPV6\]/],
  ['wap:[1234]', /not HOST/],
  ['wap:[::1', /not HOST/],
  ['sms:', /not a telephone number/],
  ['sms:0x12', /not a telephone number/],
  ['sip:example.com', /USER@DOMAIN/],
  ['pap:x', /WAPPUSH=/],
  ['http:/dev.example', /not a URL/],
  ['https://', /not a URL/],
  ['http://user:secret@dev.example/', /must not hold a user name or a password/],
];
for (const [text, message] of bad) {
  test(`address "${text}" is refused in one line`, () => {
    assert.throws(
      () => parseAddress(text, 'devices[0].address'),
      (error) => {
        assert.ok(error instanceof ValueError);
        assert.equal(error.path, 'devices[0].address');
        assert.match(error.message, message);
        assert.ok(!error.message.includes('\n') && !error.message.includes('secret'));
        return true;
      },
    );
  });
}

test('any text is an address or a ValueError', () => {
  const text = fc.oneof(
    fc.string(),
    fc.tuple(fc.constantFrom(...addressSchemes), fc.string()).map(([scheme, rest]) => `${scheme}:${rest}`),
  );
  fc.assert(
    fc.property(text, (given) => {
      try {
        const address = parseAddress(given);
        assert.ok(address.uri.startsWith(`${address.scheme}:`));
        assert.notEqual(address.host === undefined, address.user === undefined);
      } catch (error) {
        if (!(error instanceof ValueError)) throw error;
        assert.ok(!error.message.includes('\n') && error.message.length < 300);
      }
    }),
  );
});

test('parseHostPort takes the default port', () => {
  assert.deepEqual(parseHostPort('smsc.example', 2775), { host: 'smsc.example', port: 2775 });
  assert.deepEqual(parseHostPort('[::1]:1', 2775), { host: '::1', port: 1 });
});

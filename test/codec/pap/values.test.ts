// Addresses, times and codes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  formatPapAddress,
  formatPapTime,
  isPassingCode,
  type PapAddressType,
  papAddressKey,
  papCodeClass,
  papCodeMeaning,
  papCodeName,
  papCodes,
  parsePapAddress,
  parsePapTime,
} from '../../../src/codec/pap/index.ts';
import { ValueError } from '../../../src/core/index.ts';

test('PAP 2.0: addresses, both directions', () => {
  const rows: readonly [string, string, PapAddressType, string][] = [
    ['WAPPUSH=+447700900123/TYPE=PLMN@ppg.example.com', '+447700900123', 'PLMN', 'ppg.example.com'],
    ['WAPPUSH=+44-7700.900123/TYPE=PLMN@ppg', '+44-7700.900123', 'PLMN', 'ppg'],
    ['WAPPUSH=10.0.0.255/TYPE=IPv4@ppg.example.com:8080', '10.0.0.255', 'IPv4', 'ppg.example.com:8080'],
    ['WAPPUSH=2001:db8::1/TYPE=IPv6@ppg', '2001:db8::1', 'IPv6', 'ppg'],
    ['WAPPUSH=joe%40example.com/TYPE=USER@ppg', 'joe%40example.com', 'USER', 'ppg'],
  ];
  for (const [text, value, type, gateway] of rows) {
    assert.deepEqual(parsePapAddress(text), { value, type, gateway });
    assert.deepEqual(parsePapAddress(`/${text}`), { value, type, gateway });
    assert.equal(formatPapAddress({ value, type, gateway }), text);
  }
});

test('RFC 2234 §2.3: WAPPUSH, TYPE and the type in any case; written as the documents print them', () => {
  const rows: readonly [string, string, PapAddressType][] = [
    ['wappush=+447700900123/type=PLMN@ppg', '+447700900123', 'PLMN'],
    ['WAPPUSH=+447700900123/TYPE=plmn@ppg', '+447700900123', 'PLMN'],
    ['Wappush=Joe/Type=User@ppg', 'Joe', 'USER'],
    ['wappush=10.0.0.1/type=ipv4@ppg', '10.0.0.1', 'IPv4'],
    ['WAPPUSH=10.0.0.1/TYPE=IPV4@ppg', '10.0.0.1', 'IPv4'],
    ['/wappush=2001:DB8::1/type=IPV6@ppg', '2001:DB8::1', 'IPv6'],
  ];
  for (const [text, value, type] of rows) {
    const address = parsePapAddress(text);
    assert.deepEqual(address, { value, type, gateway: 'ppg' }, text);
    assert.equal(formatPapAddress(address), `WAPPUSH=${value}/TYPE=${type}@ppg`);
  }
});

test('a telephone number may leave out its gateway, other addresses may not, and none is written so', () => {
  const address = { value: '+447700900123', type: 'PLMN', gateway: '' } as const;
  assert.deepEqual(parsePapAddress('wappush=+447700900123/type=PLMN'), address);
  assert.throws(() => formatPapAddress(address), ValueError);
  for (const text of [
    'WAPPUSH=joe/TYPE=USER',
    'WAPPUSH=10.0.0.1/TYPE=IPv4',
    'WAPPUSH=+447700900123/TYPE=PLMN@',
  ]) {
    assert.equal(parsePapAddress(text), undefined);
  }
});

test('two spellings of one address have one key, two addresses have two', () => {
  const same: readonly (readonly string[])[] = [
    ['WAPPUSH=+4477/TYPE=PLMN@ppg', '/wappush=+44-7.7/type=plmn@PPG'],
    ['WAPPUSH=2001:db8::1/TYPE=IPv6@ppg', 'wappush=2001:0DB8:0:0::1/TYPE=IPV6@ppg'],
    ['WAPPUSH=joe%40a/TYPE=USER@ppg', 'wappush=%6aoe%40a/type=user@ppg'],
    ['WAPPUSH=Joe%40a/TYPE=USER@ppg'],
    ['WAPPUSH=10.0.0.1/TYPE=IPv4@ppg', 'wappush=10.0.0.1/type=ipv4@ppg'],
    ['WAPPUSH=10.0.0.1/TYPE=USER@ppg'],
    ['no address'],
    ['No address'],
  ];
  const keys = same.map((texts) => [...new Set(texts.map(papAddressKey))]);
  for (const [index, each] of keys.entries()) assert.equal(each.length, 1, same[index]?.join());
  assert.equal(new Set(keys.flat()).size, same.length);
});

test('PAP 2.0: what is no address', () => {
  for (const text of [
    '',
    'WAPPUSH=+447700900123',
    'WAPPUSH=447700900123/TYPE=PLMN@ppg',
    'WAPPUSH=+44x/TYPE=PLMN@ppg',
    'WAPPUSH=+/TYPE=PLMN@ppg',
    'WAPPUSH=10.0.0.256/TYPE=IPv4@ppg',
    'WAPPUSH=10.0.0/TYPE=IPv4@ppg',
    'WAPPUSH=10.0.0.1./TYPE=IPv4@ppg',
    'WAPPUSH=1/TYPE=IPv6@ppg',
    'WAPPUSH=a b/TYPE=USER@ppg',
    'WAPPUSH=%4/TYPE=USER@ppg',
    'WAPPUSH=joe/TYPE=USER@',
    'WAPPUSH=joe/TYPE=USER@a@b',
    'WAPPUSH=joe/TYPE=MAC@ppg',
    `WAPPUSH=${'a'.repeat(600)}/TYPE=USER@ppg`,
  ]) {
    assert.equal(parsePapAddress(text), undefined, text);
  }
  assert.throws(() => formatPapAddress({ value: 'a@b', type: 'USER', gateway: 'ppg' }), ValueError);
  fc.assert(
    fc.property(fc.string(), (text) => {
      const address = parsePapAddress(`WAPPUSH=${text}/TYPE=USER@ppg`);
      if (address !== undefined) assert.equal(formatPapAddress(address), `WAPPUSH=${text}/TYPE=USER@ppg`);
      assert.equal(papAddressKey(papAddressKey(text)), papAddressKey(text));
    }),
  );
});

test('PAP 2.0: times are UTC to the second', () => {
  assert.equal(parsePapTime('1970-01-01T00:00:00Z'), 0);
  assert.equal(parsePapTime('2026-11-20T23:54:02Z'), 1795218842000);
  assert.equal(parsePapTime('2024-02-29T00:00:00Z'), Date.UTC(2024, 1, 29));
  assert.equal(formatPapTime(1795218842999), '2026-11-20T23:54:02Z');
  for (const text of [
    '2026-02-29T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:60Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00+00:00',
    '',
  ]) {
    assert.equal(parsePapTime(text), undefined, text);
  }
  for (const time of [Number.NaN, Infinity, 8.64e15, -1e14])
    assert.throws(() => formatPapTime(time), ValueError);
  fc.assert(
    fc.property(fc.integer({ min: -62_000_000_000, max: 253_402_300_799 }), (seconds) => {
      assert.equal(parsePapTime(formatPapTime(seconds * 1000)), seconds * 1000);
    }),
  );
});

test('PAP §9.13: codes have one name each; others act as their thousand', () => {
  assert.equal(papCodes.acceptedForProcessing, 1001);
  assert.equal(papCodes.pushIdNotFound, 2004);
  assert.equal(papCodes.cancellationNotPossible, 2008);
  assert.equal(papCodes.multipleAddressesNotSupported, 3005);
  for (const [name, code] of Object.entries(papCodes)) assert.equal(papCodeName(code), name);
  assert.equal(papCodeName(5028), undefined);
  assert.equal(papCodeMeaning(5028), papCodeMeaning(5000));
  assert.deepEqual([1999, 2345, 3999, 4321, 5028, 22_000, 0, -1].map(papCodeClass), [
    'success',
    'client-error',
    'server-error',
    'service-failure',
    'client-aborted',
    'unknown',
    'unknown',
    'unknown',
  ]);
  const passing = [1001, 2000, 2999, 3000, 3001, 3010, 3999, 4000, 4999, 5000, 9000].filter(isPassingCode);
  assert.deepEqual(passing, [3000, 3010, 3999, 4000, 4999]);
});

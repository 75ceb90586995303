// MACs of bootstrap messages against published ones.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { bytesToHex, hexToBytes, utf8ToBytes, ValueError } from '../../src/core/index.ts';
import {
  type BootstrapSecret,
  bootstrapKey,
  bootstrapMac,
  imsiOctets,
  userPinMac,
  verifyBootstrapMac,
  verifyUserPinMac,
} from '../../src/security/index.ts';

const vectors: {
  readonly macs: readonly {
    readonly source: string;
    readonly sec: 'NETWPIN' | 'USERPIN' | 'USERNETWPIN';
    readonly joined?: 'cp' | 'dm';
    readonly imsi?: string;
    readonly pin?: string;
    readonly bodyHex: string;
    readonly mac: string;
  }[];
  readonly imsi: readonly { readonly source: string; readonly digits: string; readonly hex: string }[];
} = JSON.parse(readFileSync(new URL('../vectors/bootstrap.json', import.meta.url), 'utf8'));

const body = hexToBytes('02a4016a006d6c7103312e3200');
const network = imsiOctets('262010123456789');
const secrets: readonly BootstrapSecret[] = [
  { sec: 'NETWPIN', network },
  { sec: 'USERPIN', pin: '1234' },
  { sec: 'USERNETWPIN', network, pin: '1234' },
  { sec: 'USERNETWPIN', network, pin: '1234', joined: 'dm' },
];

describe('published MACs, computed and verified', () => {
  for (const { source, sec, joined = 'cp', imsi = '', pin = '', bodyHex, mac } of vectors.macs) {
    test(`${sec}: ${source}`, () => {
      const secret: BootstrapSecret =
        sec === 'USERPIN'
          ? { sec, pin }
          : sec === 'NETWPIN'
            ? { sec, network: imsiOctets(imsi) }
            : { sec, network: imsiOctets(imsi), pin, joined };
      assert.equal(bootstrapMac(hexToBytes(bodyHex), secret), mac);
      assert.equal(verifyBootstrapMac(hexToBytes(bodyHex), mac, secret), 'accepted');
      assert.equal(verifyBootstrapMac(hexToBytes(bodyHex), mac.toLowerCase(), secret), 'accepted');
    });
  }
});

describe('IMSI in semi-octets', () => {
  for (const { source, digits, hex } of vectors.imsi) {
    test(source, () => assert.equal(bytesToHex(imsiOctets(digits)), hex));
  }
  test('an even number of digits is filled up', () => {
    // First octet: digit, even count, IMSI; last high half F.
    assert.equal(bytesToHex(imsiOctets('262011')), '212610f1');
  });
  for (const digits of ['', '12345', '1234567890123456', '26201012345678x', ' 262010123456789']) {
    test(`refused: ${JSON.stringify(digits)}`, () => assert.throws(() => imsiOctets(digits), ValueError));
  }
});

describe('DM-SEC-1.2 §5.1.7: the key of each kind', () => {
  const keys = secrets.map((secret) => bytesToHex(bootstrapKey(secret)));
  test('NETWPIN is the octets', () => assert.equal(keys[0], '2926101032547698'));
  test('USERPIN is the digits', () => assert.equal(keys[1], '31323334'));
  test('USERNETWPIN is octets and digits', () => assert.equal(keys[2], '292610103254769831323334'));
  test('in the DM document, PIN:secret', () => assert.equal(keys[3], '313233343a2926101032547698'));

  for (const secret of secrets) {
    test(`${bytesToHex(bootstrapKey(secret))}: any change of a digit or of the body is noticed`, () => {
      const mac = bootstrapMac(body, secret);
      assert.match(mac, /^[0-9A-F]{40}$/);
      for (let at = 0; at < 40; at += 1) {
        const digit = mac.charAt(at) === '0' ? '1' : '0';
        const other = mac.slice(0, at) + digit + mac.slice(at + 1);
        assert.equal(verifyBootstrapMac(body, other, secret), 'wrong');
      }
      for (let at = 0; at < body.length; at += 1) {
        const changed = body.slice();
        changed[at] = (changed[at] ?? 0) ^ 1;
        assert.equal(verifyBootstrapMac(changed, mac, secret), 'wrong');
      }
    });
  }

  test('a MAC that is not 40 hex digits is malformed, not an error', () => {
    for (const mac of ['', 'AA', 'g'.repeat(40), '0'.repeat(39), '0'.repeat(41), `${'0'.repeat(40)}\n`]) {
      assert.equal(verifyBootstrapMac(body, mac, { sec: 'USERPIN', pin: '1234' }), 'malformed');
    }
  });

  test('secrets that protect nothing are refused', () => {
    assert.throws(() => bootstrapMac(body, { sec: 'NETWPIN', network: new Uint8Array() }), ValueError);
    for (const pin of ['', '12a4', '1 2', '１２３４']) {
      assert.throws(() => bootstrapMac(body, { sec: 'USERPIN', pin }), ValueError);
    }
  });
});

describe('USERPINMAC: the user is told the PIN and the MAC', () => {
  test('the digits are the first octets of HMAC-SHA1, each modulo 10', () => {
    // HMAC-SHA1 under 1234 of these octets starts 73 CF FA D1: 115, 207, 250, 209.
    assert.equal(userPinMac(body, '1234'), '12345709');
  });

  test('what it gives verifies; any other digits do not', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.stringMatching(/^[0-9]{4,8}$/), fc.nat(), (octets, pin, where) => {
        const told = userPinMac(octets, pin);
        assert.equal(verifyUserPinMac(octets, told), 'accepted');
        const at = pin.length + (where % pin.length);
        const other = (Number(told.charAt(at)) + 1 + (where % 9)) % 10;
        assert.equal(verifyUserPinMac(octets, `${told.slice(0, at)}${other}${told.slice(at + 1)}`), 'wrong');
      }),
    );
  });

  test('any text is judged without an error', () => {
    fc.assert(
      fc.property(fc.string(), (told) => {
        const verdict = verifyUserPinMac(utf8ToBytes('body'), told);
        if (!/^([0-9]{2}){1,20}$/.test(told)) assert.equal(verdict, 'malformed');
      }),
    );
  });
});

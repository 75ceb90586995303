// What a family decides where the specifications leave a choice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSessionIdText, unwrapBase64Body } from '../../src/codec/notification/index.ts';
import {
  bootstrapProfileFor,
  digestIdentifierFor,
  families,
  familyNames,
  notificationBodyFor,
  resynchronises,
  sessionIdReadings,
  wbxmlVersionFor,
} from '../../src/families/index.ts';
import { addressSchemes } from '../../src/push/index.ts';

test('the name in the MD5 digest: what the record says, else AAuthName where the client takes it', () => {
  const device = { serverCredentials: { name: 'auth name' } };
  assert.equal(digestIdentifierFor(families.generic, device), undefined);
  assert.equal(digestIdentifierFor(families.aosp, device), undefined);
  assert.equal(digestIdentifierFor(families.samsung, device), 'auth name');
  assert.equal(digestIdentifierFor(families.libdmclient, device), 'auth name');
  assert.equal(digestIdentifierFor(families.samsung, { ...device, digestIdentifier: 'other' }), 'other');
});

test('Package #0 is Base64 for Samsung over HTTP and SIP, octets everywhere else', () => {
  const octets = new Uint8Array(40).fill(0xa5);
  for (const name of familyNames) {
    for (const scheme of addressSchemes) {
      const body = notificationBodyFor(families[name], scheme, octets);
      const wrapped = name === 'samsung' && ['http', 'https', 'sip', 'sips'].includes(scheme);
      assert.equal(body !== octets, wrapped, `${name} ${scheme}`);
      assert.deepEqual(unwrapBase64Body(body), octets);
    }
  }
});

test('WBXML, bootstraps and the default nonce', () => {
  assert.deepEqual(
    familyNames.map((name) => [
      name,
      wbxmlVersionFor(families[name]),
      bootstrapProfileFor(families[name]),
      resynchronises(families[name]),
    ]),
    [
      ['generic', undefined, 'dm', true],
      ['aosp', '1.2', 'dm', true],
      ['samsung', undefined, 'dm', true],
      ['windows', undefined, 'cp', true],
      ['libdmclient', undefined, 'dm', false],
    ],
  );
});

test('rulings 10 and 23: a family orders the readings of a SessionID, and takes none away', () => {
  const read = (name: (typeof familyNames)[number], text: string) =>
    sessionIdReadings(families[name], text, parseSessionIdText(text));
  assert.deepEqual(read('generic', '4660'), [0x4660, 4660]);
  assert.deepEqual(read('windows', '4660'), [4660, 0x4660]);
  assert.deepEqual(read('windows', ' 04660'), [4660, 0x4660]);
  assert.deepEqual(read('windows', '12AB'), [0x12ab]);
  assert.deepEqual(read('windows', '65536'), []);
  assert.deepEqual(read('libdmclient', '1234'), [0x3412, 0x1234, 1234]);
  assert.deepEqual(read('libdmclient', '1212'), [0x1212, 1212]);
  assert.deepEqual(read('libdmclient', 'nothing'), []);
  assert.deepEqual(read('aosp', '2A'), [0x2a]);
});

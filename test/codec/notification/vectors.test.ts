import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeNotification,
  encodeNotification,
  parseNotification,
  verifyNotification,
} from '../../../src/codec/notification/index.ts';
import { bytesToHex, hexToBytes } from '../../../src/core/index.ts';
import { package0Of, vectors } from './support.ts';

const rows = {
  'dm1.2': 'N12-C-002 N12-S-002 N13-C-003',
  'dm1.3-2010': 'N10-C-002 N10-S-002',
  'dm1.3': 'N13-C-002 N13-C-004 N13-S-002',
};

for (const vector of vectors.messages) {
  const octets = package0Of(vector);
  const { message, secret } = vector;
  const ids = rows[message.format];

  test(`${ids}: ${vector.name}: octets to message, by content type code and by the octets alone`, () => {
    for (const options of [{}, { contentTypeCode: vector.contentTypeCode }, { format: message.format }]) {
      const decoded = decodeNotification(octets, options);
      assert.deepEqual(decoded.message, message);
      assert.equal(decoded.format, message.format);
      assert.deepEqual(decoded.deviations, []);
      assert.equal(decoded.alternatives, undefined);
      const parts = [bytesToHex(decoded.digest), bytesToHex(decoded.signed)];
      if (message.format === 'dm1.3') parts.reverse();
      assert.equal(parts.join(''), bytesToHex(octets));
    }
  });

  test(`${ids}: ${vector.name}: message to octets, and the JSON form agrees`, () => {
    assert.deepEqual(parseNotification(JSON.parse(JSON.stringify(message))), message);
    const key = {
      secret: secret ?? 'unknown',
      ...(vector.nonce === null ? {} : { nonce: hexToBytes(vector.nonce) }),
    };
    const encoded = encodeNotification(message, key);
    if (secret === null) {
      // Its digest cannot be recomputed; everything after it is fixed.
      assert.equal(bytesToHex(encoded.subarray(16)), bytesToHex(octets.subarray(16)));
      assert.equal(verifyNotification(decodeNotification(octets), key), null);
    } else {
      assert.equal(bytesToHex(encoded), bytesToHex(octets));
      assert.equal(verifyNotification(decodeNotification(octets), key), 'given');
      assert.equal(verifyNotification(decodeNotification(octets), { ...key, secret: 'Secret' }), null);
    }
  });
}

// Worked examples in both directions.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { decodeWbxml, encodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { childElement, writeXml } from '../../../src/codec/xml/index.ts';
import { bytesToBase64, bytesToHex, hexToBytes, sha256, utf8ToBytes } from '../../../src/core/index.ts';
import { vector, vectors } from './support.ts';

describe('WBXML-1.3: worked examples', () => {
  for (const { name, hex, version, publicId, charset, xml, encode } of vectors) {
    test(`${name}: octets to elements`, () => {
      const document = decodeWbxml(hexToBytes(hex));
      assert.equal(writeXml(document.root), xml);
      assert.equal(document.version, version);
      assert.equal(document.publicId, publicId);
      assert.equal(document.charset, charset);
    });
    if (encode !== undefined) {
      test(`${name}: elements to the same octets`, () => {
        const { root } = decodeWbxml(hexToBytes(hex));
        assert.equal(bytesToHex(encodeWbxml(root, { version, ...encode })), hex);
      });
    }
  }
});

test('RV-SIG-1: the XML view of the signed message has the digest that its signature names', () => {
  const { root } = decodeWbxml(hexToBytes(vector('the signed message').hex));
  const unsigned = { ...root, children: root.children.slice(0, -1) };
  const canonical = utf8ToBytes(writeXml(unsigned, { canonical: true }));
  assert.equal(canonical.length, 449);
  assert.equal(bytesToBase64(sha256(canonical)), '0Le+PzlPv1okP30tEduAJl1JnfD1UPjCsvdurcnoueU=');
});

test('RV-SIG-1: the signature value holds over the canonical SignedInfo of the decoded message', () => {
  const { root } = decodeWbxml(hexToBytes(vector('the signed message').hex));
  const signature = childElement(root, 'Signature');
  const signedInfo = signature && childElement(signature, 'SignedInfo');
  const value = signature && childElement(signature, 'SignatureValue');
  assert.ok(signedInfo && value);
  const mac = createHmac('sha256', 'shared-secret-16b').update(writeXml(signedInfo, { canonical: true }));
  assert.deepEqual(value.children, [mac.digest('base64')]);
});

test('WBXML-1.3 §5.1: multi-byte integers', () => {
  for (const [publicId, octets] of [
    [0x1201, 'a401'],
    [0x0fd1, '9f51'],
    [0x0fd3, '9f53'],
    [0x7f, '7f'],
    [0x80, '8100'],
    [160, '8120'],
    [0xffffffff, '8fffffff7f'],
  ] as const) {
    const root = { name: 'SyncML', namespace: 'SYNCML:SYNCML1.2', attributes: [], children: [] };
    const encoded = encodeWbxml(root, { publicId });
    assert.ok(bytesToHex(encoded).startsWith(`02${octets}6a`));
    assert.equal(decodeWbxml(encoded, { language: 'syncml' }).publicId, publicId);
  }
});

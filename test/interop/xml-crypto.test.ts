// xml-crypto and xml-encryption, the packages that most of Node uses, against ours. What they cannot do (ECDSA, key wrap) is
// left to xmlsec1; what xmlsec1 cannot do (OAEP with SHA-256) is done here.
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { SignedXml } from 'xml-crypto';
import { decodeWbxml, encodeWbxml } from '../../src/codec/wbxml/index.ts';
import { readXml, writeXml } from '../../src/codec/xml/index.ts';
import {
  decryptDocument,
  encryptDocument,
  isRefused,
  messageDocument,
  openMessage,
  PrivateKey,
  PublicKey,
  signMessage,
  TransportPrivateKey,
  TransportPublicKey,
} from '../../src/security/index.ts';
import { device, mixedItems, rsa, sessionless } from '../security/message-keys.ts';

/** xml-encryption has no types. */
interface XmlEncryption {
  decrypt(xml: string, options: object, done: (error: Error | null, result: string) => void): void;
  encrypt(content: string, options: object, done: (error: Error | null, result: string) => void): void;
}
const xmlEncryption: XmlEncryption = createRequire(import.meta.url)('xml-encryption');

const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';

test('SM-S-004: xml-crypto verifies what we sign, decoded from WBXML', () => {
  const octets = signMessage(sessionless(mixedItems), new PrivateKey(rsa.privatePem));
  const xml = writeXml(decodeWbxml(octets).root);
  const checks = (document: string): boolean => {
    const signed = new SignedXml({ publicCert: rsa.publicPem });
    signed.loadSignature(/<Signature .*<\/Signature>/.exec(document)?.[0] ?? '');
    try {
      return signed.checkSignature(document);
    } catch {
      return false;
    }
  };
  assert.ok(checks(xml));
  assert.ok(!checks(xml.replace('awake', 'asleep')));
});

test('what xml-crypto signs we verify, from WBXML', () => {
  const signed = new SignedXml({
    privateKey: rsa.privatePem,
    signatureAlgorithm: rsaSha256,
    canonicalizationAlgorithm: exclusive,
  });
  signed.addReference({
    xpath: '/*',
    isEmptyUri: true,
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', exclusive],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  });
  signed.computeSignature(writeXml(messageDocument(sessionless(mixedItems))));
  const octets = encodeWbxml(readXml(signed.getSignedXml()));
  const result = openMessage(octets, () => [new PublicKey(rsa.publicPem)]);
  assert.ok(result.verdict === 'accepted', isRefused(result) ? result.detail : '');
});

const call = (run: (done: (error: Error | null, result: string) => void) => void): Promise<string> =>
  new Promise((resolve, reject) => run((error, result) => (error ? reject(error) : resolve(result))));

describe('DM-SESSIONLESS-1.3 §5.2: xml-encryption and ours open what the other encrypts', () => {
  const plain = messageDocument(sessionless([{ target: { uri: './A' }, data: '€ <secret>' }]));
  const item = (/<Item>.*<\/Item>/.exec(writeXml(plain))?.[0] ?? '').replace(
    '<Item>',
    '<Item xmlns="SYNCML:SYNCML1.2">',
  );
  const own = new TransportPrivateKey(device.privatePem);

  for (const transport of ['rsa-oaep-mgf1p', 'rsa-oaep-sha256'] as const) {
    test(`${transport}: theirs opens ours`, async () => {
      const key = new TransportPublicKey(device.publicPem, transport);
      const document = writeXml(encryptDocument(plain, () => true, key));
      const text = readXml(/<Data>.*<\/Data>/.exec(document)?.[0] ?? '').children.join('');
      const opened = await call((done) => xmlEncryption.decrypt(text, { key: device.privatePem }, done));
      assert.equal(opened, item);
    });
  }

  const uris = [
    ['rsa-oaep-mgf1p', 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p', {}],
    [
      'rsa-oaep-sha256',
      'http://www.w3.org/2009/xmlenc11#rsa-oaep',
      { keyEncryptionDigest: 'sha256', keyEncryptionMgf: 'sha256' },
    ],
  ] as const;
  for (const [name, keyEncryptionAlgorithm, more] of uris) {
    test(`${name}: ours opens theirs`, async () => {
      const options = {
        rsa_pub: createPublicKey(device.publicPem),
        // Embedded as a certificate, and not looked at.
        pem: device.publicPem.replaceAll('PUBLIC KEY', 'CERTIFICATE'),
        encryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
        keyEncryptionAlgorithm,
        ...more,
      };
      const sealed = await call((done) => xmlEncryption.encrypt(item, options, done));
      const meta = { format: 'xml', type: 'application/xenc+xml' };
      const document = messageDocument(sessionless([{ meta, data: sealed }]));
      const opened = decryptDocument(document, [own]);
      assert.ok(!isRefused(opened), isRefused(opened) ? opened.detail : '');
      assert.equal(writeXml(opened), writeXml(plain));
    });
  }
});

// xmlsec1, the XML security library that most tools use, against ours: what we sign and encrypt, decoded from WBXML, it
// verifies and decrypts; what it signs and encrypts, we verify and decrypt.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { type DmMessage, parseMessage } from '../../src/codec/syncml/index.ts';
import { decodeWbxml, encodeWbxml } from '../../src/codec/wbxml/index.ts';
import { readXml, textOf, writeXml, type XmlElement } from '../../src/codec/xml/index.ts';
import { hexToBytes } from '../../src/core/index.ts';
import {
  decryptDocument,
  type EncryptionKey,
  encryptDocument,
  isRefused,
  messageDocument,
  openMessage,
  signDocument,
  signMessage,
  TransportPrivateKey,
  TransportPublicKey,
  type VerificationKey,
  WrappingKey,
} from '../../src/security/index.ts';
import { dmMessage } from '../codec/syncml/arbitrary.ts';
import { vector } from '../codec/wbxml/support.ts';
import {
  device,
  ec,
  mixedItems,
  rsa,
  secret,
  serverId,
  sessionless,
  sha1Signers,
  signers,
} from '../security/message-keys.ts';
import { XmlsecTool } from './xmlsec-tool.ts';

const xmlsec = new XmlsecTool();
after(() => xmlsec.close());

const kek = hexToBytes('000102030405060708090a0b0c0d0e0f');
const paths = {
  rsaPublic: xmlsec.file('rsa.pub', rsa.publicPem),
  rsaPrivate: xmlsec.file('rsa.key', rsa.privatePem),
  ecPublic: xmlsec.file('ec.pub', ec.publicPem),
  ecPrivate: xmlsec.file('ec.key', ec.privatePem),
  devicePublic: xmlsec.file('device.pub', device.publicPem),
  devicePrivate: xmlsec.file('device.key', device.privatePem),
  secret: xmlsec.file('secret.bin', secret),
  kek: xmlsec.file('kek.bin', kek),
};

/** Options that name the key of an algorithm, for verifying and for signing. */
function keyOptions(algorithm: string): {
  readonly verify: readonly string[];
  readonly sign: readonly string[];
} {
  if (algorithm.startsWith('hmac')) {
    return { verify: ['--hmackey', paths.secret], sign: ['--hmackey', paths.secret] };
  }
  const kind = algorithm.startsWith('rsa') ? 'rsa' : 'ec';
  return {
    verify: ['--pubkey-pem', paths[`${kind}Public`]],
    sign: ['--privkey-pem', paths[`${kind}Private`]],
  };
}

/** The XML that a WBXML decoder makes of a message. */
const decoded = (octets: Uint8Array): string => writeXml(decodeWbxml(octets).root);

const everySigner = [...signers, ...sha1Signers];
const versions = ['1.1', '1.2', '1.3'] as const;

describe('SM-S-004: what we sign, decoded from WBXML (SM-S-002), xmlsec1 verifies', () => {
  for (const { name, sign } of everySigner) {
    const { verify } = keyOptions(name);
    for (const version of versions) {
      test(`${name}, WBXML ${version}`, () => {
        const options = { wbxml: { version }, allowSha1: true };
        const xml = decoded(signMessage(sessionless(mixedItems), sign, options));
        const { ok, errors } = xmlsec.run('--verify', verify, xml);
        assert.ok(ok, errors);
        // And it would notice.
        assert.equal(xmlsec.run('--verify', verify, xml.replace('awake', 'asleep')).ok, false);
      });
    }
  }

  test('the worked example of 701 octets', () => {
    const xml = decoded(hexToBytes(vector('the signed message').hex));
    assert.ok(xmlsec.run('--verify', ['--hmackey', paths.secret], xml).ok);
  });

  test('any message', () => {
    fc.assert(
      fc.property(
        dmMessage,
        fc.constantFrom(...signers),
        fc.boolean(),
        (any, { name, sign }, stringTable) => {
          const { extensions: _, ...rest } = any;
          // RV-SIG-1 signs documents of SYNCML1.2, which 1.1 is not.
          const message = { ...rest, header: { ...rest.header, verDtd: '1.2' } };
          const xml = decoded(signMessage(message, sign, { wbxml: { stringTable } }));
          const { ok, errors } = xmlsec.run('--verify', keyOptions(name).verify, xml);
          assert.ok(ok, `${errors}\n${xml}`);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** A Signature for xmlsec1 to fill in, as the profile wants it, with `gap` between its elements. */
function template(algorithm: string, gap: string): string {
  const old = algorithm.endsWith('sha1');
  const method = old ? 'http://www.w3.org/2000/09/xmldsig#' : 'http://www.w3.org/2001/04/xmldsig-more#';
  const digest = old ? 'http://www.w3.org/2000/09/xmldsig#sha1' : 'http://www.w3.org/2001/04/xmlenc#sha256';
  return [
    '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">',
    '<SignedInfo>',
    '<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
    `<SignatureMethod Algorithm="${method}${algorithm}"/>`,
    '<Reference URI="">',
    '<Transforms>',
    '<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>',
    '<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
    '</Transforms>',
    `<DigestMethod Algorithm="${digest}"/>`,
    '<DigestValue/>',
    '</Reference>',
    '</SignedInfo>',
    '<SignatureValue/>',
    '</Signature>',
  ].join(gap);
}

/** The message as WBXML, signed by xmlsec1. */
function signedByXmlsec(message: DmMessage, algorithm: string, gap: string): Uint8Array {
  const xml = writeXml(messageDocument(message)).replace(
    /<\/SyncML>$/,
    `${template(algorithm, gap)}</SyncML>`,
  );
  return encodeWbxml(readXml(xmlsec.make('--sign', keyOptions(algorithm).sign, xml)));
}

describe('what xmlsec1 signs we verify, from WBXML', () => {
  const taken = (octets: Uint8Array, key: VerificationKey): DmMessage => {
    const result = openMessage(octets, () => [key], { allowSha1: true });
    assert.ok(result.verdict === 'accepted', isRefused(result) ? result.detail : '');
    return result.message;
  };
  const plain = (message: DmMessage) =>
    parseMessage(readXml(writeXml(messageDocument(message))), { form: 'xml' });

  for (const { name, verify } of everySigner) {
    test(`${name}, from a template without and with white space`, () => {
      for (const gap of ['', '\n  ']) {
        const octets = signedByXmlsec(sessionless(mixedItems), name, gap);
        assert.deepEqual(taken(octets, verify), plain(sessionless(mixedItems)));
      }
    });
  }

  test('any message', () => {
    fc.assert(
      fc.property(dmMessage, fc.constantFrom(...signers), (any, { name, verify }) => {
        const { extensions: _, ...message } = {
          ...any,
          // RV-SIG-1 signs documents of SYNCML1.2, which 1.1 is not.
          header: { ...any.header, verDtd: '1.2', source: { uri: serverId } },
        };
        assert.deepEqual(taken(signedByXmlsec(message, name, ''), verify), plain(message));
      }),
      { numRuns: 40 },
    );
  });
});

describe('DM-SESSIONLESS-1.3 §5.2: what we encrypt, decoded from WBXML, xmlsec1 decrypts', () => {
  const [signer] = signers;
  assert.ok(signer);
  const receivers: readonly (readonly [string, EncryptionKey, readonly string[]])[] = [
    ['RSA-OAEP', new TransportPublicKey(device.publicPem), ['--privkey-pem', paths.devicePrivate]],
    ['AES key wrap', new WrappingKey(kek), ['--aeskey', paths.kek]],
  ];
  for (const [name, key, options] of receivers) {
    for (const content of ['aes128-gcm', 'aes256-gcm'] as const) {
      test(`items and body, ${name}, ${content}`, () => {
        const plain = messageDocument(sessionless(mixedItems));
        const expected = [...writeXml(plain).matchAll(/<Item>[\s\S]*?<\/Item>/g)].map(([item]) => item);
        const items = encryptDocument(plain, () => true, key, { content });
        const signed = decoded(encodeWbxml(signDocument(items, signer.sign)));
        assert.ok(xmlsec.run('--verify', keyOptions(signer.name).verify, signed).ok);
        const decrypted = sealedTexts(readXml(signed)).map((text) => xmlsec.make('--decrypt', options, text));
        assert.deepEqual(
          decrypted.map(canonical),
          expected.map((item) => canonical(inSyncml(item))),
        );
        const [body] = sealedTexts(encryptDocument(plain, 'body', key, { content }));
        const inner = /<SyncBody>[\s\S]*<\/SyncBody>/.exec(writeXml(plain))?.[0] ?? '';
        assert.equal(canonical(xmlsec.make('--decrypt', options, body ?? '')), canonical(inSyncml(inner)));
      });
    }
  }
});

describe('what xmlsec1 encrypts we decrypt', () => {
  const own = new TransportPrivateKey(device.privatePem);
  const wrapping = new WrappingKey(kek);
  const xenc = 'http://www.w3.org/2001/04/xmlenc#';
  const encryptTemplate = (content: string, keyMethod: string) =>
    `<EncryptedData xmlns="${xenc}" Type="${xenc}Element">
  <EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#${content}"/>
  <KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">
    <EncryptedKey xmlns="${xenc}">${keyMethod}<CipherData><CipherValue/></CipherData></EncryptedKey>
  </KeyInfo>
  <CipherData><CipherValue/></CipherData>
</EncryptedData>`;
  const method = (uri: string, inner = '') =>
    `<EncryptionMethod Algorithm="${xenc}${uri}">${inner}</EncryptionMethod>`;
  const sha1 =
    '<DigestMethod xmlns="http://www.w3.org/2000/09/xmldsig#" Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/>';
  const rows = [
    [
      'RSA-OAEP, aes128-gcm',
      'aes128-gcm',
      method('rsa-oaep-mgf1p'),
      ['--pubkey-pem', paths.devicePublic],
      own,
    ],
    [
      'RSA-OAEP that says SHA-1',
      'aes256-gcm',
      method('rsa-oaep-mgf1p', sha1),
      ['--pubkey-pem', paths.devicePublic],
      own,
    ],
    ['AES key wrap', 'aes128-gcm', method('kw-aes128'), ['--aeskey', paths.kek], wrapping],
  ] as const;
  for (const [name, content, keyMethod, options, key] of rows) {
    test(name, () => {
      const data = '€ <secret>';
      const plain = messageDocument(sessionless([{ target: { uri: './A' }, data }]));
      const item = inSyncml(/<Item>[\s\S]*<\/Item>/.exec(writeXml(plain))?.[0] ?? '');
      const session = [
        '--session-key',
        `aes-${content.slice(3, 6)}`,
        '--xml-data',
        xmlsec.file('item.xml', item),
      ];
      const sealed = xmlsec.make('--encrypt', [...options, ...session], encryptTemplate(content, keyMethod));
      const text = writeXml(readXml(sealed.replace(/^<\?xml[^>]*>\s*/, '')));
      const meta = { format: 'xml', type: 'application/xenc+xml' };
      const document = messageDocument(sessionless([{ meta, data: text }]));
      const opened = decryptDocument(document, [key]);
      assert.ok(!isRefused(opened), isRefused(opened) ? opened.detail : '');
      assert.equal(writeXml(opened), writeXml(plain));
    });
  }
});

function canonical(xml: string): string {
  return writeXml(readXml(xml), { canonical: true });
}

function inSyncml(xml: string): string {
  return xml.replace(/^<(\w+)/, '<$1 xmlns="SYNCML:SYNCML1.2"');
}

/** The texts of EncryptedData in a document that went through WBXML. */
function sealedTexts(document: XmlElement): readonly string[] {
  const found: string[] = [];
  const walk = (element: XmlElement): void => {
    const text = element.name === 'Data' ? textOf(element) : undefined;
    if (text?.startsWith('<EncryptedData') === true) found.push(text);
    for (const child of element.children) {
      if (typeof child === 'object' && !(child instanceof Uint8Array)) walk(child);
    }
  };
  walk(decodeWbxml(encodeWbxml(document)).root);
  return found;
}

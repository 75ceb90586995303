// Vectors of signed and encrypted DM messages (docs/signed-messages.md).
import { createPrivateKey } from 'node:crypto';
import { decodeWbxml } from '../../src/codec/wbxml/index.ts';
import { textOf, writeXml, type XmlElement } from '../../src/codec/xml/index.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../src/core/index.ts';
import {
  isRefused,
  messageDocument,
  openMessage,
  PrivateKey,
  PublicKey,
  SharedKey,
  signMessage,
  TransportPrivateKey,
  type VerificationKey,
  WrappingKey,
} from '../../src/security/index.ts';
import wbxml from '../../test/vectors/wbxml.json' with { type: 'json' };
import recorded from './recorded.json' with { type: 'json' };
import type { Vector } from './vector.ts';

const secret = utf8ToBytes('shared-secret-16b');

const only = (parent: XmlElement, name: string): XmlElement => {
  const found = parent.children.find(
    (child): child is XmlElement => typeof child === 'object' && 'name' in child && child.name === name,
  );
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};

interface Sent {
  readonly id: string;
  readonly source: string;
  readonly octets: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly verify: VerificationKey;
  readonly decrypt?: TransportPrivateKey | WrappingKey;
}

function vector({ id, source, octets, keys, verify, decrypt }: Sent): Vector {
  const { root } = decodeWbxml(hexToBytes(octets));
  const content = { ...root, children: root.children.filter((child) => child !== root.children.at(-1)) };
  const signature = only(root, 'Signature');
  const signedInfo = only(signature, 'SignedInfo');
  const opened = openMessage(hexToBytes(octets), () => [verify], {
    ...(decrypt && { decryptionKeys: [decrypt] }),
  });
  if (isRefused(opened)) throw new Error(`${id}: ${opened.detail}`);
  const hmac = opened.algorithm === 'hmac-sha256';
  return {
    ...{ id, kind: decrypt === undefined ? 'signed-message' : 'encrypted-message', source },
    // The digest is computed again in any case, the signature where it is an HMAC.
    checkers: ['check.py', 'xmlsec1', 'wbxml2xml'],
    inputs: { algorithm: opened.algorithm, ...keys },
    octets,
    expected: {
      ...{
        serverId: opened.serverId,
        xml: writeXml(root),
        canonical: writeXml(content, { canonical: true }),
      },
      signedInfo: writeXml(signedInfo, { canonical: true }),
      contentDigest: bytesToHex(opened.contentDigest),
      ...(hmac ? { signatureValue: textOf(only(signature, 'SignatureValue')) } : {}),
      opened: writeXml(messageDocument(opened.message)),
    },
  };
}

/** Messages under each algorithm, and encrypted ones under an HMAC. */
export function signedVectors(): Vector[] {
  const { keys, messages, wrappingKey } = recorded;
  const shared = { verify: new SharedKey(secret), keys: { hmacKey: bytesToHex(secret) } };
  const example = wbxml.documents.find(({ name }) => name === 'the signed message');
  if (example === undefined) throw new Error('no worked example');
  const plain = openMessage(hexToBytes(messages['ecdsa-sha256']), () => [new PublicKey(keys.ec.publicPem)]);
  if (isRefused(plain)) throw new Error(plain.detail);
  const profile = 'RV-SIG-1 (docs/signed-messages.md)';
  const recordedOnce = `${profile}, recorded once, for its making draws at random`;
  const wrap = { decrypt: new WrappingKey(hexToBytes(wrappingKey)), keys: { ...shared.keys, wrappingKey } };
  const rsa = {
    decrypt: new TransportPrivateKey(keys.device.privatePem),
    keys: { ...shared.keys, privateKey: keys.device.privatePem },
  };
  return [
    vector({
      ...shared,
      id: 'signed.hmac-sha256.example',
      source: `${profile}, the worked example`,
      octets: example.hex,
    }),
    vector({
      ...{ id: 'signed.rsa-sha256', source: profile, keys: { publicKey: keys.rsa.publicPem } },
      octets: bytesToHex(signMessage(plain.message, new PrivateKey(createPrivateKey(keys.rsa.privatePem)))),
      verify: new PublicKey(keys.rsa.publicPem),
    }),
    vector({
      ...{ id: 'signed.ecdsa-sha256', source: recordedOnce, keys: { publicKey: keys.ec.publicPem } },
      ...{ octets: messages['ecdsa-sha256'], verify: new PublicKey(keys.ec.publicPem) },
    }),
    vector({
      ...shared,
      ...wrap,
      id: 'encrypted.aes-wrap.body',
      source: recordedOnce,
      octets: messages['aes-wrap-body'],
    }),
    vector({
      ...shared,
      ...wrap,
      id: 'encrypted.aes-wrap.item',
      source: recordedOnce,
      octets: messages['aes-wrap-item'],
    }),
    vector({
      ...shared,
      ...rsa,
      id: 'encrypted.rsa-oaep.body',
      source: recordedOnce,
      octets: messages['rsa-oaep-mgf1p-body'],
    }),
    vector({
      ...shared,
      ...rsa,
      id: 'encrypted.rsa-oaep.item',
      source: recordedOnce,
      octets: messages['rsa-oaep-mgf1p-item'],
    }),
  ];
}

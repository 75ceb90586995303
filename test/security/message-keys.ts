// Keys and messages that the tests of signed and encrypted messages share.
import { generateKeyPairSync } from 'node:crypto';
import type { DmMessage, Item } from '../../src/codec/syncml/index.ts';
import { mediaTypes } from '../../src/codec/syncml/index.ts';
import { element, namespaces } from '../../src/codec/xml/index.ts';
import { hexToBytes, utf8ToBytes } from '../../src/core/index.ts';
import {
  PrivateKey,
  PublicKey,
  SharedKey,
  type SigningKey,
  type VerificationKey,
} from '../../src/security/index.ts';

function pair(type: 'rsa' | 'ec'): { readonly publicPem: string; readonly privatePem: string } {
  const { publicKey, privateKey } =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** The server's key pairs, the device's own, and another server's. */
export const rsa = pair('rsa');
export const ec = pair('ec');
export const device = pair('rsa');
export const stranger = pair('rsa');

/** The secret of the worked example. */
export const secret = utf8ToBytes('shared-secret-16b');

/** Each algorithm with the key that signs and the key that verifies. */
export const signers: readonly {
  readonly name: string;
  readonly sign: SigningKey;
  readonly verify: VerificationKey;
}[] = [
  { name: 'rsa-sha256', sign: new PrivateKey(rsa.privatePem), verify: new PublicKey(rsa.publicPem) },
  { name: 'ecdsa-sha256', sign: new PrivateKey(ec.privatePem), verify: new PublicKey(ec.publicPem) },
  { name: 'hmac-sha256', sign: new SharedKey(secret), verify: new SharedKey(secret) },
];

/** The same for SHA-1, which has to be switched on. */
export const sha1Signers: typeof signers = [
  {
    name: 'rsa-sha1',
    sign: new PrivateKey(rsa.privatePem, 'rsa-sha1'),
    verify: new PublicKey(rsa.publicPem, 'rsa-sha1'),
  },
  {
    name: 'hmac-sha1',
    sign: new SharedKey(secret, 'hmac-sha1'),
    verify: new SharedKey(secret, 'hmac-sha1'),
  },
];

export const serverId = 'com.mgmtsrv.manage';
export const deviceId = 'IMEI:493005100592800';

const { dmddf } = namespaces;

/** A tree with a value that tests can look for. */
export const tree = element(
  'MgmtTree',
  dmddf,
  element('VerDTD', dmddf, '1.2'),
  element('Node', dmddf, element('NodeName', dmddf, 'Op'), element('Value', dmddf, 'w7')),
);

/** A sessionless message of that server to that device, with these items to replace. */
export function sessionless(items: readonly Item[], options: { readonly from?: string } = {}): DmMessage {
  return {
    header: {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: '1',
      msgId: '1',
      target: { uri: deviceId },
      source: { uri: options.from ?? serverId },
    },
    commands: [{ name: 'Replace', cmdId: '1', items }],
    final: true,
  };
}

/** Text, octets, and a tree: every form that Data takes. */
export const mixedItems: readonly Item[] = [
  {
    target: { uri: './A/Text' },
    meta: { format: 'chr', type: 'text/plain' },
    data: 'awake & <well>\r\n€ 😀',
  },
  { target: { uri: './A/Octets' }, meta: { format: 'bin' }, data: hexToBytes('00ff80c3017f') },
  { target: { uri: './Inbox' }, meta: { format: 'xml', type: mediaTypes.tndsXml }, data: tree },
];

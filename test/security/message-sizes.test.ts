// What fits where: the table of docs/signed-messages.md, measured, and the short forms that it speaks of.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { ManagementCommand } from '../../src/codec/syncml/index.ts';
import { decodeWbxml, encodeWbxml } from '../../src/codec/wbxml/index.ts';
import { readXml, writeXml } from '../../src/codec/xml/index.ts';
import { hexToBytes } from '../../src/core/index.ts';
import {
  isRefused,
  openMessage,
  PrivateKey,
  PublicKey,
  SharedKey,
  TransportPrivateKey,
  TransportPublicKey,
  WrappingKey,
} from '../../src/security/index.ts';
import { composeMessage } from '../../src/sessionless/index.ts';
import { device, rsa, secret } from './message-keys.ts';

const uri = './Vendor/Note';
const who = { serverId: 'com.example.dm', deviceId: 'IMEI:490154203237518', sessionId: '1A' };
const wrapping = new WrappingKey(hexToBytes('5a'.repeat(16)));
const signings = {
  HMAC: { key: new SharedKey(secret), verify: new SharedKey(secret) },
  'RSA-2048': { key: new PrivateKey(rsa.privatePem), verify: new PublicKey(rsa.publicPem) },
} as const;
const transports = {
  none: undefined,
  'AES key wrap': wrapping,
  'RSA-2048': new TransportPublicKey(device.publicPem),
} as const;
const decryptionKeys = [new TransportPrivateKey(device.privatePem), wrapping];
/** Payload of the default `wap:` binding. */
const wap = 1394;

const replace = (data: string): ManagementCommand => ({
  name: 'Replace',
  cmdId: '1',
  items: [{ target: { uri }, data }],
});

function compose(
  signing: keyof typeof signings,
  transport: keyof typeof transports,
  parts: 'body' | 'item',
  size: 'plain' | 'compact' | 'opaque',
  data = 'hi',
): Uint8Array {
  const key = transports[transport];
  const encrypt = key && { parts: parts === 'body' ? parts : [uri], key };
  const made = composeMessage(
    { ...who, commands: [replace(data)] },
    { key: signings[signing].key, spelling: size, ...(encrypt && { encrypt }) },
  );
  return made.octets;
}

function open(octets: Uint8Array, signing: keyof typeof signings): unknown {
  const opened = openMessage(octets, () => [signings[signing].verify], { ...who, decryptionKeys });
  if (isRefused(opened)) return opened.reason;
  const [command] = opened.message.commands;
  return command?.name === 'Replace' ? command.items[0]?.data : undefined;
}

const combinations = (['HMAC', 'RSA-2048'] as const).flatMap((signing) =>
  (['none', 'AES key wrap', 'RSA-2048'] as const).flatMap((transport) =>
    (transport === 'none' ? (['body'] as const) : (['body', 'item'] as const)).map(
      (parts) => [signing, transport, parts] as const,
    ),
  ),
);

describe('sizes of signed and encrypted messages', () => {
  for (const [signing, transport, parts] of combinations) {
    test(`signed with ${signing}, ${parts} under ${transport}: the sizes are those of the document, and every form opens`, () => {
      const sizes = (['plain', 'compact', 'opaque'] as const).map((size) => {
        const octets = compose(signing, transport, parts, size);
        assert.equal(open(octets, signing), 'hi', size);
        return octets.length;
      });
      const what = transport === 'none' ? 'nothing' : parts;
      const row = `| ${signing} | ${transport} | ${what} | ${sizes.join(' | ')} |`;
      const docs = readFileSync(new URL('../../docs/signed-messages.md', import.meta.url), 'utf8');
      assert.ok(docs.includes(row), `docs/signed-messages.md needs: ${row}`);
    });
  }

  test('with AES key wrap a whole body fits into the default wap: as the server writes it, and as it did it does not', () => {
    assert.ok(compose('HMAC', 'AES key wrap', 'body', 'compact').length <= wap);
    assert.ok(compose('HMAC', 'RSA-2048', 'body', 'plain').length > wap);
  });

  for (const size of ['compact', 'opaque'] as const) {
    test(`${size}: the XML view is that of the long form, so the signature holds over either`, () => {
      const octets = compose('HMAC', 'AES key wrap', 'body', size, 'text & <more> €');
      const { root } = decodeWbxml(octets);
      const long = encodeWbxml(readXml(writeXml(root, { canonical: true })));
      assert.notDeepEqual(long, octets);
      assert.equal(open(long, 'HMAC'), 'text & <more> €');
      assert.equal(open(octets, 'HMAC'), 'text & <more> €');
    });
  }

  test('opaque: the octets of a cipher are in the message as they are, and one that was changed is refused', () => {
    const octets = compose('HMAC', 'AES key wrap', 'body', 'opaque');
    const text = writeXml(decodeWbxml(octets).root);
    const [, base64 = ''] = /&lt;CipherValue&gt;([^&]+)/.exec(text) ?? [];
    const at = Buffer.from(octets).indexOf(Buffer.from(base64, 'base64'));
    assert.ok(at > 0);
    const changed = Uint8Array.from(octets);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(open(changed, 'HMAC'), 'digest-mismatch');
  });

  test('EncryptedData that another writer puts into one OPAQUE is its text, as before', () => {
    const xml = writeXml(decodeWbxml(compose('HMAC', 'AES key wrap', 'body', 'plain')).root);
    const root = readXml(xml);
    const asOctets = (element: typeof root): typeof root => ({
      ...element,
      children: element.children.map((child) => {
        if (typeof child === 'string')
          return child.includes('<EncryptedData') ? new TextEncoder().encode(child) : child;
        return child instanceof Uint8Array ? child : asOctets(child);
      }),
    });
    assert.equal(open(encodeWbxml(asOctets(root)), 'HMAC'), 'hi');
  });
});

// Encrypted parts of a signed message: round trips, what stays readable, and what does not open.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type DmMessage, effectiveMeta, type Item, parseMessage } from '../../src/codec/syncml/index.ts';
import { decodeWbxml, encodeWbxml } from '../../src/codec/wbxml/index.ts';
import { readXml, writeXml, type XmlElement } from '../../src/codec/xml/index.ts';
import { bytesToHex, hexToBytes, utf8ToBytes, ValueError } from '../../src/core/index.ts';
import { sealElement } from '../../src/security/encrypted-data.ts';
import {
  type DecryptionKey,
  decryptDocument,
  type EncryptedParts,
  type EncryptionKey,
  encryptDocument,
  isRefused,
  type MessageRefusal,
  messageDocument,
  type OpenMessageOptions,
  openMessage,
  SharedKey,
  signDocument,
  signMessage,
  TransportPrivateKey,
  TransportPublicKey,
  WrappingKey,
} from '../../src/security/index.ts';
import { dmMessage } from '../codec/syncml/arbitrary.ts';
import { device, ec, mixedItems, secret, serverId, sessionless, stranger } from './message-keys.ts';

const signingKey = new SharedKey(secret);
const wrapping = new WrappingKey(hexToBytes('000102030405060708090a0b0c0d0e0f'));
const wrapping256 = new WrappingKey(utf8ToBytes('0123456789abcdef0123456789abcdef'));

const receivers: readonly { name: string; seal: EncryptionKey; open: DecryptionKey }[] = [
  {
    name: 'RSA-OAEP',
    seal: new TransportPublicKey(device.publicPem),
    open: new TransportPrivateKey(device.privatePem),
  },
  {
    name: 'RSA-OAEP with SHA-256',
    seal: new TransportPublicKey(device.publicPem, 'rsa-oaep-sha256'),
    open: new TransportPrivateKey(device.privatePem),
  },
  { name: 'AES-128 key wrap', seal: wrapping, open: wrapping },
  { name: 'AES-256 key wrap', seal: wrapping256, open: wrapping256 },
];

const everything: EncryptedParts = () => true;

function sealedDocument(message: DmMessage, parts: EncryptedParts, key: EncryptionKey): XmlElement {
  return encryptDocument(messageDocument(message), parts, key);
}

/** The document signed and pushed, as the device opens it. */
function push(document: XmlElement, options: OpenMessageOptions) {
  const octets = encodeWbxml(signDocument(document, signingKey));
  return { octets, result: openMessage(octets, () => [signingKey], options) };
}

function items(document: XmlElement): readonly Item[] {
  const [command] = parseMessage(document, { form: 'xml' }).commands;
  assert.ok(command?.name === 'Replace');
  return command.items;
}

const plainItems = items(readXml(writeXml(messageDocument(sessionless(mixedItems)))));

describe('DM-SESSIONLESS-1.3 §5.2: part or all of a message', () => {
  for (const { name, seal, open } of receivers) {
    test(`items, ${name}`, () => {
      const { octets, result } = push(sealedDocument(sessionless(mixedItems), everything, seal), {
        decryptionKeys: [open],
      });
      assert.ok(result.verdict === 'accepted');
      const [command] = result.message.commands;
      assert.ok(command?.name === 'Replace');
      assert.deepEqual(command.items, plainItems);
      assert.ok(!bytesToHex(octets).includes(bytesToHex(utf8ToBytes('./A/Text'))));
    });

    test(`the whole body, ${name}`, () => {
      const message = { ...sessionless(mixedItems), final: false };
      const { octets, result } = push(sealedDocument(message, 'body', seal), { decryptionKeys: [open] });
      assert.ok(result.verdict === 'accepted');
      assert.equal(result.message.final, false);
      const [command] = result.message.commands;
      assert.ok(command?.name === 'Replace');
      assert.deepEqual(command.items, plainItems);
      for (const hidden of ['./A/Text', 'awake', 'DTD-DM-DDF']) {
        assert.ok(!bytesToHex(octets).includes(bytesToHex(utf8ToBytes(hidden))), hidden);
      }
    });
  }

  test('in one step, as a server does it', () => {
    const encrypt = { parts: 'body', key: wrapping, content: 'aes256-gcm' } as const;
    const octets = signMessage(sessionless(mixedItems), signingKey, { encrypt, wbxml: { version: '1.1' } });
    assert.ok(!bytesToHex(octets).includes(bytesToHex(utf8ToBytes('awake'))));
    const result = openMessage(octets, () => [signingKey], { decryptionKeys: [wrapping] });
    assert.ok(result.verdict === 'accepted');
  });

  test('AES-256 for the content', () => {
    const document = encryptDocument(messageDocument(sessionless(mixedItems)), 'body', wrapping, {
      content: 'aes256-gcm',
      keyName: 'shared',
    });
    assert.ok(writeXml(document).includes('aes256-gcm'));
    assert.equal(push(document, { decryptionKeys: [wrapping] }).result.verdict, 'accepted');
  });

  test('chosen items: the others stay readable', () => {
    const chosen: EncryptedParts = ({ command, target }) => command === 'Replace' && target === './A/Octets';
    const document = sealedDocument(sessionless(mixedItems), chosen, wrapping);
    const outer = items(readXml(writeXml(document)));
    assert.deepEqual([outer[0], outer[2]], [plainItems[0], plainItems[2]]);
    assert.deepEqual(outer[1]?.meta, { format: 'xml', type: 'application/xenc+xml' });
    assert.equal(outer[1]?.target, undefined);
    const { result } = push(document, { decryptionKeys: [wrapping] });
    assert.ok(result.verdict === 'accepted');
  });

  test('items in an Atomic, and Format and Type of the command', () => {
    const data = hexToBytes('00ff');
    const message: DmMessage = {
      ...sessionless([]),
      commands: [
        {
          name: 'Atomic',
          cmdId: '1',
          commands: [
            {
              name: 'Add',
              cmdId: '2',
              meta: { format: 'bin', type: 'a/b' },
              items: [{ target: { uri: './A' }, meta: { size: 2 }, data }],
            },
          ],
        },
      ],
    };
    const { result } = push(sealedDocument(message, everything, wrapping), { decryptionKeys: [wrapping] });
    assert.ok(result.verdict === 'accepted');
    const [atomic] = result.message.commands;
    assert.ok(atomic?.name === 'Atomic');
    const [add] = atomic.commands;
    assert.ok(add?.name === 'Add');
    assert.deepEqual(add.items, [
      { target: { uri: './A' }, meta: { format: 'bin', type: 'a/b', size: 2 }, data },
    ]);
  });

  test('any message is what it was, but that items repeat the Meta of their command', () => {
    fc.assert(
      fc.property(dmMessage, fc.constantFrom<EncryptedParts>('body', everything), (any, parts) => {
        const { extensions: _, ...message } = {
          ...any,
          // RV-SIG-1 signs documents of SYNCML1.2, which 1.1 is not.
          header: { ...any.header, verDtd: '1.2', source: { uri: serverId } },
        };
        const root = messageDocument(message);
        const plain = parseMessage(readXml(writeXml(root)), { form: 'xml' });
        const keys = { decryptionKeys: [wrapping], maxParts: 200 };
        const { result } = push(encryptDocument(root, parts, wrapping), keys);
        assert.ok(result.verdict === 'accepted');
        assert.deepEqual(effective(result.message), effective(plain));
      }),
      { numRuns: 60 },
    );
  });
});

/** The message with the Meta that holds in each item. */
function effective(message: DmMessage): unknown {
  const walk = (command: object): unknown => {
    if ('commands' in command) return { ...command, commands: (command.commands as object[]).map(walk) };
    if (!('items' in command)) return command;
    const meta = 'meta' in command ? (command.meta as NonNullable<Item['meta']>) : undefined;
    const all = command.items as readonly Item[];
    return { ...command, items: all.map((item) => ({ ...item, meta: effectiveMeta(meta, item.meta) })) };
  };
  return { ...message, commands: message.commands.map(walk) };
}

describe('what does not open is refused as a whole, and says nothing of why', () => {
  const document = sealedDocument(
    sessionless(mixedItems),
    everything,
    new TransportPublicKey(device.publicPem),
  );
  const own = new TransportPrivateKey(device.privatePem);
  const refuses = (of: XmlElement, reason: MessageRefusal, options: OpenMessageOptions) => {
    const { result } = push(of, options);
    assert.ok(isRefused(result), 'it was accepted');
    assert.equal(result.reason, reason);
    return result;
  };
  /** The encrypted document with the text of its first EncryptedData changed. */
  const changed = (from: string | RegExp, to: string, of = document) => {
    let done = false;
    const walk = (element: XmlElement): XmlElement => ({
      ...element,
      children: element.children.map((child) => {
        if (typeof child === 'string' && child.startsWith('<EncryptedData') && !done) {
          done = true;
          assert.notEqual(child.replace(from, to), child);
          return child.replace(from, to);
        }
        return typeof child === 'string' || child instanceof Uint8Array ? child : walk(child);
      }),
    });
    return walk(of);
  };

  test('no key', () => void refuses(document, 'undecryptable', {}));
  test('the key of another device', () => {
    const other = new TransportPrivateKey(stranger.privatePem);
    refuses(document, 'undecryptable', { decryptionKeys: [other] });
  });
  test('a key of another kind', () =>
    void refuses(document, 'undecryptable', { decryptionKeys: [wrapping] }));

  test('a wrong key, a damaged key, damaged content and an unknown method look the same', () => {
    const flip = (text: string) => text.replace(/./, (first) => (first === 'A' ? 'B' : 'A'));
    const xml = writeXml(document);
    const values = [...xml.matchAll(/CipherValue&gt;([^&]+)&lt;/g)].map((match) => match[1] ?? '');
    const [wrapped = '', content = ''] = values;
    const results = [
      refuses(document, 'undecryptable', { decryptionKeys: [new TransportPrivateKey(stranger.privatePem)] }),
      refuses(changed(wrapped, flip(wrapped)), 'undecryptable', { decryptionKeys: [own] }),
      refuses(changed(wrapped, 'AAAA'), 'undecryptable', { decryptionKeys: [own] }),
      refuses(changed(content, flip(content)), 'undecryptable', { decryptionKeys: [own] }),
      refuses(changed(content, content.slice(0, -8)), 'undecryptable', { decryptionKeys: [own] }),
      refuses(changed(content, ''), 'undecryptable', { decryptionKeys: [own] }),
      refuses(changed('aes128-gcm', 'aes128-cbc'), 'undecryptable', { decryptionKeys: [own] }),
      refuses(changed('rsa-oaep-mgf1p', 'rsa-1_5'), 'undecryptable', { decryptionKeys: [own] }),
      refuses(changed('aes128-gcm', 'aes256-gcm'), 'undecryptable', { decryptionKeys: [own] }),
      refuses(changed(/CipherValue/g, 'CipherReference'), 'undecryptable', { decryptionKeys: [own] }),
      refuses(
        changed(
          /(rsa-oaep-mgf1p"|rsa-oaep-mgf1p" )\/>/,
          'rsa-oaep-mgf1p"><OAEPparams>AA==</OAEPparams></EncryptionMethod>',
        ),
        'undecryptable',
        { decryptionKeys: [own] },
      ),
    ];
    assert.equal(new Set(results.map((result) => JSON.stringify(result))).size, 1);
  });

  test('more parts than the bound', () => {
    const many = sessionless(Array.from({ length: 17 }, () => ({ data: 'a' })));
    const sealed = sealedDocument(many, everything, wrapping);
    refuses(sealed, 'too-many-encrypted-parts', { decryptionKeys: [wrapping] });
    assert.equal(push(sealed, { decryptionKeys: [wrapping], maxParts: 17 }).result.verdict, 'accepted');
  });

  test('external entity and entity expansion in the text of EncryptedData', () => {
    const external = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>';
    refuses(changed(/^/, `${external}<!---->`), 'external-entity', { decryptionKeys: [own] });
    refuses(changed(/^/, '<!DOCTYPE a [<!ENTITY x "y">]>'), 'entity-expansion', { decryptionKeys: [own] });
    refuses(changed('<CipherData>', '<CipherData><!-- -->'), 'comment', { decryptionKeys: [own] });
  });

  test('what was encrypted is neither Item nor SyncBody', () => {
    const holding = (plaintext: Uint8Array) => {
      const meta = { format: 'xml', type: 'application/xenc+xml' };
      return messageDocument(sessionless([{ meta, data: writeXml(sealElement(plaintext, wrapping)) }]));
    };
    const keys = { decryptionKeys: [wrapping] };
    refuses(holding(utf8ToBytes('<Item/>')), 'malformed-message', keys);
    refuses(holding(utf8ToBytes('<Add xmlns="SYNCML:SYNCML1.2"/>')), 'malformed-message', keys);
    refuses(holding(hexToBytes('ff')), 'malformed-message', keys);
    refuses(holding(utf8ToBytes('no XML, but secret')), 'undecodable', keys);
    const { detail } = refuses(holding(utf8ToBytes('<secret')), 'undecodable', keys);
    assert.ok(!detail.includes('secret'));
    refuses(holding(utf8ToBytes('<!DOCTYPE a [<!ENTITY x "y">]><a/>')), 'entity-expansion', keys);
    const size = '<Size xmlns="syncml:metinf">secret</Size>';
    const item = `<Item xmlns="SYNCML:SYNCML1.2"><Meta>${size}</Meta></Item>`;
    assert.ok(!refuses(holding(utf8ToBytes(item)), 'malformed-message', keys).detail.includes('secret'));
  });

  test('the body of a message where an item belongs', () => {
    const inner = sealedDocument(sessionless(mixedItems), 'body', wrapping);
    const body = /<Item>.*?<\/Item>/.exec(writeXml(inner))?.[0] ?? '';
    const two = writeXml(messageDocument(sessionless([{ data: 'a' }]))).replace('<Item>', `${body}<Item>`);
    refuses(readXml(two), 'malformed-message', { decryptionKeys: [wrapping] });
  });

  test('the signature is verified first: a changed ciphertext never meets a key', () => {
    const met: string[] = [];
    const spy = { uri: '', unwrap: (uri: string) => void met.push(uri) } as unknown as WrappingKey;
    const octets = encodeWbxml(signDocument(document, signingKey));
    octets[octets.length - 900] = (octets[octets.length - 900] ?? 0) ^ 1;
    const result = openMessage(octets, () => [signingKey], { decryptionKeys: [spy] });
    assert.equal(result.verdict, 'refused');
    assert.deepEqual(met, []);
  });
});

describe('content that only looks encrypted stays as it is', () => {
  const typed = (data: string) =>
    sessionless([{ meta: { format: 'xml', type: 'application/xenc+xml' }, data }]);

  test('EncryptedData without Type: for whoever reads the node', () => {
    const data = '<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#"/>';
    const { result } = push(messageDocument(typed(data)), {});
    assert.ok(result.verdict === 'accepted');
    const [command] = result.message.commands;
    assert.ok(command?.name === 'Replace');
    assert.equal(command.items[0]?.data, data);
  });

  test('EncryptedData in Data of another type', () => {
    const sealed = sealedDocument(sessionless(mixedItems), everything, wrapping);
    const data = items(readXml(writeXml(sealed)))[0]?.data;
    assert.ok(typeof data === 'string');
    const { result } = push(messageDocument(sessionless([{ data }])), { decryptionKeys: [wrapping] });
    assert.ok(result.verdict === 'accepted');
  });
});

test('a document without body, and keys that are no keys', () => {
  const empty = readXml('<SyncML xmlns="SYNCML:SYNCML1.2"/>');
  assert.equal(decryptDocument(empty, []), empty);
  assert.throws(() => encryptDocument(empty, 'body', wrapping), ValueError);
  assert.throws(() => new WrappingKey(new Uint8Array(15)), ValueError);
  assert.throws(() => new TransportPublicKey(ec.publicPem), ValueError);
  assert.throws(() => new TransportPrivateKey('x'), ValueError);
});

test('the same message encrypted twice is never the same octets', () => {
  const texts = [0, 1].map(() => writeXml(sealedDocument(sessionless(mixedItems), 'body', wrapping)));
  assert.notEqual(texts[0], texts[1]);
  const root = decodeWbxml(encodeWbxml(readXml(texts[0] ?? ''))).root;
  assert.equal(writeXml(root), texts[0]);
});

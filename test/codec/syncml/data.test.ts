// Content of Data by Format and encoding: text, octets, trees; and nonces.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  buildMessage,
  type Data,
  type DmMessage,
  effectiveMeta,
  embeddedTree,
  type Item,
  type Meta,
  mediaTypes,
  parseMessage,
  readMessage,
  writeMessage,
} from '../../../src/codec/syncml/index.ts';
import { decodeWbxml, encodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { element, namespaces, readXml, writeXml, type XmlElement } from '../../../src/codec/xml/index.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { assertDecodeError, vector } from '../wbxml/support.ts';

const { syncml, metinf } = namespaces;

function messageOf(item: Item, meta?: Meta): DmMessage {
  return {
    header: {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: '1',
      msgId: '1',
      target: { uri: 'IMEI:493005100592800' },
      source: { uri: 'com.mgmtsrv.manage' },
    },
    commands: [{ name: 'Replace', cmdId: '1', ...(meta === undefined ? {} : { meta }), items: [item] }],
    final: true,
  };
}

function itemOf(message: DmMessage): Item {
  const [command] = message.commands;
  assert.ok(command?.name === 'Replace' || command?.name === 'Add');
  assert.ok(command.items[0]);
  return command.items[0];
}

/** The document of a message whose Data has these children. */
function document(format: string | undefined, ...children: readonly (string | Uint8Array)[]): XmlElement {
  const root = buildMessage(messageOf({ ...(format === undefined ? {} : { meta: { format } }), data: '$' }));
  const replace = (node: XmlElement): XmlElement => ({
    ...node,
    children:
      node.name === 'Data'
        ? children
        : node.children.map((child) =>
            typeof child === 'object' && 'name' in child ? replace(child) : child,
          ),
  });
  return replace(root);
}

describe('DM-REPPRO-1.2, Data: Format bin', () => {
  const octets = hexToBytes('00ff0103');
  const item: Item = { meta: { format: 'bin', type: 'image/png' }, data: octets };

  test('WBXML carries the octets as OPAQUE', () => {
    const written = writeMessage(messageOf(item), 'wbxml');
    assert.match(bytesToHex(written), /4fc30400ff010301/);
    assert.deepEqual(itemOf(readMessage(written, 'wbxml')), item);
  });
  test('XML carries them as b64', () => {
    const written = writeMessage(messageOf(item), 'xml');
    assert.deepEqual(itemOf(readMessage(written, 'xml')), {
      meta: { format: 'b64', type: 'image/png' },
      data: 'AP8BAw==',
    });
  });
  test('the Format of the command holds where the item has none', () => {
    const message = messageOf({ data: octets }, { format: 'bin' });
    assert.deepEqual(readMessage(writeMessage(message, 'wbxml'), 'wbxml'), message);
    assert.deepEqual(itemOf(readMessage(writeMessage(message, 'xml'), 'xml')), {
      meta: { format: 'b64' },
      data: 'AP8BAw==',
    });
  });
  test('text given for it stands for its UTF-8 octets', () => {
    const message = messageOf({ meta: { format: 'bin' }, data: 'é' });
    assert.deepEqual(itemOf(readMessage(writeMessage(message, 'wbxml'), 'wbxml')).data, utf8ToBytes('é'));
    assert.equal(itemOf(readMessage(writeMessage(message, 'xml'), 'xml')).data, 'w6k=');
  });
  test('octets are never taken for text, nor text for anything but octets', () => {
    const read = (...children: (string | Uint8Array)[]) =>
      itemOf(parseMessage(document('bin', ...children), { form: 'wbxml' })).data;
    assert.deepEqual(read(utf8ToBytes('abc')), utf8ToBytes('abc'));
    assert.deepEqual(read('abc'), utf8ToBytes('abc'));
    assert.deepEqual(read(), new Uint8Array(0));
    assert.deepEqual(read('a', hexToBytes('ff'), 'b'), hexToBytes('61ff62'));
  });
  test('an XML view with Base64 under Format bin gives the octets; what is not Base64 stays text', () => {
    const read = (text: string) => itemOf(parseMessage(document('bin', text))).data;
    assert.deepEqual(read('AP8BAw=='), octets);
    assert.equal(read('not Base64!'), 'not Base64!');
  });
});

describe('DM-REPPRO-1.2, Data: text', () => {
  test('STR_I, OPAQUE and CDATA are the same text', () => {
    const read = (...children: (string | Uint8Array)[]) =>
      itemOf(parseMessage(document(undefined, ...children), { form: 'wbxml' })).data;
    assert.equal(read('a<b&c'), 'a<b&c');
    assert.equal(read(utf8ToBytes('a<b&c')), 'a<b&c');
    assert.equal(read('a<', utf8ToBytes('b&'), 'c'), 'a<b&c');
    assert.equal(read(), '');
    const message = utf8ToBytes(writeXml(document('chr', '$')).replace('$', '<![CDATA[a<b&c]]>'));
    assert.equal(itemOf(readMessage(message, 'xml')).data, 'a<b&c');
  });
  test('a chunk that ends inside a character stays octets', () => {
    const half = utf8ToBytes('é').subarray(0, 1);
    const item = { meta: { size: 2 }, data: half, moreData: true };
    assert.deepEqual(itemOf(readMessage(writeMessage(messageOf(item), 'wbxml'), 'wbxml')), item);
    assert.throws(() => writeMessage(messageOf(item), 'xml'), { name: 'ValueError', code: 'BAD_FORMAT' });
  });
  test('b64 stays Base64 text', () => {
    const item = { meta: { format: 'b64' }, data: 'AP8BAw==' };
    for (const form of ['xml', 'wbxml'] as const) {
      assert.deepEqual(itemOf(readMessage(writeMessage(messageOf(item), form), form)), item);
    }
  });
});

describe('DM-TNDS-1.2: a tree in Data (SM-C-002)', () => {
  const tree = decodeWbxml(hexToBytes(vector('5.5 a tree').hex)).root;
  const item: Item = { target: { uri: './Inbox' }, data: tree };
  const written = (form: 'xml' | 'wbxml', tnds?: 'opaque' | 'inline' | 'text') =>
    itemOf(readMessage(writeMessage(messageOf(item), form, tnds === undefined ? {} : { tnds }), form));
  const wbxmlMeta = { format: 'xml', type: mediaTypes.tndsWbxml };
  const xmlMeta = { format: 'xml', type: mediaTypes.tndsXml };

  test('form A, the default in WBXML: a document in OPAQUE', () => {
    const { meta, data } = written('wbxml');
    assert.deepEqual(meta, wbxmlMeta);
    assert.ok(data instanceof Uint8Array);
    assert.equal(bytesToHex(data), vector('5.5 a tree').hex);
  });
  test('form A takes the version of the message', () => {
    const octets = writeMessage(messageOf(item), 'wbxml', { wbxml: { version: '1.3' } });
    const { data } = itemOf(readMessage(octets, 'wbxml'));
    assert.ok(data instanceof Uint8Array);
    assert.deepEqual([octets[0], data[0]], [3, 3]);
  });
  test('form A in the XML view is Base64', () => {
    assert.deepEqual(written('xml', 'opaque'), written('wbxml'));
  });
  test('form B: elements of page 2 inside Data', () => {
    assert.deepEqual(written('wbxml', 'inline'), item);
    assert.deepEqual(written('xml', 'inline'), item);
  });
  test('XML as text, the default in XML', () => {
    const { meta, data } = written('xml');
    assert.deepEqual(meta, xmlMeta);
    assert.equal(data, writeXml(tree));
    assert.deepEqual(written('wbxml', 'text'), { target: { uri: './Inbox' }, meta, data });
  });
  test('embeddedTree gives the same tree from each', () => {
    const xml = writeXml(tree);
    const contents: readonly Data[] = [
      tree,
      xml,
      writeXml(tree, { indent: 2, declaration: true }),
      `\n  ${xml}\n`,
      utf8ToBytes(xml),
      utf8ToBytes(`\ufeff${xml}`),
      encodeWbxml(tree),
      encodeWbxml(tree, { publicId: 1, stringTable: true }),
    ];
    for (const content of contents) assert.deepEqual(embeddedTree(content), tree);
  });
  test('embeddedTree refuses what is no document, and keeps limits', () => {
    assertDecodeError(() => embeddedTree('text'), 'BAD_VALUE', /outside of root/);
    assertDecodeError(() => embeddedTree(''), 'BAD_VALUE', /root/);
    assertDecodeError(() => embeddedTree(new Uint8Array(0)), 'TRUNCATED', /./);
    assertDecodeError(() => embeddedTree('<!DOCTYPE a><a/>'), 'UNSUPPORTED', /DOCTYPE/);
    assertDecodeError(() => embeddedTree(writeXml(tree), { maxDepth: 2 }), 'LIMIT', /nested/);
    assertDecodeError(() => embeddedTree(encodeWbxml(tree), { maxDepth: 2 }), 'LIMIT', /nested/);
  });
  test('another document in Data stays inline', () => {
    const inner = readXml('<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#"/>');
    const { data } = itemOf(readMessage(writeMessage(messageOf({ data: inner }), 'wbxml'), 'wbxml'));
    assert.deepEqual(data, inner);
  });
});

describe('DM-SEC-1.2: nonces and credentials', () => {
  const octets = hexToBytes('2c6de265086176628d1e');
  const read = (value: string | Uint8Array) => {
    const root = document('chr', 'x');
    const meta = element('Meta', syncml, element('NextNonce', metinf, value));
    const [header, ...rest] = root.children;
    assert.ok(typeof header === 'object' && 'name' in header);
    const withMeta = { ...header, children: [...header.children, meta] };
    return parseMessage({ ...root, children: [withMeta, ...rest] }, { form: 'wbxml' }).header.meta?.nextNonce;
  };
  test('NextNonce is Base64 as text, and the nonce itself as OPAQUE', () => {
    assert.deepEqual(read('LG3iZQhhdmKNHg=='), octets);
    assert.deepEqual(read(octets), octets);
    assertDecodeError(() => read('*'), 'BAD_VALUE', /NextNonce: is not Base64/);
  });
  test('we write it as Base64 text in both encodings', () => {
    const message = messageOf({ meta: { nextNonce: octets }, data: '' });
    assert.match(bytesToHex(writeMessage(message, 'wbxml')), /50034c4733695a516868646d4b4e48673d3d0001/);
    assert.match(new TextDecoder().decode(writeMessage(message, 'xml')), />LG3iZQhhdmKNHg==</);
  });
  test('Data of Cred as OPAQUE: text, or the octets that Base64 stands for', () => {
    const credential = (format: string, data: Uint8Array) => {
      const root = document('chr', 'x');
      const [header, ...rest] = root.children;
      assert.ok(typeof header === 'object' && 'name' in header);
      const meta = element('Meta', syncml, element('Format', metinf, format));
      const cred = element('Cred', syncml, meta, element('Data', syncml, data));
      const withCred = { ...header, children: [...header.children, cred] };
      return parseMessage({ ...root, children: [withCred, ...rest] }, { form: 'wbxml' }).header.cred?.data;
    };
    assert.equal(credential('b64', utf8ToBytes('QnJ1Y2U=')), 'QnJ1Y2U=');
    assert.equal(credential('b64', hexToBytes('ff00')), '/wA=');
    assert.equal(credential('bin', utf8ToBytes('ab')), 'YWI=');
  });
});

test('DM-REPPRO-1.2, Meta: that of an item goes before that of its command, one element at a time', () => {
  assert.deepEqual(effectiveMeta({ format: 'bin', type: 'a' }, { type: 'b' }), { format: 'bin', type: 'b' });
  assert.deepEqual(effectiveMeta(undefined, { type: 'b' }), { type: 'b' });
  assert.deepEqual(effectiveMeta({ type: 'a' }, undefined), { type: 'a' });
  assert.deepEqual(effectiveMeta(undefined, undefined), {});
});

// libwbxml, the implementation that most tools use, against ours: what it writes we read, what we write it reads.
// What it cannot do and so is not asked here: attributes, trees inline on page 2, unknown names without a string table.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  buildMessage,
  type DmCommand,
  type DmMessage,
  readMessage,
  writeMessage,
} from '../../src/codec/syncml/index.ts';
import { decodeWbxml, type EncodeWbxmlOptions, encodeWbxml } from '../../src/codec/wbxml/index.ts';
import { element, namespaces } from '../../src/codec/xml/index.ts';
import { bytesToHex, hexToBytes } from '../../src/core/index.ts';
import { dmMessage, messageWithTree, mgmtTree } from '../codec/syncml/arbitrary.ts';
import { vectors } from '../codec/wbxml/support.ts';
import { challenge, inputs, metinfDocument, unknownElements } from './libwbxml-inputs.ts';
import { comparable, readToolXml, wbxml2xml, xml2wbxml } from './libwbxml-tools.ts';

const versions = ['1.1', '1.2', '1.3'] as const;

describe('what xml2wbxml writes is read to the same XML', () => {
  const check = (xml: string, stringTable: boolean) => {
    for (const version of versions) {
      const document = decodeWbxml(xml2wbxml(xml, version, stringTable));
      assert.equal(document.version, version);
      assert.equal(comparable(document.root), comparable(readToolXml(xml)));
    }
  };
  for (const [name, xml] of inputs) {
    test(name, () => check(xml, false));
    test(`${name}, with a string table`, () => check(xml, true));
  }
  test('unknown elements, with a string table', () => check(unknownElements, true));
});

describe('written again from what was read, it is the same, octet for octet', () => {
  for (const [name, xml] of inputs) {
    test(name, () => {
      for (const version of versions) {
        const octets = xml2wbxml(xml, version, false);
        const { root, publicId } = decodeWbxml(octets);
        assert.equal(bytesToHex(encodeWbxml(root, { version, publicId })), bytesToHex(octets));
      }
    });
  }
});

const howWeWrite: readonly EncodeWbxmlOptions[] = versions.flatMap((version) => [
  { version },
  { version, stringTable: true },
]);

describe('what we write is read by wbxml2xml to the same XML', () => {
  const check = (xml: string) => {
    const { root, publicId } = decodeWbxml(xml2wbxml(xml, '1.2', true));
    for (const options of howWeWrite) {
      const octets = encodeWbxml(root, { ...options, publicId });
      assert.equal(comparable(readToolXml(wbxml2xml(octets))), comparable(root));
    }
  };
  for (const [name, xml] of inputs) if (xml !== metinfDocument) test(name, () => check(xml));
  test('unknown elements', () => check(unknownElements));

  test('with the public identifier as text', () => {
    const { root } = decodeWbxml(xml2wbxml(challenge, '1.2', true));
    const octets = encodeWbxml(root, { publicId: '-//SYNCML//DTD SyncML 1.2//EN' });
    assert.equal(comparable(readToolXml(wbxml2xml(octets))), comparable(root));
  });

  test('worked examples, but for those with what libwbxml cannot read', () => {
    const cannot =
      /signed|inline|literals|attribute|charset|ENTITY|identifier unknown|another case|5\.3 (public|string)|F\. NextNonce as octets|MetInf/;
    for (const { name, hex } of vectors.filter((one) => !cannot.test(one.name))) {
      const { root } = decodeWbxml(hexToBytes(hex));
      assert.equal(comparable(readToolXml(wbxml2xml(hexToBytes(hex)))), comparable(root), name);
    }
  });

  test('any DM message', () => {
    fc.assert(
      fc.property(dmMessage, fc.constantFrom(...howWeWrite), (any, wbxml) => {
        const { extensions: _, ...unsigned } = withPrintableOctets(any);
        const octets = writeMessage(unsigned, 'wbxml', { wbxml });
        const expected = comparable(buildMessage(unsigned, { form: 'wbxml' }));
        assert.equal(comparable(readToolXml(wbxml2xml(octets))), expected);
      }),
      { numRuns: 60 },
    );
  });

  test('any tree, as a WBXML document inside a message (SM-C-002)', () => {
    fc.assert(
      fc.property(mgmtTree, (any) => {
        const octets = writeMessage(messageWithTree(any), 'wbxml');
        const expected = comparable(buildMessage(messageWithTree(any)));
        assert.equal(comparable(readToolXml(wbxml2xml(octets))), expected);
      }),
      { numRuns: 20 },
    );
  });

  test('binary Data arrives octet for octet', () => {
    const octets = hexToBytes('00ff80c3017f');
    const item = { meta: { format: 'bin' }, data: octets };
    const { header } = messageWithTree(element('MgmtTree', namespaces.dmddf));
    const add = { name: 'Add', cmdId: '1', items: [item] } as const;
    const written = writeMessage({ header, commands: [add], final: true }, 'wbxml');
    // libwbxml puts the raw octets into a CDATA section, which is not XML.
    const shown = bytesToHex(wbxml2xml(written));
    assert.ok(shown.includes(`${bytesToHex(Buffer.from('<![CDATA['))}${bytesToHex(octets)}`));
  });
});

test('DM-SEC-1.2: a NextNonce that libwbxml writes is read as the same octets', () => {
  for (const stringTable of [true, false]) {
    const [status] = readMessage(xml2wbxml(challenge, '1.2', stringTable), 'wbxml').commands;
    assert.ok(status?.name === 'Status');
    assert.deepEqual(status.chal?.meta.nextNonce, hexToBytes('2c6de265086176628d1e'));
  }
});

/** The message with octets that are text, since wbxml2xml copies them into its XML. */
function withPrintableOctets(any: DmMessage): DmMessage {
  const printable = <Command extends DmCommand>(command: Command): Command => {
    if ('commands' in command) return { ...command, commands: command.commands.map(printable) };
    if (!('items' in command)) return command;
    const items = command.items.map((item) =>
      item.data instanceof Uint8Array
        ? { ...item, data: item.data.map((octet) => 0x41 + (octet % 26)) }
        : item,
    );
    return { ...command, items };
  };
  return { ...any, commands: any.commands.map(printable) };
}

// Rules that hold for any message and any octets.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  buildMessage,
  type DmCommand,
  type DmMessage,
  effectiveMeta,
  embeddedTree,
  type Item,
  type Meta,
  parseMessage,
  readMessage,
  writeMessage,
} from '../../../src/codec/syncml/index.ts';
import { base64ToBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { valueOrDecodeError, vectors } from '../wbxml/support.ts';
import { anyElement } from '../xml/arbitrary.ts';
import { dmMessage, messageWithTree, mgmtTree } from './arbitrary.ts';

const wbxmlOptions = fc.record(
  {
    version: fc.constantFrom('1.1', '1.2', '1.3'),
    stringTable: fc.boolean(),
    publicId: fc.constantFrom(0x1201, 1, '-//SYNCML//DTD SyncML 1.2//EN'),
  },
  { requiredKeys: [], noNullPrototype: true },
);

test('any message → document → the same message', () => {
  fc.assert(
    fc.property(dmMessage, (message) => {
      assert.deepEqual(parseMessage(buildMessage(message), { form: 'wbxml' }), message);
    }),
    { numRuns: 200 },
  );
});

test('any message → WBXML → the same message, in every version, with and without a string table', () => {
  fc.assert(
    fc.property(dmMessage, wbxmlOptions, (message, wbxml) => {
      assert.deepEqual(readMessage(writeMessage(message, 'wbxml', { wbxml }), 'wbxml'), message);
    }),
    { numRuns: 200 },
  );
});

test('any message → XML → the same message; binary Data travels as b64', () => {
  fc.assert(
    fc.property(dmMessage, (message) => {
      const received = readMessage(writeMessage(message, 'xml'), 'xml');
      assert.deepEqual(withoutBinary(received), withoutBinary(message));
    }),
    { numRuns: 200 },
  );
});

test('any tree in a message arrives, in either encoding and every form', () => {
  const forms = fc.constantFrom('opaque', 'inline', 'text', undefined);
  fc.assert(
    fc.property(mgmtTree, fc.constantFrom('xml', 'wbxml'), forms, (tree, encoding, tnds) => {
      const octets = writeMessage(messageWithTree(tree), encoding, tnds === undefined ? {} : { tnds });
      const [add] = readMessage(octets, encoding).commands;
      assert.ok(add?.name === 'Add' && add.items[0]?.data !== undefined);
      assert.deepEqual(embeddedTree(add.items[0].data), tree);
    }),
  );
});

describe('any octets give a message or a DecodeError', () => {
  const message = utf8ToBytes(
    '<SyncML><SyncHdr><VerDTD>1.2</VerDTD></SyncHdr><SyncBody><Final/></SyncBody></SyncML>',
  );
  test('random octets', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('xml', 'wbxml'), (octets, form) => {
        valueOrDecodeError(() => readMessage(octets, form));
        valueOrDecodeError(() => embeddedTree(octets));
      }),
    );
  });
  test('worked examples with one octet changed', () => {
    const inputs = [
      ...vectors.map(({ hex }) => ({ form: 'wbxml' as const, octets: hexToBytes(hex) })),
      { form: 'xml' as const, octets: message },
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...inputs),
        fc.nat(),
        fc.nat({ max: 255 }),
        ({ form, octets }, at, octet) => {
          const changed = octets.slice();
          changed[at % changed.length] = octet;
          valueOrDecodeError(() => readMessage(changed, form));
        },
      ),
      { numRuns: 1000 },
    );
  });
  test('any document of SyncML elements', () => {
    const { namespace } = buildMessage(messageWithTree(anyTree));
    const names =
      'SyncML SyncHdr SyncBody Add Item Target LocURI Meta Data Status Atomic CmdID Final Cred Chal'
        .split(' ')
        .map((name) => [name, namespace] as const);
    fc.assert(
      fc.property(anyElement({ names, octets: true }), (content) => {
        for (const root of [content, { ...content, name: 'SyncML', namespace }]) {
          valueOrDecodeError(() => parseMessage(root, { onIgnored: () => {} }));
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('a message cut short at any octet is an error', () => {
  const [sample] = fc.sample(dmMessage, { numRuns: 1, seed: 7 });
  assert.ok(sample);
  for (const form of ['xml', 'wbxml'] as const) {
    const octets = writeMessage(sample, form);
    for (let length = 0; length < octets.length; length += 1) {
      const cut = octets.subarray(0, length);
      assert.equal(
        valueOrDecodeError(() => readMessage(cut, form)),
        undefined,
        `${form}, ${length} octets`,
      );
    }
  }
});

const anyTree = fc.sample(mgmtTree, { numRuns: 1, seed: 1 })[0] ?? assert.fail();

/** Data of Format `bin`, and of `b64` in Base64, as octets of Format `bin` that the item itself names. */
function withoutBinary(message: DmMessage): DmMessage {
  return { ...message, commands: message.commands.map(commandWithoutBinary) };
}

function commandWithoutBinary<Command extends DmCommand>(command: Command): Command {
  if ('commands' in command) return { ...command, commands: command.commands.map(commandWithoutBinary) };
  if (!('items' in command)) return command;
  return { ...command, items: command.items.map((item) => itemWithoutBinary(item, command.meta)) };
}

function itemWithoutBinary(item: Item, commandMeta: Meta | undefined): Item {
  const { format } = effectiveMeta(commandMeta, item.meta);
  if (item.data === undefined || (format !== 'bin' && format !== 'b64')) return item;
  const meta = { ...item.meta, format: 'bin' };
  if (item.data instanceof Uint8Array) return { ...item, meta };
  assert.ok(typeof item.data === 'string');
  try {
    return { ...item, meta, data: base64ToBytes(item.data) };
  } catch {
    return item;
  }
}

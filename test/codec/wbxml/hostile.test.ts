// Documents made to cost much: each ends as a value or an error without deep recursion or quadratic work. The sizes are
// such that a quadratic way would not end within the runner's time limit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { embeddedTree, readMessage } from '../../../src/codec/syncml/index.ts';
import { decodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { writeXml } from '../../../src/codec/xml/index.ts';
import { ByteWriter, concatBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { assertDecodeError, valueOrDecodeError, vector } from './support.ts';

const head = hexToBytes('02a4016a00');

/** The part, so many times. */
function times(count: number, hex: string): Uint8Array {
  const part = hexToBytes(hex);
  const all = new Uint8Array(count * part.length);
  for (let i = 0; i < count; i += 1) all.set(part, i * part.length);
  return all;
}

test('a million characters as entities are one text', () => {
  const octets = concatBytes(head, hexToBytes('4f'), times(1_000_000, '0261'), hexToBytes('01'));
  const { root } = decodeWbxml(octets);
  assert.deepEqual(root.children, ['a'.repeat(1_000_000)]);
  assert.equal(writeXml(root).length, 1_000_000 + '<Data xmlns="SYNCML:SYNCML1.2"></Data>'.length);
});

test('half a million OPAQUEs are one part, and one Data of a message', () => {
  const message = hexToBytes(vector('5.4 Replace of one leaf, WBXML 1.2').hex);
  const at = message.length - 6 - 7;
  assert.equal(message[at], 0xc3);
  const pieces = times(500_000, 'c30161');
  const octets = concatBytes(message.subarray(0, at), pieces, message.subarray(at + 7));
  const [command] = readMessage(octets, 'wbxml').commands;
  assert.ok(command?.name === 'Replace');
  assert.equal(command.items[0]?.data, 'a'.repeat(500_000));
});

test('text and OPAQUE in turn stay in order', () => {
  const octets = concatBytes(head, hexToBytes('4f'), times(200_000, 'c30161c30162036300'), hexToBytes('01'));
  const { children } = decodeWbxml(octets).root;
  assert.equal(children.length, 400_000);
  assert.deepEqual(children.slice(-2), [utf8ToBytes('ab'), 'c']);
});

test('references into one long string of the table end at the limit of what may come out', () => {
  const table = concatBytes(times(65_535, '61'), new Uint8Array(1));
  const body = new ByteWriter().u8(0x4f);
  for (let offset = 0; offset < 65_535; offset += 1) body.u8(0x83).uintvar(offset);
  const octets = concatBytes(hexToBytes('02a4016a'), hexToBytes('848000'), table, body.u8(1).finish());
  assertDecodeError(() => decodeWbxml(octets), 'LIMIT', /content of more than/);
});

test('documents within documents are explained one level deep', () => {
  let octets = concatBytes(head, hexToBytes('4f01'));
  for (let level = 0; level < 3000; level += 1) {
    octets = new ByteWriter()
      .bytes(head)
      .u8(0x4f)
      .u8(0xc3)
      .uintvar(octets.length)
      .bytes(octets)
      .u8(1)
      .finish();
  }
  let lines = 0;
  decodeWbxml(octets, {
    annotate: () => {
      lines += 1;
    },
  });
  assert.equal(lines, 4 + 3 + 4 + 3);
});

test('as many elements, levels and attributes as the limits allow', () => {
  const wide = concatBytes(head, hexToBytes('6d'), times(99_999, '2b'), hexToBytes('01'));
  assert.equal(decodeWbxml(wide).root.children.length, 99_999);
  const deep = concatBytes(head, times(1000, '6d'), times(1000, '01'));
  const { root } = decodeWbxml(deep, { limits: { maxDepth: 1000 } });
  assert.equal(
    valueOrDecodeError(() => writeXml(root))?.length,
    999 * 17 + '<SyncML xmlns="SYNCML:SYNCML1.2"/>'.length,
  );
  const xml = `<a>${'<b/>'.repeat(99_999)}</a>`;
  assert.equal(embeddedTree(xml).children.length, 99_999);
  assertDecodeError(() => embeddedTree(`<a>${'<b/>'.repeat(100_000)}</a>`), 'LIMIT', /100000 elements/);
});

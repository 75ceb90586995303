// What Data is on its way, and how Meta/Size counts it (DM-PRO-1.2, large objects).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Item, MessageForm, Meta } from '../../../src/codec/syncml/index.ts';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { base64Length, carriedData, transmittedSize } from '../../../src/session/message/carried-data.ts';

const text = utf8ToBytes('abcd');
const carried = (data: Item['data'], form: MessageForm, meta?: Meta, ofItem?: Meta) =>
  carriedData(
    { ...(data === undefined ? {} : { data }), ...(ofItem === undefined ? {} : { meta: ofItem }) },
    meta,
    form,
  );

test('octets that a text stands for are that text in XML, and octets in WBXML', () => {
  assert.equal(carried(text, 'xml'), 'abcd');
  assert.equal(carried(text, 'wbxml'), text);
  const none = Uint8Array.of(0xff);
  assert.equal(carried(none, 'xml'), none, 'whoever writes it will say what is wrong');
});

test('octets stay octets where XML has Base64: of Format bin, and WBXML TNDS by its Type', () => {
  assert.equal(carried(text, 'xml', { format: 'bin' }), text);
  assert.equal(carried(text, 'xml', {}, { format: 'bin' }), text);
  assert.equal(carried(text, 'xml', { type: 'application/vnd.syncml.dmtnds+wbxml' }), text);
  assert.equal(carried(text, 'xml', { type: 'text/plain' }), 'abcd');
});

test('a text of Format bin goes as its octets, and any other as it is', () => {
  for (const form of ['xml', 'wbxml'] as const) {
    assert.deepEqual(carried('abcd', form, { format: 'bin' }), text);
    assert.equal(carried('abcd', form, { format: 'chr' }), 'abcd');
  }
});

test('neither no Data nor an embedded document is cut', () => {
  assert.equal(carried(undefined, 'xml'), undefined);
  const element = { name: 'A', namespace: '', attributes: [], children: [] };
  assert.equal(carried(element, 'xml'), undefined);
});

test('Meta/Size counts octets as they travel: Base64 in XML, themselves in WBXML, texts in UTF-8', () => {
  const octets = new Uint8Array(10);
  assert.equal(transmittedSize(octets, 'xml'), 16);
  assert.equal(transmittedSize(octets, 'wbxml'), 10);
  for (const form of ['xml', 'wbxml'] as const) assert.equal(transmittedSize('aü€', form), 6);
  assert.deepEqual([0, 1, 2, 3, 4].map(base64Length), [0, 4, 4, 4, 8]);
});

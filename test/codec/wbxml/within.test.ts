// A document with white space around it, as libwbxml writes one that stood indented in XML.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { embeddedTree } from '../../../src/codec/syncml/index.ts';
import { readTnds, writeTnds } from '../../../src/codec/tnds/index.ts';
import { wbxmlWithin } from '../../../src/codec/wbxml/index.ts';

const document = writeTnds(
  {
    verDtd: '1.2',
    nodes: [{ name: 'A', nodes: [], properties: { format: 'node', type: { mime: 'text/plain' } } }],
  },
  'wbxml',
);
const around = (before: string, after: string) =>
  new Uint8Array([...Buffer.from(before), ...document, ...Buffer.from(after)]);

describe('white space around a WBXML document', () => {
  it('is left out, before and behind', () => {
    for (const [before, after] of [
      ['', '\n      '],
      ['\r\n\t', ''],
      [' ', ' '],
    ] as const) {
      assert.deepEqual(wbxmlWithin(around(before, after)), document);
      assert.equal(readTnds(around(before, after)).nodes[0]?.name, 'A');
      assert.equal(embeddedTree(around(before, after)).name, 'MgmtTree');
    }
  });

  it('is no reason to take XML or nothing for WBXML', () => {
    for (const text of ['', ' \n', '\n<MgmtTree/>']) assert.equal(wbxmlWithin(Buffer.from(text)), undefined);
  });
});

// What `decode` can say about each token.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { bytesToHex, hexToBytes } from '../../../src/core/index.ts';
import { vector } from './support.ts';

function explain(hex: string): string[] {
  const octets = hexToBytes(hex);
  const lines: string[] = [];
  decodeWbxml(octets, {
    meaningless: 'skip',
    annotate: ({ offset, length, field, value, meaning, section }) => {
      assert.match(section, /^WBXML-1\.3 §5\.\d/);
      const shown = bytesToHex(octets.subarray(offset, offset + length)).slice(0, 8);
      lines.push(`${offset} ${shown} ${field} ${value} | ${meaning}`);
    },
  });
  return lines;
}

test('one line a token: header, pages, tags, text', () => {
  assert.deepEqual(explain(vector('E. tree inline on page 2').hex), [
    '0 02 version 1.2 | ',
    '1 a401 publicId 0x1201 | -//SYNCML//DTD SyncML 1.2//EN',
    '3 6a charset 106 | utf-8',
    '4 00 stringTableLength 0 | ',
    '5 6d tag <SyncML> | SyncML tag, with content',
    '6 6b tag <SyncBody> | SyncML tag, with content',
    '7 45 tag <Add> | SyncML tag, with content',
    '8 4b tag <CmdID> | SyncML tag, with content',
    '9 033100 STR_I 1 | text of CmdID',
    '12 01 END </CmdID> | ',
    '13 54 tag <Item> | SyncML tag, with content',
    '14 4f tag <Data> | SyncML tag, with content',
    '15 0002 SWITCH_PAGE 2 | DM DDF tags follow',
    '17 60 tag <MgmtTree> | DM DDF tag, with content',
    '18 77 tag <VerDTD> | DM DDF tag, with content',
    '19 03312e32 STR_I 1.2 | text of VerDTD',
    '24 01 END </VerDTD> | ',
    '25 01 END </MgmtTree> | ',
    '26 01 END </Data> | ',
    '27 01 END </Item> | ',
    '28 01 END </Add> | ',
    '29 0000 SWITCH_PAGE 0 | SyncML tags follow',
    '31 12 tag <Final/> | SyncML tag',
    '32 01 END </SyncBody> | ',
    '33 01 END </SyncML> | ',
  ]);
});

test('a document inside OPAQUE is explained in place', () => {
  const lines = explain(vector('D. Add to ./Inbox, the tree as a WBXML document in OPAQUE').hex);
  const at = lines.findIndex((line) => line.includes('OPAQUE'));
  assert.deepEqual(lines.slice(at, at + 6), [
    '159 c37f OPAQUE  | 127 octets of Data: a WBXML document',
    '161 02 version 1.2 | ',
    '162 0000 publicId -//OMA//DTD-DM-DDF 1.2//EN | from the string table',
    '164 6a charset 106 | utf-8',
    '165 1b stringTableLength 27 | ',
    '166 2d2f2f4f string -//OMA//DTD-DM-DDF 1.2//EN | string 0',
  ]);
  assert.equal(lines.at(-1), '293 01 END </SyncML> | ');
});

test('literals, attributes, references, characters, extensions, octets', () => {
  assert.deepEqual(explain('02a4016a0461006200 c4 00 04 02 83 00 01 02 2b c0 c3 02 ff00 00 07 01').slice(6), [
    '9 c400 LITERAL_AC <a> | tag by name, with attributes and content',
    '11 0402 LITERAL b | attribute by name',
    '13 8300 STR_T a | attribute value',
    '15 01 END  | end of the attributes',
    '16 022b ENTITY + | character of a',
    '18 c0 EXT_0 no argument | extension, skipped',
    '19 c302ff00 OPAQUE ff00 | 2 octets of a',
    '23 0007 SWITCH_PAGE 7 | a code page that is not known',
    '25 01 END </a> | ',
  ]);
});

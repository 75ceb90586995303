// One round of our codecs over one DM message, as one process: `wbxml.ts SPEC`, a `WbxmlSpec` as JSON; prints a `WbxmlCount`
// on its last line.
import { readFileSync } from 'node:fs';
import { readMessage, writeMessage } from '../../src/codec/syncml/index.ts';
import { decodeWbxml, encodeWbxml } from '../../src/codec/wbxml/index.ts';
import { readXml, writeXml } from '../../src/codec/xml/index.ts';
import { utf8ToBytes } from '../../src/core/index.ts';
import { type DmDocumentName, dmDocuments } from '../lib/dm-documents.ts';

/** What is done with the message. */
export type WbxmlWork =
  | 'wbxml-to-typed'
  | 'typed-to-wbxml'
  | 'wbxml-to-xml'
  | 'xml-to-wbxml'
  | 'xml-to-typed';

/** What is measured. */
export interface WbxmlSpec {
  readonly document: DmDocumentName;
  readonly work: WbxmlWork;
  /** Its WBXML; absent: as we write it. */
  readonly wbxml?: string;
  /** How long to measure, in milliseconds of processor time. */
  readonly ms: number;
}

/** What came of it. */
export interface WbxmlCount {
  readonly perSecond: number;
}

const { document, work, wbxml, ms } = JSON.parse(process.argv[2] ?? '') as WbxmlSpec;
const xml = utf8ToBytes(dmDocuments[document]);
const octets =
  wbxml === undefined
    ? encodeWbxml(readXml(xml, { doctype: 'ignore' }))
    : new Uint8Array(readFileSync(wbxml));
const typed = readMessage(octets, 'wbxml');

const does: Readonly<Record<WbxmlWork, () => unknown>> = {
  'wbxml-to-typed': () => readMessage(octets, 'wbxml'),
  'typed-to-wbxml': () => writeMessage(typed, 'wbxml'),
  'wbxml-to-xml': () => writeXml(decodeWbxml(octets, { language: 'syncml' }).root, { declaration: true }),
  'xml-to-wbxml': () => encodeWbxml(readXml(xml, { doctype: 'ignore' })),
  'xml-to-typed': () => readMessage(xml, 'xml'),
};
const once = does[work];

/** Times in a row that are measured at once. */
const row = 500;
let times = 0;
let spentMs = 0;
// As long again, and half of it, for the engine to see what is worth compiling.
measure(ms * 1.5);
times = 0;
spentMs = 0;
measure(ms);
const count: WbxmlCount = { perSecond: (times / spentMs) * 1000 };
console.log(JSON.stringify(count));

function measure(until: number): void {
  while (spentMs < until) {
    const begin = process.cpuUsage();
    for (let at = 0; at < row; at += 1) once();
    const { user, system } = process.cpuUsage(begin);
    spentMs += (user + system) / 1000;
    times += row;
  }
}

// Recorded sessions: what a deployed client sends, posted to a whole server over HTTP, and every answer compared as a whole.
// None of the project's code makes a message or reads an answer here: XML is text, WBXML is made and read by libwbxml.
import assert from 'node:assert/strict';
import type { Answer, ForeignBench, PostOptions } from '../../server/foreign-client.ts';
import { wbxml2xml, xml2wbxml } from '../libwbxml-tools.ts';

export const xmlType = 'application/vnd.syncml.dm+xml';
export const wbxmlType = 'application/vnd.syncml.dm+wbxml';

/** One message of the client and what the server answers. */
export interface Exchange {
  readonly client: string | Uint8Array;
  readonly post?: PostOptions;
  /** Content of SyncBody, as `bodyOf` gives it. */
  readonly server: string;
}

/** An answer with its XML, whichever way it came. */
export type Played = Answer & { readonly xml: string };

/** Posts a message, and compares the answer's body. */
export async function play({ post }: ForeignBench, exchange: Exchange): Promise<Played> {
  const answer = await post(exchange.client, exchange.post);
  assert.equal(answer.status, 200, answer.text);
  const xml = answer.type?.includes('wbxml') === true ? fromWbxml(answer.octets) : answer.text;
  assert.equal(bodyOf(xml), exchange.server);
  return { ...answer, xml, text: xml };
}

/**
 * The content of SyncBody in one spelling: without declarations of MetInf and without TargetRef and SourceRef, nonces by
 * name. Everything else is as it came, so an element too many, or in another order, is a difference.
 */
export function bodyOf(xml: string): string {
  const body =
    /<SyncBody>(.*)<\/SyncBody>/s.exec(xml)?.[1] ?? assert.fail(`no SyncBody: ${xml.slice(0, 200)}`);
  return body
    .replace(/ xmlns="syncml:metinf"/g, '')
    .replace(/<!\[CDATA\[([^\]<&]*)\]\]>/g, '$1')
    .replace(/(<NextNonce>)[^<]+(<)/g, '$1…$2')
    .replace(/<(TargetRef|SourceRef)>[^<]*<\/\1>/g, '')
    .replace(/>\s+</g, '><');
}

/** The content of SyncHdr, without what differs from run to run. */
export function headerOf(xml: string): string {
  const header =
    /<SyncHdr>(.*)<\/SyncHdr>/s.exec(xml)?.[1] ?? assert.fail(`no SyncHdr: ${xml.slice(0, 200)}`);
  return header
    .replace(/ xmlns="syncml:metinf"/g, '')
    .replace(/(\?s=)[0-9a-f]+/g, '$1…')
    .replace(/>\s+</g, '><');
}

/** WBXML as libwbxml writes it. */
export function toWbxml(xml: string, version = '1.2', stringTable = false): Uint8Array {
  return xml2wbxml(xml, version, stringTable);
}

/** XML that libwbxml makes of an answer. */
export const fromWbxml = (octets: Uint8Array): string => Buffer.from(wbxml2xml(octets)).toString('utf8');

const identifier = '-//SYNCML//DTD SyncML 1.2//EN';

/**
 * The same document under the header that the SyncML reference toolkit writes, as the AOSP engine does: the public
 * identifier as text in the string table, without the NUL that belongs behind it.
 */
export function withToolkitHeader(octets: Uint8Array): Uint8Array {
  const head = Buffer.from(octets.subarray(0, 5)).toString('hex');
  assert.equal(
    head,
    '02a4016a00',
    'libwbxml writes version 1.2, public identifier 0x1201, UTF-8, no string table',
  );
  const start = Buffer.from([0x02, 0x00, 0x00, 0x6a, identifier.length]);
  return Buffer.concat([start, Buffer.from(identifier), octets.subarray(5)]);
}

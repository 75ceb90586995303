// Media types of DM messages, and the encoding that the octets themselves show.
import { mediaTypes } from './codes.ts';
import type { MessageForm } from './parse-context.ts';

/** Types that clients and servers give to DM messages, with what each says of the encoding. The first two are DM's own. */
const messageTypes: ReadonlyMap<string, MessageForm> = new Map([
  [mediaTypes.dmXml, 'xml'],
  [mediaTypes.dmWbxml, 'wbxml'],
  ['application/vnd.syncml+xml', 'xml'],
  ['application/vnd.syncml+wbxml', 'wbxml'],
  ['text/xml', 'xml'],
]);

/**
 * The encoding of a message: what its octets show, else what its Content-Type says, parameters ignored. Deployed clients
 * name the types of data synchronisation and `text/xml`, and some none at all; `undefined` for any other type, and for
 * octets without a type that are no message.
 */
export function messageForm(
  contentType: string | undefined,
  body: Uint8Array = new Uint8Array(0),
): MessageForm | undefined {
  const type = mediaType(contentType);
  if (type === '') return shownForm(body);
  const named = messageTypes.get(type);
  return named === undefined ? undefined : (shownForm(body) ?? named);
}

/** Content-Type of a message in that encoding. `asked`: the type of what it answers, which is kept where it fits. */
export function messageContentType(form: MessageForm, asked?: string): string {
  const wanted = mediaType(asked);
  const usual = form === 'xml' ? mediaTypes.dmXml : mediaTypes.dmWbxml;
  const type = messageTypes.get(wanted) === form ? wanted : usual;
  return form === 'xml' ? `${type}; charset=utf-8` : type;
}

/** True for the type that DM has for messages of that encoding. */
export function isUsualType(contentType: string | undefined, form: MessageForm | undefined): boolean {
  return mediaType(contentType) === (form === 'xml' ? mediaTypes.dmXml : mediaTypes.dmWbxml);
}

/** A Content-Type without its parameters, in lower case. */
function mediaType(contentType = ''): string {
  const semicolon = contentType.indexOf(';');
  return (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
}

const whiteSpace: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Where a document begins in octets that may have white space before it. */
export function documentStart(octets: Uint8Array): number {
  let start = 0;
  while (whiteSpace.has(octets[start])) start += 1;
  return start;
}

/** XML begins with `<` or a byte order mark, WBXML with its version, of which the first octet says 1.x. */
function shownForm(octets: Uint8Array): MessageForm | undefined {
  const start = documentStart(octets);
  const first = octets[start];
  const second = octets[start + 1];
  if (first === 0x3c || (first === 0xef && second === 0xbb)) return 'xml';
  if ((first === 0xfe && second === 0xff) || (first === 0xff && second === 0xfe)) return 'xml';
  if (first === 0x00 && second === 0x3c) return 'xml';
  return first !== undefined && first <= 0x03 ? 'wbxml' : undefined;
}

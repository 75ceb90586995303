// PAP: a control document alone or with its content, as the body of a request is. Fields have the place of their element.
import { mimeHeader, type ReadPapEntities, readHeaderBlock, readPapEntities } from '../../codec/pap/index.ts';
import { readXml } from '../../codec/xml/index.ts';
import { takeEntity } from './entity-layer.ts';
import { addLayer, type Decoding, lengthOf, part, type Span, shifted, spanOf } from './findings.ts';
import { xmlPlaces } from './xml-places.ts';

/** Reads a document, a multipart body, or one with the header fields (and the request line) before it. @throws {DecodeError} */
export function takePap(span: Span, decoding: Decoding): void {
  const { layer, annotate } = addLayer(decoding, span, 'pap', `PAP (${lengthOf(span)} octets)`);
  const octets = span.octets.subarray(span.start);
  const { contentType, bodyOffset } = headOf(octets);
  const at = span.start + bodyOffset;
  const body = span.octets.subarray(at);
  const entities = shifted(at, () => readPapEntities(contentType, body, { unknown: 'ignore' }));
  const { message } = entities.document;
  layer.title = `PAP ${message.element} (${lengthOf(span)} octets)`;
  // Fields of a document stand in attributes and elements below this one.
  const place = xmlPlaces(body).find(({ path }) => path.split('.').at(-1) === message.element);
  for (const [field, value] of Object.entries(message)) {
    const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
    const stands = { offset: at + (place?.offset ?? 0), length: place?.length ?? 0 };
    annotate({ ...stands, field, value: shown, meaning: `in ${message.element}`, section: 'PAP 2.0 §9' });
  }
  if (entities.content === undefined) {
    if (contentType === undefined || !/multipart/i.test(contentType)) {
      const root = readXml(body, { doctype: 'ignore', internalSubset: 'instructions' });
      decoding.findings.payload = { kind: 'document', type: 'pap', form: 'xml', root };
    }
    return;
  }
  takeContent(span, entities.content, decoding);
}

function takeContent(span: Span, content: NonNullable<ReadPapEntities['content']>, decoding: Decoding): void {
  const { body, headers } = content;
  const offset = body.byteOffset - span.octets.byteOffset;
  const inside =
    body.buffer === span.octets.buffer && offset >= span.start && offset + body.length <= span.octets.length;
  const inner = inside ? part(span, offset, offset + body.length) : spanOf(body, 'reassembled');
  takeEntity(inner, { contentType: mimeHeader(headers, 'content-type') ?? '' }, decoding);
}

/** The Content-Type of the header fields that stand before the body, or of the boundary that it begins with. */
function headOf(octets: Uint8Array): {
  readonly contentType: string | undefined;
  readonly bodyOffset: number;
} {
  const start = String.fromCharCode(...octets.subarray(0, 1024));
  const boundary = /^\s*--([^\s"]{1,70})\r?\n/.exec(start)?.[1];
  if (boundary !== undefined) {
    return {
      contentType: `multipart/related; boundary="${boundary}"; type="application/xml"`,
      bodyOffset: 0,
    };
  }
  const line =
    /^[A-Z]+ \S+ HTTP\/1\.[01]\r\n|^HTTP\/1\.[01] [0-9]{3}[^\r\n]*\r\n/.exec(start)?.[0].length ?? 0;
  if (line === 0 && !/^[\w-]+:/.test(start)) return { contentType: undefined, bodyOffset: 0 };
  const { headers, end } = readHeaderBlock(octets, line, 'headers');
  return { contentType: mimeHeader(headers, 'content-type'), bodyOffset: end };
}

/** Octets in which the first element of a control document stands, behind the header fields of a request. */
const longestHead = 8192;

/** Whether octets begin like a body of PAP: a multipart one, with or without header fields, or the document itself. */
export function isPap(octets: Uint8Array): boolean {
  const start = String.fromCharCode(...octets.subarray(0, longestHead));
  if (/^\s*--\S+\r\n[\w-]+:/.test(start)) return true;
  if (/^(?:[A-Z]+ \S+ HTTP\/1|HTTP\/1|Content-Type:)/i.test(start)) {
    // Other XML comes over HTTP too, and answers without a body.
    return (
      /multipart\/related|application\/xml|text\/xml/i.test(start) &&
      /<pap[\s>]|<!DOCTYPE\s+pap\b/.test(start)
    );
  }
  return /^\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE\s+pap\b[^[>]*(?:\[[^\]]*\])?\s*>\s*)?<pap[\s>]/.test(start);
}

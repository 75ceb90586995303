// SIP messages; what they carry is read by its Content-Type.
import { decodeSipMessage, readMediaType, singleField } from '../../codec/sip/index.ts';
import { dmContentKind } from '../../codec/wsp/index.ts';
import { takeBody, takeForeignBody } from './body-layer.ts';
import { addLayer, type Decoding, lengthOf, part, type Span } from './findings.ts';

/** Reads a message. @throws {DecodeError} */
export function takeSip(span: Span, decoding: Decoding): void {
  const { octets, start } = span;
  const { layer, annotate } = addLayer(decoding, span, 'sip', `SIP (${lengthOf(span)} octets)`);
  let bodyOffset = octets.length;
  const message = decodeSipMessage(octets, {
    start,
    annotate: (annotation) => {
      if (annotation.field === 'body') bodyOffset = annotation.offset;
      annotate(annotation);
    },
  });
  const what = message.kind === 'request' ? `request ${message.method}` : `response ${message.status}`;
  layer.title = `SIP ${what.slice(0, 60)} (${lengthOf(span)} octets)`;
  if (message.body.length === 0) return;
  const body = part(span, bodyOffset, bodyOffset + message.body.length);
  const field = singleField(message, 'Content-Type');
  const mime = field === undefined ? '' : readMediaType(field).mime;
  if (dmContentKind({ mime }) === undefined) takeForeignBody(body, mime, decoding);
  else takeBody(body, { mime }, decoding);
}

/** Whether octets begin like a SIP message. */
export function isSip(octets: Uint8Array): boolean {
  const start = String.fromCharCode(...octets.subarray(0, 600));
  return /^\s*(?:SIP\/[0-9.]+ [0-9]{3} |[A-Z]{2,20} \S+ SIP\/[0-9.]+\s)/i.test(start);
}

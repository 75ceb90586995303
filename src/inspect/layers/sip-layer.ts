// SIP messages; what they carry is read by its Content-Type.
import { decodeSipMessage, readMediaType, singleField } from '../../codec/sip/index.ts';
import { mendedHead, placed } from '../codings/bare-lines.ts';
import { takeEntity } from './entity-layer.ts';
import { addLayer, type Decoding, lengthOf, part, type Span } from './findings.ts';
import { tellBareLines } from './http-layer.ts';

/** Reads a message. @throws {DecodeError} */
export function takeSip(span: Span, decoding: Decoding): void {
  const { octets, start } = span;
  const { layer, annotate } = addLayer(decoding, span, 'sip', `SIP (${lengthOf(span)} octets)`);
  let bodyOffset = octets.length;
  const mended = mendedHead(octets, start);
  if (mended !== undefined) {
    tellBareLines(span, { ...mended, first: mended.first - start }, 'RFC 3261 §7', decoding);
  }
  const place = (offset: number): number => mended?.place(offset) ?? offset;
  const message = placed(mended, () =>
    decodeSipMessage(mended?.octets ?? octets, {
      start,
      annotate: (annotation) => {
        const offset = place(annotation.offset);
        if (annotation.field === 'body') bodyOffset = offset;
        annotate({ ...annotation, offset, length: place(annotation.offset + annotation.length) - offset });
      },
    }),
  );
  const what = message.kind === 'request' ? `request ${message.method}` : `response ${message.status}`;
  layer.title = `SIP ${what.slice(0, 60)} (${lengthOf(span)} octets)`;
  if (message.body.length === 0) return;
  const body = part(span, bodyOffset, bodyOffset + message.body.length);
  const field = singleField(message, 'Content-Type');
  if (field !== undefined) readMediaType(field);
  const encoding = singleField(message, 'Content-Encoding')?.text;
  takeEntity(body, { contentType: field?.text ?? '', encoding }, decoding);
}

/** Whether octets begin like a SIP message. */
export function isSip(octets: Uint8Array): boolean {
  const start = String.fromCharCode(...octets.subarray(0, 600));
  return /^\s*(?:SIP\/[0-9.]+ [0-9]{3} |[A-Z]{2,20} \S+ SIP\/[0-9.]+\s)/i.test(start);
}

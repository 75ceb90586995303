// HTTP requests and answers with their header fields; the body is read by its Content-Type (RFC 9112).
import { mimeHeader, readHeaderBlock } from '../../codec/pap/index.ts';
import { dmContentKind } from '../../codec/wsp/index.ts';
import { DecodeError } from '../../core/index.ts';
import { takeBody, takeForeignBody } from './body-layer.ts';
import { addContent, addLayer, type Decoding, lengthOf, part, type Span, shifted } from './findings.ts';

const startLine = /^(?:[A-Z]{2,20} \S+ HTTP\/1\.[01]|HTTP\/1\.[01] [0-9]{3}[^\r\n]*)\r\n/;

/** Reads one message. @throws {DecodeError} TRUNCATED for a body that is not whole */
export function takeHttp(span: Span, decoding: Decoding): void {
  const { layer, annotate } = addLayer(decoding, span, 'http', `HTTP (${lengthOf(span)} octets)`);
  const octets = span.octets.subarray(span.start);
  const line = lineOf(octets);
  if (line === '') throw httpError('BAD_VALUE', 'no request line and no status line', span.start, '3');
  const { headers, end } = shifted(span.start, () => readHeaderBlock(octets, line.length, 'headers'));
  const at = span.start + end;
  layer.title = `HTTP ${line.startsWith('HTTP/') ? 'answer' : 'request'} (${lengthOf(span)} octets)`;
  annotate({
    offset: span.start,
    length: line.length,
    field: 'startLine',
    value: line.trim(),
    meaning: '',
    section: 'RFC 9112 §2',
  });
  for (const [name, value] of headers) {
    annotate({
      offset: span.start + line.length,
      length: 0,
      field: name,
      value,
      meaning: '',
      section: 'RFC 9112 §5',
    });
  }
  const chunked = mimeHeader(headers, 'transfer-encoding') !== undefined;
  const said = mimeHeader(headers, 'content-length') ?? '';
  const length = /^[0-9]{1,9}$/.test(said) ? Number(said) : lengthOf(part(span, at));
  if (at + length > span.octets.length) {
    const detail = `says ${length} octets, and ${span.octets.length - at} are there`;
    throw httpError('TRUNCATED', detail, at, '6.2');
  }
  const body = part(span, at, at + length);
  if (length === 0) return;
  const mime = (mimeHeader(headers, 'content-type')?.split(';')[0] ?? '').trim().toLowerCase();
  if (chunked) addContent(decoding, body, `${mime} in chunks`);
  else if (dmContentKind({ mime }) === undefined) takeForeignBody(body, mime, decoding);
  else takeBody(body, { mime }, decoding);
}

/** Whether octets begin with the first line of a request or an answer. */
export function isHttp(octets: Uint8Array): boolean {
  return lineOf(octets) !== '';
}

function lineOf(octets: Uint8Array): string {
  return startLine.exec(String.fromCharCode(...octets.subarray(0, 4096)))?.[0] ?? '';
}

function httpError(
  code: 'TRUNCATED' | 'BAD_VALUE',
  detail: string,
  offset: number,
  section: string,
): DecodeError {
  return new DecodeError(code, detail, { path: 'body', offset, bit: 0 }, { doc: 'RFC 9112', section });
}

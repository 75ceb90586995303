// HTTP requests and answers with their header fields; the body is read by its Content-Type (RFC 9112).
import { mimeHeader, readHeaderBlock } from '../../codec/pap/index.ts';
import { concatBytes, DecodeError, joinBytes } from '../../core/index.ts';
import { type MendedHead, mendedHead, placed } from '../codings/bare-lines.ts';
import { type EntityType, fieldLines, takeEntity } from './entity-layer.ts';
import { addLayer, type Decoding, lengthOf, part, type Span, shifted, spanOf } from './findings.ts';

const startLine = /^(?:[A-Z]{2,20} \S+ HTTP\/1\.[01]|HTTP\/1\.[01] [0-9]{3}[^\r\n]*)\r?\n/;

/** Reads one message. @throws {DecodeError} TRUNCATED for a body that is not whole */
export function takeHttp(span: Span, decoding: Decoding): void {
  const { layer, annotate } = addLayer(decoding, span, 'http', `HTTP (${lengthOf(span)} octets)`);
  const given = span.octets.subarray(span.start);
  const mended = mendedHead(given);
  if (mended !== undefined) tellBareLines(span, mended, 'RFC 9112 §2.2', decoding);
  const octets = mended?.octets ?? given;
  const place = (offset: number): number => span.start + (mended?.place(offset) ?? offset);
  const line = lineOf(octets);
  if (line === '') throw httpError('BAD_VALUE', 'no request line and no status line', span.start, '3');
  const { headers, end } = shifted(span.start, () =>
    placed(mended, () => readHeaderBlock(octets, line.length, 'headers')),
  );
  const at = place(end);
  layer.title = `HTTP ${line.startsWith('HTTP/') ? 'answer' : 'request'} (${lengthOf(span)} octets)`;
  annotate({
    offset: span.start,
    length: place(line.length) - span.start,
    field: 'startLine',
    value: line.trim(),
    meaning: '',
    section: 'RFC 9112 §2',
  });
  const lines = fieldLines(octets, line.length, end);
  for (const [index, [name, value]] of headers.entries()) {
    const [from, until] = lines[index] ?? [end, end];
    annotate({
      offset: place(from),
      length: place(until) - place(from),
      field: name,
      value,
      meaning: '',
      section: 'RFC 9112 §5',
    });
  }
  // An answer to HEAD, and those of some numbers, say the length of a body that they do not have (RFC 9110 §8.6).
  const isBare = decoding.withoutBody === true || /^HTTP\/1\.[01] (?:1..|204|304)/.test(line);
  if (isBare && at === span.octets.length) return;
  const said = mimeHeader(headers, 'content-length') ?? '';
  const number = /^([0-9]{1,9})(?:\s*,\s*\1)*$/.exec(said)?.[1];
  const length = number === undefined ? lengthOf(part(span, at)) : Number(number);
  for (const [index, message] of doubtsOf(headers)) {
    const [from] = lines[index] ?? [0];
    const [, value] = headers[index] ?? ['', ''];
    const field = 'Content-Length';
    decoding.findings.deviations.push({
      field,
      offset: place(from),
      bit: 0,
      value,
      message,
      section: 'RFC 9112 §6.3',
    });
  }
  const type = {
    contentType: mimeHeader(headers, 'content-type') ?? '',
    encoding: mimeHeader(headers, 'content-encoding'),
  };
  if (mimeHeader(headers, 'transfer-encoding') !== undefined) {
    // Chunks say where they end, whatever length stands beside (RFC 9112 §6.3).
    const whole = shifted(at, () => withoutChunks(span.octets.subarray(at)));
    if (whole.length > 0) takeEntity(spanOf(whole, 'reassembled'), type, decoding);
    return;
  }
  const there = span.octets.length - at;
  const body = part(span, at, Math.min(at + length, span.octets.length));
  if (lengthOf(body) > 0) {
    // Of a body that is cut there is what is there.
    if (length > there) takeCut(body, type, decoding);
    else takeEntity(body, type, decoding);
  }
  if (length <= there) return;
  const hint = there === 0 && line.startsWith('HTTP/') ? ', as in an answer to HEAD' : '';
  throw httpError('TRUNCATED', `says ${length} octets, and ${there} are there${hint}`, at, '6.2');
}

/** Which fields of a length nobody can go by, and why: one server may take another message for it than the next one. */
function doubtsOf(headers: readonly (readonly [string, string])[]): readonly (readonly [number, string])[] {
  const lengths = headers.flatMap(([name, value], index) =>
    name.toLowerCase() === 'content-length'
      ? [{ index, values: value.split(',').map((each) => each.trim()) }]
      : [],
  );
  const [first] = lengths[0]?.values ?? [];
  const isChunked = headers.some(([name]) => name.toLowerCase() === 'transfer-encoding');
  return lengths.flatMap(({ index, values }): readonly (readonly [number, string])[] => {
    const other = values.find((each) => each !== first);
    if (other !== undefined)
      return [[index, `${other} stands beside ${first}: which of them holds is not known`]];
    if (isChunked) return [[index, 'stands beside Transfer-Encoding, which holds']];
    return values.every((each) => /^[0-9]+$/.test(each)) ? [] : [[index, `${first} is no length`]];
  });
}

/** Says that lines of a head end with LF alone. */
export function tellBareLines(
  { base, start }: Span,
  { missing, first }: MendedHead,
  section: string,
  { findings }: Decoding,
): void {
  const lines = missing === 1 ? 'a line ends' : `${missing} lines end`;
  findings.deviations.push({
    field: 'headers',
    offset: base + start + first,
    bit: 0,
    value: '0a',
    message: `${lines} with LF alone, and not with CR LF`,
    section,
  });
}

/** Reads as far as it goes; that it is cut is said by who knows it. */
function takeCut(body: Span, type: EntityType, decoding: Decoding): void {
  const { payload } = decoding.findings;
  try {
    takeEntity(body, type, decoding);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  if (payload === undefined) delete decoding.findings.payload;
  else decoding.findings.payload = payload;
}

/** A message whose body comes in chunks, with the body as it is without them; another one as it is. @throws {DecodeError} */
export function unchunked(octets: Uint8Array): Uint8Array {
  // With lines that end with LF alone it is no document of PAP that we read.
  if (mendedHead(octets) !== undefined) return octets;
  const { headers, end } = readHeaderBlock(octets, lineOf(octets).length, 'headers');
  if (mimeHeader(headers, 'transfer-encoding') === undefined) return octets;
  return concatBytes(
    octets.subarray(0, end),
    shifted(end, () => withoutChunks(octets.subarray(end))),
  );
}

/** What chunks hold together (RFC 9112 §7.1). @throws {DecodeError} */
export function withoutChunks(octets: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let at = 0; ; ) {
    const end = octets.indexOf(0x0a, at);
    const line = String.fromCharCode(...octets.subarray(at, Math.min(end, at + 4096)));
    const size = /^([0-9a-fA-F]{1,7})[ \t]*(?:;.*)?\r?$/.exec(line)?.[1];
    if (end < 0) throw httpError('TRUNCATED', 'ends before its last chunk', at, '7.1');
    if (size === undefined) throw httpError('BAD_VALUE', 'no size of a chunk', at, '7.1');
    const length = Number.parseInt(size, 16);
    if (length === 0) return joinBytes(chunks);
    if (end + 1 + length > octets.length) {
      throw httpError('TRUNCATED', `a chunk of ${length} octets, which is not whole`, at, '7.1');
    }
    chunks.push(octets.subarray(end + 1, end + 1 + length));
    at = end + 1 + length + 2;
  }
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

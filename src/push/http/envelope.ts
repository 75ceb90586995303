// The outer form of OTA-HTTP: a stored HTTP response as `application/http`, with the push's own headers and its content
// (OMA PushOTA).
import { type MimeHeader, mimeHeader, readHeaderBlock, writeHeaderBlock } from '../../codec/pap/index.ts';
import { bytesToDisplayText, concatBytes, DecodeError, utf8ToBytes } from '../../core/index.ts';

/** Media type of the envelope. */
export const envelopeType = 'application/http';

/** What is in an envelope. */
export interface Envelope {
  readonly headers: readonly MimeHeader[];
  readonly body: Uint8Array;
}

/** Octets of an envelope; Content-Length is added. @throws {ValueError} BAD_FORMAT for a header */
export function writeEnvelope({ headers, body }: Envelope): Uint8Array {
  const all: MimeHeader[] = [...headers, ['Content-Length', String(body.length)]];
  return concatBytes(utf8ToBytes(`HTTP/1.1 200 OK\r\n${writeHeaderBlock(all)}`), body);
}

/** Octets of a status line, at most. */
const maxStatusLine = 256;

/**
 * Reads an envelope. A Content-Length within has to fit the octets that are there.
 * @throws {DecodeError} TRUNCATED, TRAILING, BAD_VALUE; UNSUPPORTED for a response other than 2xx or one in chunks
 */
export function readEnvelope(octets: Uint8Array): Envelope {
  const lineEnd = octets.subarray(0, maxStatusLine).indexOf(0x0a);
  const line = bytesToDisplayText(octets.subarray(0, Math.max(lineEnd, 0)));
  const match = /^HTTP\/1\.[01] ([0-9]{3})(?: [^\r\n]*)?\r$/.exec(line);
  if (match?.[1] === undefined) {
    throw badEnvelope(
      octets.length === 0 ? 'TRUNCATED' : 'BAD_VALUE',
      'does not begin with a status line',
      0,
    );
  }
  if (!match[1].startsWith('2')) throw badEnvelope('UNSUPPORTED', `holds a response of ${match[1]}`, 9);
  const { headers, end } = readHeaderBlock(octets, lineEnd + 1, 'application/http');
  if (mimeHeader(headers, 'transfer-encoding') !== undefined) {
    throw badEnvelope('UNSUPPORTED', 'has a transfer encoding', end);
  }
  const length = mimeHeader(headers, 'content-length');
  const body = octets.subarray(end);
  if (length !== undefined && length !== String(body.length)) {
    const code = !/^[0-9]{1,10}$/.test(length)
      ? 'BAD_VALUE'
      : Number(length) > body.length
        ? 'TRUNCATED'
        : 'TRAILING';
    throw badEnvelope(code, `Content-Length is not the ${body.length} octets that are there`, end);
  }
  return { headers, body };
}

function badEnvelope(
  code: 'TRUNCATED' | 'TRAILING' | 'BAD_VALUE' | 'UNSUPPORTED',
  detail: string,
  offset: number,
): DecodeError {
  return new DecodeError(
    code,
    detail,
    { path: envelopeType, offset, bit: 0 },
    { doc: 'RFC-9112', section: '10.2' },
  );
}

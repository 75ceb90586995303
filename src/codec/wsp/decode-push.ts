// Takes a connectionless WSP push apart: TID, type, HeadersLen, Content-Type, headers, data (WSP §8.2.4.1).
import { type Annotate, ByteReader } from '../../core/index.ts';
import { pduTypeNames, pduTypes } from './assigned-numbers.ts';
import { readContentType, type WspContentType } from './content-type.ts';
import { readHeaders, type WspHeader } from './headers.ts';
import { integerOf, showValue } from './value.ts';

/** A WSP PDU as read. */
export interface WspPush {
  /** TID, 0–255: chosen by the sender, at most a hint at duplicates. */
  readonly transactionId: number;
  /** 6 for Push. A PDU that is neither Push nor ConfirmedPush is not read beyond its type. */
  readonly pduType: number;
  readonly contentType: WspContentType;
  /** Every X-Wap-Application-Id in order: numbers, or texts as sent. */
  readonly applicationIds: readonly (number | string)[];
  /** All headers after the Content-Type, in order. */
  readonly headers: readonly WspHeader[];
  /** What is pushed, as a view into the input. */
  readonly body: Uint8Array;
  /** Octet offset of the body in the input. */
  readonly bodyOffset: number;
}

/** How to read a PDU. */
export interface DecodePushOptions {
  /** Called for each field. */
  readonly annotate?: Annotate | undefined;
  /** Octet of the input at which the PDU starts; default 0. Offsets count from the start of the input all the same. */
  readonly start?: number | undefined;
}

/**
 * Reads the PDU that fills a datagram from `start` to its end.
 * @throws {DecodeError} TRUNCATED, BAD_VALUE, or LIMIT beyond 256 headers
 */
export function decodePush(bytes: Uint8Array, options: DecodePushOptions = {}): WspPush {
  const { annotate } = options;
  const reader = new ByteReader(bytes, 'WSP', options.start ?? 0);
  const start = reader.offset;
  const transactionId = reader.u8('transactionId', '8.2.1');
  const pduType = reader.u8('pduType', '8.2.1');
  const known = pduTypeName(pduType);
  annotate?.({
    offset: start,
    length: 1,
    field: 'transactionId',
    value: String(transactionId),
    meaning: 'TID, chosen by the sender',
    section: 'WSP §8.2.1',
  });
  annotate?.({
    offset: start + 1,
    length: 1,
    field: 'pduType',
    value: `0x${hexOctet(pduType)}`,
    meaning: known ?? `${pduTypeNames.get(pduType) ?? 'a type that is not assigned'}, not a push`,
    section: 'WSP §8.2.1',
  });
  if (known === undefined) {
    const bodyOffset = reader.offset;
    const contentType = { parameters: {} };
    const body = reader.rest();
    return { transactionId, pduType, contentType, applicationIds: [], headers: [], body, bodyOffset };
  }
  const lengthOffset = reader.offset;
  const length = reader.uintvar('headersLength', '8.2.4.1');
  if (length === 0) {
    const detail = 'is 0, which leaves no room for the Content-Type';
    throw reader.error('BAD_VALUE', detail, 'headersLength', '8.2.4.1', lengthOffset);
  }
  annotate?.({
    offset: lengthOffset,
    length: reader.offset - lengthOffset,
    field: 'headersLength',
    value: String(length),
    meaning: 'octets of Content-Type and headers',
    section: 'WSP §8.2.4.1',
  });
  const inner = reader.sub(length, 'headersLength', '8.2.4.1');
  const contentType = readContentType(inner, annotate);
  const headers = readHeaders(inner, annotate);
  const bodyOffset = reader.offset;
  const body = reader.rest();
  annotate?.({
    offset: bodyOffset,
    length: body.length,
    field: 'body',
    value: `${body.length} octets`,
    meaning: contentType.mime ?? '',
    section: 'WSP §8.2.4.1',
  });
  return {
    transactionId,
    pduType,
    contentType,
    applicationIds: applicationIdsOf(headers),
    headers,
    body,
    bodyOffset,
  };
}

/** Name of a push PDU's type, or `undefined` for another PDU. */
export function pduTypeName(pduType: number): string | undefined {
  if (pduType === pduTypes.push) return 'Push';
  return pduType === pduTypes.confirmedPush ? 'ConfirmedPush' : undefined;
}

/** Two upper-case hex digits. */
export function hexOctet(octet: number): string {
  return octet.toString(16).toUpperCase().padStart(2, '0');
}

function applicationIdsOf(headers: readonly WspHeader[]): readonly (number | string)[] {
  const ids: (number | string)[] = [];
  for (const { name, page, value } of headers) {
    if (page === undefined && name.toLowerCase() === 'x-wap-application-id') {
      ids.push(typeof value === 'string' ? value : (integerOf(value) ?? showValue(value)));
    }
  }
  return ids;
}

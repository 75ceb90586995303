// Records: what a datagram is made of (WTLS §9.2). Each begins with an octet of four flags and the content type.
import { type Annotate, ByteReader, ByteWriter, bytesToHex, ValueError } from '../../core/index.ts';
import { recordTypeName } from './code-points.ts';
import { wtlsDocument } from './document.ts';

/** Bits of a record's first octet. */
const flags = { length: 0x80, sequenceNumber: 0x40, ciphered: 0x20, reserved: 0x10, contentType: 0x0f };

/** A record as read. */
export interface WtlsRecord {
  /** One of `recordTypes`, or an unknown number 0–15. */
  readonly contentType: number;
  /** True when the fragment is protected by the keys of the handshake. */
  readonly ciphered: boolean;
  /** 0–65535; absent without explicit numbering. */
  readonly sequenceNumber: number | undefined;
  /** What is carried, as a view into the input. */
  readonly fragment: Uint8Array;
  /** Octet of the input at which the fragment starts. */
  readonly fragmentOffset: number;
  /** The first octet with all its flags: the MAC covers it. */
  readonly typeOctet: number;
  /** The whole record, as a view into the input. */
  readonly octets: Uint8Array;
}

/** A record to write. */
export interface RecordInput {
  readonly contentType: number;
  readonly ciphered: boolean;
  /** 0–65535. */
  readonly sequenceNumber: number;
  /** Up to 65 535 octets. */
  readonly fragment: Uint8Array;
}

/** How to read octets of WTLS. */
export interface WtlsDecodeOptions {
  /** Called for each field. */
  readonly annotate?: Annotate | undefined;
  /** Octet of the input at which to start; default 0. Offsets count from the start of the input all the same. */
  readonly start?: number | undefined;
}

/** Octets before the fragment in the records that we write. */
export const recordHeaderOctets = 5;

/** Most records that are read from one datagram. */
export const maximumRecords = 64;

/** The first octet of the records that we write: always with length and sequence number. */
export function recordTypeOctet(contentType: number, ciphered: boolean): number {
  return flags.length | flags.sequenceNumber | (ciphered ? flags.ciphered : 0) | contentType;
}

/** Octets of a record. @throws {ValueError} OUT_OF_RANGE, or TOO_LONG for the fragment */
export function encodeRecord(record: RecordInput): Uint8Array {
  const { contentType, ciphered, sequenceNumber, fragment } = record;
  const spec = { doc: wtlsDocument, section: '9.2' };
  if (!isUint(contentType, 15)) {
    throw new ValueError('OUT_OF_RANGE', 'must be an integer from 0 to 15', 'contentType', spec);
  }
  if (!isUint(sequenceNumber, 0xffff)) {
    throw new ValueError('OUT_OF_RANGE', 'must be an integer from 0 to 65535', 'sequenceNumber', spec);
  }
  if (fragment.length > 0xffff) {
    throw new ValueError('TOO_LONG', `${fragment.length} octets, at most 65535 fit`, 'fragment', spec);
  }
  return new ByteWriter(recordHeaderOctets + fragment.length)
    .u8(recordTypeOctet(contentType, ciphered))
    .uint(sequenceNumber, 2)
    .uint(fragment.length, 2)
    .bytes(fragment)
    .release();
}

/**
 * The records that fill a datagram; the last one may come without its length.
 * @throws {DecodeError} TRUNCATED, also for a datagram without any; LIMIT beyond 64 records
 */
export function decodeRecords(bytes: Uint8Array, options: WtlsDecodeOptions = {}): readonly WtlsRecord[] {
  const reader = new ByteReader(bytes, wtlsDocument, options.start ?? 0);
  const records: WtlsRecord[] = [];
  do {
    if (records.length >= maximumRecords) {
      throw reader.error('LIMIT', `more than ${maximumRecords} records in a datagram`, 'record', '9.2');
    }
    records.push(readRecord(bytes, reader, options.annotate));
  } while (reader.left > 0);
  return records;
}

/** A copy that outlives the datagram's buffer. */
export function detached(record: WtlsRecord): WtlsRecord {
  const octets = record.octets.slice();
  const fragmentOffset = octets.length - record.fragment.length;
  return { ...record, octets, fragment: octets.subarray(fragmentOffset), fragmentOffset };
}

function readRecord(bytes: Uint8Array, reader: ByteReader, annotate: Annotate | undefined): WtlsRecord {
  const section = `${wtlsDocument} §9.2`;
  const start = reader.offset;
  const typeOctet = reader.u8('record.type', '9.2');
  const contentType = typeOctet & flags.contentType;
  const ciphered = (typeOctet & flags.ciphered) !== 0;
  if (annotate !== undefined) annotateType(annotate, start, typeOctet);
  let sequenceNumber: number | undefined;
  if ((typeOctet & flags.sequenceNumber) !== 0) {
    const offset = reader.offset;
    sequenceNumber = reader.uint(2, 'record.sequenceNumber', '9.2');
    const value = String(sequenceNumber);
    annotate?.({ offset, length: 2, field: 'record.sequenceNumber', value, meaning: '', section });
  }
  let length = reader.left;
  if ((typeOctet & flags.length) !== 0) {
    const offset = reader.offset;
    length = reader.uint(2, 'record.length', '9.2');
    const meaning = 'octets of the fragment';
    annotate?.({ offset, length: 2, field: 'record.length', value: String(length), meaning, section });
  }
  const fragmentOffset = reader.offset;
  const fragment = reader.take(length, 'record.fragment', '9.2');
  if (ciphered && length > 0) {
    annotate?.({
      offset: fragmentOffset,
      length,
      field: 'record.fragment',
      value: bytesToHex(fragment),
      meaning: `${recordTypeName(contentType)}, encrypted, with its MAC`,
      section: `${wtlsDocument} §9.2.3`,
    });
  }
  const octets = bytes.subarray(start, reader.offset);
  return { contentType, ciphered, sequenceNumber, fragment, fragmentOffset, typeOctet, octets };
}

function annotateType(annotate: Annotate, offset: number, octet: number): void {
  const section = `${wtlsDocument} §9.2`;
  const bit = (index: number, field: string, set: string, clear: string): void => {
    const value = (octet >> (7 - index)) & 1;
    const meaning = value === 1 ? set : clear;
    annotate({ offset, length: 1, bit: index, bits: 1, field, value: String(value), meaning, section });
  };
  bit(0, 'record.hasLength', 'the length is written', 'the record takes the rest of the datagram');
  bit(1, 'record.hasSequenceNumber', 'explicit sequence number', 'no sequence number');
  bit(2, 'record.ciphered', 'protected by the keys of the handshake', 'not protected');
  bit(3, 'record.reserved', 'reserved bit that is set', '');
  const contentType = octet & flags.contentType;
  annotate({
    offset,
    length: 1,
    bit: 4,
    bits: 4,
    field: 'record.contentType',
    value: String(contentType),
    meaning: recordTypeName(contentType),
    section,
  });
}

function isUint(value: number, maximum: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= maximum;
}

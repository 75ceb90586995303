// A whole datagram explained: records, and the messages of those that are not encrypted.
import { decodeAlert, type WtlsAlert } from './alert.ts';
import { recordTypes } from './code-points.ts';
import { FieldReader } from './field-reader.ts';
import { type DecodedHandshake, decodeHandshake } from './handshake.ts';
import { decodeRecords, type WtlsDecodeOptions, type WtlsRecord } from './record.ts';

/** What a record holds. */
export type WtlsContent =
  | { readonly type: 'change-cipher-spec' }
  | { readonly type: 'alert'; readonly alert: WtlsAlert }
  | { readonly type: 'handshake'; readonly messages: readonly DecodedHandshake[] }
  | { readonly type: 'application-data'; readonly data: Uint8Array }
  /** Only who took part in the handshake can read it. */
  | { readonly type: 'encrypted' }
  /** An unknown content type. */
  | { readonly type: 'other' };

/** A record and what it holds. */
export interface DecodedWtlsRecord {
  readonly record: WtlsRecord;
  readonly content: WtlsContent;
}

/** Takes a datagram apart. @throws {DecodeError} when a record, or a message in one, is malformed */
export function decodeWtls(bytes: Uint8Array, options: WtlsDecodeOptions = {}): readonly DecodedWtlsRecord[] {
  // The records first, without notes: so an explanation keeps the order of the octets.
  const records = decodeRecords(bytes, { start: options.start });
  return records.map((record) => {
    if (options.annotate !== undefined) {
      const end = record.fragmentOffset + record.fragment.length;
      const start = end - record.octets.length;
      decodeRecords(bytes.subarray(0, end), { annotate: options.annotate, start });
    }
    return { record, content: contentOf(bytes, record, options) };
  });
}

function contentOf(bytes: Uint8Array, record: WtlsRecord, options: WtlsDecodeOptions): WtlsContent {
  if (record.ciphered) return { type: 'encrypted' };
  const start = record.fragmentOffset;
  const bounds = { start, end: start + record.fragment.length, annotate: options.annotate };
  switch (record.contentType) {
    case recordTypes.changeCipherSpec: {
      const fields = FieldReader.of(bytes, start, bounds.end, options.annotate, '', '10.1');
      fields.uint(1, 'changeCipherSpec', () => 'from here on the new keys hold');
      fields.expectEnd();
      return { type: 'change-cipher-spec' };
    }
    case recordTypes.alert:
      return { type: 'alert', alert: decodeAlert(bytes, bounds) };
    case recordTypes.handshake:
      return { type: 'handshake', messages: decodeHandshake(bytes, bounds) };
    case recordTypes.applicationData: {
      const fields = FieldReader.of(bytes, start, bounds.end, options.annotate, '', '9.2');
      return { type: 'application-data', data: fields.rest('data', 'not encrypted') };
    }
    default: {
      FieldReader.of(bytes, start, bounds.end, options.annotate, '', '9.2').rest('fragment');
      return { type: 'other' };
    }
  }
}

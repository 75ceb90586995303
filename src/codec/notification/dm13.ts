// Package #0 of DM 1.3 (DM-NOTI-1.3 §6): header, options as TLV, then the digest.
import { ByteReader, ByteWriter, bitTable, bytesToHex, fixed, oneOf, uint } from '../../core/index.ts';
import type { FormatCodec } from './decoded.ts';
import { type DigestRow, headerRows } from './description.ts';
import { writeDigestSha256 } from './digest.ts';
import { sessionWords, timeoutWords } from './header-rows.ts';
import { headerField, type JsonField, listField, octetStringField } from './json-field.ts';
import type { Notification, NotificationInput } from './message.ts';
import { initiators, transports, uiModes } from './names.ts';
import { octets } from './octet-string.ts';
import { readOptions } from './option-reader.ts';
import { measureOptions, writeOptions } from './option-writer.ts';
import { entryNumber, type OptionRow, optionRows, optionsDoc } from './options.ts';

type Dm13Input = NotificationInput & { readonly format: 'dm1.3' };

const digestRow: DigestRow = {
  at: 'end',
  octets: 32,
  section: '6.6',
  meaning: 'SHA-256 over secret, header and options',
};
const digestSize = digestRow.octets;
const digestRule = `${optionsDoc} §${digestRow.section}`;

/** The header (§6.1). */
export const dm13Header = bitTable(optionsDoc, {
  version: fixed(4, '6.4.1', 1, { meaning: 'version 1' }),
  optionCount: uint(3, '6.4.2', 0, {
    words: { kind: 'count', one: 'option', many: 'options' },
  }),
  initiator: oneOf(1, '6.4.3', initiators, 'server'),
  uiMode: oneOf(2, '6.4.4', uiModes, 'not-specified'),
  transport: oneOf(3, '6.4.5', transports, 'not-specified'),
  reserved: fixed(19, '6.4.6', 0, { forgiving: true, meaning: 'reserved' }),
  // Minutes, although §6.4.9 once says days: spec-notes ruling 4.
  timeoutMinutes: uint(16, '6.4.7', 0, { fallback: 0, words: timeoutWords('minute') }),
  sessionId: uint(16, '6.4.8', 1, { words: sessionWords }),
  timestamp: uint(32, '6.4.9', 0, { words: { kind: 'time' } }),
});

const optionField = (option: OptionRow): JsonField => {
  if (!option.list) return octetStringField(option);
  const spec = { doc: option.doc, section: option.section };
  return listField(option.name, spec, option.required, (entry, at) => entryNumber(option, entry, at));
};

const fields: readonly JsonField[] = [
  ...optionRows.slice(0, 1).map(optionField),
  headerField(dm13Header, 'sessionId'),
  headerField(dm13Header, 'uiMode'),
  headerField(dm13Header, 'initiator'),
  headerField(dm13Header, 'transport'),
  headerField(dm13Header, 'timeoutMinutes'),
  headerField(dm13Header, 'timestamp'),
  ...optionRows.slice(1).map(optionField),
];

/** Writes the digest of `signed`, which is header and options, into 32 octets. */
export function writeDigestOfSigned(secret: string, signed: Uint8Array, target: Uint8Array): void {
  writeDigestSha256(secret, signed, dm13Header.size, signed.length, target, 0);
}

/**
 * False where the options do not end where the digest begins, so that the octets do not read as dm1.3. What says so costs nothing;
 * an error would cost more than to read the notification, and one of sixteen digests of the MD5 forms begins as dm1.3 does.
 */
export function fitsDm13(bytes: Uint8Array): boolean {
  let end = dm13Header.size;
  for (let left = ((bytes[0] ?? 0) >> 1) & 7; left > 0; left -= 1) {
    end += 2 + (((bytes[end] ?? 0) & 15) << 8) + (bytes[end + 1] ?? 0);
  }
  return end === bytes.length - digestSize;
}

/** Where messages are written: a copy of what is there costs less than an array of more than 64 octets full of zeros. */
const room = new ByteWriter(512);

export const dm13: FormatCodec = {
  doc: optionsDoc,
  description: {
    format: 'dm1.3',
    doc: optionsDoc,
    digest: digestRow,
    header: headerRows(dm13Header),
    parts: [],
    options: optionRows,
  },
  fields,
  checkWhole(values) {
    measureOptions(values);
  },
  encode(message, key) {
    const values = message as unknown as Readonly<Record<string, unknown>>;
    const options = measureOptions(values);
    const signedSize = dm13Header.size + options.size;
    room.clear();
    dm13Header.encode(room, message as Dm13Input, { optionCount: options.count });
    writeOptions(room, values);
    room.reserve(digestSize);
    const bytes = room.finish();
    writeDigestSha256(key.secret, bytes, dm13Header.size, signedSize, bytes, signedSize);
    return bytes;
  },
  decode(bytes, explain) {
    const header = dm13Header.decode(new ByteReader(bytes, optionsDoc), explain.annotate);
    const digestAt = bytes.length - digestSize;
    const reader = new ByteReader(bytes, optionsDoc, dm13Header.size, Math.max(digestAt, dm13Header.size));
    if (digestAt < dm13Header.size) {
      const left = octets(bytes.length - dm13Header.size);
      const detail = `needs ${digestSize} octets at the end, ${left} follow the header`;
      throw reader.error('TRUNCATED', detail, 'digest', digestRow.section);
    }
    const options = readOptions(reader, header.values.optionCount, explain);
    const digest = bytes.subarray(digestAt);
    explain.annotate?.({
      offset: digestAt,
      length: digestSize,
      field: 'digest',
      value: bytesToHex(digest),
      meaning: digestRow.meaning,
      section: digestRule,
    });
    const inHeader: Readonly<Record<string, unknown>> = header.values;
    const message: Record<string, unknown> = { format: 'dm1.3' };
    for (const { name } of fields) {
      const value = inHeader[name] ?? options.values[name];
      if (value !== undefined) message[name] = value;
    }
    return {
      format: 'dm1.3',
      message: message as unknown as Notification,
      digest,
      signed: bytes.subarray(0, digestAt),
      deviations:
        options.deviations.length === 0 ? header.deviations : [...header.deviations, ...options.deviations],
    };
  },
};

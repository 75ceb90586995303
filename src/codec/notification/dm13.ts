// Package #0 of DM 1.3 (DM-NOTI-1.3 §6): header, options as TLV, then the digest.
import { ByteReader, ByteWriter, bitTable, bytesToHex, fixed, oneOf, uint } from '../../core/index.ts';
import type { FormatCodec } from './decoded.ts';
import { digestSha256 } from './digest.ts';
import { sessionMeaning, timeoutMeaning, timestampMeaning } from './header-rows.ts';
import { headerField, type JsonField, listField, octetStringField } from './json-field.ts';
import type { Notification, NotificationInput } from './message.ts';
import { initiators, transports, uiModes } from './names.ts';
import { octets } from './octet-string.ts';
import { readOptions } from './option-reader.ts';
import { measureOptions, writeOptions } from './option-writer.ts';
import { entryNumber, type OptionRow, optionRows, optionsDoc } from './options.ts';

type Dm13Input = NotificationInput & { readonly format: 'dm1.3' };

const digestSize = 32;
const digestSection = '6.6';

/** The header (§6.1). */
export const dm13Header = bitTable(optionsDoc, {
  version: fixed(4, '6.4.1', 1, { meaning: 'version 1' }),
  optionCount: uint(3, '6.4.2', 0, { meaning: (raw) => `${raw} option${raw === 1 ? '' : 's'}` }),
  initiator: oneOf(1, '6.4.3', initiators, 'server'),
  uiMode: oneOf(2, '6.4.4', uiModes, 'not-specified'),
  transport: oneOf(3, '6.4.5', transports, 'not-specified'),
  reserved: fixed(19, '6.4.6', 0, { forgiving: true, meaning: 'reserved' }),
  // Minutes, although §6.4.9 once says days: spec-notes ruling 4.
  timeoutMinutes: uint(16, '6.4.7', 0, { fallback: 0, meaning: timeoutMeaning('minute') }),
  sessionId: uint(16, '6.4.8', 1, { meaning: sessionMeaning }),
  timestamp: uint(32, '6.4.9', 0, { meaning: timestampMeaning }),
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

/** The digest of `signed`, which is header and options. */
export const digestOfSigned = (secret: string, signed: Uint8Array): Uint8Array =>
  digestSha256(secret, signed.subarray(0, dm13Header.size), signed.subarray(dm13Header.size));

export const dm13: FormatCodec = {
  doc: optionsDoc,
  fields,
  checkWhole(values) {
    measureOptions(values);
  },
  encode(message, key) {
    const values = message as unknown as Readonly<Record<string, unknown>>;
    const options = measureOptions(values);
    const signedSize = dm13Header.size + options.size;
    const writer = new ByteWriter(signedSize + digestSize);
    dm13Header.encode(writer, message as Dm13Input, { optionCount: options.count });
    writeOptions(writer, values);
    writer.bytes(digestOfSigned(key.secret, writer.view()));
    return writer.release();
  },
  decode(bytes, explain) {
    const header = dm13Header.decode(new ByteReader(bytes, optionsDoc), explain.annotate);
    const digestAt = bytes.length - digestSize;
    const reader = new ByteReader(bytes, optionsDoc, dm13Header.size, Math.max(digestAt, dm13Header.size));
    if (digestAt < dm13Header.size) {
      const left = octets(bytes.length - dm13Header.size);
      const detail = `needs ${digestSize} octets at the end, ${left} follow the header`;
      throw reader.error('TRUNCATED', detail, 'digest', digestSection);
    }
    const options = readOptions(reader, header.values.optionCount, explain);
    const digest = bytes.subarray(digestAt);
    explain.annotate?.({
      offset: digestAt,
      length: digestSize,
      field: 'digest',
      value: bytesToHex(digest),
      meaning: 'SHA-256 over secret, header and options',
      section: `${optionsDoc} §${digestSection}`,
    });
    const values: Readonly<Record<string, unknown>> = { ...header.values, ...options.values };
    const message: Record<string, unknown> = { format: 'dm1.3' };
    for (const { name } of fields) {
      if (values[name] !== undefined) message[name] = values[name];
    }
    return {
      format: 'dm1.3',
      message: message as unknown as Notification,
      digest,
      signed: bytes.subarray(0, digestAt),
      deviations: [...header.deviations, ...options.deviations],
    };
  },
};

// Signed octets to a notification: finds out the format (spec-notes ruling 7), then reads it.
import { DecodeError, type SpecReference } from '../../core/index.ts';
import { contentTypeOf, isNotificationMime } from './content-type.ts';
import type { DecodedNotification, Explain } from './decoded.ts';
import { fitsDm13 } from './dm13.ts';
import { formatCodecs } from './formats.ts';
import { md5DigestSize } from './md5-form.ts';
import type { NotificationFormat } from './message.ts';
import { octets } from './octet-string.ts';
import { type VerifyKey, verifyNotification } from './verify.ts';

/** What is known about the octets, and what else is wanted. */
export interface DecodeOptions extends Explain {
  /** Reads this format and no other; `contentTypeCode` and `mime` are then not looked at. */
  readonly format?: NotificationFormat;
  /** Assigned WSP number of the content type, 0–127: 0x58 is dm1.3, 0x44 an MD5 form. */
  readonly contentTypeCode?: number;
  /** Content type as text; looked at when there is no number. It does not tell the formats apart, so the octets do. */
  readonly mime?: string;
  /** Settles which format it is when the octets read as two. The digest is not checked otherwise. */
  readonly key?: VerifyKey;
}

/**
 * Reads a notification. Without `format` and `contentTypeCode` the octets decide: they are dm1.3 when the first four bits
 * are 1 and the options end exactly 32 octets before the end, and an MD5 form when octet 16 begins a version of 11 or 12.
 * If both readings hold, the one whose digest holds under `key` is given; else the dm1.3 one, with the other in
 * `alternatives`: dm1.3 is likelier, because its options must fit to the octet while dm1.2 takes any rest for vendor data.
 * `annotate` receives the fields of the reading that is given, or those before the error.
 * @throws {DecodeError} when the octets are no notification, or the content type is none of a notification
 */
export function decodeNotification(bytes: Uint8Array, options: DecodeOptions = {}): DecodedNotification {
  const formats = possibleFormats(bytes, options);
  const read = (format: NotificationFormat, explain: Explain): DecodedNotification =>
    formatCodecs[format].decode(bytes, explain);
  const [only] = formats;
  if (only !== undefined && formats.length === 1) return read(only, options);

  const readings: DecodedNotification[] = [];
  let failure: { readonly format: NotificationFormat; readonly error: unknown } | undefined;
  for (const format of formats) {
    try {
      readings.push(read(format, {}));
    } catch (error) {
      // The version field of the MD5 forms has 10 bits to match and dm1.3's has 4: the later error says more.
      failure = { format, error };
    }
  }
  const { key } = options;
  const signed = key === undefined ? undefined : readings.find((reading) => verifyNotification(reading, key));
  const chosen = signed ?? readings[0];
  if (chosen === undefined) {
    if (failure !== undefined) read(failure.format, options);
    throw failure?.error;
  }
  if (options.annotate !== undefined) read(chosen.format, options);
  const others = readings.filter((reading) => reading !== chosen);
  return signed !== undefined || others.length === 0 ? chosen : { ...chosen, alternatives: others };
}

const dm12Version: SpecReference = { doc: 'DM-NOTI-1.2', section: '6.2.6' };

/** Formats to try, the likelier first; never empty. */
function possibleFormats(bytes: Uint8Array, options: DecodeOptions): NotificationFormat[] {
  const { format, contentTypeCode, mime } = options;
  if (format !== undefined) return [format];
  if (contentTypeCode === contentTypeOf('dm1.3').code) return ['dm1.3'];
  const version = versionOf(bytes);
  const md5Form = version === 11 ? 'dm1.2' : version === 12 ? 'dm1.3-2010' : undefined;
  if (contentTypeCode === contentTypeOf('dm1.2').code) {
    if (md5Form !== undefined) return [md5Form];
    if (version === undefined) throw tooShort(bytes);
    const detail = `is ${version}, must be 11 (dm1.2) or 12 (dm1.3-2010)`;
    throw unreadable('BAD_VALUE', detail, 'version', md5DigestSize, dm12Version);
  }
  if (contentTypeCode !== undefined) {
    const detail = `content type 0x${contentTypeCode.toString(16)} is not a DM notification`;
    throw unreadable('UNSUPPORTED', detail, '', 0);
  }
  if (mime !== undefined && !isNotificationMime(mime)) {
    throw unreadable('UNSUPPORTED', `content type ${JSON.stringify(mime)} is not a DM notification`, '', 0);
  }
  const formats: NotificationFormat[] = [];
  const nibble = (bytes[0] ?? 0) >> 4;
  if (nibble === 1 && (md5Form === undefined || fitsDm13(bytes))) formats.push('dm1.3');
  if (md5Form !== undefined) formats.push(md5Form);
  if (formats.length > 0) return formats;
  if (version === undefined) throw tooShort(bytes);
  const detail =
    `no known format: the first four bits are ${nibble}, not 1 (dm1.3), ` +
    `and byte ${md5DigestSize} begins version ${version}, not 11 (dm1.2) or 12 (dm1.3-2010)`;
  throw unreadable('BAD_VALUE', detail, 'version', 0);
}

/** The version field of the MD5 forms: 10 bits after the digest. `undefined` when the octets end before. */
function versionOf(bytes: Uint8Array): number | undefined {
  const high = bytes[md5DigestSize];
  const low = bytes[md5DigestSize + 1];
  return high === undefined || low === undefined ? undefined : high * 4 + (low >> 6);
}

function tooShort(bytes: Uint8Array): DecodeError {
  const detail = `${octets(bytes.length)} end before the version that follows the digest`;
  return unreadable('TRUNCATED', detail, 'version', bytes.length, dm12Version);
}

function unreadable(
  code: 'BAD_VALUE' | 'TRUNCATED' | 'UNSUPPORTED',
  detail: string,
  path: string,
  offset: number,
  spec: SpecReference = { doc: 'DM-NOTI-1.3', section: '6' },
): DecodeError {
  return new DecodeError(code, detail, { path, offset, bit: 0 }, spec);
}

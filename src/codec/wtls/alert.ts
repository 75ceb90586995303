// Alerts: level, description, and a checksum that ties them to what caused them (WTLS §10.2).
import { ByteWriter } from '../../core/index.ts';
import {
  type AlertDescription,
  alertDescriptions,
  alertLevelName,
  alertLevels,
  alertName,
} from './code-points.ts';
import { FieldReader } from './field-reader.ts';
import type { WtlsDecodeOptions } from './record.ts';

/** An alert as read. */
export interface WtlsAlert {
  /** See `alertLevels`; unknown numbers survive. */
  readonly level: number;
  /** See `alertDescriptions`; unknown numbers survive. */
  readonly description: number;
  /** 4 octets; absent when the alert came without. */
  readonly checksum: Uint8Array | undefined;
}

/** Octets of a checksum. */
export const checksumOctets = 4;

/**
 * Reads an alert that fills a fragment. The checksum is not checked: deployed implementations write anything there.
 * @throws {DecodeError} TRUNCATED or TRAILING
 */
export function decodeAlert(
  bytes: Uint8Array,
  options: WtlsDecodeOptions & { readonly end?: number } = {},
): WtlsAlert {
  const end = options.end ?? bytes.length;
  const fields = FieldReader.of(bytes, options.start ?? 0, end, options.annotate, 'alert', '10.2');
  const level = fields.uint(1, 'level', alertLevelName);
  const description = fields.uint(1, 'description', alertName);
  const checksum =
    fields.left === 0 ? undefined : fields.octets(checksumOctets, 'checksum', 'of the record that caused it');
  fields.expectEnd();
  return { level, description, checksum };
}

/** Octets of an alert that answers the record `cause`, or none. */
export function encodeAlert(
  level: keyof typeof alertLevels,
  description: AlertDescription,
  cause: Uint8Array = new Uint8Array(0),
): Uint8Array {
  return new ByteWriter(2 + checksumOctets)
    .u8(alertLevels[level])
    .u8(alertDescriptions[description])
    .bytes(alertChecksum(cause))
    .finish();
}

/** The record, header included, cut into blocks of 4 octets, the last filled with zeros; all blocks XORed. */
export function alertChecksum(record: Uint8Array): Uint8Array {
  const checksum = new Uint8Array(checksumOctets);
  for (let i = 0; i < record.length; i += 1) checksum[i & 3] = (checksum[i & 3] ?? 0) ^ (record[i] ?? 0);
  return checksum;
}

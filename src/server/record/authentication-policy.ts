// What a device and its server prove themselves with, as callers give it.
import { ValueError } from '../../core/index.ts';
import type { DevicePatch, StoredCertificate, StoredSchemes } from '../../store/index.ts';
import { InputReader } from '../input/input-reader.ts';

const allSchemes: StoredSchemes = ['basic', 'md5', 'hmac'];

/** The fields of a device that say what is accepted. */
export type AuthenticationPolicy = Pick<DevicePatch, 'clientSchemes' | 'serverSchemes' | 'tlsCertificate'>;

/**
 * Takes `clientSchemes`, `serverSchemes` and `tlsCertificate`; `null` stands for their removal.
 * @throws {ValueError} for the first thing wrong
 */
export function readPolicy(input: InputReader): AuthenticationPolicy {
  const clientSchemes = readSchemes(input, 'clientSchemes');
  const serverSchemes = readSchemes(input, 'serverSchemes');
  const tlsCertificate = readCertificate(input, 'tlsCertificate');
  return {
    ...(clientSchemes !== undefined && { clientSchemes }),
    ...(serverSchemes !== undefined && { serverSchemes }),
    ...(tlsCertificate !== undefined && { tlsCertificate }),
  };
}

/**
 * Checks that something can identify the device, and that each list of schemes has that of the credentials, which the
 * first challenge asks for.
 * @throws {ValueError} MISSING, OUT_OF_RANGE
 */
export function checkPolicy(
  device: {
    readonly [Field in 'clientCredentials' | 'serverCredentials' | keyof AuthenticationPolicy]?:
      | DevicePatch[Field]
      | undefined;
  },
): void {
  if (!device.clientCredentials && !device.tlsCertificate) {
    throw new ValueError('MISSING', 'must be given, unless tlsCertificate is', 'clientCredentials');
  }
  for (const side of ['client', 'server'] as const) {
    const schemes = device[`${side}Schemes`];
    const credentials = device[`${side}Credentials`];
    if (!schemes || (credentials && schemes.includes(credentials.scheme))) continue;
    const wanted = credentials
      ? `must have ${credentials.scheme}, the scheme of ${side}Credentials`
      : `says nothing without ${side}Credentials: leave it out`;
    throw new ValueError('OUT_OF_RANGE', wanted, `${side}Schemes`);
  }
}

function readSchemes(input: InputReader, field: string): StoredSchemes | null | undefined {
  const value = input.take(field);
  if (value === undefined || value === null) return value;
  if (!Array.isArray(value)) throw new ValueError('WRONG_TYPE', 'must be an array', field);
  const wrong = value.findIndex((each) => !allSchemes.includes(each));
  if (wrong >= 0) {
    throw new ValueError('OUT_OF_RANGE', `must be one of ${allSchemes.join(', ')}`, `${field}[${wrong}]`);
  }
  if (value.length === 0) throw new ValueError('OUT_OF_RANGE', 'must have an entry', field);
  return allSchemes.filter((scheme) => value.includes(scheme));
}

function readCertificate(input: InputReader, field: string): StoredCertificate | null | undefined {
  const value = input.take(field);
  if (value === undefined || value === null) return value;
  const reader = new InputReader(value, field, field);
  const text = reader.text('sha256', { max: 95 });
  reader.end();
  const sha256 = text.replaceAll(':', '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new ValueError(
      'BAD_FORMAT',
      'must be 64 hex digits, colons between them allowed',
      `${field}.sha256`,
    );
  }
  return { sha256 };
}

// Devices and changes of them, as callers give them: as one object each, in a request or on a line of an import.
import { notificationFormats } from '../../codec/notification/index.ts';
import { requireLine, ValueError } from '../../core/index.ts';
import { familyNames } from '../../families/index.ts';
import type { DeviceInput, DevicePatch, DeviceRecord, StoredCredentials } from '../../store/index.ts';
import { InputReader, type TextRule } from '../input/input-reader.ts';
import { type BindingTable, requireRoute } from '../push/bindings.ts';
import { checkPolicy, readPolicy } from './authentication-policy.ts';
import { readLabelChanges, readLabels } from './labels-input.ts';
import { readMessageKeys } from './message-keys-input.ts';

/** Largest number of addresses of a device. */
const maxAddresses = 16;
/** Octets of a nonce; known clients hold no more than 50. */
const maxNonce = 64;

/**
 * Reads a new device (`DeviceService.create`).
 * @throws {ValueError} for the first thing wrong
 * @throws {ConfigError} when no address has a configured binding
 */
export function readNewDevice(value: unknown, bindings: BindingTable): DeviceInput {
  const input = new InputReader(value, 'a device');
  const id = input.text('id', { max: 255 });
  const serverId = input.text('serverId', { max: 255 });
  const addresses = readAddresses(input, bindings, id);
  if (addresses === undefined) throw new ValueError('MISSING', 'must be given', 'addresses');
  const format = input.optionalChoice('format', notificationFormats);
  const family = input.optionalChoice('family', familyNames);
  const serverCredentials = requireCredentials(input, 'serverCredentials', serverId);
  const clientCredentials = readCredentials(input, 'clientCredentials');
  const { clientSchemes, serverSchemes, tlsCertificate } = readPolicy(input);
  const notificationSecret = input.optionalText('notificationSecret', { max: 1024, content: 'free' });
  const digestIdentifier = input.optionalText('digestIdentifier', { max: 255 });
  const firstSessionId = input.optionalInteger('firstSessionId', 1, 65535);
  const keys = input.take('messageKeys');
  const labels = readLabels(input);
  const suspended = input.optionalBoolean('suspended');
  input.end();
  const messageKeys = keys === undefined ? undefined : readMessageKeys(keys, 'messageKeys');
  checkPolicy({ clientCredentials, serverCredentials, clientSchemes, serverSchemes, tlsCertificate });
  return {
    id,
    serverId,
    addresses,
    format: format ?? 'dm1.2',
    serverCredentials,
    ...(clientCredentials !== undefined && { clientCredentials }),
    ...(clientSchemes && { clientSchemes }),
    ...(serverSchemes && { serverSchemes }),
    ...(tlsCertificate && { tlsCertificate }),
    ...(notificationSecret !== undefined && { notificationSecret }),
    ...(digestIdentifier !== undefined && { digestIdentifier }),
    ...(messageKeys !== undefined && { messageKeys }),
    ...(family !== undefined && { family }),
    ...(firstSessionId !== undefined && { firstSessionId }),
    ...(labels !== undefined && { labels }),
    ...(suspended !== undefined && { suspended }),
  };
}

/**
 * Reads a change of a device (`DeviceService.update`).
 * @throws {ValueError} for the first thing wrong
 * @throws {ConfigError} when no address has a configured binding
 */
export function readDeviceChange(value: unknown, device: DeviceRecord, bindings: BindingTable): DevicePatch {
  const input = new InputReader(value, 'a change of a device');
  const addresses = readAddresses(input, bindings, device.id);
  const format = input.optionalChoice('format', notificationFormats);
  const serverCredentials = readCredentials(input, 'serverCredentials', device.serverId);
  const clientCredentials = isNull(value, 'clientCredentials')
    ? takeNull(input, 'clientCredentials')
    : readCredentials(input, 'clientCredentials', device.clientCredentials?.name);
  const keys = input.take('messageKeys');
  const family = isNull(value, 'family')
    ? takeNull(input, 'family')
    : input.optionalChoice('family', familyNames);
  const labels = readLabelChanges(input, device.labels);
  const suspended = input.optionalBoolean('suspended');
  const patch: DevicePatch = {
    ...(keys !== undefined && {
      messageKeys: keys === null ? null : readMessageKeys(keys, 'messageKeys'),
    }),
    ...(addresses !== undefined && { addresses }),
    ...(format !== undefined && { format }),
    ...(family !== undefined && { family }),
    ...(serverCredentials !== undefined && { serverCredentials }),
    ...(clientCredentials !== undefined && { clientCredentials }),
    ...readPolicy(input),
    ...removableText(input, value, 'notificationSecret', { max: 1024, content: 'free' }),
    ...removableText(input, value, 'digestIdentifier', { max: 255 }),
    ...(labels !== undefined && { labels }),
    ...(suspended !== undefined && { suspended }),
  };
  input.end();
  checkPolicy({ ...device, ...patch });
  return patch;
}

function readAddresses(
  input: InputReader,
  bindings: BindingTable,
  id: string,
): readonly string[] | undefined {
  const value = input.take('addresses');
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
    throw new ValueError('WRONG_TYPE', 'must be an array of strings', 'addresses');
  }
  if (value.length === 0 || value.length > maxAddresses) {
    throw new ValueError('OUT_OF_RANGE', `must have 1 to ${maxAddresses} entries`, 'addresses');
  }
  for (const [index, address] of value.entries()) requireLine(address, `addresses[${index}]`);
  requireRoute(bindings, value, id);
  return value;
}

function requireCredentials(input: InputReader, field: string, defaultName?: string): StoredCredentials {
  const credentials = readCredentials(input, field, defaultName);
  if (credentials === undefined) throw new ValueError('MISSING', 'must be given', field);
  return credentials;
}

function readCredentials(
  input: InputReader,
  field: string,
  defaultName?: string,
): StoredCredentials | undefined {
  const value = input.take(field);
  if (value === undefined) return undefined;
  const reader = new InputReader(value, field, field);
  const scheme = reader.optionalChoice('scheme', ['basic', 'md5', 'hmac']) ?? 'md5';
  const name =
    defaultName === undefined
      ? reader.text('name', { max: 255 })
      : (reader.optionalText('name', { max: 255 }) ?? defaultName);
  const secret = reader.text('secret', { max: 1024, content: 'free' });
  const nonce = reader.optionalBase64('nonceBase64', maxNonce);
  reader.end();
  return { scheme, name, secret, ...(nonce !== undefined && { nonce }) };
}

function removableText<Field extends string>(
  input: InputReader,
  value: unknown,
  field: Field,
  rule: TextRule,
): { readonly [F in Field]?: string | null } {
  if (isNull(value, field)) {
    return { [field]: takeNull(input, field) } as { readonly [F in Field]?: string | null };
  }
  const text = input.optionalText(field, rule);
  return text === undefined ? {} : ({ [field]: text } as { readonly [F in Field]?: string });
}

function isNull(value: unknown, field: string): boolean {
  const given = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return given.some(([name, member]) => name === field && member === null);
}

function takeNull(input: InputReader, field: string): null {
  input.take(field);
  return null;
}

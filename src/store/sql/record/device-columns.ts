// What requests set of a device, and its columns.
import {
  type DeviceInput,
  type DevicePatch,
  type DeviceRecord,
  openRotation,
  type StoredRotations,
  steppedRotation,
} from '../../index.ts';
import { octetsColumn } from './record-rows.ts';

/** What a request sets of a device, as it is then. */
export type Settable = { readonly [Field in keyof DevicePatch]: Exclude<DevicePatch[Field], null> } & Pick<
  DeviceInput,
  'addresses' | 'format' | 'serverCredentials'
>;

/** What the device has after a patch. */
export function patched(current: DeviceRecord, patch: DevicePatch): Settable {
  return {
    addresses: patch.addresses ?? current.addresses,
    format: patch.format ?? current.format,
    serverCredentials: patch.serverCredentials ?? current.serverCredentials,
    ...optional('clientCredentials', patch.clientCredentials, current.clientCredentials),
    ...optional('clientSchemes', patch.clientSchemes, current.clientSchemes),
    ...optional('serverSchemes', patch.serverSchemes, current.serverSchemes),
    ...optional('tlsCertificate', patch.tlsCertificate, current.tlsCertificate),
    ...optional('notificationSecret', patch.notificationSecret, current.notificationSecret),
    ...optional('digestIdentifier', patch.digestIdentifier, current.digestIdentifier),
    ...optional('messageKeys', patch.messageKeys, current.messageKeys),
    ...optional('family', patch.family, current.family),
  };
}

/** What is given by request is what the device holds: a replacement of it that is under way is over. */
export function withoutReplaced(
  rotations: StoredRotations | undefined,
  patch: DevicePatch,
  now: number,
): StoredRotations | undefined {
  let left = rotations;
  for (const side of ['server', 'client'] as const) {
    const open = openRotation(left, side);
    if (open === undefined || patch[`${side}Credentials`] === undefined) continue;
    const step = { step: 'failed', reason: 'the credentials were set by request' } as const;
    left = { ...left, [side]: steppedRotation(open, step, now) };
  }
  return left;
}

function optional<Field extends string, Value>(
  field: Field,
  change: Value | null | undefined,
  current: Value | undefined,
): { readonly [F in Field]?: Value } {
  const value = change === undefined ? current : change;
  return (value === undefined || value === null ? {} : { [field]: value }) as {
    readonly [F in Field]?: Value;
  };
}

/** Columns of what a request sets. */
export function settableColumns(device: Settable) {
  const { serverCredentials, clientCredentials } = device;
  return {
    addresses: JSON.stringify(device.addresses),
    format: device.format,
    srv_scheme: serverCredentials.scheme,
    srv_name: serverCredentials.name,
    srv_secret: serverCredentials.secret,
    srv_nonce: octetsColumn(serverCredentials.nonce),
    cl_scheme: clientCredentials?.scheme ?? 'md5',
    cl_name: clientCredentials?.name ?? '',
    cl_secret: clientCredentials?.secret ?? '',
    cl_nonce: octetsColumn(clientCredentials?.nonce),
    notification_secret: device.notificationSecret ?? null,
    digest_identifier: device.digestIdentifier ?? null,
    srv_schemes: listColumn(device.serverSchemes),
    cl_schemes: listColumn(device.clientSchemes),
    tls_certificate: device.tlsCertificate?.sha256 ?? null,
    message_keys: device.messageKeys === undefined ? null : JSON.stringify(device.messageKeys),
    family: device.family ?? null,
  };
}

function listColumn(list: readonly string[] | undefined): string | null {
  return list === undefined ? null : JSON.stringify(list);
}

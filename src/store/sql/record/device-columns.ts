// What requests set of a device, and its columns.
import {
  type DeviceInput,
  type DeviceLabels,
  type DevicePatch,
  type DeviceRecord,
  openRotation,
  type StoredCredentials,
  type StoredRotations,
  steppedRotation,
} from '../../index.ts';
import type { DeviceTable } from '../engine/schema.ts';
import { ifOpen, type PlainColumns } from './device-secrets.ts';
import { octetsColumn } from './record-rows.ts';

/** What stands in columns of the device; labels are rows of their own, and a suspension is a moment. */
type PatchOfColumns = Omit<DevicePatch, 'labels' | 'suspended'>;

/** What a request sets of a device, as it is then. */
export type Settable = {
  readonly [Field in keyof PatchOfColumns]: Exclude<PatchOfColumns[Field], null>;
} & Pick<DeviceInput, 'addresses' | 'format' | 'serverCredentials'>;

/** What the device has after a patch. */
export function patched(current: DeviceRecord, patch: DevicePatch): Settable {
  return {
    addresses: patch.addresses ?? current.addresses,
    format: patch.format ?? current.format,
    serverCredentials: patch.serverCredentials ?? current.serverCredentials,
    ...optional('clientCredentials', current, patch),
    ...optional('clientSchemes', current, patch),
    ...optional('serverSchemes', current, patch),
    ...optional('tlsCertificate', current, patch),
    ...optional('notificationSecret', current, patch),
    ...optional('digestIdentifier', current, patch),
    ...optional('messageKeys', current, patch),
    ...optional('family', current, patch),
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

/** A field that the patch does not set is read of the device, and only then: it may be one that does not open. */
function optional<Field extends keyof Settable & keyof DeviceRecord>(
  field: Field,
  current: DeviceRecord,
  patch: DevicePatch,
): Pick<Settable, Field> {
  const change = patch[field];
  const value = change === undefined ? current[field] : change;
  return (value === undefined || value === null ? {} : { [field]: value }) as Pick<Settable, Field>;
}

/** Columns of what a request sets, before its secrets are sealed. */
export function settableColumns(device: Settable): PlainColumns<SettableColumns> {
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

/** Names of `settableColumns`. */
export const settableNames = [
  'addresses',
  'format',
  'srv_scheme',
  'srv_name',
  'srv_secret',
  'srv_nonce',
  'cl_scheme',
  'cl_name',
  'cl_secret',
  'cl_nonce',
  'notification_secret',
  'digest_identifier',
  'srv_schemes',
  'cl_schemes',
  'tls_certificate',
  'message_keys',
  'family',
] as const satisfies readonly (keyof DeviceTable)[];

/** Columns of what a request sets. */
export type SettableColumns = Pick<DeviceTable, (typeof settableNames)[number]>;

function listColumn(list: readonly string[] | undefined): string | null {
  return list === undefined ? null : JSON.stringify(list);
}

/** The labels of a device after a patch. */
export function patchedLabels(current: DeviceLabels | undefined, patch: DevicePatch['labels']): DeviceLabels {
  if (patch === null) return {};
  const labels = new Map(Object.entries(current ?? {}));
  for (const [name, value] of Object.entries(patch ?? {})) {
    if (value === null) labels.delete(name);
    else labels.set(name, value);
  }
  return Object.fromEntries(labels);
}

/** Since when a device is suspended after a patch. */
export function patchedSuspension(
  current: number | undefined,
  suspended: boolean | undefined,
  now: number,
): number | null {
  if (suspended === undefined) return current ?? null;
  return suspended ? (current ?? now) : null;
}

/** True when both have the same labels. */
export function sameLabels(one: DeviceLabels = {}, other: DeviceLabels = {}): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** The patch that makes of a device what the input says: what is not given goes, but nonces of credentials that stay. */
export function replacingPatch(current: DeviceRecord, input: DeviceInput): DevicePatch {
  const { labels = {}, serverCredentials, clientCredentials } = input;
  const removed = Object.keys(current.labels ?? {}).map((name) => [name, null]);
  return {
    addresses: input.addresses,
    format: input.format,
    ...(differs(current.serverCredentials, serverCredentials) && { serverCredentials }),
    ...(clientCredentials === undefined
      ? current.clientCredentials !== undefined && { clientCredentials: null }
      : differs(current.clientCredentials, clientCredentials) && { clientCredentials }),
    clientSchemes: input.clientSchemes ?? null,
    serverSchemes: input.serverSchemes ?? null,
    tlsCertificate: input.tlsCertificate ?? null,
    notificationSecret: input.notificationSecret ?? null,
    digestIdentifier: input.digestIdentifier ?? null,
    messageKeys: input.messageKeys ?? null,
    family: input.family ?? null,
    labels: { ...Object.fromEntries(removed), ...labels },
    ...(input.suspended !== undefined && { suspended: input.suspended }),
  };
}

/** Whether credentials that are given are others than those that are there; a nonce that is not given is no difference. */
export function differs(current: StoredCredentials | undefined, given: StoredCredentials): boolean {
  if (current === undefined) return true;
  if (current.scheme !== given.scheme || current.name !== given.name) return true;
  if (ifOpen(() => current.secret) !== given.secret) return true;
  return given.nonce !== undefined && octetsColumn(given.nonce) !== octetsColumn(current.nonce);
}

// Rows of accounts and devices to records and back.
import { bytesToHex, hexToBytes } from '../../../core/index.ts';
import type {
  AccountRecord,
  DeviceLabels,
  DeviceRecord,
  NotifiedDevice,
  StoredCredentials,
  StoredMessageKeys,
  StoredMessageSigning,
  StoredRotations,
  StoredSchemes,
} from '../../index.ts';
import type { AccountTable, DeviceTable } from '../engine/schema.ts';

/** A row of accounts as selected. */
export type AccountRow = AccountTable;
/** A row of devices as selected; labels as a JSON object, where they are read. */
export type DeviceRow = DeviceTable & { readonly labels?: string | null };

export function accountRecord(row: AccountRow): AccountRecord {
  return {
    serverId: row.server_id,
    url: row.url,
    ...(row.name !== null && { name: row.name }),
    ...(row.message_signing !== null && {
      messageSigning: JSON.parse(row.message_signing) as StoredMessageSigning,
    }),
    ...(row.revision !== 0 && { revision: row.revision }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function deviceRecord(
  row: Omit<DeviceRow, 'last_session_id' | 'last_message_session_id'>,
): DeviceRecord {
  const record: { -readonly [Field in keyof DeviceRecord]: DeviceRecord[Field] } = {
    id: row.id,
    serverId: row.server_id,
    addresses: JSON.parse(row.addresses) as string[],
    format: row.format,
    serverCredentials: credentials(row.srv_scheme, row.srv_name, row.srv_secret, row.srv_nonce),
    resynchronisations: {
      inWindow: row.resync_in_window,
      windowStartedAt: row.resync_window_at,
      offered: row.resync_offered,
      completed: row.resync_completed,
    },
    reported: row.reported === '{}' ? nothing : (JSON.parse(row.reported) as Record<string, string>),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
  if (row.cl_secret !== '') {
    record.clientCredentials = credentials(row.cl_scheme, row.cl_name, row.cl_secret, row.cl_nonce);
  }
  if (row.cl_schemes !== null) record.clientSchemes = JSON.parse(row.cl_schemes) as StoredSchemes;
  if (row.srv_schemes !== null) record.serverSchemes = JSON.parse(row.srv_schemes) as StoredSchemes;
  if (row.tls_certificate !== null) record.tlsCertificate = { sha256: row.tls_certificate };
  if (row.notification_secret !== null) record.notificationSecret = row.notification_secret;
  if (row.digest_identifier !== null) record.digestIdentifier = row.digest_identifier;
  if (row.message_keys !== null) record.messageKeys = JSON.parse(row.message_keys) as StoredMessageKeys;
  if (row.family !== null) record.family = row.family;
  if (row.rotations !== null) record.rotations = JSON.parse(row.rotations) as StoredRotations;
  if (row.last_session_at !== null) record.lastSessionAt = row.last_session_at;
  if (row.suspended_at !== null) record.suspendedAt = row.suspended_at;
  if (row.revision !== 0) record.revision = row.revision;
  // Without any, one engine gives an empty object, and another nothing.
  if (row.labels !== undefined && row.labels !== null && row.labels !== '{}') {
    record.labels = JSON.parse(row.labels) as DeviceLabels;
  }
  return record;
}

/** A row of devices with what a notification needs. */
export type NotifiedRow = Pick<
  DeviceTable,
  | 'id'
  | 'server_id'
  | 'addresses'
  | 'format'
  | 'srv_scheme'
  | 'srv_name'
  | 'srv_secret'
  | 'notification_secret'
  | 'digest_identifier'
  | 'family'
>;

export function notifiedDevice(row: NotifiedRow): NotifiedDevice {
  const device: { -readonly [Field in keyof NotifiedDevice]: NotifiedDevice[Field] } = {
    id: row.id,
    serverId: row.server_id,
    addresses: JSON.parse(row.addresses) as string[],
    format: row.format,
    serverCredentials: { scheme: row.srv_scheme, name: row.srv_name, secret: row.srv_secret },
  };
  if (row.notification_secret !== null) device.notificationSecret = row.notification_secret;
  if (row.digest_identifier !== null) device.digestIdentifier = row.digest_identifier;
  if (row.family !== null) device.family = row.family;
  return device;
}

const nothing: Readonly<Record<string, string>> = Object.freeze({});

/** Replacements of secrets as a column holds them. */
export function rotationsColumn(rotations: StoredRotations | undefined): string | null {
  return rotations === undefined ? null : JSON.stringify(rotations);
}

/** Octets as a column holds them. */
export function octetsColumn(octets: Uint8Array | undefined): string | null {
  return octets === undefined ? null : bytesToHex(octets);
}

function credentials(
  scheme: StoredCredentials['scheme'],
  name: string,
  secret: string,
  nonce: string | null,
): StoredCredentials {
  return nonce === null ? { scheme, name, secret } : { scheme, name, secret, nonce: hexToBytes(nonce) };
}

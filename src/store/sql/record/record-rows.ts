// Rows of accounts and devices to records and back.
import { bytesToHex } from '../../../core/index.ts';
import type {
  AccountRecord,
  DeviceLabels,
  DeviceRecord,
  NotifiedDevice,
  RecordVersion,
  StoredMessageKeys,
  StoredMessageSigning,
  StoredRotations,
  StoredSchemes,
} from '../../index.ts';
import type { AccountTable, DeviceTable } from '../engine/schema.ts';
import type { Seals } from '../seal/seals.ts';
import { asText, DeviceSecrets } from './device-secrets.ts';

/** The version of a row, as `requireVersion` takes it. */
export function rowVersion(row: Pick<AccountTable, 'created_at' | 'revision'>): RecordVersion {
  return { createdAt: row.created_at, revision: row.revision };
}

/** A row of accounts as selected. */
export type AccountRow = AccountTable;
/** A row of devices as selected; labels as a JSON object, where they are read. */
export type DeviceRow = DeviceTable & { readonly labels?: string | null };

/** @throws {StoreError} SEAL_BROKEN */
export function accountRecord(row: AccountRow, seals: Seals): AccountRecord {
  const { server_id: id, message_signing: signing } = row;
  return {
    serverId: row.server_id,
    url: row.url,
    ...(row.name !== null && { name: row.name }),
    ...(signing !== null && {
      messageSigning: JSON.parse(
        seals.open('accounts', 'message_signing', id, signing),
      ) as StoredMessageSigning,
    }),
    ...(row.revision !== 0 && { revision: row.revision }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Reading a secret of the record throws SEAL_BROKEN where it does not open; the others can be read. */
export function deviceRecord(
  row: Omit<DeviceRow, 'last_session_id' | 'last_message_session_id'>,
  seals: Seals,
): DeviceRecord {
  const { id, cl_secret: clSecret } = row;
  const secrets = new DeviceSecrets(seals, id);
  const record: { -readonly [Field in keyof DeviceRecord]: DeviceRecord[Field] } = {
    id,
    serverId: row.server_id,
    addresses: JSON.parse(row.addresses) as string[],
    format: row.format,
    serverCredentials: secrets.credentials(
      'srv_secret',
      row.srv_secret,
      { scheme: row.srv_scheme, name: row.srv_name },
      row.srv_nonce,
    ),
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
  if (clSecret.length > 0) {
    const { cl_scheme: scheme, cl_name: name } = row;
    record.clientCredentials = secrets.credentials('cl_secret', clSecret, { scheme, name }, row.cl_nonce);
  }
  if (row.cl_schemes !== null) record.clientSchemes = JSON.parse(row.cl_schemes) as StoredSchemes;
  if (row.srv_schemes !== null) record.serverSchemes = JSON.parse(row.srv_schemes) as StoredSchemes;
  if (row.tls_certificate !== null) record.tlsCertificate = { sha256: row.tls_certificate };
  if (row.notification_secret !== null) {
    secrets.put(record, 'notificationSecret', 'notification_secret', row.notification_secret, asText);
  }
  if (row.digest_identifier !== null) record.digestIdentifier = row.digest_identifier;
  if (row.message_keys !== null) {
    const read = (text: string) => JSON.parse(text) as StoredMessageKeys;
    secrets.put(record, 'messageKeys', 'message_keys', row.message_keys, read);
  }
  if (row.family !== null) record.family = row.family;
  if (row.rotations !== null) {
    const read = (text: string) => JSON.parse(text) as StoredRotations;
    secrets.put(record, 'rotations', 'rotations', row.rotations, read);
  }
  if (row.last_session_at !== null) record.lastSessionAt = row.last_session_at;
  if (row.suspended_at !== null) record.suspendedAt = row.suspended_at;
  if (row.revision !== 0) record.revision = row.revision;
  const labels = labelsOf(row);
  if (labels !== undefined) record.labels = labels;
  return record;
}

/** Labels of a row, where they are read and there are some. */
export function labelsOf({ labels }: Pick<DeviceRow, 'labels'>): DeviceLabels | undefined {
  // Without any, one engine gives an empty object, and another nothing.
  return labels === undefined || labels === null || labels === '{}'
    ? undefined
    : (JSON.parse(labels) as DeviceLabels);
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

/** As `deviceRecord`. */
export function notifiedDevice(row: NotifiedRow, seals: Seals): NotifiedDevice {
  const { id, notification_secret: ofNotifications } = row;
  const secrets = new DeviceSecrets(seals, id);
  const device: { -readonly [Field in keyof NotifiedDevice]: NotifiedDevice[Field] } = {
    id,
    serverId: row.server_id,
    addresses: JSON.parse(row.addresses) as string[],
    format: row.format,
    serverCredentials: secrets.credentials('srv_secret', row.srv_secret, {
      scheme: row.srv_scheme,
      name: row.srv_name,
    }),
  };
  if (ofNotifications !== null) {
    secrets.put(device, 'notificationSecret', 'notification_secret', ofNotifications, asText);
  }
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

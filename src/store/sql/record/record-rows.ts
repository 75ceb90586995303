// Rows of accounts and devices to records and back.
import { bytesToHex, hexToBytes } from '../../../core/index.ts';
import type {
  AccountRecord,
  DeviceRecord,
  StoredCredentials,
  StoredMessageKeys,
  StoredMessageSigning,
  StoredRotations,
  StoredSchemes,
} from '../../index.ts';
import type { AccountTable, DeviceTable } from '../engine/schema.ts';

/** A row of accounts as selected. */
export type AccountRow = AccountTable;
/** A row of devices as selected. */
export type DeviceRow = DeviceTable;

export function accountRecord(row: AccountRow): AccountRecord {
  return {
    serverId: row.server_id,
    url: row.url,
    ...(row.name !== null && { name: row.name }),
    ...(row.message_signing !== null && {
      messageSigning: JSON.parse(row.message_signing) as StoredMessageSigning,
    }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function deviceRecord(row: DeviceRow): DeviceRecord {
  return {
    id: row.id,
    serverId: row.server_id,
    addresses: JSON.parse(row.addresses) as string[],
    format: row.format,
    serverCredentials: credentials(row.srv_scheme, row.srv_name, row.srv_secret, row.srv_nonce),
    ...(row.cl_secret !== '' && {
      clientCredentials: credentials(row.cl_scheme, row.cl_name, row.cl_secret, row.cl_nonce),
    }),
    ...(row.cl_schemes !== null && { clientSchemes: JSON.parse(row.cl_schemes) as StoredSchemes }),
    ...(row.srv_schemes !== null && { serverSchemes: JSON.parse(row.srv_schemes) as StoredSchemes }),
    ...(row.tls_certificate !== null && { tlsCertificate: { sha256: row.tls_certificate } }),
    ...(row.notification_secret !== null && { notificationSecret: row.notification_secret }),
    ...(row.digest_identifier !== null && { digestIdentifier: row.digest_identifier }),
    ...(row.message_keys !== null && { messageKeys: JSON.parse(row.message_keys) as StoredMessageKeys }),
    ...(row.family !== null && { family: row.family }),
    ...(row.rotations !== null && { rotations: JSON.parse(row.rotations) as StoredRotations }),
    resynchronisations: {
      inWindow: row.resync_in_window,
      windowStartedAt: row.resync_window_at,
      offered: row.resync_offered,
      completed: row.resync_completed,
    },
    reported: JSON.parse(row.reported) as Record<string, string>,
    ...(row.last_session_at !== null && { lastSessionAt: row.last_session_at }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

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
  return { scheme, name, secret, ...(nonce !== null && { nonce: hexToBytes(nonce) }) };
}

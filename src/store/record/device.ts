// Devices: who they are, how they are reached, and what both sides prove themselves with.
import type { Filter } from '../../filter/index.ts';
import type { StoredMessageKeys } from './message-keys.ts';
import type { Page, PageRequest } from './page.ts';
import type { RecordVersion } from './record-version.ts';
import type { StoredRotations } from './rotation.ts';

/** Formats of Package #0, by the names of the notification JSON. */
export type StoredFormat = 'dm1.2' | 'dm1.3-2010' | 'dm1.3';

/** One direction's credentials (DMAcc AppAuth, DM-STDOBJ-1.2). */
export interface StoredCredentials {
  /** Application-layer scheme (DM-SEC-1.2). */
  readonly scheme: 'basic' | 'md5' | 'hmac';
  /** AAuthName. */
  readonly name: string;
  /** AAuthSecret. Never leaves the server. */
  readonly secret: string;
  /** Nonce octets (AAuthData); absent when this side does not know what the device holds. */
  readonly nonce?: Uint8Array;
}

/** Schemes of one direction that are taken, at least one. */
export type StoredSchemes = readonly StoredCredentials['scheme'][];

/** The TLS client certificate that identifies a device. */
export interface StoredCertificate {
  /** SHA-256 of the certificate in DER, 64 lower-case hex digits. */
  readonly sha256: string;
}

/** What devices are grouped by: values by name. */
export type DeviceLabels = Readonly<Record<string, string>>;

/** Fields of a device that its owner sets. */
export interface DeviceInput {
  /** `./DevInfo/DevId`, which is Source/LocURI of its messages: `IMEI:…`, `urn:uuid:…`. */
  readonly id: string;
  /** Account that manages it. */
  readonly serverId: string;
  /** Address URIs in order of preference, at least one. */
  readonly addresses: readonly string[];
  /** Notification format when a notification names none. */
  readonly format: StoredFormat;
  /** SRVCRED: server to client, and the MD5 digest of notifications. */
  readonly serverCredentials: StoredCredentials;
  /** CLCRED: client to server. Absent: only `tlsCertificate` can identify the device. */
  readonly clientCredentials?: StoredCredentials;
  /** Schemes that the device may prove itself with. Absent: that of `clientCredentials`, and stronger ones. */
  readonly clientSchemes?: StoredSchemes;
  /** Schemes that a challenge may move the server to. Absent: that of `serverCredentials`, and stronger ones. */
  readonly serverSchemes?: StoredSchemes;
  /** A session over TLS with this client certificate needs no credentials of the device. */
  readonly tlsCertificate?: StoredCertificate;
  /** AAuthSecret of NOTICRED (DM-NOTI-1.3 §6.6); absent: SRVCRED's is used. */
  readonly notificationSecret?: string;
  /** Stands for the server identifier in the MD5 digest, for clients that take AAuthName (spec-notes ruling 1). */
  readonly digestIdentifier?: string;
  /** Keys of sessionless messages to it. */
  readonly messageKeys?: StoredMessageKeys;
  /** Name of the family of its client (docs/families.md); absent, or one that a release does not know: `generic`. */
  readonly family?: string;
  /** First Session-ID that this device gets, 1–65535; absent: chosen at random. */
  readonly firstSessionId?: number;
  readonly labels?: DeviceLabels;
  /** Nothing is sent to it while it is true. */
  readonly suspended?: boolean;
}

/** What `updateDevice` changes; an absent field stays as it is, `null` removes an optional one. */
export interface DevicePatch {
  readonly addresses?: readonly string[];
  readonly format?: StoredFormat;
  readonly serverCredentials?: StoredCredentials;
  readonly clientCredentials?: StoredCredentials | null;
  readonly clientSchemes?: StoredSchemes | null;
  readonly serverSchemes?: StoredSchemes | null;
  readonly tlsCertificate?: StoredCertificate | null;
  readonly notificationSecret?: string | null;
  readonly digestIdentifier?: string | null;
  readonly messageKeys?: StoredMessageKeys | null;
  readonly family?: string | null;
  /** Labels that are set, and with `null` those that are removed; others stay. `null` removes all. */
  readonly labels?: Readonly<Record<string, string | null>> | null;
  readonly suspended?: boolean;
}

/** How often a device was offered the default nonce (spec-notes ruling 12). */
export interface ResynchronisationCount {
  /** Offers in the running window. */
  readonly inWindow: number;
  /** When the running window began, milliseconds since the POSIX epoch; 0 before the first offer. */
  readonly windowStartedAt: number;
  /** Offers ever made. */
  readonly offered: number;
  /** Resynchronisations that ended with fresh nonces on both sides. */
  readonly completed: number;
}

/** A device as stored. */
export interface DeviceRecord extends Omit<DeviceInput, 'firstSessionId' | 'labels' | 'suspended'> {
  /** Absent where it has none; a claim does not read them. */
  readonly labels?: DeviceLabels;
  /** Since when nothing is sent to it; absent: it is not suspended. */
  readonly suspendedAt?: number;
  /** How often its owner changed it; absent before the first time. Sessions do not count. */
  readonly revision?: number;
  /** Secrets that are being replaced, or were last; absent before the first. */
  readonly rotations?: StoredRotations;
  readonly resynchronisations: ResynchronisationCount;
  /** Leaves that the device reported in its last sessions, by URI. */
  readonly reported: Readonly<Record<string, string>>;
  /** When a session of the device last authenticated; absent before the first. */
  readonly lastSessionAt?: number;
  /** Milliseconds since the POSIX epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What of a device has a say in a notification for it. */
export interface NotifiedDevice
  extends Pick<
    DeviceRecord,
    'id' | 'serverId' | 'addresses' | 'format' | 'notificationSecret' | 'digestIdentifier' | 'family'
  > {
  readonly serverCredentials: Omit<StoredCredentials, 'nonce'>;
}

/** A device that was read. */
export interface ReadDevice {
  readonly id: string;
  /** As `ClaimedPush.readAt`. */
  readonly readAt: number;
}

/** A device as it is now. */
export interface DeviceNow {
  readonly id: string;
  /** Absent when it is gone. */
  readonly device?: DeviceRecord;
}

/** Which devices are meant; without anything, all. */
export interface DeviceSelection {
  readonly serverId?: string;
  /** Those of these accounts. */
  readonly accounts?: readonly string[];
  /** `within` counts from the moment of the call. */
  readonly filter?: Filter;
}

/** Keeps devices. What a call wrote is on disk when its promise resolves. */
export interface DeviceStore {
  /**
   * Adds a device.
   * @throws {StoreError} ALREADY_EXISTS when the DevId is taken, UNKNOWN_ACCOUNT when the account does not exist
   */
  createDevice(input: DeviceInput): Promise<DeviceRecord>;
  device(id: string): Promise<DeviceRecord | undefined>;
  /** The devices of those ids that exist, in any order. */
  devices(ids: readonly string[]): Promise<readonly DeviceRecord[]>;
  /**
   * Those of the devices whose addresses, secrets or nonces may have been written since they were read, as they are now, in any
   * order; one that is gone comes without a record. What it does not name is as it was read.
   */
  devicesSince(read: readonly ReadDevice[]): Promise<readonly DeviceNow[]>;
  /** Devices in order of id, those of a selection. */
  listDevices(page: PageRequest & DeviceSelection): Promise<Page<DeviceRecord>>;
  /** Ids of devices, in order, those of a selection. */
  listDeviceIds(page: PageRequest & DeviceSelection): Promise<Page<string>>;
  /** How many devices a selection has. */
  countDevices(selection: DeviceSelection): Promise<number>;
  /**
   * Changes a device, and gives it as it is then; `undefined` when there is none. Credentials that are given, or removed,
   * end the replacement of their secret: whoever gives them says what the device holds.
   * @param expected versions that it may have
   * @throws {StoreError} VERSION_MISMATCH when it has another
   */
  updateDevice(
    id: string,
    patch: DevicePatch,
    expected?: readonly RecordVersion[],
  ): Promise<DeviceRecord | undefined>;
  /**
   * Removes a device with its notifications, their events, and its jobs; false when there is none.
   * @param expected versions that it may have
   * @throws {StoreError} IN_USE while a notification of it is live or a job of it is open, VERSION_MISMATCH
   */
  deleteDevice(id: string, expected?: readonly RecordVersion[]): Promise<boolean>;
}

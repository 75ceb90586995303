// Devices, as callers create, change and read them.
import { notificationFormats } from '../../codec/notification/index.ts';
import { StoreError, ValueError } from '../../core/index.ts';
import { familyNames } from '../../families/index.ts';
import { type Filter, parseFilter } from '../../filter/index.ts';
import {
  type Asker,
  type DeviceRecord,
  type DeviceSelection,
  type DeviceSets,
  type DeviceStore,
  maySee,
  type Page,
  type PageRequest,
  type RecordVersion,
  versionOf,
} from '../../store/index.ts';
import type { BindingTable } from '../push/bindings.ts';
import { readDeviceChange, readNewDevice } from './device-input.ts';

/** A change depends on what the caller has read: versions, or that there is a device at all (`any`). */
export type ExpectedVersions = readonly RecordVersion[] | 'any';

/** Checks what is given and keeps devices. */
export class DeviceService {
  readonly #store: DeviceStore & DeviceSets;
  readonly #bindings: BindingTable;

  constructor(store: DeviceStore & DeviceSets, bindings: BindingTable) {
    this.#store = store;
    this.#bindings = bindings;
  }

  /**
   * Creates a device from `{ id, serverId, addresses, format?, serverCredentials, clientCredentials?,
   * clientSchemes?, serverSchemes?, tlsCertificate?, notificationSecret?, digestIdentifier?, messageKeys?, family?,
   * firstSessionId?, labels?, suspended? }`, where
   * credentials are `{ scheme?, name?, secret, nonceBase64? }` and the certificate is `{ sha256 }`. A device with a
   * certificate needs no `clientCredentials`; `serverCredentials` sign notifications, so they are always needed. Defaults:
   * format `dm1.2`, which every client understands; scheme `md5`; the server's name is its ServerID; schemes those of
   * the credentials and stronger ones.
   * @param by who asks
   * @throws {ValueError} for the first thing wrong
   * @throws {ConfigError} when no address has a configured binding
   * @throws {StoreError} ALREADY_EXISTS, UNKNOWN_ACCOUNT
   */
  async create(value: unknown, by?: Asker): Promise<DeviceRecord> {
    const input = readNewDevice(value, this.#bindings);
    if (!maySee(by, input.serverId)) throw unknownAccount(input.serverId);
    return this.#store.createDevice(input);
  }

  /**
   * Creates a device, or replaces what there is of it: as `create`, with the id of the path, which the body may repeat. What is not
   * given is removed, but `suspended`, and nonces of credentials that stay the same.
   * @param expected `[]`: there must be none yet
   * @throws {ValueError} {ConfigError} as `create`
   * @throws {StoreError} UNKNOWN_ACCOUNT, OTHER_ACCOUNT, VERSION_MISMATCH
   */
  async put(
    id: string,
    value: unknown,
    expected?: ExpectedVersions,
    by?: Asker,
  ): Promise<{ readonly device: DeviceRecord; readonly created: boolean }> {
    const input = readNewDevice(
      typeof value === 'object' && value !== null && !Array.isArray(value) ? { id, ...value } : value,
      this.#bindings,
    );
    if (input.id !== id) throw new ValueError('OUT_OF_RANGE', `is not ${id}, the id of the path`, 'id');
    if (!maySee(by, input.serverId)) throw unknownAccount(input.serverId);
    if (expected !== 'any' && (by === undefined || by.accounts === 'all')) {
      return this.#store.putDevice(input, expected);
    }
    const device = await this.#store.device(id);
    if (device !== undefined && !maySee(by, device.serverId)) {
      throw new StoreError('ALREADY_EXISTS', `device ${id} exists already`);
    }
    if (expected !== 'any') return this.#store.putDevice(input, expected);
    // A version that no device has.
    const version = device === undefined ? { createdAt: -1, revision: -1 } : versionOf(device);
    return this.#store.putDevice(input, [version]);
  }

  /**
   * Changes the fields that are given: those of `create` without `id`, `serverId` and `firstSessionId`. Credentials are
   * replaced as a whole, labels one by one; `null` removes what is optional. `undefined` when there is no such device.
   * @throws {ValueError} for the first thing wrong
   * @throws {ConfigError} when no address has a configured binding
   * @throws {StoreError} VERSION_MISMATCH
   */
  async update(
    id: string,
    value: unknown,
    expected?: readonly RecordVersion[],
  ): Promise<DeviceRecord | undefined> {
    const device = await this.#store.device(id);
    if (device === undefined) return undefined;
    return this.#store.updateDevice(id, readDeviceChange(value, device, this.#bindings), expected);
  }

  get(id: string): Promise<DeviceRecord | undefined> {
    return this.#store.device(id);
  }

  list(page: PageRequest & DeviceSelection): Promise<Page<DeviceRecord>> {
    return this.#store.listDevices(page);
  }

  count(selection: DeviceSelection): Promise<number> {
    return this.#store.countDevices(selection);
  }

  /**
   * False when there is no such device.
   * @throws {StoreError} IN_USE while a notification of it is live, VERSION_MISMATCH
   */
  remove(id: string, expected?: readonly RecordVersion[]): Promise<boolean> {
    return this.#store.deleteDevice(id, expected);
  }
}

/** The same as where there is none. */
export function unknownAccount(serverId: string): StoreError {
  return new StoreError('UNKNOWN_ACCOUNT', `there is no account ${serverId}: create the account first`);
}

/** Reads a filter of devices (docs/filters.md). @throws {FilterError} */
export function deviceFilter(text: string): Filter {
  return parseFilter(text, { format: notificationFormats, family: familyNames });
}

// Devices by the thousand: taken in, replaced, removed in sets. What a call wrote is on disk when its promise resolves.
import type { StoreError } from '../../core/index.ts';
import type { DeviceInput, DevicePatch, DeviceRecord } from './device.ts';
import type { RecordVersion } from './record-version.ts';

/** Most devices of one set. */
export const largestDeviceSet = 1000;

/** One device of an import: a new one, or a change of one that is there. */
export type ImportedDevice =
  | { readonly input: DeviceInput }
  | { readonly id: string; readonly patch: DevicePatch };

/** The device that is meant. */
export function importedId(imported: ImportedDevice): string {
  return 'input' in imported ? imported.input.id : imported.id;
}

/** What came of one device of an import; `unchanged`: it was as it should be already. */
export type ImportedOutcome =
  | { readonly outcome: 'created' | 'changed' | 'unchanged' }
  /** ALREADY_EXISTS, UNKNOWN_ACCOUNT, UNKNOWN_DEVICE. */
  | { readonly outcome: 'refused'; readonly error: StoreError };

/** What came of the removal of one device; it stays where it is in use. */
export type RemovedOutcome =
  | { readonly outcome: 'removed' }
  /** UNKNOWN_DEVICE, IN_USE. */
  | { readonly outcome: 'refused'; readonly error: StoreError };

/** Keeps sets of devices. */
export interface DeviceSets {
  /**
   * Takes devices in, each for itself, in one transaction, which calls at the same time may share: up to `largestDeviceSet`, no id
   * twice. Calls are taken in their order. A new one that is there already,
   * with the same in all that was given, is `unchanged`; nonces that sessions left there, and the first Session-ID, do not count.
   * `dryRun`: nothing is written, and the outcomes are those that there would be.
   */
  importDevices(
    devices: readonly ImportedDevice[],
    options?: { readonly dryRun?: boolean },
  ): Promise<readonly ImportedOutcome[]>;
  /**
   * Creates a device, or replaces all that its owner sets of it: what is not given is removed, but `suspended`, and nonces of
   * credentials that stay the same.
   * @param expected versions that it may have: it has to be there then; none (`[]`): it must not be there
   * @throws {StoreError} UNKNOWN_ACCOUNT; OTHER_ACCOUNT when it is another account's; VERSION_MISMATCH
   */
  putDevice(
    input: DeviceInput,
    expected?: readonly RecordVersion[],
  ): Promise<{ readonly device: DeviceRecord; readonly created: boolean }>;
  /** Removes up to `largestDeviceSet` devices, as `deleteDevice` does, each for itself. `dryRun`: none of them. */
  deleteDevices(
    ids: readonly string[],
    options?: { readonly dryRun?: boolean },
  ): Promise<readonly RemovedOutcome[]>;
}

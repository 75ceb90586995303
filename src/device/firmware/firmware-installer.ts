// What a device does with a firmware package: whatever its maker says, or a simulation.
import { bytesToDisplayText } from '../../core/index.ts';
import { firmwareResults } from './firmware-object.ts';

/** A package to install. */
export interface FirmwarePackage {
  readonly octets: Uint8Array;
  /** The firmware update object that it came through: `./FwUpdate/Main`. */
  readonly object: string;
  /** `./DevInfo/Mod` of this device. */
  readonly model: string;
  /** `./DevDetail/FwV` as it is now. */
  readonly version: string;
}

/** How an installation ended. */
export type InstallResult =
  /** `version` becomes `./DevDetail/FwV`. */
  | { readonly installed: true; readonly version: string }
  /** `code` is a result code of FUMO, 400-499 or 550-599. */
  | { readonly installed: false; readonly code: number; readonly reason: string };

/**
 * Installs a package. After a crash in the middle it is called again with the same package. `signal` aborts when the
 * device stops; what is returned then is not used. A rejection is result code 410, update failed.
 */
export type FirmwareInstaller = (
  firmware: FirmwarePackage,
  signal: AbortSignal,
) => Promise<InstallResult> | InstallResult;

/** Octets in which the head of a simulated package stands. */
const longestHead = 1024;

/**
 * Installs packages of simulated devices: lines `Firmware-Version: 2.0` and, if it is for one model only,
 * `Firmware-Model: E1`, an empty line, and anything.
 */
export const simulatedInstaller: FirmwareInstaller = ({ octets, model }) => {
  const [head = '', ...rest] = bytesToDisplayText(octets.subarray(0, longestHead)).split(/\r?\n\r?\n/);
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]*(\\S.*?)[ \\t]*\\r?$`, 'm').exec(head)?.[1];
  const version = field('Firmware-Version');
  if (version === undefined || rest.length === 0) {
    return { installed: false, code: firmwareResults.corrupt, reason: 'not a package of a simulated device' };
  }
  const wanted = field('Firmware-Model');
  if (wanted !== undefined && wanted !== model) {
    return { installed: false, code: firmwareResults.deviceMismatch, reason: 'for another model' };
  }
  return { installed: true, version };
};

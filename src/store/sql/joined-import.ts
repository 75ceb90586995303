// Imports of devices that come at the same time: those that wait while a transaction runs are one set in the next one. In no order
// of their ids devices are all over the indexes, and each set writes about as many pages as it has rows in them, wherever one is
// touched anew: in a large set many rows share a page, which is written once.
import { type ImportedDevice, type ImportedOutcome, largestDeviceSet, storeTroubleOf } from '../index.ts';
import type { ProgramRunner } from './engine/program.ts';
import { inSlices, PackedDevices } from './packed-devices.ts';
import type { deviceImport } from './record/device-import.ts';

/** Devices of one transaction at most, while nobody else writes: a second or two where there are a million. */
const largestGroup = 16 * largestDeviceSet;

/** Devices that are written in one statement: their words fit where the engine sweeps often. */
const sliceSize = 200;

interface Call {
  readonly devices: PackedDevices;
  readonly resolve: (outcomes: readonly ImportedOutcome[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Joins calls. */
export class JoinedImport {
  readonly #runner: ProgramRunner;
  readonly #take: ReturnType<typeof deviceImport>;
  readonly #waiting: Call[] = [];
  #isWorking = false;
  /** Devices of the next transaction at most; a call is never parted. */
  #bound = largestGroup;

  constructor(runner: ProgramRunner, take: ReturnType<typeof deviceImport>) {
    this.#runner = runner;
    this.#take = take;
  }

  /** As `DeviceSets.importDevices`. Calls are taken in their order. */
  take(devices: readonly ImportedDevice[]): Promise<readonly ImportedOutcome[]> {
    const packed = new PackedDevices(devices);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ devices: packed, resolve, reject });
      if (!this.#isWorking) void this.#work();
    });
  }

  /** Works until nothing waits. Never rejects. */
  async #work(): Promise<void> {
    this.#isWorking = true;
    while (this.#waiting.length > 0) await this.#write(this.#nextGroup());
    this.#isWorking = false;
  }

  /** The calls from the first on that fit into one transaction, and have no device twice. */
  #nextGroup(): readonly Call[] {
    const ids = new Set<string>();
    let length = 0;
    let size = 0;
    for (const { devices } of this.#waiting) {
      size += devices.ids.length;
      if (length > 0 && (size > this.#bound || devices.ids.some((id) => ids.has(id)))) break;
      for (const id of devices.ids) ids.add(id);
      length += 1;
    }
    return this.#waiting.splice(0, length);
  }

  async #write(calls: readonly Call[]): Promise<void> {
    const take = this.#take;
    const runner = this.#runner;
    const devices = calls.map((call) => call.devices);
    let isWaitedFor = false;
    try {
      const outcomes = await runner.writeAlone(function* (transaction) {
        const taken = yield* take(transaction, inSlices(devices, sliceSize), false);
        isWaitedFor = runner.isWaitedFor;
        return taken;
      });
      for (const { devices: own, resolve } of calls) {
        own.release();
        resolve(own.ids.map((id) => outcomes.get(id) as ImportedOutcome));
      }
    } catch (error) {
      // What the machine does not take, it takes of none of them; else one of them is to blame.
      if (calls.length === 1 || storeTroubleOf(error) !== undefined)
        for (const { devices: own, reject } of calls) {
          own.release();
          reject(error);
        }
      else for (const call of calls) await this.#write([call]);
    }
    // Whoever else writes is not to wait for long: he has waited once, and finds smaller sets from now on.
    this.#bound = isWaitedFor
      ? Math.max(largestDeviceSet, Math.floor(this.#bound / 4))
      : Math.min(largestGroup, this.#bound * 2);
  }
}

// Devices that wait for the disk, as octets. They may be many, and live long enough for the engine to move them, as objects, to
// where it looks for garbage seldom: memory would grow by several times what waits. So they are objects again only when their turn
// has come.
import { deserialize, serialize } from 'node:v8';
import { type ImportedDevice, importedId } from '../index.ts';
import type { DeviceSlice } from './record/device-import.ts';

/** Devices that are objects again at once. */
const blockSize = 64;

/** Devices of one call. */
export class PackedDevices {
  /** Their ids, in the order of the call. */
  readonly ids: readonly string[];
  /** The devices in the order of their ids. */
  #blocks: readonly Uint8Array<ArrayBuffer>[];

  constructor(devices: readonly ImportedDevice[]) {
    this.ids = devices.map(importedId);
    const sorted = devices.toSorted((one, other) => (importedId(one) < importedId(other) ? -1 : 1));
    const blocks: Uint8Array<ArrayBuffer>[] = [];
    for (let at = 0; at < sorted.length; at += blockSize)
      blocks.push(serialize(sorted.slice(at, at + blockSize)));
    this.#blocks = blocks;
  }

  /** The devices in the order of their ids. */
  *inOrder(): Generator<ImportedDevice, void, undefined> {
    for (const block of this.#blocks) yield* deserialize(block) as readonly ImportedDevice[];
  }

  /** Gives the memory of the devices back at once: octets outside the heap wait for a sweep that comes seldom. */
  release(): void {
    for (const { buffer } of this.#blocks) buffer.transfer(0);
    this.#blocks = [];
  }
}

/** Devices of all calls in the order of their ids, so many at once. */
export function* inSlices(
  calls: readonly PackedDevices[],
  size: number,
): Generator<DeviceSlice, void, undefined> {
  const heads: { device: ImportedDevice; id: string; readonly rest: Generator<ImportedDevice, void> }[] = [];
  for (const call of calls) {
    const rest = call.inOrder();
    const { value } = rest.next();
    if (value !== undefined) heads.push({ device: value, id: importedId(value), rest });
  }
  const slice: ImportedDevice[] = [];
  for (;;) {
    let [first] = heads;
    if (first === undefined) break;
    for (const head of heads) if (head.id < first.id) first = head;
    slice.push(first.device);
    const { value } = first.rest.next();
    if (value === undefined) heads.splice(heads.indexOf(first), 1);
    else {
      first.device = value;
      first.id = importedId(value);
    }
    // Not held from here on.
    if (slice.length === size || heads.length === 0)
      yield { devices: slice.splice(0), isLast: heads.length === 0 };
  }
}

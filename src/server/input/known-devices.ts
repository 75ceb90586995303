// The devices that requests are for.
import { ValueError } from '../../core/index.ts';
import type { DeviceRecord, DeviceStore, NotifiedDevice } from '../../store/index.ts';

/** Passes a device through that was looked for. @throws {ValueError} OUT_OF_RANGE when there is none */
export function requireDevice<Device extends NotifiedDevice>(id: string, found: Device | undefined): Device {
  if (found !== undefined) return found;
  throw new ValueError('OUT_OF_RANGE', `there is no device ${id}: create it first`, 'device');
}

/** The devices of those ids that there are. */
export async function devicesById(
  store: Pick<DeviceStore, 'devices'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, DeviceRecord>> {
  const found = new Map<string, DeviceRecord>();
  for (const device of await store.devices(ids)) found.set(device.id, device);
  return found;
}

// The devices that requests are for.
import { ValueError } from '../../core/index.ts';
import {
  type Asker,
  type DeviceRecord,
  type DeviceStore,
  maySee,
  type NotifiedDevice,
} from '../../store/index.ts';

/**
 * Passes a device through that was looked for.
 * @param by who asks: a device that he may not see is none
 * @throws {ValueError} OUT_OF_RANGE when there is none
 */
export function requireDevice<Device extends NotifiedDevice>(
  id: string,
  found: Device | undefined,
  by?: Asker,
): Device {
  if (found !== undefined && maySee(by, found.serverId)) return found;
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

// WAP push on UDP: a socket for each device, so that the carrier's address names the device as in the field; one takes less
// than a kilobyte. Devices behind a push gateway have one too.
import { WapListener } from '../../push/wap/index.ts';
import type { FleetPlan } from '../fleet-plan.ts';
import { type Door, type DoorHost, type OpenedDevice, placeOf } from './door.ts';

/** The door of `wap` and, with the name of a gateway, of `pap`. */
export function udpDoor(host: DoorHost, gateway?: string): Door {
  const listeners: WapListener[] = [];
  return {
    async open({ index, number }: FleetPlan, port: number): Promise<OpenedDevice> {
      const listener = new WapListener({
        port,
        address: host.host,
        handler: (push) => host.receive(index, push),
        onDrop: (drop) => host.dropped(drop, index),
        onError: (error) => host.error(error),
      });
      const bound = await listener.start();
      listeners.push(listener);
      const address =
        gateway === undefined
          ? `wap:${placeOf(host.host, bound)}`
          : `pap:WAPPUSH=${number}/TYPE=PLMN@${gateway}`;
      return { address, port: bound };
    },
    async close() {
      await Promise.all(listeners.splice(0).map((listener) => listener.close()));
    },
  };
}

// Secure WAP push: a listener for each device, for a session of WTLS belongs to a pair of addresses.
import { WapsListener, type WapsListenerOptions } from '../../push/waps/index.ts';
import { type Door, type DoorHost, placeOf } from './door.ts';

/** The door of `waps`. */
export function wapsDoor(host: DoorHost, secrets: WapsListenerOptions['secrets']): Door {
  const listeners: WapsListener[] = [];
  return {
    async open({ index }, port) {
      const listener = new WapsListener({
        port,
        address: host.host,
        secrets,
        clock: host.clock,
        handler: (push) => host.receive(index, push),
        onDrop: (drop) => host.dropped(drop, index),
        onError: (error) => host.error(error),
      });
      const bound = await listener.start();
      listeners.push(listener);
      return { address: `waps:${placeOf(host.host, bound)}`, port: bound };
    },
    async close() {
      await Promise.all(listeners.splice(0).map((listener) => listener.close()));
    },
  };
}

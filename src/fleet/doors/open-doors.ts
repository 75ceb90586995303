// The doors that a mix asks for, each opened with its first device.
import { ConfigError } from '../../core/index.ts';
import type { FleetBinding, FleetMix } from '../mix/fleet-mix.ts';
import type { Door, DoorHost } from './door.ts';
import { httpDoor } from './http-door.ts';
import { obexDoor } from './obex-door.ts';
import { sipDoor } from './sip-door.ts';
import { smsDoor } from './sms-door.ts';
import { udpDoor } from './udp-door.ts';
import { wapsDoor } from './waps-door.ts';

/** All doors of a fleet. */
export class Doors {
  readonly #host: DoorHost;
  readonly #carriers: NonNullable<FleetMix['carriers']>;
  readonly #open = new Map<FleetBinding, Door>();

  constructor(host: DoorHost, mix: FleetMix) {
    this.#host = host;
    this.#carriers = mix.carriers ?? {};
  }

  /** The door of a binding. @throws {ConfigError} {ValueError} for settings of its carrier */
  of(binding: FleetBinding): Door {
    let door = this.#open.get(binding);
    if (door === undefined) {
      door = this.#make(binding);
      this.#open.set(binding, door);
    }
    return door;
  }

  /** Resolves when carriers know all devices. Rejects when one of them never will. */
  async ready(): Promise<void> {
    await Promise.all([...this.#open.values()].map((door) => door.ready?.()));
  }

  async close(): Promise<void> {
    const doors = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(doors.map((door) => door.close()));
  }

  #make(binding: FleetBinding): Door {
    const { sms, sip, waps, obex, pap } = this.#carriers;
    switch (binding) {
      case 'wap':
        return udpDoor(this.#host);
      case 'pap':
        return udpDoor(this.#host, given('pap', pap).gateway);
      case 'sms':
        return smsDoor(this.#host, given('sms', sms));
      case 'sip':
        return sipDoor(this.#host, given('sip', sip));
      case 'http':
        return httpDoor(this.#host);
      case 'obex':
        return obexDoor(this.#host, obex?.password);
      case 'waps': {
        const { identity, secret } = given('waps', waps);
        return wapsDoor(this.#host, [{ identity, secret }]);
      }
    }
  }
}

function given<Carrier>(name: string, carrier: Carrier | undefined): Carrier {
  if (carrier !== undefined) return carrier;
  throw new ConfigError(`mix.carriers.${name}: must be given`);
}

// Push over SIP: one socket, on which each device registers; the Request-URI names the device.
import { parseSipUri } from '../../codec/sip/index.ts';
import { type ReceivedSipPush, SipListener } from '../../push/sip/index.ts';
import { Gate } from '../device/gate.ts';
import type { FleetMix } from '../mix/fleet-mix.ts';
import { seededOctets } from '../mix/seeded.ts';
import { indexOfUser } from '../plan/fleet-plan.ts';
import { type Door, type DoorHost, mostPending } from './door.ts';

/** Devices that register for the first time at once; the others wait for their turn. */
const mostRegistering = 32;

/** The door of `sip`. Devices can be reached once they are registered. */
export function sipDoor(
  host: DoorHost,
  { domain, outboundProxy, password }: NonNullable<NonNullable<FleetMix['carriers']>['sip']>,
): Door {
  const { first, end } = host.indexes;
  const indexOf = (user: string | undefined): number | undefined => {
    const index = user === undefined ? undefined : indexOfUser(user);
    return index !== undefined && index >= first && index < end ? index : undefined;
  };
  const listener = new SipListener({
    port: 0,
    address: host.host,
    clock: host.clock,
    serves: (user) => {
      const index = indexOf(user);
      return index !== undefined && host.isOn(index, 'sip');
    },
    handler: async (push: ReceivedSipPush) => {
      const index = indexOf(parseSipUri(push.requestUri).user);
      if (index !== undefined) await host.receive(index, push);
    },
    onDrop: (drop) => {
      if (drop.reason !== 'request-uri') host.dropped(drop);
    },
    onError: (error) => host.error(error),
    maxPending: mostPending,
    maxPendingPerSource: mostPending,
  });
  const turns = new Gate(mostRegistering, Number.MAX_SAFE_INTEGER);
  const registered = new Set<Promise<void>>();
  const register = async (user: string, index: number): Promise<void> => {
    if ((await turns.enter()) !== undefined) return;
    const addressOfRecord = `sip:${user}@${domain}`;
    let tried = (): void => {};
    const firstTry = new Promise<void>((resolve) => {
      tried = resolve;
    });
    const registration = listener.register({
      registrar: `sip:${domain}`,
      outboundProxy,
      addressOfRecord,
      instanceId: `urn:uuid:${uuidOf(index)}`,
      ...(password === undefined ? {} : { credentials: { username: user, password } }),
      onChange: ({ state, problem }) => {
        if (state !== 'registering') tried();
        if (state === 'waiting' || state === 'refused') {
          host.news(`sip: ${addressOfRecord} is not registered: ${problem ?? state}`);
        }
      },
    });
    void firstTry.then(() => turns.leave());
    await registration.whenRegistered();
  };
  let started: Promise<number> | undefined;
  return {
    async open({ user, index }) {
      started ??= listener.start();
      await started;
      const done = register(user, index);
      registered.add(done);
      const forget = (): void => void registered.delete(done);
      done.then(forget, forget);
      return { address: `sip:${user}@${domain}`, port: 0 };
    },
    ready: async () => {
      await Promise.all(registered);
    },
    async close() {
      turns.close();
      await listener.close();
    },
  };
}

/** The same in each run, as that of a real device. */
function uuidOf(index: number): string {
  const hex = seededOctets(0, 'sip instance', index).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

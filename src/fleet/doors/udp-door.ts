// WAP push on UDP: a socket for each device, so that the carrier's address names the device as in the field. A bare one takes
// less than a kilobyte, a whole listener would take three. Devices behind a push gateway have one too.
import { bindError, PushIntake, showPeer, UdpSocket } from '../../push/index.ts';
import { readWapPush } from '../../push/wap/index.ts';
import type { FleetPlan } from '../plan/fleet-plan.ts';
import { type Door, type DoorHost, type FleetPush, mostPending, type OpenedDevice, placeOf } from './door.ts';

/** The door of `wap` and, with the name of a gateway, of `pap`. */
export function udpDoor(host: DoorHost, gateway?: string): Door {
  const sockets: UdpSocket[] = [];
  const onError = (error: unknown): void => host.error(error);
  const intake = new PushIntake<never, FleetPush>({
    binding: 'wap',
    reasons: [],
    handler: (push) => host.receive(push.index, push),
    onError,
    maxPending: mostPending,
    maxPendingPerSource: mostPending,
  });
  const take = (index: number, from: string, datagram: Uint8Array): void => {
    const read = readWapPush(datagram, onError);
    const full = intake.full(from);
    if (!('reason' in read) && full === undefined) {
      void intake.hand({ index, binding: 'wap', from, ...read });
      return;
    }
    const [reason, detail] = 'reason' in read ? [read.reason, read.detail] : ['busy', full ?? ''];
    host.dropped({ binding: 'wap', from, reason, detail, octets: datagram.length }, index);
  };
  return {
    async open({ index, number }: FleetPlan, port: number): Promise<OpenedDevice> {
      let socket: UdpSocket;
      try {
        socket = await UdpSocket.open({
          port,
          address: host.host,
          onDatagram: (from, datagram) => take(index, showPeer(from), datagram),
          onError,
        });
      } catch (error) {
        throw bindError('UDP', error, port, host.host);
      }
      sockets.push(socket);
      const bound = socket.bound.port;
      const address =
        gateway === undefined
          ? `wap:${placeOf(host.host, bound)}`
          : `pap:WAPPUSH=${number}/TYPE=PLMN@${gateway}`;
      return { address, port: bound };
    },
    async close() {
      await Promise.all(sockets.splice(0).map((socket) => socket.close()));
    },
  };
}

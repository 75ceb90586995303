// Senders of WAP pushes on loopback, each at an address of its own, for devices that listen on a real UDP port.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { dmContentKind, encodePush, isProvisioningKind } from '../../src/codec/wsp/index.ts';
import type { Device } from '../../src/device/index.ts';
import type { PushContentType } from '../../src/push/index.ts';
import { WapListener } from '../../src/push/wap/index.ts';
import { eventually } from '../../src/testing/index.ts';

/** One address of loopback. */
export class UdpPeer {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(address: string): Promise<UdpPeer> {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new UdpPeer(socket);
  }

  send(port: number, datagram: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(datagram, port, '127.0.0.1', (error) => (error === null ? resolve() : reject(error)));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

/** `count` peers at 127.0.1.1 and after. */
export async function strangers(count: number): Promise<readonly UdpPeer[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => UdpPeer.open(`127.0.1.${index + 1}`)));
}

/** The datagram of a push. */
export function datagramOf(contentType: PushContentType, body: Uint8Array): Uint8Array {
  const provisioning = isProvisioningKind(dmContentKind(contentType));
  return encodePush({ transactionId: 1, contentType, body, ...(provisioning && { applicationId: null }) });
}

/** Lets the device listen on a free UDP port; the listener is closed with it. */
export async function listenOnUdp(
  device: Device,
): Promise<{ readonly port: number; readonly listener: WapListener }> {
  const listener = new WapListener({
    port: 0,
    address: '127.0.0.1',
    handler: device.receive,
    onDrop: device.dropped,
  });
  const port = await listener.start();
  device.addReceiver(listener);
  return { port, listener };
}

/** Sends a datagram from each peer in turn, `count` in all, no faster than the listener takes them in. */
export async function flood(
  peers: readonly UdpPeer[],
  { port, listener }: { readonly port: number; readonly listener: WapListener },
  count: number,
  datagram: (index: number) => Uint8Array,
): Promise<void> {
  const before = listener.counters().received;
  const arrived = (): number => listener.counters().received - before;
  for (let sent = 0; sent < count; sent += 1) {
    const octets = datagram(sent);
    await peers[sent % peers.length]?.send(port, octets);
    // Loopback loses what its buffer does not hold.
    const onTheWay = Math.max(1, Math.min(20, Math.floor(65_536 / octets.length)));
    await eventually(() => sent + 1 - arrived() <= onTheWay, `datagram ${sent} of ${count}`);
  }
  await eventually(() => arrived() >= count, `${count} datagrams`);
}

/** Lets everything that is ready run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

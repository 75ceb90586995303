// A UDP socket on loopback for tests: keeps what arrives, in order.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';

/** One datagram as it arrived. */
export interface Datagram {
  readonly octets: Uint8Array;
  readonly from: RemoteInfo;
}

export class UdpSocket {
  readonly #socket: Socket;
  readonly #arrived: Datagram[] = [];
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (message, from) => {
      this.#arrived.push({ octets: Uint8Array.from(message), from });
      this.#wake?.();
    });
  }

  static async open(address = '127.0.0.1'): Promise<UdpSocket> {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new UdpSocket(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** The next datagram, waiting for it. */
  async next(): Promise<Datagram> {
    for (;;) {
      const first = this.#arrived.shift();
      if (first !== undefined) return first;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  send(octets: Uint8Array, port: number, address = '127.0.0.1'): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(octets, port, address, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

/** True when this machine has the IPv6 loopback address. */
export const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');

// A bound UDP socket: datagrams come and go through the same port, for a WTLS session belongs to it.

import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { codeOf } from '../../core/index.ts';
import { type Peer, plainAddress } from './peer.ts';

/** What to bind. */
export interface UdpPortOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** IP address to bind to; `4` and `6` for all of one version, `undefined` for all of both where there are both. */
  readonly address: string | 4 | 6 | undefined;
  /** Must not throw. */
  readonly onDatagram: (from: Peer, datagram: Uint8Array) => void;
  /** The socket reports an error; it goes on. */
  readonly onError: (error: unknown) => void;
}

/** One UDP socket. */
export class UdpPort {
  readonly #socket: Socket;
  /** True when the socket takes IPv4 in IPv6 clothing. */
  readonly #mapped: boolean;
  readonly #sending = new Set<Promise<void>>();
  #closed = false;

  private constructor(socket: Socket, mapped: boolean, options: UdpPortOptions) {
    this.#socket = socket;
    this.#mapped = mapped;
    socket.on('message', (message, { address, port }) => {
      const datagram = new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
      options.onDatagram({ address: plainAddress(address), port }, datagram);
    });
    socket.on('error', options.onError);
  }

  /** Binds a socket. Rejects with the system's error. */
  static async open(options: UdpPortOptions): Promise<UdpPort> {
    const { port, address } = options;
    if (address === 4) return new UdpPort(await bind('udp4', port, '0.0.0.0'), false, options);
    if (address === 6) return new UdpPort(await bind('udp6', port, '::', true), false, options);
    if (address !== undefined) {
      const type = isIP(address) === 6 ? 'udp6' : 'udp4';
      return new UdpPort(await bind(type, port, address), false, options);
    }
    try {
      return new UdpPort(await bind('udp6', port, '::'), true, options);
    } catch (error) {
      if (!noIpv6.has(codeOf(error))) throw error;
      return new UdpPort(await bind('udp4', port, '0.0.0.0'), false, options);
    }
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Resolves when the system has taken the datagram. Rejects with its error. */
  send(datagram: Uint8Array, to: Peer): Promise<void> {
    if (this.#closed) return Promise.resolve();
    const address = this.#mapped && isIP(to.address) === 4 ? `::ffff:${to.address}` : to.address;
    const sending = new Promise<void>((resolve, reject) => {
      this.#socket.send(datagram, to.port, address, (error) => (error === null ? resolve() : reject(error)));
    });
    const settled = (): void => {
      this.#sending.delete(sending);
    };
    this.#sending.add(sending);
    sending.then(settled, settled);
    return sending;
  }

  /** What is being sent still goes out. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#sending);
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }
}

const noIpv6: ReadonlySet<string> = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EPROTONOSUPPORT']);

function bind(type: 'udp4' | 'udp6', port: number, address: string, ipv6Only = false): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type,
      ipv6Only,
      // Only addresses are given to it; without this, Node would look each of them up again.
      lookup: (host, _options, callback) => callback(null, host, type === 'udp6' ? 6 : 4),
    });
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ port, address, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

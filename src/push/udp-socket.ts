// UDP sockets of all bindings: bound once, for one version of IP or for both, datagrams in and out.
import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { codeOf } from '../core/index.ts';
import { type PeerAddress, plainAddress } from './peer-name.ts';

/** Version of IP. */
export type IpVersion = 4 | 6;

/** The version of an IP address; 4 for what is none. */
export function versionOf(address: string): IpVersion {
  return isIP(address) === 6 ? 6 : 4;
}

/** What to bind. */
export interface UdpSocketOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** IP address to bind to; `4` and `6` for all of one version, `undefined` for all of both where there are both. */
  readonly address: string | IpVersion | undefined;
  /** Must not throw. */
  readonly onDatagram: (from: PeerAddress, datagram: Uint8Array) => void;
  /** The socket reports an error; it goes on. */
  readonly onError: (error: unknown) => void;
}

/** A bound socket. */
export class UdpSocket {
  readonly #socket: Socket;
  /** True when the socket takes IPv4 in IPv6 clothing. */
  readonly #mapped: boolean;
  /** Datagrams that the system has not taken yet. */
  #sending = 0;
  #onSent: () => void = () => undefined;
  #closed: Promise<void> | undefined;

  private constructor(socket: Socket, mapped: boolean, { onDatagram, onError }: UdpSocketOptions) {
    this.#socket = socket;
    this.#mapped = mapped;
    socket.on('message', (message, { address, port }) => {
      const datagram = new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
      onDatagram({ address: plainAddress(address), port }, datagram);
    });
    socket.on('error', onError);
  }

  /** Binds a socket. Rejects with the system's error. */
  static async open(options: UdpSocketOptions): Promise<UdpSocket> {
    const { port, address } = options;
    if (address === 6) return new UdpSocket(await bind(6, port, '::', true), false, options);
    if (address === 4) return new UdpSocket(await bind(4, port, '0.0.0.0'), false, options);
    if (address !== undefined) {
      return new UdpSocket(await bind(versionOf(address), port, address), false, options);
    }
    try {
      return new UdpSocket(await bind(6, port, '::'), true, options);
    } catch (error) {
      if (!noIpv6.has(codeOf(error))) throw error;
      return new UdpSocket(await bind(4, port, '0.0.0.0'), false, options);
    }
  }

  /** Where it is bound. */
  get bound(): PeerAddress {
    return this.#socket.address();
  }

  /** Resolves when the system has taken the datagram; rejects with its error. Sends nothing once it is being closed. */
  send(datagram: Uint8Array, to: PeerAddress): Promise<void> {
    if (this.#closed !== undefined) return Promise.resolve();
    return new Promise<void>((resolve, reject) => this.#send(datagram, to, resolve, reject));
  }

  /** The same for who needs no promise: `failed` is called with the system's error when it does not take it. */
  post(datagram: Uint8Array, to: PeerAddress, failed: (error: unknown) => void): void {
    if (this.#closed === undefined) this.#send(datagram, to, undefined, failed);
  }

  /** What is being sent still goes out. */
  close(): Promise<void> {
    this.#closed ??= this.#sent().then(() => closeSocket(this.#socket));
    return this.#closed;
  }

  #send(
    datagram: Uint8Array,
    { address, port }: PeerAddress,
    taken: (() => void) | undefined,
    failed: (error: unknown) => void,
  ): void {
    const target = this.#mapped && isIP(address) === 4 ? `::ffff:${address}` : address;
    this.#sending += 1;
    const over = (error: unknown): void => {
      this.#sending -= 1;
      if (this.#sending === 0) this.#onSent();
      if (error === null) taken?.();
      else failed(error);
    };
    try {
      this.#socket.send(datagram, port, target, over);
    } catch (error) {
      over(error);
    }
  }

  async #sent(): Promise<void> {
    if (this.#sending === 0) return;
    await new Promise<void>((resolve) => {
      this.#onSent = resolve;
    });
  }
}

/** Sockets to send from, one for each version of IP, made when first needed and used for everything. */
export class UdpSockets {
  readonly #options: Omit<UdpSocketOptions, 'address'>;
  readonly #opening = new Map<IpVersion, Promise<UdpSocket>>();
  readonly #open = new Map<IpVersion, UdpSocket>();

  constructor(options: Omit<UdpSocketOptions, 'address'>) {
    this.#options = options;
  }

  /** Sends from the socket for the peer's version of IP: at once where that is open. Rejects with the system's error. */
  send(datagram: Uint8Array, to: PeerAddress): Promise<void> {
    const open = this.#open.get(versionOf(to.address));
    if (open !== undefined) return open.send(datagram, to);
    return this.socketFor(to.address).then((socket) => socket.send(datagram, to));
  }

  /** True when the socket for a peer's version of IP is there. */
  isOpenFor(address: string): boolean {
    return this.#open.has(versionOf(address));
  }

  /** The socket for a peer's version of IP. Rejects with the system's error; the next one asked for is tried again. */
  socketFor(address: string): Promise<UdpSocket> {
    const version = versionOf(address);
    const existing = this.#opening.get(version);
    if (existing !== undefined) return existing;
    const made = UdpSocket.open({ ...this.#options, address: version });
    this.#opening.set(version, made);
    made.then(
      (socket) => this.#open.set(version, socket),
      () => this.#opening.delete(version),
    );
    return made;
  }

  /** Closes those that there are. */
  async close(): Promise<void> {
    const made = await Promise.allSettled(this.#opening.values());
    this.#opening.clear();
    this.#open.clear();
    await Promise.all(made.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
  }
}

/** A socket without a port of its own, which is only asked for its address towards `remote`. Sends nothing. */
export async function localAddressTowards(remote: PeerAddress): Promise<string> {
  const probe = createSocket(versionOf(remote.address) === 6 ? 'udp6' : 'udp4');
  try {
    return await new Promise<string>((resolve, reject) => {
      probe.once('error', reject);
      // Connecting a UDP socket only looks up the route.
      probe.connect(remote.port, remote.address, () => resolve(probe.address().address));
    });
  } finally {
    probe.close();
  }
}

const noIpv6: ReadonlySet<string> = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EPROTONOSUPPORT']);

function bind(version: IpVersion, port: number, address: string, ipv6Only = false): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type: version === 6 ? 'udp6' : 'udp4',
      ipv6Only,
      // Only addresses are given to it; without this, Node would look each of them up again.
      lookup: (host, _options, callback) => callback(null, host, version),
    });
    const failed = (error: Error): void => {
      void closeSocket(socket);
      reject(error);
    };
    socket.once('error', failed);
    socket.bind({ port, address, exclusive: true }, () => {
      socket.off('error', failed);
      makeRoom(socket);
      resolve(socket);
    });
  });
}

/**
 * Octets of datagrams that the system keeps for us while we are busy: what it gives by default holds some 170 answers of SIP, and
 * a burst of more, such as the answers to all transactions that may be open, would lose the rest without a word.
 */
const receiveRoom = 4 << 20;

/** Asks for room; Linux gives as much of it as `net.core.rmem_max` allows, other systems refuse what is too much. */
function makeRoom(socket: Socket): void {
  for (let room = receiveRoom; room >= 1 << 18; room >>= 1) {
    try {
      if (socket.getRecvBufferSize() >= room) return;
      socket.setRecvBufferSize(room);
      return;
    } catch {
      // A smaller one may be given.
    }
  }
}

/** Closes a socket that may be closed already. */
function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    try {
      socket.close(() => resolve());
    } catch {
      resolve();
    }
  });
}

// SIP over UDP: one bound socket, datagrams in and out (RFC 3261 §18).
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { decodeSipMessage, type SipLimits } from '../../codec/sip/index.ts';
import { codeOf, DecodeError } from '../../core/index.ts';
import { plainAddress, type SipFlow, type SipIntake, type SipSocketAddress } from './flow.ts';

/** One UDP socket. */
export class UdpPort {
  readonly #socket: Socket;
  readonly #intake: SipIntake;
  readonly #limits: SipLimits;
  readonly #bound: SipSocketAddress;
  readonly #mapped: boolean;
  /** Our own address towards a peer, by the peer's address. */
  readonly #localAddresses = new Map<string, string>();
  #closed: Promise<void> | undefined;

  private constructor(socket: Socket, mapped: boolean, intake: SipIntake, limits: SipLimits) {
    this.#socket = socket;
    this.#intake = intake;
    this.#limits = limits;
    this.#mapped = mapped;
    const { address, port } = socket.address();
    this.#bound = { address, port };
    socket.on('message', (message, from) => this.#take(message, from));
    socket.on('error', (error) => intake.error(error));
  }

  /**
   * Binds a socket: to `address`, or without one to all addresses of both versions of IP where the machine has both.
   * Rejects with the system's error.
   */
  static async open(
    port: number,
    address: string | undefined,
    intake: SipIntake,
    limits: SipLimits,
  ): Promise<UdpPort> {
    if (address !== undefined) {
      const type = isIP(address) === 6 ? 'udp6' : 'udp4';
      return new UdpPort(await bind(type, port, address), false, intake, limits);
    }
    try {
      return new UdpPort(await bind('udp6', port, '::'), true, intake, limits);
    } catch (error) {
      if (!noIpv6.has(codeOf(error))) throw error;
      return new UdpPort(await bind('udp4', port, '0.0.0.0'), false, intake, limits);
    }
  }

  get port(): number {
    return this.#bound.port;
  }

  /** The way to a peer that has been asked for before. */
  knownFlow(remote: SipSocketAddress): SipFlow | undefined {
    const local = this.#localAddresses.get(remote.address);
    return local === undefined ? undefined : this.#flow(remote, local);
  }

  /** The way to a peer. Rejects with the system's error when there is no route. */
  async flowTo(remote: SipSocketAddress): Promise<SipFlow> {
    return this.knownFlow(remote) ?? this.#flow(remote, await this.localAddressFor(remote));
  }

  /**
   * The address under which a peer sees us, short of address translation: asked from the system each time, and used for
   * all ways to the peer from then on.
   */
  async localAddressFor(remote: SipSocketAddress): Promise<string> {
    const { address: bound } = this.#bound;
    const address = isUnspecified(bound) ? await askSystem(remote) : bound;
    if (this.#localAddresses.size >= maxLocalAddresses) this.#localAddresses.clear();
    this.#localAddresses.set(remote.address, address);
    return address;
  }

  close(): Promise<void> {
    this.#closed ??= closeSocket(this.#socket);
    return this.#closed;
  }

  #flow(remote: SipSocketAddress, localAddress: string): SipFlow {
    return {
      protocol: 'UDP',
      reliable: false,
      local: { address: localAddress, port: this.#bound.port },
      remote,
      send: (octets, failed) => this.#send(octets, remote, failed),
      onClosed: () => () => {},
      discard: () => {},
    };
  }

  #send(octets: Uint8Array, { address, port }: SipSocketAddress, failed?: (error: unknown) => void): void {
    const target = this.#mapped && isIP(address) === 4 ? `::ffff:${address}` : address;
    try {
      this.#socket.send(octets, port, target, (error) => {
        if (error !== null) failed?.(error);
      });
    } catch (error) {
      failed?.(error);
    }
  }

  #take(datagram: Uint8Array, from: RemoteInfo): void {
    if (isKeepAlive(datagram)) return;
    const octets = new Uint8Array(datagram.buffer, datagram.byteOffset, datagram.byteLength);
    const flow = this.#flow({ address: plainAddress(from.address), port: from.port }, this.#bound.address);
    try {
      this.#intake.message(decodeSipMessage(octets, this.#limits), octets.length, flow);
    } catch (error) {
      if (error instanceof DecodeError) this.#intake.malformed(error, octets.length, flow, octets);
      else this.#intake.error(error);
    }
  }
}

/** Peers whose way is remembered. */
const maxLocalAddresses = 1024;

async function askSystem(remote: SipSocketAddress): Promise<string> {
  const probe = createSocket(isIP(remote.address) === 6 ? 'udp6' : 'udp4');
  try {
    return await new Promise<string>((resolve, reject) => {
      probe.once('error', reject);
      // Connecting a UDP socket sends nothing; it only looks up the route.
      probe.connect(remote.port, remote.address, () => resolve(probe.address().address));
    });
  } finally {
    probe.close();
  }
}

const noIpv6: ReadonlySet<string> = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EPROTONOSUPPORT']);

/** Datagrams of line ends or zeros keep the way open through address translation. */
function isKeepAlive(datagram: Uint8Array): boolean {
  return datagram.length <= 8 && datagram.every((octet) => octet === 0x0d || octet === 0x0a || octet === 0);
}

function isUnspecified(address: string): boolean {
  return address === '::' || address === '0.0.0.0';
}

function bind(type: 'udp4' | 'udp6', port: number, address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type,
      // Only addresses are given to it; without this, Node would look each of them up again.
      lookup: (host, _options, callback) => callback(null, host, type === 'udp6' ? 6 : 4),
    });
    socket.once('error', (error) => {
      void closeSocket(socket);
      reject(error);
    });
    socket.bind({ port, address, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    try {
      socket.close(() => resolve());
    } catch {
      resolve();
    }
  });
}

// SIP over UDP: one bound socket, datagrams in and out (RFC 3261 §18).
import { decodeSipMessage, type SipLimits } from '../../codec/sip/index.ts';
import { DecodeError } from '../../core/index.ts';
import { localAddressTowards, type PeerAddress, UdpSocket } from '../index.ts';
import type { SipFlow, SipIntake } from './flow.ts';

/** One UDP socket. */
export class UdpPort {
  readonly #intake: SipIntake;
  readonly #limits: SipLimits;
  /** Our own address towards a peer, by the peer's address. */
  readonly #localAddresses = new Map<string, string>();
  #socket: UdpSocket | undefined;
  #bound: PeerAddress = { address: '', port: 0 };

  private constructor(intake: SipIntake, limits: SipLimits) {
    this.#intake = intake;
    this.#limits = limits;
  }

  /** Binds a socket; `address` is that of `UdpSocketOptions`. Rejects with the system's error. */
  static async open(
    port: number,
    address: string | 4 | 6 | undefined,
    intake: SipIntake,
    limits: SipLimits,
  ): Promise<UdpPort> {
    const made = new UdpPort(intake, limits);
    const socket = await UdpSocket.open({
      port,
      address,
      onDatagram: (from, datagram) => made.#take(from, datagram),
      onError: (error) => intake.error(error),
    });
    made.#socket = socket;
    made.#bound = socket.bound;
    return made;
  }

  get port(): number {
    return this.#bound.port;
  }

  /** The way to a peer that has been asked for before. */
  knownFlow(remote: PeerAddress): SipFlow | undefined {
    const local = this.#localAddresses.get(remote.address);
    return local === undefined ? undefined : this.#flow(remote, local);
  }

  /** The way to a peer. Rejects with the system's error when there is no route. */
  async flowTo(remote: PeerAddress): Promise<SipFlow> {
    return this.knownFlow(remote) ?? this.#flow(remote, await this.localAddressFor(remote));
  }

  /**
   * The address under which a peer sees us, short of address translation: asked from the system each time, and used for
   * all ways to the peer from then on.
   */
  async localAddressFor(remote: PeerAddress): Promise<string> {
    const { address: bound } = this.#bound;
    const address = isUnspecified(bound) ? await localAddressTowards(remote) : bound;
    if (this.#localAddresses.size >= maxLocalAddresses) this.#localAddresses.clear();
    this.#localAddresses.set(remote.address, address);
    return address;
  }

  async close(): Promise<void> {
    await this.#socket?.close();
  }

  #flow(remote: PeerAddress, localAddress: string): SipFlow {
    return new UdpFlow(this.#socket, { address: localAddress, port: this.#bound.port }, remote);
  }

  #take(from: PeerAddress, datagram: Uint8Array): void {
    if (isKeepAlive(datagram)) return;
    const flow = this.#flow(from, this.#bound.address);
    try {
      const message = decodeSipMessage(datagram, { ...this.#limits, responses: 'lenient' });
      this.#intake.message(message, datagram.length, flow);
    } catch (error) {
      if (error instanceof DecodeError) this.#intake.malformed(error, datagram.length, flow, datagram);
      else this.#intake.error(error);
    }
  }
}

/** The way to one peer. */
class UdpFlow implements SipFlow {
  readonly protocol = 'UDP';
  readonly reliable = false;
  readonly local: PeerAddress;
  readonly remote: PeerAddress;
  readonly #socket: UdpSocket | undefined;

  constructor(socket: UdpSocket | undefined, local: PeerAddress, remote: PeerAddress) {
    this.#socket = socket;
    this.local = local;
    this.remote = remote;
  }

  send(octets: Uint8Array, failed: (error: unknown) => void = () => {}): void {
    this.#socket?.post(octets, this.remote, failed);
  }

  onClosed(): () => void {
    return () => {};
  }

  served(): void {}

  discard(): void {}
}

/** Peers whose way is remembered. */
const maxLocalAddresses = 1024;

/** Datagrams of line ends or zeros keep the way open through address translation. */
function isKeepAlive(datagram: Uint8Array): boolean {
  return datagram.length <= 8 && datagram.every((octet) => octet === 0x0d || octet === 0x0a || octet === 0);
}

function isUnspecified(address: string): boolean {
  return address === '::' || address === '0.0.0.0';
}

// A gate before a UDP port on loopback: it passes datagrams on both ways, swallows them, or answers nonsense.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { nonsense, type PeerMode } from './peer-mode.ts';

/** The gate. */
export class UdpGate {
  readonly port: number;
  readonly #front: Socket;
  readonly #target: () => number;
  /** One socket for each client, so that answers find their way back. */
  readonly #backs = new Map<number, Socket>();
  #mode: PeerMode = 'well';

  private constructor(front: Socket, target: () => number) {
    this.#front = front;
    this.#target = target;
    this.port = front.address().port;
    front.on('message', (datagram, from) => this.#take(datagram, from.port));
  }

  /** Opens a gate before `target`, a port of loopback. */
  static async open(target: () => number): Promise<UdpGate> {
    const front = createSocket('udp4');
    front.bind(0, '127.0.0.1');
    await once(front, 'listening');
    return new UdpGate(front, target);
  }

  /** Changes what it does. `down` is the same as `silent`: nobody says that a datagram was lost. */
  async set(mode: PeerMode): Promise<void> {
    this.#mode = mode;
  }

  async close(): Promise<void> {
    const sockets = [this.#front, ...this.#backs.values()];
    await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  }

  #take(datagram: Uint8Array, port: number): void {
    if (this.#mode === 'well') this.#back(port).send(datagram, this.#target(), '127.0.0.1');
    else if (this.#mode === 'nonsense') this.#front.send(nonsense, port, '127.0.0.1');
  }

  #back(port: number): Socket {
    const known = this.#backs.get(port);
    if (known !== undefined) return known;
    const back = createSocket('udp4');
    back.on('message', (datagram) => {
      if (this.#mode === 'well') this.#front.send(datagram, port, '127.0.0.1');
    });
    this.#backs.set(port, back);
    return back;
  }
}

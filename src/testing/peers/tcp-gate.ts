// A gate before a TCP server on loopback: it passes octets on, swallows them, answers nonsense, or is not there.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { nonsense, type PeerMode } from './peer-mode.ts';

/** The gate. Its port stays the same while it is down. */
export class TcpGate {
  readonly port: number;
  readonly #target: () => number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #mode: PeerMode = 'well';

  private constructor(port: number, target: () => number) {
    this.port = port;
    this.#target = target;
  }

  /** Opens a gate before `target`, a port of loopback that is asked for at each connection. */
  static async open(target: () => number): Promise<TcpGate> {
    const probe = createServer();
    probe.listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const gate = new TcpGate(port, target);
    await gate.#listen();
    return gate;
  }

  /** Changes what it does; connections that stand are broken. */
  async set(mode: PeerMode): Promise<void> {
    this.#mode = mode;
    for (const socket of this.#sockets) socket.destroy();
    if (mode === 'down') await this.#unlisten();
    else if (this.#server === undefined) await this.#listen();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.#unlisten();
  }

  async #listen(): Promise<void> {
    const server = createServer((socket) => this.#take(socket));
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
  }

  async #unlisten(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  #take(socket: Socket): void {
    this.#keep(socket);
    if (this.#mode === 'well') {
      const onward = connect({ host: '127.0.0.1', port: this.#target() });
      this.#keep(onward);
      socket.pipe(onward).pipe(socket);
      socket.once('close', () => onward.destroy());
      onward.once('close', () => socket.destroy());
      return;
    }
    socket.on('data', () => {
      if (this.#mode === 'nonsense') socket.write(nonsense);
    });
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

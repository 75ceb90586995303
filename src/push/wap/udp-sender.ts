// UDP sockets to send from: one for each address family, made when first needed and used for everything.
import { createSocket, type Socket } from 'node:dgram';

/** Version of IP. */
export type AddressFamily = 4 | 6;

/** Sends datagrams to IP addresses. What arrives on its sockets is ignored. */
export class UdpSender {
  readonly #sockets = new Map<AddressFamily, Promise<Socket>>();

  /** Resolves when the system has taken the datagram. Rejects with the system's error. */
  async send(datagram: Uint8Array, family: AddressFamily, address: string, port: number): Promise<void> {
    const socket = await this.#socket(family);
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram, port, address, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  /** Closes the sockets. */
  async close(): Promise<void> {
    const sockets = await Promise.allSettled(this.#sockets.values());
    this.#sockets.clear();
    await Promise.all(
      sockets.map((made) => (made.status === 'fulfilled' ? closeSocket(made.value) : Promise.resolve())),
    );
  }

  #socket(family: AddressFamily): Promise<Socket> {
    const existing = this.#sockets.get(family);
    if (existing !== undefined) return existing;
    const made = openSocket(family);
    this.#sockets.set(family, made);
    // The next send tries again with a new socket.
    const forget = (): void => {
      if (this.#sockets.get(family) === made) this.#sockets.delete(family);
    };
    made.then((socket) => {
      socket.on('error', () => {
        forget();
        void closeSocket(socket);
      });
    }, forget);
    return made;
  }
}

function openSocket(family: AddressFamily): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type: family === 4 ? 'udp4' : 'udp6',
      // Only addresses are given to it; without this, Node would look each of them up again.
      lookup: (host, _options, callback) => callback(null, host, family),
    });
    socket.once('error', reject);
    socket.bind(0, () => {
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

/** Closes a socket that may be closed already. */
export function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    try {
      socket.close(() => resolve());
    } catch {
      resolve();
    }
  });
}

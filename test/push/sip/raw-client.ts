// A peer that sends octets as a test says, over UDP or TCP, and reads what comes back.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { decodeSipMessage, type SipResponse, SipStreamReader } from '../../../src/codec/sip/index.ts';
import { UdpSocket } from '../wap/udp-socket.ts';

/** Over UDP; answers come to where requests come from. */
export class RawUdp {
  readonly #socket: UdpSocket;

  private constructor(socket: UdpSocket) {
    this.#socket = socket;
  }

  static async open(address = '127.0.0.1'): Promise<RawUdp> {
    return new RawUdp(await UdpSocket.open(address));
  }

  get port(): number {
    return this.#socket.port;
  }

  send(octets: Uint8Array, port: number, address?: string): Promise<void> {
    return this.#socket.send(octets, port, address);
  }

  async nextOctets(): Promise<Uint8Array> {
    return (await this.#socket.next()).octets;
  }

  async next(): Promise<SipResponse> {
    return responseOf(await this.nextOctets());
  }

  /** Sends a request and gives the answer. */
  async ask(octets: Uint8Array, port: number, address?: string): Promise<SipResponse> {
    await this.send(octets, port, address);
    return this.next();
  }

  close(): Promise<void> {
    return this.#socket.close();
  }
}

/** Over TCP, or any connection that stands. */
export class RawStream {
  readonly socket: Socket;
  readonly #reader = new SipStreamReader();
  readonly #responses: SipResponse[] = [];
  readonly #kinds: string[] = [];
  #wake: () => void = () => {};
  #ended = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (octets: Uint8Array) => {
      this.#reader.push(octets);
      for (let item = this.#reader.next(); item !== undefined; item = this.#reader.next()) {
        this.#kinds.push(item.kind);
        if (item.kind === 'message' && item.message.kind === 'response') this.#responses.push(item.message);
      }
      this.#wake();
    });
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  static async open(port: number, host = '127.0.0.1'): Promise<RawStream> {
    const socket = connect({ port, host });
    await once(socket, 'connect');
    return new RawStream(socket);
  }

  /** What has come, in order: `message`, `ping`, `pong`. */
  get kinds(): readonly string[] {
    return this.#kinds;
  }

  send(octets: Uint8Array | string): void {
    this.socket.write(octets);
  }

  async next(): Promise<SipResponse> {
    for (;;) {
      const first = this.#responses.shift();
      if (first !== undefined) return first;
      if (this.#ended) throw new Error('the connection ended');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Resolves when the peer has closed. */
  async ended(): Promise<void> {
    while (!this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): Promise<void> {
    this.socket.destroy();
    return Promise.resolve();
  }
}

function responseOf(octets: Uint8Array): SipResponse {
  const message = decodeSipMessage(octets);
  if (message.kind !== 'response') throw new Error(`a request came: ${message.method}`);
  return message;
}

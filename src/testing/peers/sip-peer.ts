// UDP and TCP sockets on loopback that speak SIP, for simulators: nothing of transactions, retransmission or limits.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import {
  decodeSipMessage,
  encodeSipMessage,
  type SipMessage,
  SipStreamReader,
} from '../../codec/sip/index.ts';
import { DecodeError } from '../../core/index.ts';

/** A way back to who sent a message. */
export interface SipPeerFlow {
  readonly protocol: 'UDP' | 'TCP' | 'TLS';
  readonly address: string;
  readonly port: number;
  /** Sends a message, or octets as they are. */
  send(message: SipMessage | Uint8Array): void;
  /** Breaks a connection. Does nothing over UDP. */
  destroy(): void;
}

/** Called for each message that can be read; others are ignored. */
export type SipPeerHandler = (message: SipMessage, flow: SipPeerFlow) => void;

/** Sockets of one simulated peer: UDP and TCP on the same port, TLS on one of its own. */
export class SipPeer {
  readonly port: number;
  readonly tlsPort: number | undefined;
  readonly #udp: UdpSocket;
  readonly #servers: readonly Server[];
  readonly #handler: SipPeerHandler;
  readonly #sockets = new Set<Socket>();
  readonly #opened = new Map<string, SipPeerFlow>();
  #closed = false;

  private constructor(
    udp: UdpSocket,
    servers: readonly Server[],
    tlsPort: number | undefined,
    handler: SipPeerHandler,
  ) {
    this.#udp = udp;
    this.#servers = servers;
    this.#handler = handler;
    this.port = udp.address().port;
    this.tlsPort = tlsPort;
    udp.on('message', (octets, from) => {
      try {
        handler(decodeSipMessage(Uint8Array.from(octets)), this.#udpFlow(from.address, from.port));
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
      }
    });
  }

  /** Opens the sockets on 127.0.0.1, on `port` or any that is free. */
  static async open(
    handler: SipPeerHandler,
    options: { readonly port?: number; readonly tls?: TlsOptions } = {},
  ): Promise<SipPeer> {
    const { port = 0, tls } = options;
    for (;;) {
      const udp = createSocket('udp4');
      await new Promise<void>((resolve, reject) => {
        udp.once('error', reject);
        udp.bind(port, '127.0.0.1', resolve);
      });
      let peer: SipPeer | undefined;
      const take = (protocol: 'TCP' | 'TLS') => (socket: Socket) => void peer?.serve(socket, protocol);
      const tcp = createServer(take('TCP'));
      if (!(await listens(tcp, udp.address().port))) {
        // The port that UDP got is taken for TCP.
        udp.close();
        if (port !== 0) throw new Error(`TCP port ${port} is in use`);
        continue;
      }
      const secure = tls === undefined ? undefined : createTlsServer(tls, take('TLS'));
      if (secure !== undefined) await listens(secure, 0);
      const bound = secure?.address();
      const tlsPort = typeof bound === 'object' && bound !== null ? bound.port : undefined;
      peer = new SipPeer(udp, secure === undefined ? [tcp] : [tcp, secure], tlsPort, handler);
      return peer;
    }
  }

  /** The way to `host` and `port`; a TCP connection is opened once. */
  flowTo(protocol: 'UDP' | 'TCP', host: string, port: number): SipPeerFlow {
    if (protocol === 'UDP') return this.#udpFlow(host, port);
    const key = `${host} ${port}`;
    const standing = this.#opened.get(key);
    if (standing !== undefined) return standing;
    const socket = connect({ host, port });
    const flow = this.serve(socket, 'TCP', host, port);
    this.#opened.set(key, flow);
    socket.once('close', () => this.#opened.delete(key));
    return flow;
  }

  /** Breaks all connections. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.dropConnections();
    await Promise.all([
      new Promise<void>((resolve) => this.#udp.close(() => resolve())),
      ...this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    ]);
  }

  /** Reads messages from a connection until it ends. */
  serve(
    socket: Socket,
    protocol: 'TCP' | 'TLS',
    address = socket.remoteAddress ?? '',
    port = socket.remotePort ?? 0,
  ): SipPeerFlow {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    const reader = new SipStreamReader();
    const flow: SipPeerFlow = {
      protocol,
      address,
      port,
      send: (message) => void socket.write(octetsOf(message)),
      destroy: () => socket.destroy(),
    };
    socket.on('data', (octets: Uint8Array) => {
      try {
        reader.push(octets);
        for (let item = reader.next(); item !== undefined; item = reader.next()) {
          if (item.kind === 'message') this.#handler(item.message, flow);
        }
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        socket.destroy();
      }
    });
    return flow;
  }

  #udpFlow(address: string, port: number): SipPeerFlow {
    return {
      protocol: 'UDP',
      address,
      port,
      send: (message) => this.#udp.send(octetsOf(message), port, address),
      destroy: () => {},
    };
  }
}

function octetsOf(message: SipMessage | Uint8Array): Uint8Array {
  return message instanceof Uint8Array ? message : encodeSipMessage(message);
}

/** False when the port is in use. */
function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(true));
  });
}

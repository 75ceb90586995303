// Listens for pushes over OBEX on TCP port 650, with TLS on request (DM-NOTI §7.2, DM-PUSH §5.4).
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { ConfigError, messageOf, wholeNumber } from '../../core/index.ts';
import { listenTcp, type PushReceiver, remoteOf, requireListen, setUpTls, showPeer } from '../index.ts';
import { ObexReceiver } from './obex-receiver.ts';
import { type ObexCounters, type ObexReceiverOptions, obexReceiverDefaults } from './receiver-options.ts';

/** Settings of a listener. */
export interface ObexListenerOptions extends ObexReceiverOptions {
  /** TCP port, default 650; 0 takes any free one. */
  readonly port?: number | undefined;
  /** IP address to listen on. Default: all, of both versions of IP. */
  readonly address?: string | undefined;
  /** TLS around TCP, with these options. Default none. */
  readonly tls?: TlsOptions | undefined;
  /** Connections at a time, at most; more are closed at once. Default 64. */
  readonly maxConnections?: number | undefined;
}

/** Registered port of OBEX. */
export const obexPort = 650;

/** Listens for pushes. */
export class ObexListener implements PushReceiver {
  readonly name = 'obex';
  readonly #options: ObexListenerOptions;
  readonly #receiver: ObexReceiver;
  readonly #maxConnections: number;
  readonly #sockets = new Set<Socket>();
  #started = false;
  #server: Server | undefined;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} OUT_OF_RANGE or TOO_LONG for a setting
   * @throws {ConfigError} for a port or an address that is none
   */
  constructor(options: ObexListenerOptions) {
    requireListen('TCP', options.port ?? obexPort, options.address);
    this.#options = options;
    this.#receiver = new ObexReceiver(options);
    this.#maxConnections = wholeNumber(options.maxConnections ?? 64, 1, 65535, 'maxConnections');
  }

  /**
   * Starts listening; resolves with the port.
   * @throws {ConfigError} the port is in use or not allowed, the address is not one of this machine, or TLS cannot be
   *   set up
   */
  async start(): Promise<number> {
    const { port = obexPort, address } = this.#options;
    if (this.#started) throw new ConfigError('this listener has been started before');
    this.#started = true;
    const server = this.#makeServer();
    this.#server = server;
    const bound = await listenTcp(server, port, address);
    server.on('error', (error) => this.#receiver.report(error));
    return bound;
  }

  counters(): ObexCounters {
    return this.#receiver.counters();
  }

  /** Takes no more connections; objects that are under way come to their end, for `closeMs`. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    await this.#receiver.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #makeServer(): Server {
    const { tls, idleMs = obexReceiverDefaults.idleMs } = this.#options;
    const serve = (socket: Socket): void => void this.#receiver.serve(socket, showPeer(remoteOf(socket)));
    let server: Server;
    if (tls === undefined) {
      server = createServer({ noDelay: true }, serve);
    } else {
      server = setUpTls(() => createTlsServer({ handshakeTimeout: idleMs, noDelay: true, ...tls }, serve));
      server.on('tlsClientError', (error: Error, socket: Socket) => {
        this.#receiver.drop('tls', messageOf(error), showPeer(remoteOf(socket)), 0);
        socket.destroy();
      });
    }
    server.maxConnections = this.#maxConnections;
    // TLS connections too: `close` must reach those whose handshake never ends.
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('drop', (peer) => {
      const from = showPeer(remoteOf(peer));
      this.#receiver.drop('busy', `${this.#maxConnections} connections are open`, from, 0);
    });
    return server;
  }
}

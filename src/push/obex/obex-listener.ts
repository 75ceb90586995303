// Listens for pushes over OBEX on TCP port 650, with TLS on request (DM-NOTI §7.2, DM-PUSH §5.4).
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { ConfigError, longestMs, systemClock } from '../../core/index.ts';
import {
  type InboundBounds,
  InboundConnections,
  listenTcp,
  type PushReceiver,
  remoteOf,
  requireListen,
  setUpTls,
  showPeer,
} from '../index.ts';
import { ObexReceiver } from './obex-receiver.ts';
import { type ObexCounters, type ObexReceiverOptions, obexReceiverDefaults } from './receiver-options.ts';

/** Settings of a listener. */
export interface ObexListenerOptions extends Omit<ObexReceiverOptions, 'secure'>, InboundBounds {
  /** TCP port, default 650; 0 takes any free one. */
  readonly port?: number | undefined;
  /** IP address to listen on. Default: all, of both versions of IP. */
  readonly address?: string | undefined;
  /** TLS around TCP, with these options. Default none. */
  readonly tls?: TlsOptions | undefined;
}

/** Registered port of OBEX. */
export const obexPort = 650;

/** Listens for pushes. */
export class ObexListener implements PushReceiver {
  readonly name = 'obex';
  readonly #options: ObexListenerOptions;
  readonly #receiver: ObexReceiver;
  readonly #connections: InboundConnections;
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
    this.#receiver = new ObexReceiver({ ...options, secure: options.tls !== undefined });
    const { maxConnections, maxConnectionsPerSource } = options;
    this.#connections = new InboundConnections({
      maxConnections,
      maxConnectionsPerSource,
      // From the first octet of a TLS handshake to a CONNECT as it should be; from there sessions have their own times.
      firstMs: options.idleMs ?? obexReceiverDefaults.idleMs,
      clock: options.clock ?? systemClock(),
      onEnded: (reason, detail, from, octets) => this.#receiver.drop(reason, detail, from, octets),
    });
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
    this.#connections.destroy();
    await closed;
  }

  #makeServer(): Server {
    const { tls } = this.#options;
    const serve = (socket: Socket): void => {
      void this.#receiver.serve(socket, showPeer(remoteOf(socket)), {
        progress: (reached) => {
          if (reached === 'connected') this.#connections.begun(socket);
          else this.#connections.served(socket, reached === 'proved');
        },
        ended: () => this.#connections.wasEnded(socket),
      });
    };
    // The handshake ends with the time for the first CONNECT.
    const limits = { handshakeTimeout: longestMs, noDelay: true };
    const server =
      tls === undefined
        ? createServer({ noDelay: true })
        : setUpTls(() => createTlsServer({ ...limits, ...tls }));
    this.#connections.watch(server, tls !== undefined);
    server.on(tls === undefined ? 'connection' : 'secureConnection', serve);
    return server;
  }
}

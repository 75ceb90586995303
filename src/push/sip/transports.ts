// All sockets of one SIP end point: UDP, and TCP and TLS connections that are opened once and used again (RFC 3261 §18).
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { SipLimits } from '../../codec/sip/index.ts';
import { type Clock, ConfigError, codeOf, longestMs } from '../../core/index.ts';
import {
  bindError,
  closedError,
  type InboundBounds,
  InboundConnections,
  listenTcp,
  openTcp,
  type PeerAddress,
  setUpTls,
  type TlsClientOptions,
  versionOf,
} from '../index.ts';
import type { SipFlow, SipIntake, SipProtocol } from './flow.ts';
import { StreamConnection } from './stream-connection.ts';
import { UdpPort } from './udp-port.ts';

/** Where to listen. */
export interface ListenOptions {
  /** Port of UDP and TCP; 0 takes any that is free. */
  readonly port: number;
  /** IP address; default all, of both versions of IP. */
  readonly address?: string | undefined;
  readonly udp: boolean;
  readonly tcp: boolean;
  readonly tls?: { readonly port: number; readonly options: TlsOptions } | undefined;
}

/** Settings of the sockets. */
export interface TransportSettings {
  readonly clock: Clock;
  readonly limits: SipLimits;
  /** Until a connection stands, TLS included, in milliseconds. */
  readonly connectMs: number;
  /** Without traffic for so long a connection that we opened is closed, in milliseconds; 0 keeps it. */
  readonly idleMs: number;
  /** The same for a connection that a peer opened. */
  readonly inboundIdleMs: number;
  /** Until a message that has begun is there, whole, in milliseconds. */
  readonly messageMs: number;
  /** Connections that peers may open. */
  readonly inbound: InboundBounds;
  /** For connections that we open. */
  readonly tls: TlsClientOptions;
}

/** A place to send to, its name resolved. */
export interface SipDestination extends PeerAddress {
  readonly protocol: SipProtocol;
  /** Name that a TLS certificate has to carry. */
  readonly host: string;
}

const anyPortTries = 20;
/** Wait for peers to take what was written before closing, in milliseconds. */
const closeMs = 2000;
/** Octets that may wait for a peer that does not read: answers to what it sent, or whole requests of ours. */
const maxUnsent = { inbound: 65_536, opened: 1024 * 1024 };

/** Owns the sockets. */
export class SipTransports {
  readonly #settings: TransportSettings;
  readonly #intake: SipIntake;
  readonly #connections = new Set<StreamConnection>();
  /** Connections that we opened, by where they go. */
  readonly #opened = new Map<string, Promise<StreamConnection>>();
  /** Those of them that stand. */
  readonly #ready = new Map<string, StreamConnection>();
  /** Ends those that do not stand yet. */
  readonly #stop = new AbortController();
  readonly #inbound: InboundConnections;
  readonly #servers: Server[] = [];
  /** The one that listens, or one for each version of IP. */
  readonly #udp = new Map<4 | 6, Promise<UdpPort>>();
  readonly #udpReady = new Map<4 | 6, UdpPort>();
  readonly #ports: { udp?: number; tcp?: number; tls?: number } = {};
  #closed = false;

  constructor(settings: TransportSettings, intake: SipIntake) {
    this.#settings = settings;
    this.#intake = intake;
    const { inbound, messageMs: firstMs, clock } = settings;
    const { maxConnections, maxConnectionsPerSource } = inbound;
    const onEnded = intake.ended.bind(intake);
    this.#inbound = new InboundConnections({
      maxConnections,
      maxConnectionsPerSource,
      firstMs,
      clock,
      onEnded,
    });
  }

  /** Ports that we listen on. */
  get ports(): { readonly udp?: number; readonly tcp?: number; readonly tls?: number } {
    return this.#ports;
  }

  /**
   * Starts listening.
   * @throws {ConfigError} a port is in use or not allowed, the address is not one of this machine, or TLS cannot be set up
   */
  async listen(options: ListenOptions): Promise<void> {
    try {
      await this.#listenUdpTcp(options);
      if (options.tls !== undefined) {
        const { port, options: tls } = options.tls;
        this.#ports.tls = await this.#listenStream('TLS', port, options.address, tls);
      }
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** The way to a destination, when nothing has to be opened or asked for it. */
  knownFlow(destination: SipDestination): SipFlow | undefined {
    if (this.#closed) return undefined;
    if (destination.protocol === 'UDP') {
      return this.#udpReady.get(versionOf(destination.address))?.knownFlow(destination);
    }
    const connection = this.#ready.get(keyOf(destination));
    return connection?.open === true ? connection : undefined;
  }

  /** The way to a destination: a connection that stands is used again. Rejects with the system's error. */
  async flowTo(destination: SipDestination): Promise<SipFlow> {
    if (this.#closed) throw closedError('sip end point');
    const { protocol, address } = destination;
    if (protocol === 'UDP') return (await this.#udpPort(address)).flowTo(destination);
    const key = keyOf(destination);
    const standing = this.#opened.get(key);
    if (standing !== undefined) {
      const connection = await standing;
      if (connection.open) return connection;
      if (this.#opened.get(key) === standing) this.#opened.delete(key);
      return this.flowTo(destination);
    }
    const opening = this.#open(destination, protocol);
    this.#opened.set(key, opening);
    const forget = (): void => {
      if (this.#opened.get(key) === opening) this.#opened.delete(key);
    };
    opening.then((connection) => {
      this.#ready.set(key, connection);
      connection.onClosed(() => {
        forget();
        if (this.#ready.get(key) === connection) this.#ready.delete(key);
      });
    }, forget);
    return opening;
  }

  /** Our address towards a destination at this moment. Rejects with the system's error. */
  async localAddressFor(destination: SipDestination): Promise<string> {
    return (await this.#udpPort(destination.address)).localAddressFor(destination);
  }

  /** Closes everything; what has been written still goes out. */
  async close(): Promise<void> {
    this.#closed = true;
    const servers = this.#servers.splice(0).map((server) => closed((done) => server.close(done)));
    this.#stop.abort();
    const connections = [...this.#connections].map((connection) => {
      const gone = closed((done) => connection.onClosed(done));
      connection.end();
      return gone;
    });
    const late = this.#settings.clock.after(closeMs, () => {
      for (const connection of this.#connections) connection.discard();
    });
    const ports = await Promise.allSettled(this.#udp.values());
    this.#udp.clear();
    await Promise.all(ports.map((made) => (made.status === 'fulfilled' ? made.value.close() : undefined)));
    await Promise.all(connections);
    late.cancel();
    this.#inbound.destroy();
    await Promise.all(servers);
  }

  async #listenUdpTcp({ port, address, udp, tcp }: ListenOptions): Promise<void> {
    for (let left = port === 0 && udp && tcp ? anyPortTries : 1; ; left -= 1) {
      let opened: UdpPort | undefined;
      try {
        if (udp) opened = await this.#listenUdp(port, address);
        if (tcp) this.#ports.tcp = await this.#listenStream('TCP', opened?.port ?? port, address);
      } catch (error) {
        await opened?.close();
        // Any port: the one that UDP got may be taken for TCP.
        if (left > 1 && error instanceof ConfigError && codeOf(error.cause) === 'EADDRINUSE') continue;
        throw error;
      }
      if (opened === undefined) return;
      this.#ports.udp = opened.port;
      const made = Promise.resolve(opened);
      const families = address === undefined ? ([4, 6] as const) : [versionOf(address)];
      for (const family of families) {
        this.#udp.set(family, made);
        this.#udpReady.set(family, opened);
      }
      return;
    }
  }

  async #listenUdp(port: number, address: string | undefined): Promise<UdpPort> {
    try {
      return await UdpPort.open(port, address, this.#intake, this.#settings.limits);
    } catch (error) {
      throw bindError('UDP', error, port, address);
    }
  }

  async #listenStream(
    protocol: 'TCP' | 'TLS',
    port: number,
    address: string | undefined,
    tls?: TlsOptions,
  ): Promise<number> {
    const { inboundIdleMs } = this.#settings;
    const server = tls === undefined ? createServer() : tlsServer(tls);
    this.#inbound.watch(server, tls !== undefined);
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      this.#connection(socket, protocol, inboundIdleMs, () => this.#inbound.served(socket, false));
    });
    const bound = await listenTcp(server, port, address);
    server.on('error', (error) => this.#intake.error(error));
    this.#servers.push(server);
    return bound;
  }

  /** A connection that a peer opened says with `onServed` that it may stay. */
  #connection(
    socket: Socket,
    protocol: 'TCP' | 'TLS',
    idleMs: number,
    onServed?: () => void,
  ): StreamConnection {
    const { clock, limits, messageMs } = this.#settings;
    const settings = {
      protocol,
      clock,
      limits,
      idleMs,
      messageMs,
      advertisedPort: protocol === 'TCP' ? this.#ports.tcp : this.#ports.tls,
      maxUnsent: onServed === undefined ? maxUnsent.opened : maxUnsent.inbound,
      onServed,
    };
    const connection = new StreamConnection(socket, settings, this.#intake);
    this.#connections.add(connection);
    connection.onClosed(() => this.#connections.delete(connection));
    if (this.#closed) connection.discard();
    return connection;
  }

  #open({ address, port, host }: SipDestination, protocol: 'TCP' | 'TLS'): Promise<StreamConnection> {
    const { connectMs, clock, idleMs } = this.#settings;
    const tls = protocol === 'TCP' ? undefined : this.#settings.tls;
    return openTcp(
      { host: address, port, tls, tlsName: host, connectMs, clock, signal: this.#stop.signal },
      (socket) => this.#connection(socket, protocol, idleMs),
    );
  }

  #udpPort(remoteAddress: string): Promise<UdpPort> {
    const family = versionOf(remoteAddress);
    const existing = this.#udp.get(family);
    if (existing !== undefined) return existing;
    const made = UdpPort.open(0, family, this.#intake, this.#settings.limits);
    this.#udp.set(family, made);
    // The next request tries again.
    made.then(
      (port) => this.#udpReady.set(family, port),
      () => this.#udp.delete(family),
    );
    return made;
  }
}

function keyOf({ protocol, address, port, host }: SipDestination): string {
  return `${protocol} ${address} ${port} ${host}`;
}

function closed(close: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => close(() => resolve()));
}

function tlsServer(tls: TlsOptions): Server {
  // The handshake ends with the time for the first request.
  return setUpTls(() => createTlsServer({ handshakeTimeout: longestMs, ...tls }));
}

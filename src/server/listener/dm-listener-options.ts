// What the listener of the DM endpoint is given.
import type { Logger, PlacesOptions } from '../../core/index.ts';
import type { DropReason } from '../metrics/session-metrics.ts';
import type { BodyBounds } from './body-intake.ts';

/** Certificate and key of the listener; TLS 1.2 or later. */
export interface DmListenerTls {
  /** PEM, the chain included. */
  readonly cert: string | Buffer;
  /** PEM. */
  readonly key: string | Buffer;
  /** PEM of the authorities whose client certificates are demanded; absent: none are asked for. */
  readonly clientCa?: string | Buffer;
}

/** Settings of the listener. */
export interface DmListenerOptions {
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** Address to listen on. Default `0.0.0.0`. */
  readonly host?: string;
  /** Path of the endpoint. Default `/dm`. */
  readonly path?: string;
  readonly tls?: DmListenerTls;
  /**
   * Proxies whose X-Forwarded-For names the peer: true for all, or addresses and networks. Default none. Attempts are
   * counted by peer, so a wrong value lets anyone choose under which address failures are counted.
   */
  readonly trustProxy?: boolean | string;
  /** How long a request, or a TLS handshake, may take to arrive, in milliseconds. Default 30000. */
  readonly requestTimeoutMs?: number;
  /** A connection on which nothing moves for so long is closed, in milliseconds. Default 60000. */
  readonly idleMs?: number;
  /** Connections at once. Default 2048 in all, 512 of one source; behind a proxy that is trusted, one source may have all. */
  readonly connections?: Partial<PlacesOptions>;
  /** Octets of requests that are held at once. Default 32 MiB outside of sessions and 32 MiB in them, see `BodyBounds`. */
  readonly bodies?: Partial<BodyBounds>;
  readonly logger?: Logger;
  /** Hears of each request and connection that it refuses. Must not throw. */
  readonly onDropped?: (reason: DropReason) => void;
}

/** Defaults of `DmListenerOptions`. */
export const dmListenerDefaults = Object.freeze({
  host: '0.0.0.0',
  path: '/dm',
  requestTimeoutMs: 30_000,
  idleMs: 60_000,
});

// The HTTP server below the API: TLS, and bounds for what a client may leave unfinished.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { ConfigError, longestMs, wholeNumber } from '../../core/index.ts';

/** Certificate and key of the API; TLS 1.2 or later. */
export interface ApiTls {
  /** PEM, the chain included. */
  readonly cert: string | Buffer;
  /** PEM. */
  readonly key: string | Buffer;
}

/** What one client, and all together, may leave unfinished. Times in milliseconds. */
export interface ApiLimits {
  /** Connections in all. Default 1000. */
  readonly connections?: number;
  /** Connections of one source (`sourceOf`); a proxy in front is one. Default 250. */
  readonly connectionsPerSource?: number;
  /** From a connection, or the end of a request, to the end of the next one's header. Default 10000. */
  readonly headerTimeoutMs?: number;
  /** From the end of a request's header to that of its body; of a batch, from the beginning of a line to its end. Default 30000. */
  readonly requestTimeoutMs?: number;
  /** For how long a connection may be silent while its answer waits, and between requests. Default 60000. */
  readonly idleTimeoutMs?: number;
  /** Octets of a request's header. Default 16384. */
  readonly headerOctets?: number;
}

/** Defaults of `ApiLimits`. */
export const apiLimitDefaults = Object.freeze({
  connections: 1000,
  connectionsPerSource: 250,
  headerTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 60_000,
  headerOctets: 16_384,
});

/** @throws {ValueError} OUT_OF_RANGE for a limit that is no whole number above 0; the path names it */
export function checkedLimits(limits: ApiLimits = {}): Required<ApiLimits> {
  const all = { ...apiLimitDefaults, ...limits };
  for (const [name, value] of Object.entries(all)) wholeNumber(value, 1, longestMs, `limits.${name}`);
  return all;
}

/** Settings of the framework that come from limits and TLS. @throws {ConfigError} certificate and key do not work */
export function httpSettings(tls: ApiTls | undefined, limits: Required<ApiLimits>) {
  const http = {
    headersTimeout: limits.headerTimeoutMs,
    // How often Node looks for what is late.
    connectionsCheckingInterval: Math.min(1000, limits.headerTimeoutMs),
    maxHeaderSize: limits.headerOctets,
  };
  return {
    // Node's is one for all: `BodyTimes` has one for each body.
    requestTimeout: 0,
    connectionTimeout: limits.idleTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    http,
    ...(tls !== undefined && {
      https: { ...http, ...secured(tls), handshakeTimeout: limits.headerTimeoutMs },
    }),
  };
}

/** What TLS is set up with. @throws {ConfigError} certificate and key do not work */
export function secured({ cert, key }: ApiTls) {
  const context = { cert, key, minVersion: 'TLSv1.2' as const };
  try {
    // An empty key would be taken for none, and every handshake fail.
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
      throw new Error('the key is not that of the certificate');
    }
    createSecureContext(context);
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0];
    throw new ConfigError(`the certificate or the key of the API does not work: ${why}`, { cause: error });
  }
  return context;
}

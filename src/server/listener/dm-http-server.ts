// The HTTP server under the DM endpoint: its times, its TLS, where it listens, and what it does with what is no HTTP.
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext, Server as TlsServer } from 'node:tls';
import { ConfigError, codeOf, longestMs, wholeNumber } from '../../core/index.ts';
import { bindError, setUpTls } from '../../push/index.ts';
import { type DmListenerOptions, type DmListenerTls, dmListenerDefaults } from './dm-listener-options.ts';

/** How often connections are looked at whose requests take too long, in milliseconds. */
const lookMs = 5000;

/**
 * Makes it, with the times that a request may take.
 * @throws {ConfigError} the certificate does not work
 * @throws {ValueError} OUT_OF_RANGE a time that is none
 */
export function makeServer(options: DmListenerOptions): Server {
  const { requestTimeoutMs, idleMs, tls } = { ...dmListenerDefaults, ...options };
  const requestTimeout = wholeNumber(requestTimeoutMs, 1, longestMs, 'requestTimeoutMs');
  const idle = wholeNumber(idleMs, 1, longestMs, 'idleMs');
  const limits = {
    requestTimeout,
    headersTimeout: requestTimeout,
    keepAliveTimeout: idle,
    connectionsCheckingInterval: lookMs,
  };
  const server =
    tls === undefined
      ? createServer(limits)
      : setUpTls(() =>
          createTlsServer({
            ...limits,
            handshakeTimeout: requestTimeout,
            ...contextOf(tls),
            ...(tls.clientCa !== undefined && { requestCert: true, rejectUnauthorized: true }),
          }),
        );
  server.setTimeout(idle);
  // A client that has sent all it had to say may close its side, and waits for its answer all the same.
  return Object.assign(server, { httpAllowHalfOpen: true });
}

/** What is no HTTP, or took too long to come, ends its connection. */
export function answerNoHttp(error: Error, socket: Socket): void {
  const code = codeOf(error);
  if (code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = noHttp[code] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.destroySoon();
}

const noHttp: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

function contextOf({ cert, key, clientCa }: DmListenerTls) {
  return { cert, key, minVersion: 'TLSv1.2' as const, ...(clientCa !== undefined && { ca: clientCa }) };
}

/** As `DmListener.renewTls`. @throws {ConfigError} */
export function renewTls(server: Server, tls: DmListenerTls): void {
  if (!(server instanceof TlsServer)) throw new ConfigError('the DM endpoint was started without TLS');
  const context = contextOf(tls);
  // Before anything is replaced.
  setUpTls(() => createSecureContext(context));
  server.setSecureContext(context);
}

/** Lets it listen; resolves with its port. @throws {ConfigError} when that cannot be had */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(bindError('TCP', error, port, host));
    server.once('error', failed);
    server.listen({ port, host }, () => {
      server.off('error', failed);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** The host of a URL that leads here from this machine. */
export function shownHost(server: Server): string {
  const bound = server.address();
  if (typeof bound !== 'object' || bound === null) return '';
  if (bound.address === '0.0.0.0') return '127.0.0.1';
  return bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
}

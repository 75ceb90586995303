// Binding what listens to its port: the checks of where, and what the system's refusals mean.
import { isIP, type Server } from 'node:net';
import { ConfigError, codeOf, messageOf } from '../core/index.ts';

/** Protocol of a port. */
export type PortProtocol = 'UDP' | 'TCP' | 'SIP';

/** @throws {ConfigError} which names the option `name`, for what is no port; 0 stands for any free one */
export function requirePort(protocol: PortProtocol, port: number, name = 'port'): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new ConfigError(`${name}: ${protocol} port ${port} is not between 0 and 65535`);
}

/** Checks where something is to listen. @throws {ConfigError} which names the option */
export function requireListen(protocol: PortProtocol, port: number, address: string | undefined): void {
  requirePort(protocol, port);
  if (address !== undefined && isIP(address) === 0) {
    throw new ConfigError(`address: "${address}" is not an IP address to listen on`);
  }
}

/** The error of a port that could not be bound, and what to do about it. */
export function bindError(
  protocol: PortProtocol,
  cause: unknown,
  port: number,
  address: string | undefined,
): ConfigError {
  const place = `${protocol} port ${port}`;
  const where = address === undefined ? place : `${place} on ${address}`;
  const code = codeOf(cause);
  const text: Readonly<Record<string, string>> = {
    EADDRINUSE: `${where} is in use: stop the program that holds it, or choose another port`,
    EACCES: `${where} is not allowed for this user: choose a port above 1023`,
    EADDRNOTAVAIL: `${address} is not an address of this machine: choose one that is`,
  };
  return new ConfigError(text[code] ?? `${where} cannot be used (${code})`, { cause });
}

/** Lets a server listen, on all addresses of both versions of IP without one; resolves with its port. @throws {ConfigError} */
export function listenTcp(server: Server, port: number, address: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(bindError('TCP', error, port, address));
    server.once('error', failed);
    server.listen({ port, ...(address === undefined ? {} : { host: address }), exclusive: true }, () => {
      server.removeListener('error', failed);
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

/** What `make` makes out of certificates and keys. @throws {ConfigError} when they cannot be used */
export function setUpTls<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new ConfigError(`tls: TLS cannot be set up: ${messageOf(error)}`, { cause: error });
  }
}

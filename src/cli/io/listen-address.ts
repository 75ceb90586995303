// Where something listens, as an option says it.
import { isIP } from 'node:net';
import { ValueError } from '../../core/index.ts';
import { parseHostPort } from '../../push/index.ts';
import { UsageError } from './io.ts';

/** Where something listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** HOST or HOST:PORT, where the port may be 0. @throws {UsageError} */
export function readListen(text: string, option: string, defaultPort: number): ListenAddress {
  try {
    return parseListen(text, defaultPort);
  } catch (error) {
    if (error instanceof ValueError) throw new UsageError(`${option} ${text}: ${error.detail}`);
    throw error;
  }
}

/** As `readListen`. @throws {ValueError} */
export function parseListen(text: string, defaultPort: number): ListenAddress {
  if (/^[0-9]+$/.test(text)) {
    throw new ValueError('BAD_FORMAT', `not HOST:PORT, such as 127.0.0.1:${text}`);
  }
  if (text.endsWith(':0')) return { host: parseHostPort(`${text.slice(0, -1)}1`, 1, '').host, port: 0 };
  return parseHostPort(text, defaultPort, '');
}

/** True for a host that only this machine reaches. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  if (isIP(host) !== 6) return host.toLowerCase() === 'localhost';
  // The spellings of an IPv6 address are many; a URL has one, and IPv4 in it as two groups.
  const { hostname } = new URL(`http://[${host.replace(/%.*$/, '')}]/`);
  return hostname === '[::1]' || /^\[::ffff:7f[0-9a-f]{2}:/.test(hostname);
}

/** True where only one of two can listen over the same protocol. Port 0 is any free one, and `::` has the ports of IPv4 too. */
export function sharePort(one: ListenAddress, other: ListenAddress): boolean {
  if (one.port === 0 || one.port !== other.port) return false;
  const hosts = [one.host, other.host];
  if (one.host === other.host || hosts.includes('::')) return true;
  return hosts.includes('0.0.0.0') && hosts.every((host) => isIP(host) === 4);
}

// A fleet stays on this machine unless it is told otherwise: its secrets can be guessed, and thousands of devices are no joke
// for others.
import { isIP } from 'node:net';
import { ConfigError } from '../../core/index.ts';

/** True for `localhost` and for addresses of loopback. Other names are not looked up, for they may change. */
export function isLoopback(host: string): boolean {
  const plain = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (plain === 'localhost' || plain === '::1') return true;
  const mapped = plain.replace(/^::ffff:/, '');
  return isIP(mapped) === 4 && mapped.startsWith('127.');
}

/** True for a URL whose host is on loopback. */
export function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}

/** @throws {ConfigError} for a host that is elsewhere; `path` names it */
export function requireLoopback(host: string, path: string): void {
  if (isLoopback(host)) return;
  throw new ConfigError(
    `${path}: ${host} is not on loopback; a fleet leaves this machine only with --any-network (anyNetwork)`,
  );
}

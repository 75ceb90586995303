// Whether a request is meant for this server, and does not come from a page of another one. A browser that was led to a
// name which now stands for this machine (DNS rebinding) names that name in Host; one that sends a form or a script's request
// from another page says so in Origin and Sec-Fetch-Site (RFC 9110 §7.2, RFC 6454 §7, Fetch Metadata).
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { ConfigError } from '../../core/index.ts';
import { type Authority, isLoopbackHost, normalHost, parseAuthority } from './authority.ts';
import { ApiError } from './problem.ts';

/** Methods that change nothing; what they show, a page of another site cannot read, for no answer allows it (CORS). */
const readingMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A check of Host for every request, and of Origin and Sec-Fetch-Site for those that act. `hosts` are further names of
 * the server, `HOST` for any port or `HOST:PORT`; its address and the names of the loopback are known, with its port.
 * @throws {ConfigError} for a host that is none
 */
export function siteCheck(hosts: readonly string[]): (request: FastifyRequest) => void {
  const known = hosts.map(requireAuthority);
  /** What was ours in the last request of a connection: as a rule, the next one names the same. */
  const named = new WeakMap<Socket, string>();
  return (request) => {
    const { socket } = request.raw;
    const host = hostOf(request);
    if (named.get(socket) !== host) {
      requireOurs(requireHost(host), known, socket);
      named.set(socket, host);
    }
    if (!readingMethods.has(request.method)) requireOwnSite(request, host, known, socket);
  };
}

/**
 * The target of a request in origin form. One in absolute form (RFC 9112 §3.2.2) names the host that counts in place of
 * Host, where `hostOf` then finds it.
 */
export function originForm(request: {
  url?: string | undefined;
  readonly headers: { host?: string | undefined };
}): string {
  const target = request.url ?? '';
  if (target.startsWith('/')) return target;
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target);
  if (absolute === null) return target;
  request.headers.host = absolute[1] ?? '';
  const path = absolute[2] ?? '';
  return path.startsWith('/') ? path : `/${path}`;
}

function hostOf({ raw }: FastifyRequest): string {
  const { host } = raw.headers;
  if (host === undefined || host === '' || namesHostAgain(raw.rawHeaders)) {
    throw new ApiError(400, 'BAD_HOST', 'a request names the host that it is for, once (Host)');
  }
  return host;
}

/** `rawHeaders`: names and values in turn, as they came. */
function namesHostAgain(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count > 1;
}

function requireHost(text: string): Authority {
  const authority = parseAuthority(text);
  if (authority !== undefined) return authority;
  throw new ApiError(400, 'BAD_HOST', 'Host is not of the form HOST or HOST:PORT');
}

/** @throws {ApiError} 421 for a host that does not stand for this server */
function requireOurs(authority: Authority, known: readonly Authority[], socket: Socket): void {
  if (isOurs(authority, known, socket)) return;
  const shown = `${authority.host}${authority.port === undefined ? '' : `:${authority.port}`}`;
  throw new ApiError(
    421,
    'WRONG_HOST',
    `this server is not known as ${shown}: use the address that it listens on, or start it with --api-host ${shown}`,
  );
}

/** True for a host that stands for this server, at the port where the request came in. */
function isOurs({ host, port }: Authority, known: readonly Authority[], socket: Socket): boolean {
  if (known.some((each) => each.host === host && (each.port === undefined || each.port === port)))
    return true;
  const { localAddress, localPort } = socket;
  // Without a socket, as in a call within the process, there is no port to compare.
  if (localPort !== undefined && (port ?? defaultPort(socket)) !== localPort) return false;
  return isLoopbackHost(host) || (localAddress !== undefined && normalHost(localAddress) === host);
}

/** @throws {ApiError} 403 for a request that a page of another site has sent */
function requireOwnSite(
  { headers }: FastifyRequest,
  host: string,
  known: readonly Authority[],
  socket: Socket,
): void {
  const site = headers['sec-fetch-site'];
  const { origin } = headers;
  const sent = site === undefined || site === 'same-origin' || site === 'none';
  if (sent && (origin === undefined || isOwnOrigin(origin, requireHost(host), known, socket))) return;
  throw new ApiError(403, 'CROSS_SITE', 'pages of other sites may not act here (Origin, Sec-Fetch-Site)');
}

/** True for an origin at one of our hosts. `null`, of pages without an origin, is not. */
function isOwnOrigin(
  origin: string,
  authority: Authority,
  known: readonly Authority[],
  socket: Socket,
): boolean {
  const match = /^(https?):\/\/([^/?#@\s]+)$/i.exec(origin);
  const from = parseAuthority(match?.[2] ?? '');
  if (match === null || from === undefined) return false;
  const standard = match[1]?.toLowerCase() === 'https' ? 443 : 80;
  const port = from.port ?? standard;
  // Behind a proxy that speaks TLS the scheme differs, and a missing port means another one.
  if (
    from.host === authority.host &&
    (from.port === authority.port || port === (authority.port ?? defaultPort(socket)))
  ) {
    return true;
  }
  const ownPorts = (each: Authority): boolean => port === (each.port ?? standard);
  return (
    known.some((each) => each.host === from.host && ownPorts(each)) || isOurs({ ...from, port }, [], socket)
  );
}

function defaultPort(socket: Socket): number {
  return socket instanceof TLSSocket ? 443 : 80;
}

/** A further name of the server. @throws {ConfigError} for what is none */
export function requireAuthority(text: string): Authority {
  const authority = parseAuthority(text);
  if (authority !== undefined) return authority;
  throw new ConfigError(`API host ${JSON.stringify(text)} is not HOST or HOST:PORT, such as api.example.com`);
}

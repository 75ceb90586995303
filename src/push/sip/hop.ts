// Where a request goes first: a proxy, or the host of its own URI (RFC 3261 §8.1.2, RFC 3263 without DNS procedures).

import { isIP } from 'node:net';
import { hostPortText, parameter, parseSipUri, type SipUri } from '../../codec/sip/index.ts';
import { ValueError } from '../../core/index.ts';
import type { ResolveHost } from '../index.ts';
import type { SipProtocol } from './flow.ts';

/** A place to send to. */
export interface SipHop {
  /** Host name or IP address. */
  readonly host: string;
  readonly port: number;
  /** `undefined` leaves the choice to the size of the request: UDP, or TCP beyond 1300 octets. */
  readonly protocol: SipProtocol | undefined;
}

/** Ports that a URI without one stands for. */
const defaultPorts: Readonly<Record<SipProtocol, number>> = { UDP: 5060, TCP: 5060, TLS: 5061 };

/**
 * The hop that a URI names: `sip:HOST[:PORT][;transport=udp|tcp|tls]`, or `sips:HOST` for TLS.
 * @throws {ValueError} BAD_FORMAT, also for a transport that we do not speak
 */
export function hopOf(uri: string | SipUri, path: string): SipHop {
  const parsed = typeof uri === 'string' ? parseSipUri(uri, path) : uri;
  const transport = parameter(parsed.parameters, 'transport')?.toUpperCase();
  if (transport !== undefined && transport !== 'UDP' && transport !== 'TCP' && transport !== 'TLS') {
    const detail = `transport ${transport.toLowerCase()} is not one of udp, tcp, tls`;
    throw new ValueError('BAD_FORMAT', detail, path);
  }
  if (parsed.scheme === 'sips' && transport === 'UDP') {
    throw new ValueError('BAD_FORMAT', 'a sips: URI cannot go over udp', path);
  }
  const protocol = parsed.scheme === 'sips' ? 'TLS' : transport;
  const host = parameter(parsed.parameters, 'maddr') ?? parsed.host;
  return { host, port: parsed.port ?? defaultPorts[protocol ?? 'UDP'], protocol };
}

/**
 * The hop of a configured proxy. A URI with a user is refused: it is somebody's address.
 * @throws {ValueError} BAD_FORMAT
 */
export function proxyHop(uri: string, path: string): SipHop {
  const parsed = parseSipUri(uri, path);
  if (parsed.user !== undefined) {
    throw new ValueError('BAD_FORMAT', 'names a user; a proxy is sip:HOST[:PORT][;transport=…]', path);
  }
  return hopOf(parsed, path);
}

/** A hop for messages. */
export function showHop(hop: SipHop): string {
  return hostPortText(hop);
}

/** The IP address of a host: itself when it is one. Rejects as `resolve` does. */
export async function addressOf(host: string, resolve: ResolveHost): Promise<string> {
  return isIP(host) === 0 ? (await resolve(host)).address : host;
}

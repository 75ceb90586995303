// Hosts as requests and settings name them (RFC 9110 §7.2, RFC 3986 §3.2).
import { isIP } from 'node:net';

/** A host, with the port where one is named. */
export interface Authority {
  /** In lower case, without a dot at its end; IPv4 in its four numbers also where it came as IPv6; IPv6 without brackets. */
  readonly host: string;
  readonly port?: number;
}

/** Takes `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT` apart; `undefined` for anything else, such as one with a user. */
export function parseAuthority(text: string): Authority | undefined {
  const match = /^(?:\[([0-9a-f:.]{2,45})\]|([\w.~!$&'()*+,;=%-]{1,255}?)\.?)(?::(\d{0,5}))?$/i.exec(text);
  const named = match?.[1] ?? match?.[2];
  if (match === null || named === undefined) return undefined;
  const inBrackets = match[1] !== undefined;
  if (inBrackets && isIP(named) !== 6) return undefined;
  const host = normalHost(named);
  // A colon without a port means the scheme's own.
  if (match[3] === undefined || match[3] === '') return { host };
  const port = Number(match[3]);
  return port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/** One spelling for each host. An IPv6 address loses its zone, which no URL has. */
export function normalHost(host: string): string {
  const plain = host.toLowerCase().replace(/%.*$/, '');
  if (isIP(plain) !== 6) return host.toLowerCase();
  const canonical = new URL(`http://[${plain}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (mapped === null) return canonical;
  const octets = [mapped[1], mapped[2]].flatMap((group) => {
    const number = Number.parseInt(group ?? '0', 16);
    return [number >> 8, number & 255];
  });
  return octets.join('.');
}

/** True for the names of this machine that no other one has. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

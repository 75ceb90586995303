// Names of peers: address and port as text, the same for datagrams that come and for those that go.
import { isIP, SocketAddress } from 'node:net';

/** An IP address and a UDP port. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** `address:port`, with brackets around an IPv6 address. */
export function peerName({ address, port }: Peer): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The reverse of `peerName`. */
export function peerOf(name: string): Peer {
  const colon = name.lastIndexOf(':');
  const address = name.slice(0, colon).replace(/^\[|\]$/g, '');
  return { address, port: Number(name.slice(colon + 1)) };
}

/** One spelling of an IP address; an IPv4 address in IPv6 clothing becomes IPv4. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const zone = /%.*$/.exec(address)?.[0] ?? '';
  return `${new SocketAddress({ address: address.replace(/%.*$/, ''), family: 'ipv6' }).address}${zone}`;
}

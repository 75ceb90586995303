// Peers as WTLS knows them: address and port as one text, the same for datagrams that come and for those that go.
import { isIP, SocketAddress } from 'node:net';
import { type PeerAddress, plainAddress } from '../index.ts';

/** The reverse of `showPeer`. */
export function readPeer(name: string): PeerAddress {
  const colon = name.lastIndexOf(':');
  const address = name.slice(0, colon).replace(/^\[|\]$/g, '');
  return { address, port: Number(name.slice(colon + 1)) };
}

/** One spelling of an IP address, the one in which the system gives the source of a datagram. */
export function canonicalAddress(address: string): string {
  const plain = plainAddress(address);
  if (isIP(plain) !== 6) return plain;
  const zone = /%.*$/.exec(plain)?.[0] ?? '';
  const canonical = new SocketAddress({ address: plain.replace(/%.*$/, ''), family: 'ipv6' }).address;
  return `${plainAddress(canonical)}${zone}`;
}

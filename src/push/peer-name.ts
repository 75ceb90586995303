// Names of peers: an IP address and a port, as logs and errors show them.

/** An IP address and a port. */
export interface PeerAddress {
  /** IPv4 address, or IPv6 address without brackets; a host name where one is shown before it is resolved. */
  readonly address: string;
  readonly port: number;
}

/** An IPv4 address that a socket for both versions of IP shows as IPv6, as IPv4; every other one as it is. */
export function plainAddress(address: string): string {
  // Most are none, and are looked at for each datagram.
  return address.startsWith('::') ? address.replace(/^::ffff:(?=\d+\.)/i, '') : address;
}

/** `address:port`, with brackets around an IPv6 address. */
export function showPeer({ address, port }: PeerAddress): string {
  const plain = plainAddress(address);
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}

/** The address in what `showPeer` gives; a name of another kind, such as a telephone number, as it is. */
export function addressIn(from: string): string {
  return /^\[?([^[\]]*?)\]?:[0-9]+$/.exec(from)?.[1] ?? from;
}

/** The other end of a connection. Once that is gone the system does not know it any more: then it is `?`. */
export function remoteOf({ remoteAddress = '?', remotePort = 0 }: RemoteEnd | undefined = {}): PeerAddress {
  return { address: plainAddress(remoteAddress), port: remotePort };
}

/** What a socket, or what the server says of a connection that it did not take, knows about its peer. */
interface RemoteEnd {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

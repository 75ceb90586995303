// Who a request is of: the other end of its connection, or whom proxies that are trusted name in X-Forwarded-For.
import { BlockList, isIP } from 'node:net';
import { ConfigError } from '../../core/index.ts';

/** Networks by the names that people know them by. */
const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Finds the address of who asks: `connected` to us, with what the request says of whom it was forwarded for. */
export type PeerOf = (connected: string, forwardedFor: string | undefined) => string;

/**
 * Gives the function for a setting: true for all proxies, else addresses and networks with commas; `false` for none.
 * @throws {ConfigError} what is neither an address nor a network
 */
export function peerFinder(trustProxy: boolean | string): PeerOf {
  if (trustProxy === false) return (connected) => connected;
  const isTrusted = trustProxy === true ? () => true : trustOf(trustProxy);
  return (connected, forwardedFor) => {
    if (forwardedFor === undefined) return connected;
    let peer = connected;
    // The last one was written by the proxy that is nearest to us.
    for (const each of forwardedFor.split(',').reverse()) {
      if (!isTrusted(peer)) break;
      const address = each.trim();
      if (address !== '') peer = address;
    }
    return peer;
  };
}

function trustOf(list: string): (address: string) => boolean {
  const proxies = new BlockList();
  for (const each of list.split(',').map((text) => text.trim())) {
    for (const network of named[each] ?? [each]) add(proxies, network);
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && proxies.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}

function add(proxies: BlockList, network: string): void {
  const [address = '', prefix, more] = network.split('/');
  const version = isIP(address);
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const longest = version === 4 ? 32 : 128;
  const length = prefix === undefined ? longest : Number(prefix);
  const isLength = prefix === undefined || /^\d{1,3}$/.test(prefix);
  if (version === 0 || more !== undefined || !isLength || length > longest) {
    throw new ConfigError(`trustProxy: "${network}" is neither an address nor a network such as 10.0.0.0/8`);
  }
  proxies.addSubnet(address, length, family);
}

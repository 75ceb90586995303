// Addresses that webhooks do not go to: those of the operator's own networks and machines, in whatever form they are written.
import { BlockList, isIP, isIPv4 } from 'node:net';
import { ConfigError } from '../../core/index.ts';

/** Not of the public Internet (IANA's special-purpose registries), and where clouds answer to their own machines. */
const ownV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** The same of IPv6. Forms that hold an address of IPv4 are looked into; Teredo and other tunnels go whole. */
const ownV6: readonly (readonly [string, number])[] = [
  ['::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const own = new BlockList();
for (const [net, prefix] of ownV4) own.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of ownV6) own.addSubnet(net, prefix, 'ipv6');

/** Networks that webhooks may go to although they are own ones, and over plain HTTP. */
export class AllowedNetworks {
  readonly #allowed = new BlockList();
  /** True where none is named. */
  readonly isEmpty: boolean;

  /** @param networks in CIDR notation, or single addresses @throws {ConfigError} for what is none */
  constructor(networks: readonly string[] = []) {
    this.isEmpty = networks.length === 0;
    for (const network of networks) {
      const [address = '', bits, ...rest] = network.split('/');
      const kind = isIP(address);
      const most = kind === 4 ? 32 : 128;
      const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
      if (kind === 0 || address.includes('%') || rest.length > 0 || prefix < 0 || prefix > most) {
        throw new ConfigError(`${network} is no network: write it as 10.1.0.0/16 or fd00:1::/64`);
      }
      this.#allowed.addSubnet(address, prefix, kind === 4 ? 'ipv4' : 'ipv6');
    }
  }

  /** True for an address in one of the networks. */
  has(address: string): boolean {
    return formsOf(address).some((each) => check(this.#allowed, each));
  }
}

/** True for an address of an own network, or of none; false for one of the public Internet. */
export function isOwnAddress(address: string): boolean {
  if (isIP(address) === 0) return true;
  const forms = formsOf(address);
  return forms.length === 0 || forms.some((each) => check(own, each));
}

function check(list: BlockList, address: string): boolean {
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/**
 * The address that a packet would go to in the end: of forms of IPv6 that hold one of IPv4 (mapped, NAT64, 6to4, ISATAP) that one.
 * None for what has a zone: it is of a link of this machine.
 */
function formsOf(address: string): readonly string[] {
  if (isIPv4(address)) return [address];
  const groups = groupsOf(address);
  if (groups === undefined) return [];
  const [first = 0, second = 0, third = 0] = groups;
  const low = v4Of(groups[6] ?? 0, groups[7] ?? 0);
  const zeros = (from: number, to: number) => groups.slice(from, to).every((group) => group === 0);
  if (zeros(0, 5) && groups[5] === 0xffff) return [low];
  // SIIT, and NAT64 by its well-known prefix.
  if (zeros(0, 4) && groups[4] === 0xffff && groups[5] === 0) return [low];
  if (first === 0x64 && second === 0xff9b && zeros(2, 6)) return [low];
  if (first === 0x2002) return [v4Of(second, third)];
  if (((groups[4] ?? 0) & 0xfdff) === 0 && groups[5] === 0x5efe) return [address, low];
  return [address];
}

function v4Of(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** The eight groups of an address of IPv6; `undefined` for one with a zone. */
function groupsOf(address: string): readonly number[] | undefined {
  if (address.includes('%')) return undefined;
  const [, last] = /:(\d+\.\d+\.\d+\.\d+)$/.exec(address) ?? [];
  let text = address;
  if (last !== undefined) {
    const [a = 0, b = 0, c = 0, d = 0] = last.split('.').map(Number);
    text = `${address.slice(0, -last.length)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  }
  const [before = '', after] = text.split('::');
  const parse = (part: string | undefined) =>
    part === undefined || part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [head, tail] = [parse(before), parse(after)];
  return [...head, ...new Array(8 - head.length - tail.length).fill(0), ...tail] as readonly number[];
}

// Who a peer is when strangers are counted: one IPv4 address, or one IPv6 network of 64 bits, since whoever has one
// address of such a network has all of them.

/**
 * Name of the source that an IP address belongs to, for tables of bounds: an IPv4 address (also one in IPv6 clothing) as
 * it is, an IPv6 address as its first 64 bits (`2001:db8:0:1::/64`). What is no IP address is its own source.
 */
export function sourceOf(address: string): string {
  const zone = address.indexOf('%');
  const plain = (zone < 0 ? address : address.slice(0, zone)).toLowerCase();
  const mapped = /^(?:0*:)*:?ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(plain);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!plain.includes(':')) return plain;
  const groups = firstGroups(plain);
  return groups === undefined ? plain : `${groups.join(':')}::/64`;
}

/** The first four groups of an IPv6 address, without leading zeros; undefined where it is none. */
function firstGroups(address: string): readonly string[] | undefined {
  const [head = '', tail, more] = address.split('::');
  if (more !== undefined) return undefined;
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // A dotted IPv4 end stands for two groups.
  const length = before.length + after.length + (address.includes('.') ? 1 : 0);
  if (tail === undefined ? length !== 8 : length > 7) return undefined;
  const groups = [...before, ...Array<string>(Math.max(0, 8 - length)).fill('0'), ...after].slice(0, 4);
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined;
  return groups.map((group) => group.replace(/^0+(?=.)/, ''));
}

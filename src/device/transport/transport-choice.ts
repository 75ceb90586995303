// Which of the account's addresses a session goes to (DM-NOTI-1.3 §6.4.5, DM-NOTI-1.3-2010 §6.2.9).

/** Addresses to try, in order. */
export interface TransportChoice {
  /** URLs, most wanted first; never empty. */
  readonly addresses: readonly string[];
  /** Set when the wanted binding could not be had. */
  readonly note?: string;
}

/**
 * The account's addresses in the order to try them. The transport binding is what the server desires, not a condition:
 * addresses of the desired binding come first and the others stay as a fallback, in the account's order, for the account
 * trusts them for sessions that the device starts by itself as well. One exception: where HTTPS is desired and the account
 * has it, plain HTTP is no fallback, so that nobody gets a session in the clear by blocking the secure port. An address
 * with another scheme than http and https (OBEX, WSP) cannot be reached by this device. `undefined` when none is left.
 */
export function chooseTransport(wanted: string, addresses: readonly string[]): TransportChoice | undefined {
  const reachable = addresses.filter((address) => schemeOf(address) !== undefined);
  if (reachable.length === 0) return undefined;
  if (wanted === 'not-specified') return { addresses: reachable };
  const first = reachable.filter((address) => schemeOf(address) === wanted);
  const rest = reachable.filter((address) => schemeOf(address) !== wanted);
  if (first.length > 0) return { addresses: wanted === 'https' ? first : [...first, ...rest] };
  return { addresses: rest, note: `the account has no ${wanted} address; using ${schemeOf(rest[0] ?? '')}` };
}

function schemeOf(address: string): 'http' | 'https' | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol } = new URL(address);
  if (protocol === 'http:') return 'http';
  return protocol === 'https:' ? 'https' : undefined;
}

// Addresses of clients in PAP: `WAPPUSH=<value>/TYPE=<type>@<gateway>` (PAP 2.0). What stands in quotes in ABNF is compared
// without case (RFC 2234 §2.3), and initiators write it in lower case.
import { ValueError } from '../../core/index.ts';

/** What kind of address the value is. */
export const papAddressTypes = ['PLMN', 'IPv4', 'IPv6', 'USER'] as const;

/** One of `papAddressTypes`. */
export type PapAddressType = (typeof papAddressTypes)[number];

/** An address, taken apart. */
export interface PapAddress {
  /**
   * As written: a telephone number that starts with "+" for PLMN, an IP address, or any name, percent-encoded, for USER.
   */
  readonly value: string;
  readonly type: PapAddressType;
  /** Host name of the gateway that serves the client; empty where a telephone number names none. */
  readonly gateway: string;
}

const values: Readonly<Record<PapAddressType, RegExp>> = {
  PLMN: /^\+[0-9](?:[.-]?[0-9]){2,30}$/,
  IPv4: /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/,
  IPv6: /^(?=.*:.*:)[0-9A-Fa-f:]{2,39}$/,
  USER: /^(?:[A-Za-z0-9$\-_.+!*'(),;:&=]|%[0-9A-Fa-f]{2})+$/,
};

const gatewayPattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?::[0-9]{1,5})?$/;

/** Longer addresses are not looked at. */
const maxLength = 512;

/** The type of that name, in any case; `undefined` when there is none. */
export function papAddressTypeOf(name: string): PapAddressType | undefined {
  const wanted = name.toLowerCase();
  return papAddressTypes.find((each) => each.toLowerCase() === wanted);
}

/**
 * Takes an address apart; `undefined` when it is none. `WAPPUSH`, `TYPE` and the type may be in any case; a "/" may stand
 * before; a telephone number may leave out its gateway, as initiators for MMS write it.
 */
export function parsePapAddress(text: string): PapAddress | undefined {
  if (text.length > maxLength) return undefined;
  const match = /^\/?WAPPUSH=([^/@\s]+)\/TYPE=([A-Za-z0-9]+)(?:@([^@\s/]+))?$/i.exec(text);
  const [, value = '', named = '', gateway = ''] = match ?? [];
  const type = papAddressTypeOf(named);
  if (type === undefined || !values[type].test(value)) return undefined;
  if (gateway === '' ? type !== 'PLMN' : !gatewayPattern.test(gateway)) return undefined;
  return { value, type, gateway };
}

/** Text of an address, in the case that the documents print. @throws {ValueError} BAD_FORMAT when a part cannot stand in one */
export function formatPapAddress({ value, type, gateway }: PapAddress): string {
  const text = `WAPPUSH=${value}/TYPE=${type}@${gateway}`;
  if (parsePapAddress(text) !== undefined) return text;
  throw new ValueError('BAD_FORMAT', `${JSON.stringify(text)} is not a PAP address`, 'address');
}

/**
 * What two spellings of one address have in common: the same for `wappush=+49-170/type=plmn@PPG` and
 * `WAPPUSH=+49170/TYPE=PLMN@ppg`. Names of users keep their case. A text that is no address is its own key.
 */
export function papAddressKey(text: string): string {
  const address = parsePapAddress(text);
  if (address === undefined) return text;
  return `WAPPUSH=${plainPapValue(address)}/TYPE=${address.type}@${address.gateway.toLowerCase()}`;
}

/** The value in one spelling: a number without separators, an IPv6 address in its shortest form, a name without needless escapes. */
export function plainPapValue({ type, value }: PapAddress): string {
  if (type === 'PLMN') return value.replace(/[.-]/g, '');
  if (type === 'IPv4') return value;
  if (type === 'IPv6') {
    const url = `http://[${value}]/`;
    return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : value;
  }
  // What needs no escape is the same with one (RFC 3986 §6.2.2).
  return value.replace(/%[0-9A-Fa-f]{2}/g, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return /[A-Za-z0-9._-]/.test(character) ? character : escaped.toUpperCase();
  });
}

// Addresses of clients in PAP: `WAPPUSH=<value>/TYPE=<type>@<gateway>` (PAP 2.0).
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
  /** Host name of the gateway that serves the client. */
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

/** Takes an address apart; `undefined` when it is none. `WAPPUSH` and `TYPE` are upper case; a "/" may stand before. */
export function parsePapAddress(text: string): PapAddress | undefined {
  if (text.length > maxLength) return undefined;
  const match = /^\/?WAPPUSH=([^/@\s]+)\/TYPE=([A-Za-z0-9]+)@([^@\s/]+)$/.exec(text);
  const [, value = '', named, gateway = ''] = match ?? [];
  const type = papAddressTypes.find((each) => each === named);
  if (type === undefined || !values[type].test(value) || !gatewayPattern.test(gateway)) return undefined;
  return { value, type, gateway };
}

/** Text of an address. @throws {ValueError} BAD_FORMAT when a part cannot stand in one */
export function formatPapAddress({ value, type, gateway }: PapAddress): string {
  const text = `WAPPUSH=${value}/TYPE=${type}@${gateway}`;
  if (parsePapAddress(text) !== undefined) return text;
  throw new ValueError('BAD_FORMAT', `${JSON.stringify(text)} is not a PAP address`, 'address');
}

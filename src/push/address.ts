// Addresses of devices: one URI each; its scheme picks the binding (docs/architecture.md, "Addresses").
import { ValueError } from '../core/index.ts';

/** Schemes, with the port that a missing one stands for; 0 where the scheme has no port. */
const defaultPorts = {
  wap: 2948,
  waps: 2949,
  sms: 0,
  sip: 0,
  sips: 0,
  http: 80,
  https: 443,
  obex: 650,
  pap: 0,
} as const;

/** Scheme of a device address. */
export type AddressScheme = keyof typeof defaultPorts;

/** A device address, taken apart. */
export interface DeviceAddress {
  readonly scheme: AddressScheme;
  /** As given, normalised: the scheme in lower case. */
  readonly uri: string;
  /** Host name or IP address (`wap`, `waps`, `obex`, `http`, `https`); an IPv6 address without its brackets. */
  readonly host?: string;
  /** UDP or TCP port, 1–65535, where there is a host. */
  readonly port?: number;
  /** What follows the scheme, for the others: telephone number, SIP address, PAP address. */
  readonly user?: string;
}

/** All schemes, for messages and help. */
export const addressSchemes = Object.keys(defaultPorts) as readonly AddressScheme[];

/**
 * Takes an address apart: `wap:HOST[:2948]`, `waps:HOST[:2949]`, `sms:+NUMBER`, `sip:USER@DOMAIN`, `http://…`,
 * `https://…`, `obex://HOST[:650]`, `pap:WAPPUSH=…@GATEWAY`.
 * @throws {ValueError} BAD_FORMAT with what is wrong and which forms there are
 */
export function parseAddress(text: string, path = 'address'): DeviceAddress {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, Math.max(colon, 0)).toLowerCase();
  if (!isScheme(scheme)) {
    const shown = colon < 0 ? `${quoted(text)} has no scheme` : `unknown scheme ${quoted(scheme)}`;
    throw new ValueError(
      'BAD_FORMAT',
      `${shown}; use one of ${addressSchemes.map((s) => `${s}:`).join(' ')}`,
      path,
    );
  }
  const rest = text.slice(colon + 1);
  const uri = `${scheme}:${rest}`;
  if (scheme === 'sms') {
    if (!/^\+?[0-9]{3,20}$/.test(rest)) {
      throw new ValueError(
        'BAD_FORMAT',
        `${quoted(rest)} is not a telephone number such as +491701234567`,
        path,
      );
    }
    return { scheme, uri, user: rest };
  }
  if (scheme === 'sip' || scheme === 'sips' || scheme === 'pap') {
    const form = scheme === 'pap' ? 'WAPPUSH=+49…/TYPE=PLMN@GATEWAY' : 'USER@DOMAIN';
    if (!/^[^@\s]+@[^@\s]+$/.test(rest)) {
      throw new ValueError('BAD_FORMAT', `${quoted(rest)} is not of the form ${form}`, path);
    }
    return { scheme, uri, user: rest };
  }
  if (scheme === 'http' || scheme === 'https') {
    const url = URL.canParse(uri) ? new URL(uri) : undefined;
    if (url === undefined || !rest.startsWith('//')) {
      throw new ValueError('BAD_FORMAT', `${quoted(text)} is not a URL such as ${scheme}://HOST/PATH`, path);
    }
    if (url.username !== '' || url.password !== '') {
      // An address is shown in logs and timelines.
      throw new ValueError('BAD_FORMAT', 'must not hold a user name or a password', path);
    }
    const port = url.port === '' ? defaultPorts[scheme] : Number(url.port);
    return { scheme, uri: url.href, host: url.hostname.replace(/^\[|\]$/g, ''), port };
  }
  const { host, port } = parseHostPort(rest.replace(/^\/\//, ''), defaultPorts[scheme], path);
  return { scheme, uri, host, port };
}

/**
 * Takes `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT` apart.
 * @throws {ValueError} BAD_FORMAT, or OUT_OF_RANGE for a port that is not 1–65535
 */
export function parseHostPort(
  text: string,
  defaultPort: number,
  path = 'address',
): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-fA-F.]*:[0-9a-fA-F:.]*(?:%[\w.-]+)?)\]|([^:\s/[\]@?#]+))(?::([0-9]+))?$/.exec(
    text,
  );
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) {
    throw new ValueError('BAD_FORMAT', `${quoted(text)} is not HOST, HOST:PORT or [IPV6]:PORT`, path);
  }
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (port < 1 || port > 65535) {
    throw new ValueError('OUT_OF_RANGE', `port ${port} is not between 1 and 65535`, path);
  }
  return { host, port };
}

function isScheme(text: string): text is AddressScheme {
  return Object.hasOwn(defaultPorts, text);
}

/** A caller's text for an error of one line. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

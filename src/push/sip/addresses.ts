// The SIP addresses that pushes and registrations are made of.
import { formatSipUri, parseSipUri, type SipUri } from '../../codec/sip/index.ts';
import { ValueError } from '../../core/index.ts';

/**
 * A user's address: a SIP or SIPS URI with a user and without a password.
 * @throws {ValueError} MISSING or BAD_FORMAT; a password is not repeated in the error
 */
export function userUri(text: string, path: string): SipUri {
  if (/^[^@]*:[^@]*:[^@]*@/.test(text)) {
    throw new ValueError('BAD_FORMAT', 'must not hold a password', path);
  }
  const uri = parseSipUri(text, path);
  if (uri.user === undefined) throw new ValueError('MISSING', 'needs a user: sip:USER@DOMAIN', path);
  return uri;
}

/**
 * An address of record: a user's address without parameters (RFC 3261 §10.2).
 * @throws {ValueError} MISSING or BAD_FORMAT
 */
export function addressOfRecord(text: string, path: string): string {
  const uri = userUri(text, path);
  if (uri.parameters.size > 0 || uri.headers !== undefined) {
    throw new ValueError('BAD_FORMAT', 'an address of record has no parameters', path);
  }
  return formatSipUri(uri);
}

/** As a Request-URI, which has no headers (RFC 3261 §19.1.1, table 1). */
export function requestUriOf(uri: SipUri): string {
  const { headers: _headers, ...rest } = uri;
  return formatSipUri(rest);
}

/** Parameters that stand in no To (RFC 3261 §19.1.1, table 1). */
const notInTo: ReadonlySet<string> = new Set(['transport', 'maddr', 'ttl', 'lr', 'method']);

/** As a To, which names the resource and not the way to it. */
export function toUriOf(uri: SipUri): string {
  const { headers: _headers, port: _port, ...rest } = uri;
  const parameters =
    uri.parameters.size === 0
      ? uri.parameters
      : new Map([...uri.parameters].filter(([name]) => !notInTo.has(name)));
  return formatSipUri({ ...rest, parameters });
}

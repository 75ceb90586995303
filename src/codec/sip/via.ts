// Via: the way that a response has to go back (RFC 3261 §18.2, §20.42; RFC 3581).
import { FieldReader, type FieldValue } from './field-reader.ts';
import { parameter, readParameters, type SipParameters, writeParameters } from './parameters.ts';
import { readHostPort } from './uri.ts';

/** One hop of a request. */
export interface Via {
  /** `UDP`, `TCP`, `TLS` or another one, in upper case. */
  readonly transport: string;
  /** Host of sent-by in lower case; an IPv6 address without its brackets. */
  readonly host: string;
  /** Port of sent-by; absent when it is the transport's own. */
  readonly port?: number;
  /** `branch`, `received`, `rport` and others. */
  readonly parameters: SipParameters;
}

/** What the branch of every transaction of RFC 3261 starts with (§8.1.1.7). */
export const branchCookie = 'z9hG4bK';

/** Reads one element. @throws {DecodeError} BAD_VALUE */
export function readVia(field: FieldValue): Via {
  const reader = new FieldReader(field, '20.42');
  reader.space();
  const start = reader.at;
  const protocol = reader.token('protocol name');
  reader.expect('/');
  const version = reader.token('protocol version');
  reader.expect('/');
  if (protocol.toUpperCase() !== 'SIP' || version !== '2.0') {
    throw reader.error(`${protocol}/${version} is not SIP/2.0`, 'UNSUPPORTED', start);
  }
  const transport = reader.token('transport').toUpperCase();
  if (!reader.space()) throw reader.error('white space expected in front of sent-by');
  const sentByAt = reader.at;
  // White space may stand around the colon.
  let sentBy = reader.run(';');
  if (reader.skip(':')) sentBy += `:${reader.run(';')}`;
  else if (sentBy.endsWith(':')) {
    reader.space();
    sentBy += reader.run(';');
  }
  const hostPort = readHostPort(sentBy);
  if (hostPort === undefined) throw reader.error('sent-by is not HOST or HOST:PORT', 'BAD_VALUE', sentByAt);
  return { transport, ...hostPort, parameters: readParameters(reader) };
}

/** The element as text. @throws {ValueError} BAD_FORMAT for a parameter that cannot be written */
export function formatVia(via: Via): string {
  return `SIP/2.0/${via.transport} ${hostPortText(via)}${writeParameters(via.parameters, 'via')}`;
}

/**
 * What a server notes in the topmost Via of a request that came from `address` and `port`: `received` where sent-by does
 * not say it or `rport` asks for it, and the port behind an empty `rport` (RFC 3261 §18.2.1, RFC 3581 §4).
 */
export function stampVia(via: Via, address: string, port: number): Via {
  const wantsPort = via.parameters.get('rport') === null;
  if (!wantsPort && via.host === address.toLowerCase()) return via;
  const parameters = new Map(via.parameters);
  parameters.set('received', address);
  if (wantsPort) parameters.set('rport', String(port));
  return { ...via, parameters };
}

/**
 * Where a response over an unreliable transport goes by its topmost Via (RFC 3261 §18.2.2, RFC 3581 §4). `maddr` is not
 * followed: it would let a request have its answer sent to somebody else.
 */
export function responseTarget(via: Via): { readonly host: string; readonly port: number } {
  const rport = Number(parameter(via.parameters, 'rport'));
  const byPort = Number.isInteger(rport) && rport >= 1 && rport <= 65535 ? rport : undefined;
  return { host: parameter(via.parameters, 'received') ?? via.host, port: byPort ?? via.port ?? 5060 };
}

/** `HOST` or `HOST:PORT`, with brackets around an IPv6 address. */
export function hostPortText(value: { readonly host: string; readonly port?: number }): string {
  const host = value.host.includes(':') ? `[${value.host}]` : value.host;
  return value.port === undefined ? host : `${host}:${value.port}`;
}

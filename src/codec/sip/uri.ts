// SIP and SIPS URIs (RFC 3261 §19.1), GRUUs among them (RFC 5627 §3).
import { DecodeError, ValueError } from '../../core/index.ts';
import type { FieldValue } from './field-reader.ts';
import { sipDocument } from './message.ts';
import type { SipParameters } from './parameters.ts';

/** A SIP URI, taken apart. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  /** With its escapes, as on the wire; absent when the URI has none. */
  readonly user?: string;
  /** Host name or IP address in lower case; an IPv6 address without its brackets. */
  readonly host: string;
  /** 1–65535; absent when the URI has none. */
  readonly port?: number;
  /** URI parameters, names in lower case; `gr` marks a GRUU. */
  readonly parameters: SipParameters;
  /** What stands behind `?`; absent when the URI has none. */
  readonly headers?: string;
}

/** Reads a URI that a peer sent. @throws {DecodeError} BAD_VALUE, or UNSUPPORTED for another scheme */
export function readSipUri(field: FieldValue): SipUri {
  const uri = takeApart(field.text);
  if (typeof uri !== 'string') return uri;
  const code =
    /^[A-Za-z][A-Za-z0-9+.-]*:/.test(field.text) && !isSip(field.text) ? 'UNSUPPORTED' : 'BAD_VALUE';
  const place = { path: field.path, offset: field.offset, bit: 0 };
  throw new DecodeError(code, uri, place, { doc: sipDocument, section: '19.1.1' });
}

/** Reads a URI that our caller gave. @throws {ValueError} BAD_FORMAT */
export function parseSipUri(text: string, path = 'uri'): SipUri {
  const uri = takeApart(text);
  if (typeof uri !== 'string') return uri;
  throw new ValueError('BAD_FORMAT', uri, path, { doc: sipDocument, section: '19.1.1' });
}

/** The URI as text. Nothing is escaped: its parts are taken as they are. */
export function formatSipUri(uri: SipUri): string {
  const user = uri.user === undefined ? '' : `${uri.user}@`;
  const host = uri.host.includes(':') ? `[${uri.host}]` : uri.host;
  const port = uri.port === undefined ? '' : `:${uri.port}`;
  let parameters = '';
  for (const [name, value] of uri.parameters) {
    parameters += value === null ? `;${name}` : `;${name}=${value}`;
  }
  const headers = uri.headers === undefined ? '' : `?${uri.headers}`;
  return `${uri.scheme}:${user}${host}${port}${parameters}${headers}`;
}

/** True for a globally routable user agent URI: one with the parameter `gr` (RFC 5627 §3). */
export function isGruu(uri: SipUri): boolean {
  return uri.parameters.has('gr');
}

/** Parameters that make URIs differ when only one has them (RFC 3261 §19.1.4; `gr`: RFC 5627 §3.1). */
const telling = ['user', 'ttl', 'method', 'maddr', 'transport', 'gr'];

/** True when both stand for the same resource (RFC 3261 §19.1.4). */
export function sameSipUri(a: SipUri, b: SipUri): boolean {
  if (a.scheme !== b.scheme || a.host !== b.host || a.port !== b.port) return false;
  if (plainUser(a.user) !== plainUser(b.user) || (a.headers ?? '') !== (b.headers ?? '')) return false;
  for (const name of telling) {
    if (a.parameters.has(name) !== b.parameters.has(name)) return false;
  }
  for (const [name, value] of a.parameters) {
    const other = b.parameters.get(name);
    if (other !== undefined && (other ?? '').toLowerCase() !== (value ?? '').toLowerCase()) return false;
  }
  return true;
}

/** A user part without escapes, for comparing; `undefined` stays. */
export function plainUser(user: string | undefined): string | undefined {
  if (user === undefined || !user.includes('%')) return user;
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

function isSip(text: string): boolean {
  return /^sips?:/i.test(text);
}

/** The URI, or what is wrong with it. */
function takeApart(text: string): SipUri | string {
  const scheme = /^(sips?):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== 'sip' && scheme !== 'sips') return `${shown(text)} is not a sip: or sips: URI`;
  if (/[^\x21-\x7e]|[<>"\\^`{|}]/.test(text))
    return `${shown(text)} holds a character that has to be escaped`;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return `${shown(text)} holds a "%" without two hex digits`;
  let rest = text.slice(scheme.length + 1);
  const at = rest.indexOf('@');
  const user = at < 0 ? undefined : rest.slice(0, at);
  if (user === '') return `${shown(text)} has an "@" without a user`;
  rest = rest.slice(at + 1);
  const question = rest.indexOf('?');
  const headers = question < 0 ? undefined : rest.slice(question + 1);
  if (question >= 0) rest = rest.slice(0, question);
  const [hostPort = '', ...pieces] = rest.split(';');
  const host = readHostPort(hostPort);
  if (host === undefined) return `${shown(text)} has no host, or a port that is not between 1 and 65535`;
  const parameters = new Map<string, string | null>();
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    const name = (equals < 0 ? piece : piece.slice(0, equals)).toLowerCase();
    const value = equals < 0 ? null : piece.slice(equals + 1);
    if (name === '' || value === '' || /[@,?]/.test(piece)) {
      return `${shown(text)} has a parameter without a name or a value`;
    }
    if (parameters.has(name)) return `${shown(text)} has the parameter ${name} twice`;
    parameters.set(name, value);
  }
  return {
    scheme,
    ...(user === undefined ? {} : { user }),
    ...host,
    parameters,
    ...(headers === undefined ? {} : { headers }),
  };
}

/** `HOST[:PORT]`; `undefined` when it is not. An IPv6 address is given without its brackets. */
export function readHostPort(text: string): { readonly host: string; readonly port?: number } | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)\]|([A-Za-z0-9_.-]+))(?::([0-9]{1,5}))?$/.exec(text);
  const host = (match?.[1] ?? match?.[2])?.toLowerCase();
  if (host === undefined) return undefined;
  if (match?.[3] === undefined) return { host };
  const port = Number(match[3]);
  return port >= 1 && port <= 65535 ? { host, port } : undefined;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

// Challenges and credentials of digest authentication as header fields (RFC 3261 §20.7, §20.44, RFC 7616 §3).
import { FieldReader, type FieldValue, isToken } from './field-reader.ts';
import { quote, unquote } from './parameters.ts';

/** What a server wants to see proved. */
export interface DigestChallenge {
  /** What the password is for. */
  readonly realm: string;
  /** Chosen by the server. */
  readonly nonce: string;
  /** Comes back unchanged. */
  readonly opaque?: string;
  /** True when only the nonce of the last try was too old. */
  readonly stale: boolean;
  /** As sent; `MD5` when the server names none. */
  readonly algorithm: string;
  /** Qualities of protection on offer, in lower case; empty for a server of the old kind (RFC 2069). */
  readonly qop: readonly string[];
}

/** A proof, as sent. */
export interface DigestCredentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  /** The Request-URI for which it was computed. */
  readonly uri: string;
  /** Hex. */
  readonly response: string;
  /** `MD5` when none is named. */
  readonly algorithm: string;
  readonly opaque?: string;
  /** These three stand together, or not at all. */
  readonly qop?: string;
  readonly cnonce?: string;
  /** Eight hex digits. */
  readonly nc?: string;
}

/**
 * Challenges of one WWW-Authenticate or Proxy-Authenticate field, those of other schemes left out. Several in one field
 * are read as well, though SIP puts each into a field of its own (RFC 3261 §7.3.1).
 * @throws {DecodeError} BAD_VALUE when the field cannot be read
 */
export function readChallenges(field: FieldValue): readonly DigestChallenge[] {
  return readSchemes(field).flatMap(({ scheme, values }) => {
    const realm = values.get('realm');
    const nonce = values.get('nonce');
    if (scheme !== 'digest' || realm === undefined || nonce === undefined) return [];
    const opaque = values.get('opaque');
    return {
      realm,
      nonce,
      ...(opaque === undefined ? {} : { opaque }),
      stale: values.get('stale')?.toLowerCase() === 'true',
      algorithm: values.get('algorithm') ?? 'MD5',
      qop: (values.get('qop') ?? '')
        .toLowerCase()
        .split(',')
        .map((text) => text.trim())
        .filter((text) => text !== ''),
    };
  });
}

/**
 * The proof in an Authorization or Proxy-Authorization field; `undefined` for another scheme or when a part is missing.
 * @throws {DecodeError} BAD_VALUE when the field cannot be read
 */
export function readCredentials(field: FieldValue): DigestCredentials | undefined {
  const [first] = readSchemes(field);
  if (first?.scheme !== 'digest') return undefined;
  const { values } = first;
  const [username, realm, nonce, uri, response] = ['username', 'realm', 'nonce', 'uri', 'response'].map(
    (name) => values.get(name),
  );
  if (username === undefined || realm === undefined || nonce === undefined) return undefined;
  if (uri === undefined || response === undefined) return undefined;
  const algorithm = values.get('algorithm') ?? 'MD5';
  const optional: { opaque?: string; qop?: string; cnonce?: string; nc?: string } = {};
  for (const name of ['opaque', 'qop', 'cnonce', 'nc'] as const) {
    const value = values.get(name);
    if (value !== undefined) optional[name] = value;
  }
  return { username, realm, nonce, uri, response, algorithm, ...optional };
}

/** Value of a WWW-Authenticate or Proxy-Authenticate field. */
export function formatChallenge(challenge: DigestChallenge): string {
  const { realm, nonce, opaque, stale, algorithm, qop } = challenge;
  const parts = [`realm=${quote(realm)}`, `nonce=${quote(nonce)}`, `algorithm=${algorithm}`];
  if (opaque !== undefined) parts.push(`opaque=${quote(opaque)}`);
  if (qop.length > 0) parts.push(`qop=${quote(qop.join(','))}`);
  if (stale) parts.push('stale=true');
  return `Digest ${parts.join(', ')}`;
}

/** Value of an Authorization or Proxy-Authorization field. */
export function formatCredentials(credentials: DigestCredentials): string {
  const { username, realm, nonce, uri, response, algorithm, opaque, qop, cnonce, nc } = credentials;
  const parts = [
    `username=${quote(username)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(uri)}`,
    `response=${quote(response)}`,
    `algorithm=${algorithm}`,
  ];
  if (opaque !== undefined) parts.push(`opaque=${quote(opaque)}`);
  if (qop !== undefined && cnonce !== undefined && nc !== undefined) {
    parts.push(`qop=${qop}`, `cnonce=${quote(cnonce)}`, `nc=${nc}`);
  }
  return `Digest ${parts.join(', ')}`;
}

interface Scheme {
  /** In lower case. */
  readonly scheme: string;
  /** Without quotes; names in lower case. */
  readonly values: Map<string, string>;
}

/** `Scheme name=value, name=value, Scheme …`; a name without "=" starts the next scheme. */
function readSchemes(field: FieldValue): readonly Scheme[] {
  const reader = new FieldReader(field, '20.44');
  const schemes: Scheme[] = [];
  while (!reader.atEnd) {
    const start = reader.at;
    const name = reader.token('scheme or parameter');
    const current = schemes.at(-1);
    if (current !== undefined && reader.skip('=')) {
      const key = name.toLowerCase();
      if (current.values.has(key)) throw reader.error(`${key} stands twice`, 'BAD_VALUE', start);
      const quoted = reader.peek() === '"';
      const value = quoted ? reader.quoted() : reader.run(',"');
      if (!quoted && !isToken(value)) throw reader.error(`${key} has no value that can be read`);
      current.values.set(key, unquote(value));
      if (!reader.atEnd) reader.expect(',');
    } else {
      schemes.push({ scheme: name.toLowerCase(), values: new Map() });
    }
  }
  return schemes;
}

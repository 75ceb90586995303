// What went wrong with an HTTP exchange: connections and statuses as PushErrors.
import { codeOf, PushError } from '../../core/index.ts';

/** Errors of a connection that come back however often it is tried. */
const permanent: ReadonlySet<string> = new Set([
  'EACCES',
  'EAFNOSUPPORT',
  'EINVAL',
  'ERR_SOCKET_BAD_PORT',
  'ERR_INVALID_URL',
]);

const explanations: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens on the port'],
  ['ECONNRESET', 'the connection was reset'],
  ['EHOSTUNREACH', 'there is no route to the host'],
  ['ENETUNREACH', 'there is no route to the network'],
  ['ETIMEDOUT', 'it does not answer'],
  ['EPIPE', 'the connection was closed'],
]);

/** The error of a connection that could not be made, or broke. Unknown errors may pass, so they are retryable. */
export function connectionPushError(error: unknown, peer: string): PushError {
  const code = codeOf(error);
  const cause = { cause: error };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new PushError('HOST_NOT_FOUND', `${peer}: the name could not be resolved (${code})`, true, cause);
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT') {
    return new PushError('TIMEOUT', `${peer}: no connection in the time allowed`, true, cause);
  }
  if (code === 'UND_ERR_SOCKET') {
    return new PushError('LINK_LOST', `${peer}: closed the connection`, true, cause);
  }
  if (/^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_OSSL_|EPROTO$)/.test(code)) {
    return new PushError('TLS', `${peer}: the TLS connection was not made (${code})`, false, cause);
  }
  // Not every error of the parser has a code.
  const unreadable = error instanceof Error && error.name === 'HTTPParserError';
  if (
    unreadable ||
    /^(HPE_|UND_ERR_HEADERS_OVERFLOW$|UND_ERR_RES_|UND_ERR_RESPONSE|UND_ERR_NOT_SUPPORTED$)/.test(code)
  ) {
    const why = code === 'UNKNOWN' ? '' : ` (${code})`;
    return new PushError('PROTOCOL', `${peer}: does not answer in HTTP${why}`, false, cause);
  }
  const why = explanations.get(code) ?? 'the connection could not be used';
  return new PushError(code, `${peer}: ${why} (${code})`, !permanent.has(code), cause);
}

/** Statuses after which the same request may succeed later. */
const passing: ReadonlySet<number> = new Set([408, 421, 423, 425, 429, 500, 502, 503, 504, 507]);

const statusExplanations: ReadonlyMap<number, string> = new Map([
  [400, 'it does not understand the request'],
  [401, 'it wants other credentials'],
  [403, 'it does not allow this'],
  [404, 'there is no push service under this path'],
  [405, 'there is no push service under this path'],
  [408, 'the request took too long'],
  [413, 'the body is too large for it'],
  [415, 'it does not take this content type'],
  [429, 'it is asked too often'],
  [503, 'it is busy'],
]);

/** The error of a request that `peer` answered with a status other than 2xx. */
export function statusPushError(status: number, peer: string): PushError {
  const why =
    statusExplanations.get(status) ?? (status >= 300 && status < 400 ? 'redirections are not followed' : '');
  return new PushError(
    `HTTP_${status}`,
    `${peer}: answered ${status}${why === '' ? '' : `: ${why}`}`,
    passing.has(status),
  );
}

/** The error of a push that its caller gave up. */
export function abortError(signal: AbortSignal): PushError {
  return new PushError('ABORTED', 'the push was given up by its caller', true, { cause: signal.reason });
}

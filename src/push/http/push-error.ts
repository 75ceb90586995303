// What went wrong with an HTTP exchange: connections and statuses as PushErrors.
import { codeOf, PushError } from '../../core/index.ts';
import { refusalDetails, socketPushError } from '../index.ts';

/** The error of a connection that could not be made, or broke. Unknown errors may pass, so they are retryable. */
export function connectionPushError(error: unknown, peer: string): PushError {
  const code = codeOf(error);
  const cause = { cause: error };
  if (code === 'UND_ERR_CONNECT_TIMEOUT') {
    return new PushError('TIMEOUT', `${peer}: no connection in the time allowed`, true, cause);
  }
  if (code === 'UND_ERR_SOCKET') {
    return new PushError('LINK_LOST', `${peer}: closed the connection`, true, cause);
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
  return socketPushError(error, peer);
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

/** The error of a request that `peer` answered with a status other than 2xx, with what it says would be taken instead. */
export function statusPushError(
  response: { readonly status: number; header(name: string): string | undefined },
  peer: string,
): PushError {
  const { status } = response;
  const why =
    statusExplanations.get(status) ??
    (status >= 300 && status < 400 ? 'redirections are not followed' : undefined);
  const details = refusalDetails(status, (name) => {
    const value = response.header(name.toLowerCase());
    return value === undefined ? [] : [value];
  });
  const more = [...(why === undefined ? [] : [why]), ...details].join('; ');
  return new PushError(
    `HTTP_${status}`,
    `${peer}: answered ${status}${more === '' ? '' : `: ${more}`}`,
    passing.has(status),
  );
}

/** A server for errors: without the query, which may hold a password. */
export function peerOf(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

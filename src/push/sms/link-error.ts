// What a connection to a message centre that could not be made, or broke, means for a push. Another connection may fare
// better, so all of it is retryable.
import { PushError } from '../../core/index.ts';

const explanations: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens on the port'],
  ['ECONNRESET', 'the connection was reset'],
  ['EPIPE', 'the connection was closed'],
  ['EHOSTUNREACH', 'there is no route to the host'],
  ['ENETUNREACH', 'there is no route to the network'],
  ['ETIMEDOUT', 'it does not answer'],
  ['ENOTFOUND', 'the name could not be resolved'],
  ['EAI_AGAIN', 'the name could not be resolved'],
]);

/** The error of a connection to `peer` that could not be made or broke. */
export function connectionError(error: unknown, peer: string): PushError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  const tls = /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO)/.test(code);
  const why = tls ? 'the TLS connection was not made' : explanations.get(code);
  const text = `${peer}: ${why ?? 'the connection could not be used'} (${code})`;
  return new PushError(tls ? 'TLS' : code, text, true, { cause: error });
}

/** The link to `peer` is gone, or was never there. */
export function linkLost(peer: string, detail: string, cause?: unknown): PushError {
  return new PushError('LINK_LOST', `${peer}: ${detail}`, true, cause === undefined ? {} : { cause });
}

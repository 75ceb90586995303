// What went wrong with a push over WTLS, as PushErrors.
import type { WtlsFailure } from '../../codec/wtls/index.ts';
import { codeOf, PushError } from '../../core/index.ts';

const failures: Readonly<Record<WtlsFailure, { readonly code: string; readonly why: string }>> = {
  'no-answer': { code: 'TIMEOUT', why: 'does not answer' },
  malformed: { code: 'WTLS_MALFORMED', why: 'answered with octets that cannot be read' },
  'unexpected-message': { code: 'WTLS_UNEXPECTED', why: 'answered out of turn' },
  version: { code: 'WTLS_VERSION', why: 'speaks another version of WTLS' },
  'nothing-in-common': {
    code: 'WTLS_NOTHING_IN_COMMON',
    why: 'offers no key exchange and cipher that are allowed here',
  },
  'unknown-identity': { code: 'WTLS_IDENTITY', why: 'offers no identity that is configured for it' },
  'illegal-parameter': { code: 'WTLS_PARAMETER', why: 'chose what was not offered' },
  'wrong-secret': {
    code: 'WTLS_SECRET',
    why: 'proved another secret than the one configured for its identity',
  },
  'finished-mismatch': { code: 'WTLS_FINISHED', why: 'has not seen the same handshake' },
  alert: { code: 'WTLS_ALERT', why: 'refused the handshake' },
  cancelled: { code: 'ABORTED', why: 'the handshake was given up' },
};

/**
 * The error of a handshake that failed. It is retryable whatever the reason: nothing of a handshake is proved before its
 * end, so anybody on the way could have caused it.
 */
export function handshakePushError(reason: WtlsFailure, detail: string, peer: string): PushError {
  const { code, why } = failures[reason];
  return new PushError(code, `${peer}: ${why} (${detail})`, true);
}

/** Errors that come back however often the same datagram is sent to the same place. */
const permanent: ReadonlySet<string> = new Set([
  'EMSGSIZE',
  'EINVAL',
  'EACCES',
  'EAFNOSUPPORT',
  'EPROTONOSUPPORT',
]);

const explanations: ReadonlyMap<string, string> = new Map([
  ['EMSGSIZE', 'the datagram is larger than the network takes'],
  ['EACCES', 'the system refuses this destination'],
  ['EAFNOSUPPORT', 'this machine does not speak this version of IP'],
  ['ENETUNREACH', 'there is no route to the network'],
  ['EHOSTUNREACH', 'there is no route to the host'],
  ['EPERM', 'a packet filter of this machine refused it'],
  ['EADDRINUSE', 'the local port is in use'],
  ['EADDRNOTAVAIL', 'no interface has a usable address'],
]);

/** The error of a datagram that could not be sent. Unknown errors may pass, so they are retryable. */
export function socketPushError(error: unknown, peer: string): PushError {
  const code = codeOf(error);
  const why = explanations.get(code) ?? 'the system could not send it';
  return new PushError(code, `${peer}: ${why} (${code})`, !permanent.has(code), { cause: error });
}

/** The error of a host name that could not be resolved. */
export function resolvePushError(error: unknown, host: string): PushError {
  const text = `${host}: the name could not be resolved (${codeOf(error)})`;
  return new PushError('HOST_NOT_FOUND', text, true, { cause: error });
}

/** The error of a push whose signal aborted. */
export function abortPushError(signal: AbortSignal): PushError {
  return new PushError('ABORTED', 'the push was aborted before it was sent', true, { cause: signal.reason });
}

// What an error of a socket or a connection means for a push, for all bindings alike.
import { codeOf, PushError } from '../core/index.ts';

/** What is known about an error of the system, of TLS or of the resolver. */
export interface SocketFault {
  /** `HOST_NOT_FOUND` for a name that could not be resolved, `TLS` for a failed handshake, else the system's code. */
  readonly code: string;
  /** The cause in words, with the system's code. */
  readonly why: string;
  /** Whether the same may succeed later. Unknown errors may. */
  readonly retryable: boolean;
}

/** Errors that come back however often it is tried. */
const permanent: ReadonlySet<string> = new Set([
  'EACCES',
  'EAFNOSUPPORT',
  'EINVAL',
  'EMSGSIZE',
  'EPROTONOSUPPORT',
  'ERR_INVALID_URL',
  'ERR_SOCKET_BAD_PORT',
]);

const explanations: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'the system refuses this destination (a broadcast address?)'],
  ['EADDRINUSE', 'the local port is in use'],
  ['EADDRNOTAVAIL', 'no interface has a usable address'],
  ['EAFNOSUPPORT', 'this machine does not speak this version of IP'],
  ['ECONNREFUSED', 'nothing listens on the port'],
  ['ECONNRESET', 'the connection was reset'],
  ['EHOSTUNREACH', 'there is no route to the host'],
  ['EMSGSIZE', 'the datagram is larger than the network takes'],
  ['ENETUNREACH', 'there is no route to the network'],
  ['ENOBUFS', "the machine's send buffers are full"],
  ['EPERM', 'a packet filter of this machine refused it'],
  ['EPIPE', 'the connection was closed'],
  ['ETIMEDOUT', 'it does not answer'],
]);

const tlsCodes =
  /^(?:ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|EPROTO$)/;

/** Finds out what an error means; a PushError says it itself. */
export function socketFault(error: unknown): SocketFault {
  if (error instanceof PushError) {
    return { code: error.code, why: error.message, retryable: error.retryable };
  }
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { code: 'HOST_NOT_FOUND', why: `the name could not be resolved (${code})`, retryable: true };
  }
  if (tlsCodes.test(code)) {
    return { code: 'TLS', why: `the TLS connection was not made (${code})`, retryable: false };
  }
  const why = explanations.get(code) ?? 'the system could not carry it';
  return { code, why: `${why} (${code})`, retryable: !permanent.has(code) };
}

/** The error of a push whose socket or connection to `peer` failed. */
export function socketPushError(error: unknown, peer: string): PushError {
  const { code, why, retryable } = socketFault(error);
  return new PushError(code, `${peer}: ${why}`, retryable, { cause: error });
}

/** The error of a connection that ended before its time. */
export function lostError(peer: string): PushError {
  return new PushError('LINK_LOST', `${peer}: closed the connection`, true);
}

/** The error of a push that its caller gave up. */
export function abortError(signal: AbortSignal): PushError {
  return new PushError('ABORTED', 'the push was aborted by its caller', true, { cause: signal.reason });
}

/** The error of what is asked of something that has been closed, such as `wap sender`. */
export function closedError(what: string): PushError {
  return new PushError('CLOSED', `the ${what} has been closed`, true);
}

/**
 * What `work` gives, unless the signal aborts before; what becomes of it then is nobody's business.
 * @throws {PushError} ABORTED
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(abortError(signal));
    // It may have aborted while the work was begun.
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  // Left alone, it may still fail.
  work.catch(() => undefined);
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

// What an error of a UDP socket means for a push.
import { codeOf, PushError } from '../../core/index.ts';

/** Errors that come back however often the same datagram is sent to the same place. */
const permanent: ReadonlySet<string> = new Set([
  'EMSGSIZE',
  'EINVAL',
  'EACCES',
  'EAFNOSUPPORT',
  'EPROTONOSUPPORT',
  'ERR_SOCKET_BAD_PORT',
]);

const explanations: ReadonlyMap<string, string> = new Map([
  ['EMSGSIZE', 'the datagram is larger than the network takes'],
  ['EACCES', 'the system refuses this destination (a broadcast address?)'],
  ['EAFNOSUPPORT', 'this machine does not speak this version of IP'],
  ['ENETUNREACH', 'there is no route to the network'],
  ['EHOSTUNREACH', 'there is no route to the host'],
  ['ECONNREFUSED', 'nothing listens on the port'],
  ['EPERM', 'a packet filter of this machine refused it'],
  ['ENOBUFS', "the machine's send buffers are full"],
  ['EADDRNOTAVAIL', 'no interface has a usable address'],
]);

/** The error of a datagram that could not be sent to `target`. Unknown errors may pass, so they are retryable. */
export function udpPushError(error: unknown, target: string): PushError {
  const code = codeOf(error);
  const why = explanations.get(code) ?? 'the system could not send it';
  return new PushError(code, `${target}: ${why} (${code})`, !permanent.has(code), { cause: error });
}

/** The error of a host name that could not be resolved. */
export function resolvePushError(error: unknown, host: string): PushError {
  const code = codeOf(error);
  return new PushError('HOST_NOT_FOUND', `${host}: the name could not be resolved (${code})`, true, {
    cause: error,
  });
}

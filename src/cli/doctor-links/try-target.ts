// Opens a connection and closes it again: whether a name resolves, a port answers, and TLS proves who it is.
import { lookup } from 'node:dns/promises';
import { type Clock, codeOf, PushError } from '../../core/index.ts';
import { addressOfHost, openTcp } from '../../push/index.ts';
import type { Target } from './targets.ts';

/** What went wrong, and what to do. */
export interface Trouble {
  readonly what: string;
  readonly remedy: string;
}

/** Longest time until a connection stands, TLS included, in milliseconds; as much again for the name. */
const connectMs = 5000;

/** `undefined` where all is well. Nothing is sent but what TLS needs. */
export async function tryTarget(
  target: Target,
  clock: Clock,
  stop: AbortSignal,
): Promise<Trouble | undefined> {
  const { host, port, tls } = target;
  let address: string;
  try {
    const soon = AbortSignal.any([stop, AbortSignal.timeout(connectMs)]);
    address = await addressOfHost(host, (name) => lookup(name), soon);
  } catch (error) {
    return nameTrouble(host, error);
  }
  if (port === undefined) return undefined;
  try {
    const options = { host: address, port, tls, tlsName: host, connectMs, clock, signal: stop };
    await openTcp(options, (socket) => {
      socket.on('error', () => {});
      socket.destroy();
    });
    return undefined;
  } catch (error) {
    return connectionTrouble(target, error);
  }
}

function nameTrouble(host: string, error: unknown): Trouble {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = error instanceof PushError && error.code === 'ABORTED' ? 'no answer in time' : codeOf(cause);
  return {
    what: `the name ${host} cannot be resolved (${code})`,
    remedy: 'check its spelling, and the name servers of this machine (/etc/resolv.conf)',
  };
}

const authorities: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function connectionTrouble({ host, port, tls, caAt }: Target, error: unknown): Trouble {
  const place = `${host}:${port}`;
  const code = error instanceof PushError ? error.code : codeOf(error);
  if (authorities.has(code)) {
    return {
      what: `the certificate of ${place} is of an authority that is not known here (${code})`,
      remedy: `name that authority in ${caAt}, once you know that it is the right one`,
    };
  }
  switch (code) {
    case 'ECONNREFUSED':
      return {
        what: `${place} refuses connections`,
        remedy: 'check host and port; see that the service runs there, and lets this machine in',
      };
    case 'TIMEOUT':
    case 'ETIMEDOUT':
      return {
        what: `${place} does not answer within ${connectMs / 1000} s`,
        remedy:
          'check host and port, the firewall, and whether the carrier knows the address of this machine',
      };
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return {
        what: `there is no way to ${place} (${code})`,
        remedy: 'check the routes of this machine, and its VPN where one is needed',
      };
    case 'ABORTED':
      return { what: `${place} was not waited for: there was no more time`, remedy: 'look again' };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        what: `the certificate of ${place} is not for ${host}`,
        remedy: 'use the name that stands in the certificate',
      };
    case 'CERT_HAS_EXPIRED':
      return {
        what: `the certificate of ${place} has ended`,
        remedy: 'tell whoever runs it; check the clock of this machine',
      };
    case 'CERT_NOT_YET_VALID':
      return {
        what: `the certificate of ${place} has not begun`,
        remedy: 'check the clock of this machine',
      };
    default:
      break;
  }
  if (tls === undefined) {
    return { what: `${place} cannot be reached (${code})`, remedy: 'check host and port' };
  }
  return {
    what: `${place} does no TLS that we can do (${code})`,
    remedy: 'see whether that port speaks TLS at all, and wants a certificate of ours',
  };
}

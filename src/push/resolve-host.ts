// Finds the addresses of hosts.
import { isIP } from 'node:net';
import { codeOf, PushError } from '../core/index.ts';
import { abortable, abortError } from './socket-error.ts';

/** Finds the address of a host name, such as `lookup` of `node:dns/promises`. */
export type ResolveHost = (host: string) => Promise<{ readonly address: string }>;

/**
 * The IP address of a host: itself when it is one.
 * @throws {PushError} HOST_NOT_FOUND, whatever the resolver says; ABORTED
 */
export async function addressOfHost(
  host: string,
  resolve: ResolveHost,
  signal: AbortSignal,
): Promise<string> {
  if (signal.aborted) throw abortError(signal);
  if (isIP(host) !== 0) return host;
  const found = resolve(host).catch((cause: unknown) => {
    const text = `${host}: the name could not be resolved (${codeOf(cause)})`;
    throw new PushError('HOST_NOT_FOUND', text, true, { cause });
  });
  return (await abortable(found, signal)).address;
}

// Binding a server to its port, and naming its peers.
import type { Server, Socket } from 'node:net';
import { ConfigError, codeOf } from '../../core/index.ts';

/** Starts listening. @throws {ConfigError} which says what to do about it */
export function listen(server: Server, port: number, address: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      reject(new ConfigError(bindMessage(codeOf(error), port, address), { cause: error }));
    };
    server.once('error', failed);
    server.listen({ port, ...(address === undefined ? {} : { host: address }), exclusive: true }, () => {
      server.removeListener('error', failed);
      resolve();
    });
  });
}

function bindMessage(code: string, port: number, address: string | undefined): string {
  const where = address === undefined ? `TCP port ${port}` : `TCP port ${port} on ${address}`;
  if (code === 'EADDRINUSE')
    return `${where} is in use: stop the program that holds it, or choose another port`;
  if (code === 'EACCES') return `${where} is not allowed for this user: choose a port above 1023`;
  if (code === 'EADDRNOTAVAIL') return `${address} is not an address of this machine: choose one that is`;
  return `${where} cannot be used (${code})`;
}

/** Source of a connection for logs. */
export function showPeer({ remoteAddress, remotePort }: Socket): string {
  return showAddress(remoteAddress ?? '?', remotePort ?? 0);
}

/** Source for logs; an IPv4 address in IPv6 clothing is shown as IPv4. */
export function showAddress(address: string, port: number): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}

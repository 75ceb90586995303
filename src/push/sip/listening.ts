// Opens the sockets that an end point listens on; what the system refuses is explained.
import type { Server } from 'node:net';
import type { SipLimits } from '../../codec/sip/index.ts';
import { ConfigError, codeOf } from '../../core/index.ts';
import type { SipIntake } from './flow.ts';
import { UdpPort } from './udp-port.ts';

/** Binds a UDP socket. @throws {ConfigError} the port is in use or not allowed, or the address is not one of this machine */
export async function listenUdp(
  port: number,
  address: string | undefined,
  intake: SipIntake,
  limits: SipLimits,
): Promise<UdpPort> {
  try {
    return await UdpPort.open(port, address, intake, limits);
  } catch (error) {
    throw new ConfigError(bindMessage('UDP', codeOf(error), port, address), { cause: error });
  }
}

/** Lets a server listen; resolves with its port. @throws {ConfigError} as `listenUdp` */
export function listenTcp(server: Server, port: number, address: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(new ConfigError(bindMessage('TCP', codeOf(error), port, address), { cause: error }));
    });
    server.listen({ port, ...(address === undefined ? {} : { host: address }), exclusive: true }, () => {
      server.removeAllListeners('error');
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

function bindMessage(protocol: string, code: string, port: number, address: string | undefined): string {
  const where = address === undefined ? `${protocol} port ${port}` : `${protocol} port ${port} on ${address}`;
  if (code === 'EADDRINUSE')
    return `${where} is in use: stop the program that holds it, or choose another port`;
  if (code === 'EACCES') return `${where} is not allowed for this user: choose a port above 1023`;
  if (code === 'EADDRNOTAVAIL') return `${address} is not an address of this machine: choose one that is`;
  return `${where} cannot be used (${code})`;
}

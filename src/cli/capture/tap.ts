// Listens at sockets of this process: Node tells of each at its birth (diagnostics_channel), and what goes in and out is
// seen by its own methods. The bindings know nothing of it. Sockets of other threads are not seen.

import { Socket as UdpSocket } from 'node:dgram';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { type TLSSocket, Server as TlsServer } from 'node:tls';
import type { Recorder } from './recorder.ts';
import { tapStream } from './stream-tap.ts';
import { tapUdp } from './udp-tap.ts';

/** Begins to listen; gives what ends it. Sockets that are open already are not seen. */
export function tapSockets(recorder: Recorder): () => void {
  const servers = new Set<TlsServer>();
  const onSecure = (socket: TLSSocket): void => tapStream(socket, 'server', recorder);
  const onSecured = (socket: TLSSocket): void => readByPush(socket);
  const onClient = (message: unknown): void => {
    const socket = socketIn(message);
    if (socket instanceof Socket) tapStream(socket, 'client', recorder);
  };
  const onServer = (message: unknown): void => {
    const socket = socketIn(message);
    if (!(socket instanceof Socket)) return;
    const server: unknown = Reflect.get(socket, 'server');
    if (!(server instanceof TlsServer)) {
      tapStream(socket, 'server', recorder);
      readByPush(socket);
    } else if (!servers.has(server)) {
      // This connection's handshake is still to come. HTTP takes the socket at the same event: once before, once after it.
      servers.add(server);
      server.prependListener('secureConnection', onSecure);
      server.on('secureConnection', onSecured);
    }
  };
  const onUdp = (message: unknown): void => {
    const socket = socketIn(message);
    if (socket instanceof UdpSocket) tapUdp(socket, recorder);
  };
  subscribe('net.client.socket', onClient);
  subscribe('net.server.socket', onServer);
  subscribe('udp.socket', onUdp);
  return () => {
    unsubscribe('net.client.socket', onClient);
    unsubscribe('net.server.socket', onServer);
    unsubscribe('udp.socket', onUdp);
    for (const server of servers) {
      server.off('secureConnection', onSecure);
      server.off('secureConnection', onSecured);
    }
  };
}

function socketIn(message: unknown): unknown {
  return typeof message === 'object' && message !== null ? Reflect.get(message, 'socket') : undefined;
}

/** An HTTP server has its parser read past the stream; a listener makes it read from the stream again. */
function readByPush(socket: Socket): void {
  const parser: unknown = Reflect.get(socket, 'parser');
  if (parser !== undefined && parser !== null) socket.on('data', () => undefined);
}

// Push over OBEX: a port for each device, and an OBEX session only while there is a connection.
import { createServer, type Server } from 'node:net';
import { listenTcp, remoteOf, showPeer } from '../../push/index.ts';
import { serveObexStream } from '../../push/obex/index.ts';
import { type Door, type DoorHost, placeOf } from './door.ts';

/** The door of `obex`. `password` is what DM messages are protected by. */
export function obexDoor(host: DoorHost, password: string | undefined): Door {
  const servers: Server[] = [];
  const accounts = password === undefined ? [] : [{ password }];
  return {
    async open({ index }, port) {
      const server = createServer({ noDelay: true }, (socket) => {
        socket.on('error', () => {});
        if (!host.isOn(index, 'obex')) {
          socket.destroy();
          return;
        }
        void serveObexStream(socket, {
          from: showPeer(remoteOf(socket)),
          accounts,
          clock: host.clock,
          handler: (push) => host.receive(index, push),
          onDrop: (drop) => host.dropped(drop, index),
          onError: (error) => host.error(error),
        });
      });
      const bound = await listenTcp(server, port, host.host);
      server.on('error', (error) => host.error(error));
      servers.push(server);
      return { address: `obex://${placeOf(host.host, bound)}`, port: bound };
    },
    async close() {
      await Promise.all(
        servers.splice(0).map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
      );
    },
  };
}

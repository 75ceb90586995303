// Connections of an HTTP server that is closing.
import type { Server } from 'node:http';

/**
 * Has a server that is closing let go of each connection when the answer on it is over. Node itself ends only those that are idle
 * when closing begins: one with an answer under way would then stay open for as long as idle ones may, and closing would wait for it.
 */
export function endAnsweredOnClose(server: Server): void {
  server.on('request', (_, response) => {
    response.once('close', () => {
      // A turn later it counts as idle.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
}

// One request of a connection at a time. Node parses what is pipelined as it comes and hands over all of it at once, so
// that one connection could have thousands of requests worked on; clients of DM and of the API wait for their answers.
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';

/** Ends the connections of those who send a request before the last one is answered. Call it when all handlers are there. */
export function oneRequestAtATime(server: HttpServer | HttpsServer): void {
  const handlers = server.listeners('request');
  server.removeAllListeners('request');
  const busy = new WeakSet<Socket>();
  function closed(this: ServerResponse): void {
    const { socket } = this.req;
    if (!socket.destroyed) busy.delete(socket);
  }
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    if (busy.has(socket)) {
      // What follows in the same octets comes here as well, and no further.
      socket.destroy();
      return;
    }
    busy.add(socket);
    response.on('close', closed);
    for (const handler of handlers) Reflect.apply(handler, server, [request, response]);
  });
}

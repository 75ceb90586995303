// A door of its own for whoever scrapes metrics: GET /metrics without a token, and nothing else.
import { createServer, type Server as HttpServer } from 'node:http';
import { ConnectionPlaces } from '../../server/index.ts';
import { type Exposition, expositionType } from './exposition.ts';

/** Connections at once, in all and of one source; a scraper needs one. */
const places = { total: 64, perSource: 16 };

/** Milliseconds for the header of a request, and for a connection on which nothing moves. */
const timeMs = 10_000;

/** A server that shows metrics; whoever made it has it listen, and closes it. */
export function metricsServer(exposition: Exposition): HttpServer {
  const server = createServer(
    { headersTimeout: timeMs, requestTimeout: timeMs, keepAliveTimeout: 6 * timeMs, maxHeaderSize: 16_384 },
    (request, response) => {
      const answer = (status: number, type: string, text: string): void => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
        response.end(request.method === 'HEAD' ? undefined : text);
      };
      const plain = 'text/plain; charset=utf-8';
      request.resume();
      if (request.url?.split('?', 1)[0] !== '/metrics')
        return answer(404, plain, 'metrics are at /metrics\n');
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('allow', 'GET, HEAD');
        return answer(405, plain, 'GET only\n');
      }
      exposition.text().then(
        (text) => answer(200, expositionType, text),
        () => answer(503, plain, 'the store cannot be read now; the log says why\n'),
      );
    },
  );
  new ConnectionPlaces(places).watch(server);
  return server;
}

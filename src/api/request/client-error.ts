// What a client is told whose bytes never became a request: a problem document, as everywhere, and the end of the connection.
import type { Socket } from 'node:net';
import { problem } from './problem.ts';

/** Status, code and words by the code of Node's error; others are no HTTP. */
const known: Readonly<Record<string, readonly [number, string, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'TIMEOUT', 'the request did not come in time: send it again'],
  HPE_HEADER_OVERFLOW: [431, 'TOO_LONG', 'the header or the target is longer than this server takes'],
};

/** Answers on the connection itself, for there is no request to answer to. */
export function refuseClient(error: Error & { readonly code?: string }, socket: Socket): void {
  // Whoever is gone is told nothing.
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const answer = problem(
    ...(known[error.code ?? ''] ?? [400, 'REQUEST', 'the request is not one of HTTP/1.1']),
  );
  const body = JSON.stringify(answer);
  const head = [
    `HTTP/1.1 ${answer.status} ${answer.title}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy(error);
}

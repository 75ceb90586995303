// Errors become answers, and those that are the server's become lines in its log.
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Clock, type Logger, LogSummary } from '../../core/index.ts';
import { ApiError, type Problem, problem, problemOf, retryAfterOf } from './problem.ts';

/** Sent as octets: to text, the framework would add a charset, which the type does not have. */
export function sendProblem(reply: FastifyReply, answer: Problem): FastifyReply {
  return reply
    .code(answer.status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(answer)));
}

/** Answers with what the caller is told about an error. */
export function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  const answer = problemOf(error);
  const retryAfter = retryAfterOf(error);
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
  if (answer.status === 401) void reply.header('www-authenticate', 'Bearer');
  return sendProblem(reply, answer);
}

/** Status, code and words by the code of Node's error; others are no HTTP. */
const clientErrors: Readonly<Record<string, readonly [number, string, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'TIMEOUT', 'the request did not come in time: send it again'],
  HPE_HEADER_OVERFLOW: [431, 'TOO_LONG', 'the header or the target is longer than this server takes'],
};

/** Answers bytes that never became a request, on the connection itself, and ends that. */
export function refuseClient(error: Error & { readonly code?: string }, socket: Socket): void {
  // Whoever is gone is told nothing.
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const answer = problem(
    ...(clientErrors[error.code ?? ''] ?? [400, 'REQUEST', 'the request is not one of HTTP/1.1']),
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

interface Failure {
  readonly method: string;
  /** The route's pattern, so nothing that a caller chose. */
  readonly path: string | undefined;
  readonly error: string;
}

/** Tells the log what went wrong here; the same again and again, as on a full disk, is summed up. */
export class FailureLog {
  readonly #summary: LogSummary<Failure>;

  constructor(clock: Clock, logger: Logger) {
    this.#summary = new LogSummary<Failure>({
      clock,
      write: (failure) => logger.error({ ...failure }, 'request failed'),
      writeSum: ({ count, latest, withinMs }) =>
        logger.error({ ...latest, count, withinMs }, 'more requests failed in the same way'),
    });
  }

  note(request: FastifyRequest, error: unknown): void {
    const { status, code } = problemOf(error);
    // What a route answers on purpose is no failure.
    if (status < 500 || error instanceof ApiError) return;
    const { url } = request.routeOptions;
    const message = error instanceof Error ? error.message : String(error);
    this.#summary.note(`${code} ${request.method} ${url}`, {
      method: request.method,
      path: url,
      error: message,
    });
  }

  end(): void {
    this.#summary.flush();
  }
}

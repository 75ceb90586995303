// Errors become answers, and those that are the server's become lines in its log.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Clock, type Logger, LogSummary } from '../../core/index.ts';
import { ApiError, type Problem, problemOf, retryAfterOf } from './problem.ts';

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

// Routes that take many requests in one: each line of the body is one, and stands for itself.
import type { FastifyRequest } from 'fastify';
import type { TProperties } from 'typebox';
import { hasJob } from '../../server/index.ts';
import type { Scope } from '../../store/index.ts';
import type { AuditHook } from '../access/audit-hook.ts';
import { askerOf, type Caller, requireScope } from '../access/caller.ts';
import type { ApiBackend, App } from '../host/app.ts';
import type { BodyTimes } from '../host/body-times.ts';
import { ndjson, notLines, requireLines } from '../request/batch-request.ts';
import { BodyLines } from '../request/body-lines.ts';
import { onEnding } from '../request/draining.ts';
import { requireUtf8 } from '../request/json-body.ts';
import type { FailureLog } from '../request/refuse.ts';
import { writeRefusals } from '../shapes/basic-shapes.ts';
import { LineAnswerShape, lineOf } from '../shapes/batch-shapes.ts';
import { JobBody, jobBodyLimit } from '../shapes/job-shapes.ts';
import { MessageBody, NotificationBody } from '../shapes/push-bodies.ts';
import {
  answersTo,
  endedLine,
  jobFields,
  type LineTaker,
  messageFields,
  notificationFields,
  stoppingLine,
} from './batch-answers.ts';
import { BatchExchange } from './batch-exchange.ts';

/** What the routes work with besides the server. */
export interface BatchContext {
  readonly bodies: BodyTimes;
  readonly failures: FailureLog;
  readonly audit: AuditHook;
}

/** A route, and what its lines are. */
interface BatchRoute<Taken> extends LineTaker<Taken> {
  readonly tag: string;
  /** Its name in the description. */
  readonly operationId: string;
  readonly scope: Scope;
  readonly summary: string;
  readonly body: { readonly properties: TProperties };
  /** What a line may ask for of the scopes of its caller. @throws {ApiError} */
  readonly check?: (value: unknown, caller: Caller) => void;
}

/** Adds the routes, in a scope of their own: nothing else takes lines. */
export async function batchRoutes(app: App, backend: ApiBackend, context: BatchContext): Promise<void> {
  const { jobs, sessionless } = backend;
  const exchanges = new Set<BatchExchange>();
  // A body may go on for long, and closing waits for every response.
  onEnding(app, () => {
    for (const exchange of exchanges) exchange.stop();
  });
  await app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(ndjson, async (request: FastifyRequest) => {
      requireUtf8(request.headers['content-type']);
      requireLines(request);
    });
    scope.addContentTypeParser('*', async () => {
      throw notLines();
    });
    const add = <Taken>(route: BatchRoute<Taken>): void => batchRoute(scope, route, context, exchanges);
    add({
      tag: 'notifications',
      operationId: 'createNotifications',
      scope: 'push',
      summary: 'Wake many devices: one notification a line, each answered by a line when it is on disk',
      body: NotificationBody,
      // Commands change the device.
      check: (value, caller) => {
        if (hasJob(value)) requireScope(caller, 'manage');
      },
      take: (requests) => jobs.createNotifications(requests),
      fields: notificationFields,
    });
    add({
      tag: 'jobs',
      operationId: 'createJobs',
      scope: 'manage',
      summary: 'Create many jobs: one a line, each answered by a line when it is on disk',
      body: JobBody,
      take: (requests) => jobs.createEach(requests),
      fields: jobFields,
    });
    add({
      tag: 'messages',
      operationId: 'createMessages',
      scope: 'manage',
      summary: 'Push many messages: one a line, each answered by a line when it is on disk',
      body: MessageBody,
      take: (requests) => sessionless.createEach(requests),
      fields: messageFields,
    });
  });
}

function batchRoute<Taken>(
  app: App,
  route: BatchRoute<Taken>,
  { bodies, failures, audit }: BatchContext,
  exchanges: Set<BatchExchange>,
): void {
  const { tag, operationId, scope, summary, body } = route;
  app.route({
    method: 'POST',
    url: `/v1/${tag}/batch`,
    config: { scope },
    schema: {
      tags: [tag],
      operationId,
      summary,
      consumes: [ndjson],
      body: lineOf(body, 'What the single route takes'),
      response: {
        200: {
          description: 'One line for each line of the request that is not blank',
          content: { [ndjson]: { schema: LineAnswerShape } },
        },
        ...writeRefusals,
      },
    },
    handler: async (request, reply) => {
      // Neither a body nor a type.
      if (request.headers['content-type'] === undefined) throw notLines();
      reply.hijack();
      const by = askerOf(request);
      const counts = { taken: 0, refused: 0 };
      const exchange = new BatchExchange({
        request: request.raw,
        response: reply.raw,
        source: new BodyLines(jobBodyLimit),
        lengthOf: ({ text }) => text.length,
        bodies,
        take: (lines) =>
          answersTo(lines, {
            ...route,
            by,
            check: (value) => route.check?.(value, request.caller),
            note: (error) => failures.note(request, error),
            counts,
          }),
        stopping: stoppingLine,
        mayGoOn: request.mayGoOn,
        ended: endedLine,
      });
      exchanges.add(exchange);
      try {
        await exchange.run();
      } catch (error) {
        failures.note(request, error);
      } finally {
        exchanges.delete(exchange);
        audit.streamed(request, `${counts.taken} lines taken, ${counts.refused} refused`);
      }
    },
  });
}

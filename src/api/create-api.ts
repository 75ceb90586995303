// The REST API: routes, checks, problem documents, OpenAPI.

import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyReply } from 'fastify';
import { silentLogger } from '../core/index.ts';
import { accountRoutes } from './account-routes.ts';
import type { ApiBackend, ApiOptions, App } from './app.ts';
import { bearerCheck } from './bearer.ts';
import { deviceRoutes } from './device-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { jobRoutes } from './job-routes.ts';
import { readJson } from './json-body.ts';
import { messageRoutes } from './message-routes.ts';
import { notificationRoutes } from './notification-routes.ts';
import { type Problem, problem, problemOf } from './problem.ts';
import { requestCheck } from './request-check.ts';
import { HealthShape } from './shapes.ts';

/** Defaults of `ApiOptions`. */
export const apiDefaults = Object.freeze({ bodyLimit: 65_536, version: '0.0.0' });

/** Paths that need no token. */
const openPaths: ReadonlySet<string> = new Set(['/healthz', '/openapi.json']);

/** Sent as octets: to text, the framework would add a charset, which the type does not have. */
function sendProblem(reply: FastifyReply, answer: Problem): FastifyReply {
  return reply
    .code(answer.status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(answer)));
}

/** Makes the application; call `listen` or `inject` on it, and `close` at the end. */
export async function createApi(backend: ApiBackend, options: ApiOptions = {}): Promise<App> {
  const logger = options.logger ?? silentLogger;
  const tokens = options.tokens ?? [];
  const app = fastify({
    bodyLimit: options.bodyLimit ?? apiDefaults.bodyLimit,
    routerOptions: { maxParamLength: 1024 },
    // What is wrong before a route is found, such as a path that is no UTF-8.
    frameworkErrors: (error, _, reply) => sendProblem(reply, problemOf(error)),
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setErrorHandler((error, request, reply) => {
    const answer = problemOf(error);
    if (answer.status >= 500) {
      const message = error instanceof Error ? error.message : String(error);
      logger.error(
        { method: request.method, path: request.routeOptions.url, error: message },
        'request failed',
      );
    }
    if (answer.status === 401) void reply.header('www-authenticate', 'Bearer');
    return sendProblem(reply, answer);
  });
  app.setNotFoundHandler((request, reply) => {
    const detail = `there is no ${request.method} ${request.url.split('?', 1)[0]}; see /openapi.json`;
    return sendProblem(reply, problem(404, 'NOT_FOUND', detail));
  });

  const check = bearerCheck(tokens);
  app.addHook('onRequest', async (request) => {
    if (!openPaths.has(request.routeOptions.url ?? '')) check(request.headers.authorization);
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_: unknown, body: string) =>
    readJson(body),
  );
  app.setValidatorCompiler(requestCheck);

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Reveille',
        version: options.version ?? apiDefaults.version,
        description: 'Wakes managed devices: OMA DM notifications, and what became of them.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      ...(tokens.length > 0 && {
        components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
        security: [{ bearer: [] }],
      }),
    },
  });

  accountRoutes(app, backend);
  deviceRoutes(app, backend);
  notificationRoutes(app, backend);
  jobRoutes(app, backend);
  messageRoutes(app, backend);
  eventRoutes(app, backend, options);
  app.route({
    method: 'GET',
    url: '/healthz',
    schema: {
      tags: ['health'],
      summary: 'Answers 200 while the server can work',
      security: [],
      response: { 200: HealthShape },
    },
    handler: async () => {
      await backend.health();
      return { status: 'ok' as const };
    },
  });
  app.route({
    method: 'GET',
    url: '/openapi.json',
    schema: { hide: true },
    handler: async (_, reply) => reply.type('application/json').send(JSON.stringify(app.swagger())),
  });
  await app.ready();
  return app;
}

// The REST API: routes, checks, problem documents, OpenAPI.

import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyRequest } from 'fastify';
import { silentLogger } from '../core/index.ts';
import { accountRoutes } from './account-routes.ts';
import type { ApiBackend, ApiOptions, App } from './app.ts';
import { bearerCheck } from './bearer.ts';
import { deviceRoutes } from './device-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { healthPaths, healthRoutes } from './health-routes.ts';
import { jobRoutes } from './job-routes.ts';
import { readJson, requireUtf8 } from './json-body.ts';
import { messageRoutes } from './message-routes.ts';
import { notificationRoutes } from './notification-routes.ts';
import { problem } from './problem.ts';
import { FailureLog, refuse, sendProblem } from './refuse.ts';
import { requestCheck } from './request-check.ts';
import { checkTarget } from './request-target.ts';

/** Defaults of `ApiOptions`. */
export const apiDefaults = Object.freeze({ bodyLimit: 65_536, version: '0.0.0' });

/** Paths that need no token. */
const openPaths: ReadonlySet<string> = new Set([...healthPaths, '/openapi.json']);

/** Makes the application; call `listen` or `inject` on it, and `close` at the end. */
export async function createApi(backend: ApiBackend, options: ApiOptions = {}): Promise<App> {
  const logger = options.logger ?? silentLogger;
  const tokens = options.tokens ?? [];
  const app = fastify({
    bodyLimit: options.bodyLimit ?? apiDefaults.bodyLimit,
    routerOptions: { maxParamLength: 1024 },
    // What is wrong before a route is found, such as a path that is no UTF-8.
    frameworkErrors: (error, _, reply) => refuse(reply, error),
  }).withTypeProvider<TypeBoxTypeProvider>();

  const failures = new FailureLog(backend.clock, logger);
  app.addHook('onClose', async () => failures.end());
  app.setErrorHandler((error, request, reply) => {
    failures.note(request, error);
    return refuse(reply, error);
  });
  app.setNotFoundHandler((request, reply) => {
    const detail = `there is no ${request.method} ${request.url.split('?', 1)[0]}; see /openapi.json`;
    return sendProblem(reply, problem(404, 'NOT_FOUND', detail));
  });

  const check = bearerCheck(tokens);
  app.addHook('onRequest', async (request) => {
    if (!openPaths.has(request.routeOptions.url ?? '')) check(request.headers.authorization);
    checkTarget(request);
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      requireUtf8(request.headers['content-type']);
      return readJson(body);
    },
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
  healthRoutes(app, backend);
  app.route({
    method: 'GET',
    url: '/openapi.json',
    schema: { hide: true },
    handler: async (_, reply) => reply.type('application/json').send(JSON.stringify(app.swagger())),
  });
  await app.ready();
  return app;
}

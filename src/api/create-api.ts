// The REST API: routes, checks, problem documents, OpenAPI.

import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyRequest, type FastifyServerOptions } from 'fastify';
import { silentLogger } from '../core/index.ts';
import { ConnectionPlaces } from '../server/index.ts';
import type { ApiBackend, ApiOptions, App } from './host/app.ts';
import { BodyTimes } from './host/body-times.ts';
import { checkedLimits, httpSettings } from './host/http-server.ts';
import { BearerCheck } from './request/bearer.ts';
import { readJson, requireUtf8 } from './request/json-body.ts';
import { problem } from './request/problem.ts';
import { FailureLog, refuse, sendProblem } from './request/refuse.ts';
import { requestCheck } from './request/request-check.ts';
import { checkTarget } from './request/request-target.ts';
import { originForm, siteCheck } from './request/site-check.ts';
import { accountRoutes } from './routes/account-routes.ts';
import { batchRoutes } from './routes/batch-routes.ts';
import { deviceRoutes } from './routes/device-routes.ts';
import { eventRoutes } from './routes/event-routes.ts';
import { healthPaths, healthRoutes, isHealthPath } from './routes/health-routes.ts';
import { jobRoutes } from './routes/job-routes.ts';
import { pushRoutes } from './routes/push-routes.ts';

/** Defaults of `ApiOptions`; those of `limits` are `apiLimitDefaults`. */
export const apiDefaults = Object.freeze({ bodyLimit: 65_536, version: '0.0.0' });

/** Paths that need no token. */
const openPaths: ReadonlySet<string> = new Set([...healthPaths, '/openapi.json']);

/**
 * Makes the application; call `listen` or `inject` on it, and `close` at the end.
 * @throws {ConfigError} for a token that is too short, a host that is none, or a certificate or key that does not work
 * @throws {ValueError} OUT_OF_RANGE for a limit
 */
export async function createApi(backend: ApiBackend, options: ApiOptions = {}): Promise<App> {
  const logger = options.logger ?? silentLogger;
  const tokens = options.tokens ?? [];
  const bearer = new BearerCheck({ tokens, clock: backend.clock, logger });
  const checkSite = siteCheck(options.hosts ?? []);
  const limits = checkedLimits(options.limits);
  const app = fastify({
    ...httpSettings(options.tls, limits),
    bodyLimit: options.bodyLimit ?? apiDefaults.bodyLimit,
    routerOptions: { maxParamLength: 1024 },
    rewriteUrl: originForm,
    // What is wrong before a route is found, such as a path that is no UTF-8.
    frameworkErrors: (error, _, reply) => refuse(reply, error),
  } as FastifyServerOptions).withTypeProvider<TypeBoxTypeProvider>();
  const connections = new ConnectionPlaces({
    total: limits.connections,
    perSource: limits.connectionsPerSource,
  });
  connections.watch(app.server);
  // A client that has sent all it had to say may close its side, and waits for its answer all the same.
  Object.assign(app.server, { httpAllowHalfOpen: true });
  const bodies = new BodyTimes(app.server, limits.requestTimeoutMs);

  const failures = new FailureLog(backend.clock, logger);
  app.addHook('onClose', async () => {
    failures.end();
    bearer.end();
  });
  app.setErrorHandler((error, request, reply) => {
    failures.note(request, error);
    return refuse(reply, error);
  });
  app.setNotFoundHandler((request, reply) => {
    const detail = `there is no ${request.method} ${request.url.split('?', 1)[0]}; see /openapi.json`;
    return sendProblem(reply, problem(404, 'NOT_FOUND', detail));
  });

  // Without promises, as the parser below: every request comes by here.
  app.addHook('onRequest', (request, reply, done) => {
    bodies.requested(request.raw, reply.raw);
    const url = request.routeOptions.url ?? '';
    // Whoever distributes requests asks for health under any name, and learns a state.
    if (!isHealthPath(url)) checkSite(request);
    if (!openPaths.has(url)) bearer.check(request.headers.authorization, request.socket.remoteAddress ?? '');
    checkTarget(request);
    // Who may use the API keeps the connection, answered or not.
    if (!openPaths.has(url)) connections.requested(request.socket);
    done();
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done) => {
      let value: unknown;
      try {
        bodies.ended(request.raw);
        requireUtf8(request.headers['content-type']);
        value = readJson(body);
      } catch (error) {
        done(error as Error);
        return;
      }
      done(null, value);
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
  pushRoutes(app, backend);
  jobRoutes(app, backend);
  await batchRoutes(app, backend, { bodies, failures });
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

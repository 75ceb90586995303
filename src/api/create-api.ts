// The REST API: routes, checks, problem documents, OpenAPI.

import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyRequest, type FastifyServerOptions } from 'fastify';
import { silentLogger } from '../core/index.ts';
import { ConnectionPlaces, dropReasonOf, endAnsweredOnClose } from '../server/index.ts';
import { AuditHook } from './access/audit-hook.ts';
import { BearerCheck } from './access/bearer.ts';
import type { Caller } from './access/caller.ts';
import { goesOn } from './access/goes-on.ts';
import { OidcTokens } from './access/oidc.ts';
import type { RateBound } from './access/rate-limit.ts';
import { renewedBy } from './access/renew-access.ts';
import { accessOf, requireRights, requireRouteScope, routeScopeOf } from './access/route-scope.ts';
import { campaignRoutes } from './campaign/campaign-routes.ts';
import { descriptionRoutes } from './describe/description-routes.ts';
import type { ApiBackend, ApiOptions, App } from './host/app.ts';
import { BodyTimes } from './host/body-times.ts';
import { checkedLimits, httpSettings } from './host/http-server.ts';
import { closeQuery, requireNothingElse } from './request/closed-request.ts';
import { refuseWhileDraining } from './request/draining.ts';
import { readJson, requireUncoded, requireUtf8 } from './request/json-body.ts';
import { problem, problemOf } from './request/problem.ts';
import { FailureLog, refuse, refuseClient, sendProblem } from './request/refuse.ts';
import { requestCheck } from './request/request-check.ts';
import { checkTarget } from './request/request-target.ts';
import { originForm, siteCheck } from './request/site-check.ts';
import { accountRoutes } from './routes/account-routes.ts';
import { batchRoutes } from './routes/batch-routes.ts';
import { deviceBulkRoutes } from './routes/device-bulk-routes.ts';
import { deviceRoutes } from './routes/device-routes.ts';
import { eventRoutes } from './routes/event-routes.ts';
import { healthRoutes, isHealthPath } from './routes/health-routes.ts';
import { jobRoutes } from './routes/job-routes.ts';
import { metricsRoutes } from './routes/metrics-routes.ts';
import { pushRoutes } from './routes/push-routes.ts';
import { runningRoutes } from './routes/running-routes.ts';
import { statusRoutes } from './routes/status-routes.ts';
import { tokenRoutes } from './routes/token-routes.ts';
import { carrierRoutes } from './running/carrier-routes.ts';
import { logLevelRoutes } from './running/log-level-routes.ts';
import { webhookRoutes } from './webhook/webhook-routes.ts';

/** Defaults of `ApiOptions`; those of `limits` are `apiLimitDefaults`. */
export const apiDefaults = Object.freeze({ bodyLimit: 65_536, version: '0.0.0' });

/** Statuses of requests that did not get as far as what they are about. */
const turnedAway: ReadonlySet<number> = new Set([401, 403, 408, 413, 421, 429, 431, 503]);

/**
 * Makes the application; call `listen` or `inject` on it, and `close` at the end.
 * @throws {ConfigError} for a token that is too short, a host that is none, or a certificate or key that does not work
 * @throws {ValueError} OUT_OF_RANGE for a limit
 */
export async function createApi(backend: ApiBackend, options: ApiOptions = {}): Promise<App> {
  const logger = options.logger ?? silentLogger;
  const tokens = options.tokens ?? [];
  const { clock, tokens: issued } = backend;
  // Without a server behind it, as where it is described, it has none.
  await issued?.load();
  const always = options.requireToken === true;
  const foreign = options.oidc === undefined ? undefined : new OidcTokens(options.oidc, clock);
  const bearer = new BearerCheck({ tokens, issued, foreign, always, clock, logger });
  const audit = new AuditHook(backend.audit, logger);
  const checkSite = siteCheck(options.hosts ?? []);
  const limits = checkedLimits(options.limits);
  const app = fastify({
    ...httpSettings(options.tls, limits),
    bodyLimit: options.bodyLimit ?? apiDefaults.bodyLimit,
    routerOptions: { maxParamLength: 1024 },
    rewriteUrl: originForm,
    clientErrorHandler: refuseClient,
    // What is wrong before a route is found, such as a path that is no UTF-8.
    frameworkErrors: (error, _, reply) => refuse(reply, error),
  } as FastifyServerOptions).withTypeProvider<TypeBoxTypeProvider>();
  const { metrics } = backend;
  const bounds = { total: limits.connections, perSource: limits.connectionsPerSource };
  const connections = new ConnectionPlaces(bounds, () => metrics?.listeners.dropped('api', 'no-room'));
  connections.watch(app.server);
  endAnsweredOnClose(app.server);
  // A client that has sent all it had to say may close its side, and waits for its answer all the same.
  Object.assign(app.server, { httpAllowHalfOpen: true });
  const bodies = new BodyTimes(app.server, limits.requestTimeoutMs);

  app.decorateRequest('caller');
  app.decorateRequest('mayGoOn');
  app.decorateRequest('audited');
  app.addHook('onRoute', requireRouteScope);
  app.addHook('onRoute', closeQuery);
  const failures = new FailureLog(backend.clock, logger);
  app.addHook('onClose', async () => {
    failures.end();
    bearer.end();
  });
  app.setErrorHandler((error, request, reply) => {
    failures.note(request, error);
    audit.refused(request, problemOf(error));
    return refuse(reply, error);
  });
  app.setNotFoundHandler((request, reply) => {
    const detail = `there is no ${request.method} ${request.url.split('?', 1)[0]}; see /openapi.json`;
    return sendProblem(reply, problem(404, 'NOT_FOUND', detail));
  });

  // Without promises, as the parser below: every request comes by here.
  app.addHook('onRequest', (request, reply, done) => {
    bodies.requested(request.raw, reply.raw);
    request.audited = {};
    const url = request.routeOptions.url ?? '';
    // Whoever distributes requests asks for health under any name, and learns a state.
    if (!isHealthPath(url)) checkSite(request);
    // Where there is no route, that is told to who may ask.
    const scope = routeScopeOf(request);
    if (scope === 'open') {
      checkTarget(request);
      done();
      return;
    }
    const goOn = (caller: Caller): void => {
      request.caller = caller;
      request.mayGoOn = goesOn(bearer, caller, request.headers.authorization, clock);
      requireRights(caller, request.routeOptions.config);
      checkTarget(request);
      refuseWhileDraining(app, request.method);
      // Who may use the API keeps the connection, answered or not.
      connections.requested(request.socket);
      done();
    };
    const caller = bearer.check(request.headers.authorization, request.socket.remoteAddress ?? '');
    if (caller instanceof Promise) caller.then(goOn).catch(done);
    else goOn(caller);
  });

  app.addHook('preValidation', (request, _, done) => {
    requireNothingElse(request);
    done();
  });

  app.addHook('onSend', (request, reply, payload, done) => {
    audit.sending(request, reply, () => done(null, payload));
  });

  app.addHook('onResponse', (request, reply, done) => {
    const { statusCode } = reply;
    // The pattern of the route, so that there are as many as we have.
    metrics?.answered(request.method, request.routeOptions.url ?? 'none', statusCode);
    if (turnedAway.has(statusCode)) metrics?.listeners.dropped('api', dropReasonOf(statusCode));
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
        requireUncoded(request.headers['content-encoding'], 'the body as it is,');
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
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
    // Each route says which scope it asks for.
    transform: ({ schema, url, route }) => ({
      url,
      schema: { ...schema, ...accessOf(route.config) },
    }),
  });

  let rate: RateBound | undefined;
  if (options.requestsPerMinute !== undefined) {
    const { limitRates, RateBound } = await import('./access/rate-limit.ts');
    rate = new RateBound(options.requestsPerMinute);
    await limitRates(app, rate, clock);
  }
  accountRoutes(app, backend);
  deviceRoutes(app, backend);
  await deviceBulkRoutes(app, backend, { bodies, failures, audit });
  pushRoutes(app, backend);
  jobRoutes(app, backend);
  campaignRoutes(app, backend, { failures });
  await batchRoutes(app, backend, { bodies, failures, audit });
  eventRoutes(app, backend, options);
  webhookRoutes(app, backend);
  tokenRoutes(app, backend);
  runningRoutes(app, backend);
  carrierRoutes(app, backend);
  logLevelRoutes(app, options.logLevel);
  statusRoutes(app, backend, options.version ?? apiDefaults.version);
  metricsRoutes(app, backend, options.version ?? apiDefaults.version);
  healthRoutes(app, backend);
  descriptionRoutes(app);
  renewedBy(app, { bearer, rate, clock });
  await app.ready();
  return app;
}

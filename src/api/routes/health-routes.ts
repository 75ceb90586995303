// Whether the server lives, and whether it can work.
import { ReveilleError } from '../../core/index.ts';
import { storeRetryAfterSeconds } from '../../store/index.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { ApiError, problemOf } from '../request/problem.ts';
import { HealthShape, ProblemShape } from '../shapes/basic-shapes.ts';

/** Paths that need no token: they tell nothing but a state. */
export const healthPaths = ['/livez', '/readyz', '/healthz'] as const;

/** True for one of them. */
export function isHealthPath(url: string): boolean {
  return healthPaths.some((path) => path === url);
}

const tags = ['health'];
const ok = { status: 'ok' as const };

export function healthRoutes(app: App, backend: ApiBackend): void {
  app.route({
    method: 'GET',
    url: '/livez',
    config: { scope: 'open' },
    schema: {
      tags,
      operationId: 'getLiveness',
      summary: 'Answers 200 while the process runs, whatever else fails',
      response: { 200: HealthShape },
    },
    handler: async () => ok,
  });
  for (const url of ['/readyz', '/healthz'] as const) {
    app.route({
      method: 'GET',
      url,
      config: { scope: 'open' },
      schema: {
        tags,
        operationId: url === '/readyz' ? 'getReadiness' : 'getHealth',
        summary:
          url === '/readyz'
            ? 'Answers 200 while the server can work, else 503 with the reason as `code`: `STORE_FULL`, `STORE_AWAY`, `STORE`, `STOPPING`'
            : 'The same as /readyz',
        response: { 200: HealthShape, 503: ProblemShape },
      },
      handler: async (_, reply) => {
        void reply.header('cache-control', 'no-store');
        try {
          await backend.health();
        } catch (error) {
          throw notReady(error);
        }
        return ok;
      },
    });
  }
}

/** Whatever the reason is, whoever distributes requests is to send them elsewhere. */
function notReady(error: unknown): ApiError {
  if (error instanceof ReveilleError && error.code === 'STOPPING') {
    return new ApiError(503, error.code, error.message, storeRetryAfterSeconds);
  }
  const { code, detail } = problemOf(error);
  return new ApiError(503, code, detail, storeRetryAfterSeconds);
}

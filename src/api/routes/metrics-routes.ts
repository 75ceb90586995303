// Metrics for Prometheus, on the REST API.
import type { ApiBackend, App } from '../host/app.ts';
import { Exposition, expositionType } from '../metrics/exposition.ts';
import { readRefusals } from '../shapes/basic-shapes.ts';

export function metricsRoutes(app: App, backend: ApiBackend, version: string): void {
  const exposition = new Exposition(() => backend.metricFamilies(version));
  app.route({
    method: 'GET',
    url: '/metrics',
    config: { scope: 'read', allAccounts: true },
    schema: {
      tags: ['status'],
      operationId: 'getMetrics',
      summary: 'Metrics in the text format of Prometheus (docs/metrics.md)',
      response: {
        200: {
          description: 'Text format 0.0.4',
          content: { 'text/plain': { schema: { type: 'string' } } },
        },
        ...readRefusals,
      },
    },
    handler: async (_, reply) => {
      void reply.header('cache-control', 'no-store').type(expositionType);
      return reply.send(await exposition.text());
    },
  });
}
